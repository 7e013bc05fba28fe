using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Infra.Bus;
using Plenary.Infra.Tables;
using Plenary.Selection;
using Plenary.Surveys;

namespace Plenary.Functions.Tests.Surveys;

/// <summary>A project that is over, with participants who may be asked.</summary>
internal sealed class SurveyRig
{
    public SurveyRig(int participants = 12, ProjectSettings? settings = null)
    {
        Project = World.Projects.Add(FakeProjects.Workshop(settings: settings));
        World.Clock.Now = Project.EndsAt;
        for (int number = 1; number <= participants; number++)
        {
            Selections.Participants.Add(new Participant(number % 2 == 0 ? "fiji" : "nepal", $"n{number:D3}", $"Person {number}", $"p{number}@example.org", Pool.Overseas));
        }
    }

    public World World { get; } = new();

    public Project Project { get; }

    public FakeSelections Selections { get; } = new();

    public SurveyDue Due => new(Project.Code.ToString(), Project.EndsAt.UtcTicks);

    public IReadOnlyList<string> Candidates => [.. Selections.Participants.Select(participant => participant.Candidate)];

    public OpenSurvey Open => OpenOver(World.Tables, World.Bus);

    public AnswerSurvey Answer => AnswerOver(World.Tables);

    public CloseSurvey Close => CloseOver(World.Tables);

    public FilterSurvey Filter => new(new SurveyRightTable(World.Tables), new SurveyAnswerTable(World.Tables), World.DecisionsOver(World.Tables, World.Bus));

    /// <summary>From here on results may be read.</summary>
    public DateTimeOffset ResultsFrom => Project.EndsAt.AddDays(14).AddMinutes(10);

    public IRemind Reminders => new SurveyReminders(new SurveyRightTable(World.Tables), Answer);

    public ReadSurveys Read => new(new SurveyRightTable(World.Tables), new SurveyAnswerTable(World.Tables), World.Clock);

    public static IReadOnlyDictionary<string, string?> Form(int step = 4, string text = "") => Questionnaire.Default.Questions.ToDictionary(
        question => question.Id, question => (string?)(question.Kind == QuestionKind.Rated ? $"{step}" : text));

    public OpenSurvey OpenOver(ITables tables, IBus bus) =>
        new(World.Projects, Selections, new SurveyRightTable(tables), new QuestionnaireTable(tables), World.DecisionsOver(tables, bus), bus, World.Clock);

    public static AnswerSurvey AnswerOver(ITables tables) => new(new SurveyRightTable(tables), new SurveyAnswerTable(tables));

    public CloseSurvey CloseOver(ITables tables) => new(new SurveyRightTable(tables), new SurveyAnswerTable(tables), AnswerOver(tables), World.Clock);

    public Task<Outcome<int>> FilterAsync(string question, int from, int to) => Filter.RunAsync(
        Project.Code,
        new Dictionary<string, string?> { [AnswerFilter.QuestionField] = question, [AnswerFilter.FromField] = $"{from}", [AnswerFilter.ToField] = $"{to}" },
        World.Officer,
        World.Clock.Now,
        default);

    public Task<Outcome<SurveyAnswers>> AnswerAsync(string candidate, IReadOnlyDictionary<string, string?>? form = null) =>
        Answer.RunAsync(Project.Code, candidate, form ?? Form(), World.Clock.Now, default);

    public async Task<IReadOnlyList<SurveyRight>> RightsAsync() =>
        [.. (await World.RowsAsync(SurveyRightTable.Name, SurveyRightTable.RightPrefix)).Select(row => row.Body<SurveyRight>())];

    public async Task<IReadOnlyList<Row>> AnswersAsync() => await World.RowsAsync(SurveyAnswerTable.Name);

    /// <summary>Compares everything the two tables hold: no key, value, stamp or time of a right may occur with an answer.</summary>
    public async Task AssertUnlinkedAsync()
    {
        HashSet<string> ofRights = [];
        foreach (Row row in await World.RowsAsync(SurveyRightTable.Name))
        {
            if (row.Key.Row != SurveyRightTable.SurveyRow)
            {
                ofRights.UnionWith(TellingValues(row));
            }
        }

        foreach (Row answer in await AnswersAsync())
        {
            Assert.Empty(TellingValues(answer).Intersect(ofRights));
            Assert.Equal(["Body", Batch.OperationColumn], answer.Values.Keys.Order(StringComparer.Ordinal));
            Assert.All(Candidates, candidate => Assert.DoesNotContain(candidate, answer.Text("Body"), StringComparison.Ordinal));
        }

        // One write stamps the whole partition, so that no row tells when its own person answered.
        foreach (IGrouping<string, Row> partition in (await World.RowsAsync(SurveyRightTable.Name, SurveyRightTable.RightPrefix)).GroupBy(row => row.Key.Partition))
        {
            Assert.Single(partition.Select(row => row.Text(Batch.OperationColumn)).Distinct());
        }
    }

    /// <summary>Whatever could be matched; the partition (the project) and the two states of a flag are everybody's.</summary>
    private static IEnumerable<string> TellingValues(Row row) =>
        row.Values.Values.OfType<string>().Append(row.Key.Row).Concat(row.Values.ContainsKey("Body") ? TextsIn(row.Text("Body")) : []);

    private static IEnumerable<string> TextsIn(string json)
    {
        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateObject().Where(member => member.Value.ValueKind == System.Text.Json.JsonValueKind.String).Select(member => member.Value.GetString()!)];
    }
}

internal sealed class FakeSelections : ISelections
{
    public List<Participant> Participants { get; } = [];

    public int? Selected { get; set; }

    public Task<IReadOnlyList<Participant>> ListParticipantsAsync(ProjectCode code, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Participant>>([.. Participants]);

    public Task<int?> CountSelectedAsync(ProjectCode code, CancellationToken cancellation) => Task.FromResult(Selected);

    public List<OfferStanding> Offers { get; } = [];

    public Task<IReadOnlyList<OfferStanding>> ListOffersAsync(ProjectCode code, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<OfferStanding>>([.. Offers]);

    public Task<IReadOnlyDictionary<OfferState, int>> CountOffersAsync(ProjectCode code, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<OfferState, int>>(new Dictionary<OfferState, int>());
}
