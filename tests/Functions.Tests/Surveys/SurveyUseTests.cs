using System.Text;
using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Shared;
using Plenary.Support;
using Plenary.Surveys;

namespace Plenary.Functions.Tests.Surveys;

public sealed class OpenSurveyTests
{
    [Fact]
    public async Task Every_participant_gets_one_right_and_one_invitation()
    {
        SurveyRig rig = new(participants: 200);

        await rig.Open.RunAsync(rig.Due, default);

        Assert.Equal(rig.Candidates.Order(StringComparer.Ordinal), (await rig.RightsAsync()).Select(right => right.Candidate).Order(StringComparer.Ordinal));
        Assert.All(await rig.RightsAsync(), right => Assert.True(right is { IsSpent: false, Claim: null }));
        Assert.Equal(200, rig.World.Mails().Distinct().Count());
        Survey survey = Assert.Single(await rig.World.RowsAsync(SurveyRightTable.Name, SurveyRightTable.SurveyRow)).Body<Survey>();
        Assert.Equal((200, rig.World.Clock.Now, rig.World.Clock.Now.AddDays(14)), (survey.Invited, survey.OpenedAt, survey.ClosesAt));
    }

    [Fact]
    public async Task Opening_twice_asks_nobody_twice_and_takes_no_answer_away()
    {
        SurveyRig rig = new();
        await rig.Open.RunAsync(rig.Due, default);
        await rig.AnswerAsync(rig.Candidates[0]);
        rig.World.Clock.Advance(TimeSpan.FromHours(1));

        await rig.Open.RunAsync(rig.Due, default);

        Assert.True((await rig.RightsAsync()).Single(right => right.Candidate == rig.Candidates[0]).IsSpent);
        Assert.Equal(12, rig.World.Mails().Distinct().Count());
    }

    [Fact]
    public async Task A_second_opening_that_read_before_the_first_had_ended_takes_no_answer_away()
    {
        SurveyRig rig = new();
        StaleTables stale = new(rig.World.Tables, SurveyRightTable.SurveyOf(rig.Project.Code));
        await rig.Open.RunAsync(rig.Due, default);
        await rig.AnswerAsync(rig.Candidates[0]);

        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.OpenOver(stale, rig.World.Bus).RunAsync(rig.Due, default));

        Assert.True((await rig.RightsAsync()).Single(right => right.Candidate == rig.Candidates[0]).IsSpent);
        Assert.Equal("survey-answered-already", Assert.Single((await rig.AnswerAsync(rig.Candidates[0])).Refusals).Code);
    }

    [Fact]
    public async Task An_end_announced_by_a_clock_ahead_of_ours_waits_until_it_is_true_here()
    {
        SurveyRig rig = new();
        rig.World.Clock.Now = rig.Project.EndsAt.AddTicks(-1);

        Task opening = rig.Open.RunAsync(rig.Due, default);
        Assert.Empty(await rig.World.RowsAsync(SurveyRightTable.Name));
        rig.World.Clock.Advance(TimeSpan.FromTicks(1));
        await opening;

        Assert.Equal(12, (await rig.RightsAsync()).Count);
    }

    [Fact]
    public async Task An_end_that_has_moved_or_a_cancelled_project_opens_nothing()
    {
        SurveyRig rig = new();

        await rig.Open.RunAsync(rig.Due with { EndsAtTicks = rig.Due.EndsAtTicks - 1 }, default);
        rig.World.Projects.Add(rig.Project with { State = ProjectState.Cancelled });
        await rig.Open.RunAsync(rig.Due, default);

        Assert.Empty(await rig.World.RowsAsync(SurveyRightTable.Name));
        Assert.Empty(rig.World.Bus.Sent);
    }

    [Fact]
    public async Task The_reminders_are_planned_with_the_opening()
    {
        SurveyRig rig = new();
        await rig.Open.RunAsync(rig.Due, default);

        ReminderDue[] steps = [.. (await rig.World.OwedInAsync(SurveyRightTable.Name)).Where(owed => owed.Queue == Queues.SendReminder).Select(owed => Envelope.Read<ReminderDue>(owed.Body))];

        Assert.Equal([1, 4, 8], steps.Select(step => step.Days).Order());
        Assert.All(steps, step => Assert.Equal((Ladders.Survey, rig.World.Clock.Now.UtcTicks), (step.Ladder, step.AnchorTicks)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_call_a_repeat_opens_it_once_for_everybody(bool afterEffect)
    {
        for (int at = 1; ; at++)
        {
            SurveyRig rig = new(participants: 100);
            CrashPoints points = new(at, afterEffect);
            try
            {
                await rig.OpenOver(points.Around(rig.World.Tables), points.Around(rig.World.Bus)).RunAsync(rig.Due, default);
            }
            catch (CrashException)
            {
                // As wanted.
            }

            await rig.Open.RunAsync(rig.Due, default);

            Assert.Equal(100, (await rig.RightsAsync()).Select(right => right.Candidate).Distinct().Count());
            Assert.Equal(100, (await rig.RightsAsync()).Count);
            Assert.Equal(100, rig.World.Mails().Distinct().Count());
            if (!points.HasCrashed)
            {
                Assert.True(at > 5, "The crash points were never reached.");
                return;
            }
        }
    }

    [Fact]
    public async Task A_questionnaire_of_the_project_replaces_the_default()
    {
        SurveyRig rig = new();
        string json = """{"id":"short","title":"Short","questions":[{"id":"one","kind":"open","text":"How was it?"}]}""";
        Assert.True(Questionnaire.Parse(json).TryGet(out Questionnaire? own));
        RowKey key = QuestionnaireTable.KeyOf(rig.Project.Code);
        await rig.World.Tables[QuestionnaireTable.Name].CommitAsync(new Batch(key.Partition).Insert(Row.Of(key, ("Json", own.ToJson()))), default);

        await rig.Open.RunAsync(rig.Due, default);

        Assert.False((await rig.AnswerAsync(rig.Candidates[0], new Dictionary<string, string?> { ["one"] = "Fine." })).IsRefused);
    }

    /// <summary>Does not see one row that is there: a read from before it was written.</summary>
    private sealed class StaleTables(ITables inner, RowKey unseen) : ITables
    {
        public ITable Get(string name) => new StaleTable(inner.Get(name), unseen);

        public Task CreateAsync(IEnumerable<string> names, CancellationToken cancellation) => inner.CreateAsync(names, cancellation);
    }

    private sealed class StaleTable(ITable inner, RowKey unseen) : ITable
    {
        public string Name => inner.Name;

        public Task<Row?> FindAsync(RowKey key, CancellationToken cancellation) => key == unseen ? Task.FromResult<Row?>(null) : inner.FindAsync(key, cancellation);

        public IAsyncEnumerable<Row> ListAsync(string partition, KeyRange rows, CancellationToken cancellation, int pageSize = 1000) => inner.ListAsync(partition, rows, cancellation, pageSize);

        public IAsyncEnumerable<Row> ListPartitionsAsync(KeyRange partitions, KeyRange rows, CancellationToken cancellation) => inner.ListPartitionsAsync(partitions, rows, cancellation);

        public IAsyncEnumerable<Row> ScanAllAsync(CancellationToken cancellation) => inner.ScanAllAsync(cancellation);

        public Task<CommitResult> CommitAsync(Batch batch, CancellationToken cancellation) => inner.CommitAsync(batch, cancellation);
    }
}

public sealed class AnswerSurveyTests
{
    [Fact]
    public async Task An_answer_is_stored_once_and_spends_the_right()
    {
        SurveyRig rig = new();
        await rig.Open.RunAsync(rig.Due, default);

        Assert.False((await rig.AnswerAsync(rig.Candidates[3])).IsRefused);
        Outcome<SurveyAnswers> again = await rig.AnswerAsync(rig.Candidates[3], SurveyRig.Form(1));

        Assert.Equal("survey-answered-already", Assert.Single(again.Refusals).Code);
        Row stored = Assert.Single(await rig.AnswersAsync());
        Assert.All(stored.Body<SurveyAnswers>().Ratings.Values, step => Assert.Equal(4, step));
        Assert.Equal(rig.Candidates[3], Assert.Single(await rig.RightsAsync(), right => right.IsSpent).Candidate);
        await rig.AssertUnlinkedAsync();
    }

    [Fact]
    public async Task Fifty_posts_of_one_person_at_once_are_one_answer()
    {
        SurveyRig rig = new();
        await rig.Open.RunAsync(rig.Due, default);

        Outcome<SurveyAnswers>[] outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Task.Run(() => rig.AnswerAsync(rig.Candidates[0], SurveyRig.Form((number % 5) + 1)))));

        Assert.Contains(outcomes, outcome => !outcome.IsRefused);
        Assert.Single(await rig.AnswersAsync());
        Assert.Single(await rig.RightsAsync(), right => right.IsSpent);
        await rig.AssertUnlinkedAsync();
    }

    [Fact]
    public async Task Everybody_at_once_is_heard_once_each()
    {
        SurveyRig rig = new(participants: 100);
        await rig.Open.RunAsync(rig.Due, default);

        for (int round = 0; round < 20 && (await rig.RightsAsync()).Any(right => !right.IsSpent); round++)
        {
            await Task.WhenAll((await rig.RightsAsync()).Where(right => !right.IsSpent).Select(right => Task.Run(() => rig.AnswerAsync(right.Candidate))));
        }

        Assert.Equal(100, (await rig.AnswersAsync()).Count);
        Assert.All(await rig.RightsAsync(), right => Assert.True(right is { IsSpent: true, Claim: null }));
        await rig.AssertUnlinkedAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_call_sending_again_ends_with_one_answer_and_no_link(bool afterEffect)
    {
        for (int at = 1; ; at++)
        {
            SurveyRig rig = new();
            await rig.Open.RunAsync(rig.Due, default);
            CrashPoints points = new(at, afterEffect);
            try
            {
                await SurveyRig.AnswerOver(points.Around(rig.World.Tables)).RunAsync(rig.Project.Code, rig.Candidates[5], SurveyRig.Form(), rig.World.Clock.Now, default);
            }
            catch (CrashException)
            {
                // As wanted.
            }

            await rig.AnswerAsync(rig.Candidates[5]);
            await rig.AnswerAsync(rig.Candidates[6]);

            Assert.Equal(2, (await rig.AnswersAsync()).Count);
            Assert.Equal(2, (await rig.RightsAsync()).Count(right => right.IsSpent));
            Assert.All(await rig.RightsAsync(), right => Assert.Null(right.Claim));
            await rig.AssertUnlinkedAsync();
            if (!points.HasCrashed)
            {
                Assert.True(at > 4, "The crash points were never reached.");
                return;
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_and_never_sent_again_whoever_was_heard_is_not_reminded_and_the_link_is_gone(bool afterEffect)
    {
        for (int at = 1; ; at++)
        {
            SurveyRig rig = new(participants: 3);
            await rig.Open.RunAsync(rig.Due, default);
            CrashPoints points = new(at, afterEffect);
            try
            {
                await SurveyRig.AnswerOver(points.Around(rig.World.Tables)).RunAsync(rig.Project.Code, rig.Candidates[0], SurveyRig.Form(), rig.World.Clock.Now, default);
            }
            catch (CrashException)
            {
                // As wanted.
            }

            Reminding reminding = await rig.Reminders.WhoStillOwesAsync(Step(rig), rig.World.Clock.Now, default);

            Assert.Equal(3 - (await rig.AnswersAsync()).Count, reminding.Mails.Count);
            await rig.AssertUnlinkedAsync();
            if (!points.HasCrashed)
            {
                return;
            }
        }
    }

    [Fact]
    public async Task The_instant_of_closing_is_too_late_and_the_tick_before_is_not()
    {
        SurveyRig rig = new();
        await rig.Open.RunAsync(rig.Due, default);
        rig.World.Clock.Now = rig.Project.EndsAt.AddDays(14).AddTicks(-1);
        Assert.False((await rig.AnswerAsync(rig.Candidates[0])).IsRefused);

        rig.World.Clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal("survey-closed", Assert.Single((await rig.AnswerAsync(rig.Candidates[1])).Refusals).Code);
        Assert.Equal("survey-closed", (await rig.Answer.WhyNotAsync(rig.Project.Code, rig.Candidates[1], rig.World.Clock.Now, default))?.Code);
    }

    [Fact]
    public async Task A_stranger_and_a_survey_that_is_not_open_are_refused()
    {
        SurveyRig rig = new();
        Assert.Equal("survey-not-found", Assert.Single((await rig.AnswerAsync(rig.Candidates[0])).Refusals).Code);
        await rig.Open.RunAsync(rig.Due, default);

        Assert.Equal("link-forbidden", Assert.Single((await rig.AnswerAsync("fiji/stranger")).Refusals).Code);
        Assert.Empty(await rig.AnswersAsync());
    }

    [Fact]
    public async Task A_form_with_mistakes_stores_nothing_and_spends_nothing()
    {
        SurveyRig rig = new();
        await rig.Open.RunAsync(rig.Due, default);

        Outcome<SurveyAnswers> outcome = await rig.AnswerAsync(rig.Candidates[0], SurveyRig.Form(6));

        Assert.Equal(8, outcome.Refusals.Count);
        Assert.Empty(await rig.AnswersAsync());
        Assert.DoesNotContain(await rig.RightsAsync(), right => right.IsSpent || right.Claim is not null);
    }

    [Fact]
    public async Task Reminders_go_to_whoever_has_not_answered_until_the_survey_closes_or_its_opening_has_moved()
    {
        SurveyRig rig = new(participants: 3);
        await rig.Open.RunAsync(rig.Due, default);
        ReminderDue step = Step(rig);
        await rig.AnswerAsync(rig.Candidates[1]);

        Reminding reminding = await rig.Reminders.WhoStillOwesAsync(step, step.DueAt(), default);

        Assert.Equal(
            new[] { rig.Candidates[0], rig.Candidates[2] }.Order(StringComparer.Ordinal),
            reminding.Mails.Select(mail => mail.Subject).Order(StringComparer.Ordinal));
        Assert.Equal("too-late", (await rig.Reminders.WhoStillOwesAsync(step, rig.Project.EndsAt.AddDays(14), default)).Skipped);
        Assert.Equal("anchor-moved", (await rig.Reminders.WhoStillOwesAsync(step with { AnchorTicks = 1 }, step.DueAt(), default)).Skipped);
    }

    private static ReminderDue Step(SurveyRig rig) => new(rig.Project.Code.ToString(), Ladders.Survey, "", 1, rig.Project.EndsAt.UtcTicks);
}

public sealed class SurveyResultFilesTests
{
    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public async Task Under_five_answers_nothing_but_the_response_rate_is_told(int answers, bool isSuppressed)
    {
        SurveyRig rig = new();
        await rig.Open.RunAsync(rig.Due, default);
        foreach (string candidate in rig.Candidates.Take(answers))
        {
            await rig.AnswerAsync(candidate, SurveyRig.Form(5, "A text to keep"));
        }

        rig.World.Clock.Now = rig.ResultsFrom;

        SurveyResults results = Assert.IsType<SurveyResults>(await rig.Read.FindResultsAsync(rig.Project.Code, default));
        string csv = Encoding.UTF8.GetString(SurveyCsv.Write(results));

        Assert.Equal((12, answers, isSuppressed), (results.Invited, results.Answered, results.IsSuppressed));
        Assert.Equal(isSuppressed, results.Rated.All(rated => rated.IsSuppressed && rated.Mean is null && rated.Distribution.Count == 0));
        Assert.Equal(!isSuppressed, csv.Contains("A text to keep", StringComparison.Ordinal));
    }

    [Fact]
    public async Task As_long_as_an_answer_may_still_come_nothing_but_the_response_rate_is_told()
    {
        SurveyRig rig = new();
        await rig.Open.RunAsync(rig.Due, default);
        foreach (string candidate in rig.Candidates.Take(10))
        {
            await rig.AnswerAsync(candidate, SurveyRig.Form(5, "A text to keep"));
        }

        rig.World.Clock.Now = rig.ResultsFrom.AddTicks(-1);
        SurveyResults open = Assert.IsType<SurveyResults>(await rig.Read.FindResultsAsync(rig.Project.Code, default));
        rig.World.Clock.Now = rig.ResultsFrom;
        SurveyResults closed = Assert.IsType<SurveyResults>(await rig.Read.FindResultsAsync(rig.Project.Code, default));

        Assert.Equal((12, 10, true), (open.Invited, open.Answered, open.IsSuppressed));
        Assert.DoesNotContain("A text to keep", Encoding.UTF8.GetString(SurveyCsv.Write(open)), StringComparison.Ordinal);
        Assert.All(open.Rated, rated => Assert.True(rated is { IsSuppressed: true, Count: null, Mean: null, Distribution.Count: 0 }));
        Assert.All(open.Open, texts => Assert.Empty(texts.Texts));
        Assert.Contains("A text to keep", Encoding.UTF8.GetString(SurveyCsv.Write(closed)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@sum(a)")]
    [InlineData("\"=1\"")]
    public async Task A_text_that_a_spreadsheet_would_run_is_made_harmless(string text)
    {
        SurveyRig rig = new();
        await rig.Open.RunAsync(rig.Due, default);
        foreach (string candidate in rig.Candidates.Take(5))
        {
            await rig.AnswerAsync(candidate, SurveyRig.Form(5, text));
        }

        rig.World.Clock.Now = rig.ResultsFrom;

        string csv = Encoding.UTF8.GetString(SurveyCsv.Write((await rig.Read.FindResultsAsync(rig.Project.Code, default))!));

        Assert.Contains($"\"'{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", csv, StringComparison.Ordinal);
        Assert.DoesNotContain($"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", csv, StringComparison.Ordinal);
        Assert.All(csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("\"", line.TrimStart('\uFEFF'), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Before_the_survey_opens_there_are_no_results() =>
        Assert.Null(await new SurveyRig().Read.FindResultsAsync(FakeProjects.Workshop().Code, default));
}

public sealed class CloseSurveyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_call_of_an_answer_never_sent_again_the_end_leaves_no_link(bool afterEffect)
    {
        for (int at = 1; ; at++)
        {
            SurveyRig rig = new(participants: 6);
            await rig.Open.RunAsync(rig.Due, default);
            CrashPoints points = new(at, afterEffect);
            try
            {
                await SurveyRig.AnswerOver(points.Around(rig.World.Tables)).RunAsync(rig.Project.Code, rig.Candidates[0], SurveyRig.Form(), rig.World.Clock.Now, default);
            }
            catch (CrashException)
            {
                // As wanted.
            }

            rig.World.Clock.Now = rig.ResultsFrom;
            await rig.Close.RunAsync(new SurveyOver(rig.Project.Code.ToString()), default);

            Assert.Equal((await rig.AnswersAsync()).Count, (await rig.RightsAsync()).Count(right => right.IsSpent));
            await rig.AssertUnlinkedAsync();
            if (!points.HasCrashed)
            {
                return;
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_call_and_repeated_all_answers_bear_one_stamp_and_none_is_lost(bool afterEffect)
    {
        for (int at = 1; ; at++)
        {
            SurveyRig rig = new();
            await rig.Open.RunAsync(rig.Due, default);
            foreach (string candidate in rig.Candidates.Take(7))
            {
                await rig.AnswerAsync(candidate);
            }

            string[] before = await BodiesAsync(rig);
            rig.World.Clock.Now = rig.ResultsFrom;
            CrashPoints points = new(at, afterEffect);
            try
            {
                await rig.CloseOver(points.Around(rig.World.Tables)).RunAsync(new SurveyOver(rig.Project.Code.ToString()), default);
            }
            catch (CrashException)
            {
                // As wanted.
            }

            await rig.Close.RunAsync(new SurveyOver(rig.Project.Code.ToString()), default);

            Assert.Equal(before, await BodiesAsync(rig));
            Assert.Single((await rig.AnswersAsync()).Select(row => row.Text(Batch.OperationColumn)).Distinct());
            if (!points.HasCrashed)
            {
                Assert.True(at > 3, "The crash points were never reached.");
                return;
            }
        }
    }

    [Fact]
    public async Task The_end_is_owed_with_the_opening_and_announced_too_early_it_waits()
    {
        SurveyRig rig = new();
        await rig.Open.RunAsync(rig.Due, default);
        SurveyOver over = Assert.Single(
            (await rig.World.OwedInAsync(SurveyRightTable.Name)).Where(owed => owed.Queue == Queues.CloseSurvey && owed.DueAt == rig.ResultsFrom).Select(owed => Envelope.Read<SurveyOver>(owed.Body)));

        await rig.AnswerAsync(rig.Candidates[0]);
        await rig.AnswerAsync(rig.Candidates[1]);
        rig.World.Clock.Now = rig.ResultsFrom.AddTicks(-1);
        Task closing = rig.Close.RunAsync(over, default);
        Assert.Equal(2, await StampsAsync());
        rig.World.Clock.Now = rig.ResultsFrom;
        await closing;
        Assert.Equal(1, await StampsAsync());

        async Task<int> StampsAsync() => (await rig.AnswersAsync()).Select(row => row.Text(Batch.OperationColumn)).Distinct().Count();
    }

    [Fact]
    public async Task A_survey_that_never_opened_has_no_end() =>
        await new SurveyRig().Close.RunAsync(new SurveyOver(FakeProjects.Workshop().Code.ToString()), default);

    private static async Task<string[]> BodiesAsync(SurveyRig rig) => [.. (await rig.AnswersAsync()).Select(row => $"{row.Key.Row} {row.Text("Body")}")];
}

public sealed class FilterSurveyTests
{
    [Fact]
    public async Task A_second_filter_that_differs_by_one_person_is_refused_whoever_asks_and_however_often()
    {
        // Twelve people: six say 1 or 2 to "overall", one says 3, five say 5.
        SurveyRig rig = await AnsweredAsync([1, 1, 1, 2, 2, 2, 3, 5, 5, 5, 5, 5]);

        Assert.False((await rig.FilterAsync("overall", 1, 2)).IsRefused);
        Outcome<int> second = await rig.FilterAsync("overall", 1, 3);
        Outcome<int> again = await rig.FilterAsync("overall", 1, 3);

        Assert.Equal("survey-group-difference", Assert.Single(second.Refusals).Code);
        Assert.Equal("survey-group-difference", Assert.Single(again.Refusals).Code);
        Assert.Equal([new AnswerFilter("overall", 1, 2)], await rig.Read.ListFiltersAsync(rig.Project.Code, default));
    }

    [Fact]
    public async Task A_filter_that_leaves_out_one_person_of_all_is_refused()
    {
        SurveyRig rig = await AnsweredAsync([1, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5]);

        Assert.Equal("survey-group-difference", Assert.Single((await rig.FilterAsync("overall", 4, 5)).Refusals).Code);
        Assert.Equal("survey-group-small", Assert.Single((await rig.FilterAsync("overall", 1, 3)).Refusals).Code);
    }

    [Fact]
    public async Task A_part_let_through_keeps_its_number_and_tells_what_its_answers_say()
    {
        SurveyRig rig = await AnsweredAsync([1, 1, 1, 2, 2, 2, 5, 5, 5, 5, 5, 5]);

        int[] numbers = await NumbersAsync(rig, (1, 2), (5, 5), (1, 2));
        SurveyResults part = Assert.IsType<SurveyResults>(await rig.Read.FindPartAsync(rig.Project.Code, new AnswerFilter("overall", 1, 2), default));

        Assert.Equal([1, 2, 1], numbers);
        Assert.Equal((6, 1.5m), (part.Answered, part.Rated.Single(rated => rated.Question.Id == "overall").Mean));
        Assert.Equal(2, (await rig.World.RowsAsync(SurveyRightTable.Name, AuditWrites.RowPrefix)).Count(row => row.Body<AuditEntry>().Action == "survey-filtered"));
    }

    [Fact]
    public async Task An_open_survey_has_no_parts()
    {
        SurveyRig rig = await AnsweredAsync([1, 1, 1, 2, 2, 2, 5, 5, 5, 5, 5, 5]);
        rig.World.Clock.Now = rig.ResultsFrom.AddTicks(-1);

        Assert.Equal("survey-still-open", Assert.Single((await rig.FilterAsync("overall", 1, 2)).Refusals).Code);
    }

    [Fact]
    public async Task Everything_wrong_with_a_filter_is_told_at_once()
    {
        SurveyRig rig = await AnsweredAsync([1, 1, 1, 2, 2, 2, 5, 5, 5, 5, 5, 5]);

        Assert.Equal(
            ["filter-question-unknown", "filter-step-unknown", "filter-step-unknown"],
            (await rig.FilterAsync("missed", 0, 6)).Refusals.Select(refusal => refusal.Code));
        Assert.Equal("filter-steps-reversed", Assert.Single((await rig.FilterAsync("overall", 4, 2)).Refusals).Code);
    }

    [Fact]
    public async Task Two_filters_at_once_are_never_both_let_through_when_they_differ_by_one()
    {
        for (int round = 0; round < 20; round++)
        {
            SurveyRig rig = await AnsweredAsync([1, 1, 1, 2, 2, 2, 3, 5, 5, 5, 5, 5]);
            Outcome<int>[] outcomes = await Task.WhenAll(
                Task.Run(() => rig.FilterAsync("overall", 1, 2)),
                Task.Run(() => rig.FilterAsync("overall", 3, 5)),
                Task.Run(() => rig.FilterAsync("overall", 5, 5)));

            Assert.True(outcomes.Count(outcome => !outcome.IsRefused) <= 2);
            AnswerFilter[] shown = [.. await rig.Read.ListFiltersAsync(rig.Project.Code, default)];
            Assert.False(shown.Contains(new AnswerFilter("overall", 3, 5)) && shown.Contains(new AnswerFilter("overall", 5, 5)));
        }
    }

    private static async Task<SurveyRig> AnsweredAsync(int[] overall)
    {
        SurveyRig rig = new(participants: overall.Length);
        await rig.Open.RunAsync(rig.Due, default);
        for (int number = 0; number < overall.Length; number++)
        {
            Dictionary<string, string?> form = new(SurveyRig.Form()) { ["overall"] = $"{overall[number]}" };
            Assert.False((await rig.AnswerAsync(rig.Candidates[number], form)).IsRefused);
        }

        rig.World.Clock.Now = rig.ResultsFrom;
        return rig;
    }

    private static async Task<int[]> NumbersAsync(SurveyRig rig, params (int From, int To)[] filters)
    {
        List<int> numbers = [];
        foreach ((int from, int to) in filters)
        {
            Assert.True((await rig.FilterAsync("overall", from, to)).TryGet(out int number));
            numbers.Add(number);
        }

        return [.. numbers];
    }
}
