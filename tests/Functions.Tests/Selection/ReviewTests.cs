using Plenary.Access;
using Plenary.Domain;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Selection;
using Plenary.Shared;

namespace Plenary.Functions.Tests.Selection;

/// <summary>Blind scoring: who may score whom, what they see, and what comes of it.</summary>
public sealed class ReviewTests
{
    private static readonly ScoringPlan Plan = new([new ScorePhase("Relevance", 60), new ScorePhase("Motivation", 40)], ScoreUse.WithinBoth);

    private readonly SelectionRig rig = new(overseas: 4, local: 1, economies: 3, each: 2, settings: new ProjectSettings { Scoring = Plan });

    [Fact]
    public async Task A_reviewer_sees_everybody_but_the_own_economy_and_nothing_that_tells_who_they_are()
    {
        Reviewer reviewer = await AppointAsync("bangladesh");

        ReviewDesk desk = await DeskAsync(reviewer);

        Assert.Equal((4, 2), (desk.Nominees.Count, desk.Closed));
        Assert.DoesNotContain(NumberOf(reviewer, "bangladesh"), desk.Nominees.Select(entry => entry.Number));
        Assert.Equal(desk.Nominees.Select(entry => entry.Number).Order(StringComparer.Ordinal), desk.Nominees.Select(entry => entry.Number));
        Assert.All(desk.Nominees, entry => Assert.DoesNotContain("Person", entry.Nominee.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Marks_for_a_nominee_of_the_own_economy_are_refused_and_the_attempt_is_recorded()
    {
        Reviewer reviewer = await AppointAsync("bangladesh");

        Outcome<ScoreRecord> outcome = await ScoreAsync(reviewer, "bangladesh", "10", "10");

        Assert.Equal(("reviewer-economy-forbidden", 403), (Assert.Single(outcome.Refusals).Code, Answers.StatusOf(outcome.Refusals)));
        Assert.Empty(await rig.World.RowsAsync(SelectionTable.Name, SelectionTable.ScorePrefix));
        Assert.Contains(await AuditAsync(), entry => entry is { Action: "own-economy-refused", Subject: "bangladesh/bangladesh01" } && entry.Actor == $"reviewer:{reviewer.Id}");
        Assert.Contains(await AuditAsync(), entry => entry.Action == "reviewer-appointed" && entry.Facts!["recusedFrom"] == "bangladesh");
    }

    [Fact]
    public async Task Whoever_steps_back_counts_no_more_and_gives_no_more_marks()
    {
        Reviewer reviewer = await AppointAsync("fiji");
        await TakeAsync(reviewer, "bangladesh", "2", "2");
        Assert.True((await rig.Whole.Score.RunAsync(rig.Project.Code, reviewer.Id, NumberOf(reviewer, "bangladesh"), null, rig.World.Clock.Now, default)).TryGet(out _));

        Assert.Equal("reviewer-recused-already", Assert.Single((await ScoreAsync(reviewer, "bangladesh", "9", "")).Refusals).Code);
        Assert.Empty(await MeansAsync());
        Assert.True((await DeskAsync(reviewer)).Nominees.Single(entry => entry.Number == NumberOf(reviewer, "bangladesh")).Score!.IsRecused);
    }

    [Fact]
    public async Task Later_marks_replace_earlier_ones_and_missing_ones_lower_nothing()
    {
        Reviewer first = await AppointAsync("fiji");
        Reviewer second = await AppointAsync("japan");
        await TakeAsync(first, "bangladesh", "1", "1");
        await TakeAsync(first, "bangladesh", "8", "6");
        decimal alone = (await MeansAsync())["bangladesh/bangladesh01"];
        await TakeAsync(second, "bangladesh", "8", "");

        Assert.Equal(7.2m, alone);
        Assert.Equal(7.2m, (await MeansAsync())["bangladesh/bangladesh01"]);
        Assert.Equal([1, 1], (await rig.World.RowsAsync(SelectionTable.Name, SelectionTable.ReviewerPrefix)).Select(row => row.Body<Reviewer>().Scored));
    }

    [Theory]
    [InlineData("11", "", "mark-unreadable")]
    [InlineData("-1", "5", "mark-unreadable")]
    [InlineData("7.5", "5", "mark-unreadable")]
    [InlineData("", " ", "marks-missing")]
    public async Task What_is_no_mark_is_refused(string first, string second, string code)
    {
        Reviewer reviewer = await AppointAsync("fiji");

        Assert.Equal(code, Assert.Single((await ScoreAsync(reviewer, "bangladesh", first, second)).Refusals).Code);
    }

    [Fact]
    public async Task Scores_are_taken_from_the_closing_to_the_approval()
    {
        Reviewer reviewer = await AppointAsync("none");
        rig.World.Clock.Now = rig.Project.ClosesAt.AddTicks(-1);
        Assert.Equal("scoring-too-early", Assert.Single((await ScoreAsync(reviewer, "bangladesh", "5", "5")).Refusals).Code);
        Assert.Empty((await DeskAsync(reviewer)).Nominees);

        rig.World.Clock.Now = rig.Project.ClosesAt;
        await ScoreAllAsync(reviewer);
        await rig.ApproveAsync();
        Assert.Equal("scoring-closed", Assert.Single((await ScoreAsync(reviewer, "bangladesh", "5", "5")).Refusals).Code);
    }

    [Fact]
    public async Task Where_scores_decide_a_list_waits_for_them_and_tells_them_to_everybody()
    {
        Reviewer reviewer = await AppointAsync("none");
        Assert.Equal("scores-missing", Assert.Single((await rig.Whole.Propose.RunAsync(rig.Project.Code, World.Officer, rig.World.Clock.Now, default)).Refusals).Code);

        await ScoreAllAsync(reviewer);
        SelectionRecord approved = await rig.ApproveAsync();

        SelectionResult result = await rig.StoredAsync(approved.Digest);
        Assert.Equal(SelectionRules.ScoredRuleVersion, result.RuleVersion);
        Assert.All(result.Decisions, decision => Assert.StartsWith("Scored ", decision.Reason, StringComparison.Ordinal));

        // The second of each economy has the better marks.
        Assert.All(result.Decisions.GroupBy(decision => decision.Economy), economy => Assert.EndsWith("02", economy.OrderBy(decision => decision.Kind).ThenBy(decision => decision.Order).First().NominationId, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Everything_wrong_with_an_appointment_is_told_and_the_own_economy_has_to_be_named()
    {
        Outcome<Reviewer> outcome = await rig.Whole.Appoint.RunAsync(rig.Project.Code, "", "no address", "", World.Officer, rig.World.Clock.Now, default);

        Assert.Equal(["name", "email", "economy"], outcome.Refusals.Select(refusal => refusal.Field));
        await AppointAsync("none");
        Assert.Equal("reviewer-taken", Assert.Single((await rig.Whole.Appoint.RunAsync(rig.Project.Code, "Other", "NONE@reviewers.example.org", "fiji", World.Officer, rig.World.Clock.Now, default)).Refusals).Code);
    }

    [Fact]
    public async Task Only_a_reviewer_without_marks_can_be_dismissed()
    {
        Reviewer idle = await AppointAsync("japan");
        Reviewer busy = await AppointAsync("fiji");
        await TakeAsync(busy, "bangladesh", "1", "");

        Assert.Equal("reviewer-scored-already", Assert.Single((await rig.Whole.Dismiss.RunAsync(rig.Project.Code, busy.Id, World.Officer, rig.World.Clock.Now, default)).Refusals).Code);
        Assert.True((await rig.Whole.Dismiss.RunAsync(rig.Project.Code, idle.Id, World.Officer, rig.World.Clock.Now, default)).TryGet(out _));
        Assert.Null(await rig.Whole.Review.RunAsync(rig.Project.Code, idle.Id, rig.World.Clock.Now, default));
        Assert.Equal("reviewer-not-found", Assert.Single((await ScoreAsync(idle, "bangladesh", "1", "")).Refusals).Code);
    }

    [Fact]
    public async Task An_appointment_owes_one_mail_with_a_link_of_its_own()
    {
        Reviewer reviewer = await AppointAsync("fiji");
        await rig.World.RelayAsync(SelectionTable.Name);
        Links links = new(rig.World.Tables, World.Access());

        MailOwed owed = Assert.Single(rig.World.Sent<MailOwed>(Queues.SendMail));
        MailDraft draft = Assert.IsType<MailDraft>((await new ReviewMails(rig.World.Projects, rig.Whole.Table, links).ComposeAsync(owed, rig.World.Clock.Now, default)).Draft);

        Assert.Equal(reviewer.Email, draft.ToAddress);
        string address = System.Text.RegularExpressions.Regex.Match(draft.Body.Text, "/l/[A-Za-z0-9_-]+").Value;
        Link? link = await links.FindAsync(address["/l/".Length..], default);
        Assert.Equal((LinkPurpose.Review, reviewer.Id, rig.Project.StartsAt), (link!.Purpose, link.Subject, link.ExpiresAt));
    }

    private string NumberOf(Reviewer reviewer, string economy, int rank = 1) =>
        BlindNominee.NumberOf(rig.Project.Code.ToString(), reviewer.Id, CandidateId.Of(economy, $"{economy}{rank:D2}"));

    private async Task<Reviewer> AppointAsync(string economy)
    {
        Assert.True((await rig.Whole.Appoint.RunAsync(rig.Project.Code, $"Reviewer {economy}", $"{economy}@reviewers.example.org", economy, World.Officer, rig.World.Clock.Now, default)).TryGet(out Reviewer? reviewer));
        return reviewer;
    }

    private async Task<ReviewDesk> DeskAsync(Reviewer reviewer) =>
        Assert.IsType<ReviewDesk>(await rig.Whole.Review.RunAsync(rig.Project.Code, reviewer.Id, rig.World.Clock.Now, default));

    private Task<Outcome<ScoreRecord>> ScoreAsync(Reviewer reviewer, string economy, params string[] marks) => ScoreNumberAsync(reviewer, NumberOf(reviewer, economy), marks);

    private Task<Outcome<ScoreRecord>> ScoreNumberAsync(Reviewer reviewer, string number, IReadOnlyList<string> marks) => rig.Whole.Score.RunAsync(
        rig.Project.Code, reviewer.Id, number, marks.Select((mark, index) => (Phase: index + 1, mark)).ToDictionary(one => one.Phase, one => one.mark), rig.World.Clock.Now, default);

    private async Task TakeAsync(Reviewer reviewer, string economy, params string[] marks) =>
        Assert.True((await ScoreAsync(reviewer, economy, marks)).TryGet(out _));

    private async Task ScoreAllAsync(Reviewer reviewer)
    {
        foreach (Nomination nomination in rig.World.Nominations.All)
        {
            string number = BlindNominee.NumberOf(rig.Project.Code.ToString(), reviewer.Id, CandidateId.Of(nomination.Economy, nomination.Id));
            Assert.True((await ScoreNumberAsync(reviewer, number, [nomination.Rank == 1 ? "3" : "8", ""])).TryGet(out _));
        }
    }

    private Task<IReadOnlyDictionary<string, decimal>> MeansAsync() => rig.Whole.Table.ReadMeansAsync(rig.Project.Code, Plan, default);

    private async Task<IReadOnlyList<AuditEntry>> AuditAsync() => [.. (await rig.World.RowsAsync(SelectionTable.Name, AuditWrites.RowPrefix)).Select(row => row.Body<AuditEntry>())];
}
