using Plenary.Attendance;
using Plenary.Domain;
using Plenary.Functions.Tests.Selection;
using Plenary.Functions.Tests.Surveys;
using Plenary.Publishing;
using Plenary.Selection;
using Plenary.Surveys;

namespace Plenary.Functions.Tests.Publishing;

public sealed class CountFiguresTests
{
    [Fact]
    public async Task Every_figure_is_what_a_recount_of_the_stores_says()
    {
        OutcomeRig rig = await OutcomeRig.MakeAsync();

        ProjectFigures figures = await rig.Count.RunAsync(rig.Project, default);

        Assert.Equal(50, figures.Places);
        Assert.Equal((80, 20), (figures.Nominated, figures.NominatingEconomies));
        Assert.Equal((42, 30), (figures.Selected, figures.Confirmed));
        Assert.Equal((25, rig.EconomiesThatCame), (figures.Attended, figures.EconomiesAttended));
        Assert.Equal(20, figures.Certificates);
        Assert.Equal((30, 12), (figures.SurveyInvited, figures.SurveyAnswered));
        Assert.Equal((21, 20), (figures.MemberEconomies, figures.ActiveEconomies));
        Assert.Empty(figures.FindContradictions());
    }

    [Fact]
    public async Task Who_gave_the_place_back_after_coming_no_longer_counts_as_one_who_came()
    {
        OutcomeRig rig = await OutcomeRig.MakeAsync();
        string gone = rig.Came[0];
        await rig.Selection.AnswerAsync(gone, OfferAnswer.Withdraw);

        ProjectFigures figures = await rig.Count.RunAsync(rig.Project, default);

        Assert.Equal((29, 24), (figures.Confirmed, figures.Attended));
    }

    [Fact]
    public async Task Before_anything_has_happened_every_figure_is_nought()
    {
        World world = new();
        Project project = world.Projects.Add(FakeProjects.Workshop());
        CountFigures count = new(
            world.Nominations, new FakeSelections(), new ReadAttendance(new AttendanceTable(world.Tables)), new ReadSurveys(new SurveyRightTable(world.Tables), new SurveyAnswerTable(world.Tables), world.Clock), world.Registry);

        ProjectFigures figures = await count.RunAsync(project, default);

        Assert.Equal((0, 0, 0, 0, 0, 0), (figures.Nominated, figures.Selected, figures.Confirmed, figures.Attended, figures.Certificates, figures.SurveyInvited));
        Assert.Null(figures.ResponseRate.Percent);
    }
}

public sealed class PublishOutcomeTests
{
    [Fact]
    public async Task What_is_published_are_the_figures_of_that_moment_and_the_text_as_read()
    {
        OutcomeRig rig = await OutcomeRig.MakeAsync();

        Assert.True((await rig.PublishAsync("A headline", "One.\r\n\r\nTwo.\n\n\n\nThree.")).TryGet(out PublishedOutcome? outcome));

        Assert.Equal(["One.", "Two.", "Three."], outcome.Paragraphs);
        Assert.Equal((1, 25), (outcome.Version, outcome.Figures.Attended));
        Assert.Equal(outcome.Figures, (await new OutcomeTable(rig.World.Tables).FindAsync(rig.Project.Code, default))?.Figures);
    }

    [Fact]
    public async Task Published_figures_stay_until_they_are_published_again()
    {
        OutcomeRig rig = await OutcomeRig.MakeAsync();
        await rig.PublishAsync("A headline", "A text.");
        await rig.Selection.AnswerAsync(rig.Came[0], OfferAnswer.Withdraw);
        OutcomeTable outcomes = new(rig.World.Tables);

        Assert.Equal(25, (await outcomes.FindAsync(rig.Project.Code, default))?.Figures.Attended);

        await rig.PublishAsync("A headline", "A text.");
        PublishedOutcome? again = await outcomes.FindAsync(rig.Project.Code, default);
        Assert.Equal((2, 24), (again?.Version, again?.Figures.Attended));
    }

    [Fact]
    public async Task Before_the_end_and_without_words_every_reason_is_told_at_once()
    {
        OutcomeRig rig = await OutcomeRig.MakeAsync();
        rig.World.Clock.Now = rig.Project.EndsAt.AddTicks(-1);

        Outcome<PublishedOutcome> outcome = await rig.PublishAsync("", "  \n\n ");

        Assert.Equal(["project-not-over", "headline-missing", "text-missing"], outcome.Refusals.Select(refusal => refusal.Code));
        Assert.Empty(await rig.World.RowsAsync(OutcomeTable.Name));
    }

    [Theory]
    [InlineData(301, 10, "headline-missing")]
    [InlineData(10, 20_001, "text-missing")]
    public async Task Words_without_measure_are_refused(int headline, int text, string expected)
    {
        OutcomeRig rig = await OutcomeRig.MakeAsync();

        Outcome<PublishedOutcome> outcome = await rig.PublishAsync(new string('h', headline), new string('t', text));

        Assert.Equal(expected, Assert.Single(outcome.Refusals).Code);
    }

    [Fact]
    public async Task Figures_that_contradict_one_another_are_not_published()
    {
        OutcomeRig rig = await OutcomeRig.MakeAsync();
        Project smaller = rig.Project with { Notification = rig.Project.Notification with { Overseas = new Places(1, false, "1"), Local = new Places(0, false, "0") } };

        Outcome<PublishedOutcome> outcome = await rig.Publish.RunAsync(smaller, "A headline", "A text.", World.Officer, rig.World.Clock.Now, default);

        Assert.Equal("figures-contradict", Assert.Single(outcome.Refusals).Code);
    }

    [Fact]
    public async Task Two_officers_at_once_publish_one_version_after_the_other()
    {
        OutcomeRig rig = await OutcomeRig.MakeAsync();

        Outcome<PublishedOutcome>[] outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() => rig.PublishAsync($"Headline {number}", "A text."))));

        int[] versions = [.. outcomes.Select(outcome => outcome.TryGet(out PublishedOutcome? published) ? published.Version : 0).Where(version => version > 0)];
        Assert.Equal(versions.Length, versions.Distinct().Count());
        Assert.All(outcomes.SelectMany(outcome => outcome.Refusals), refusal => Assert.Equal("outcome-changed-conflict", refusal.Code));
    }
}

/// <summary>The sample workshop lived through: 80 nominated, 42 selected, 30 confirmed, 25 came, 20 certificates, 12 answers.</summary>
internal sealed class OutcomeRig
{
    private readonly SurveyRightTable rights;
    private readonly SurveyAnswerTable answers;
    private readonly AttendanceTable attendance;

    private OutcomeRig()
    {
        rights = new SurveyRightTable(World.Tables);
        answers = new SurveyAnswerTable(World.Tables);
        attendance = new AttendanceTable(World.Tables);
    }

    public SelectionRig Selection { get; } = new();

    public World World => Selection.World;

    public Project Project => Selection.Project;

    public IReadOnlyList<string> Came { get; private set; } = [];

    public int EconomiesThatCame => Came.Select(candidate => CandidateId.Read(candidate).Economy).Distinct().Count();

    public CountFigures Count => new(World.Nominations, Selection.Whole.Read, new ReadAttendance(attendance), new ReadSurveys(rights, answers, World.Clock), World.Registry);

    public PublishOutcome Publish => new(Count, new OutcomeTable(World.Tables), World.DecisionsOver(World.Tables, World.Bus));

    public static async Task<OutcomeRig> MakeAsync()
    {
        OutcomeRig rig = new();
        await rig.LiveThroughAsync();
        return rig;
    }

    public Task<Outcome<PublishedOutcome>> PublishAsync(string headline, string text) =>
        Publish.RunAsync(Project, headline, text, World.Officer, World.Clock.Now, default);

    private async Task LiveThroughAsync()
    {
        await Selection.OfferAsync();
        string[] confirmed = [.. (await Selection.OffersAsync()).Take(30).Select(SelectionRig.Of)];
        foreach (string candidate in confirmed)
        {
            Assert.False((await Selection.AnswerAsync(candidate, OfferAnswer.Accept)).IsRefused);
        }

        World.Clock.Now = Project.EndsAt;
        Came = [.. confirmed.Take(25)];
        ISelections selections = Selection.Whole.Read;
        Dictionary<string, IReadOnlyDictionary<int, bool>> presence = confirmed.Index().ToDictionary(
            entry => entry.Item,
            IReadOnlyDictionary<int, bool> (entry) => Enumerable.Range(1, 3).ToDictionary(session => session, session => entry.Index < 20 || (entry.Index < 25 && session == 1)));
        Assert.False((await new RecordAttendance(selections, attendance, World.DecisionsOver(World.Tables, World.Bus)).RunAsync(Project, presence, World.Officer, World.Clock.Now, default)).IsRefused);
        Assert.False((await new IssueCertificates(selections, attendance, new CertificateTable(World.Tables), World.DecisionsOver(World.Tables, World.Bus), World.Organisation)
            .RunAsync(Project, World.Officer, World.Clock.Now, default)).IsRefused);
        await new OpenSurvey(World.Projects, selections, rights, new QuestionnaireTable(World.Tables), World.DecisionsOver(World.Tables, World.Bus), World.Bus, World.Clock)
            .RunAsync(new SurveyDue(Project.Code.ToString(), Project.EndsAt.UtcTicks), default);
        foreach (string candidate in confirmed.Take(12))
        {
            Assert.False((await new AnswerSurvey(rights, answers).RunAsync(Project.Code, candidate, SurveyRig.Form(), World.Clock.Now, default)).IsRefused);
        }
    }
}
