using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Plenary.Domain;
using Plenary.Infra.Tables;

namespace Plenary.Surveys;

/// <summary>A survey as opened: immutable from then on.</summary>
public sealed record Survey(string Project, Questionnaire Questionnaire, DateTimeOffset OpenedAt, DateTimeOffset ClosesAt, int MinimumGroup, int Invited)
{
    /// <summary>Longer than any request that was received in time can take to store its answer.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(10);

    /// <summary>From here on no answer is added. Results read before and after one answer would tell that answer, so until then only the response rate is told.</summary>
    public DateTimeOffset ResultsFrom => ClosesAt + Settling;
}

/// <summary>The filters whose results have been shown, to anybody, in the order in which they were asked for.</summary>
public sealed record ShownFilters(IReadOnlyList<AnswerFilter> Filters);

/// <summary>The right of one participant to answer once.</summary>
/// <param name="Claim">
/// Set only while an answer is being stored: the answer's key, so that a crash in between neither loses the answer nor lets it in
/// twice. Erased when the right is spent; afterwards nothing leads from a person to an answer.
/// </param>
public sealed record SurveyRight(string Candidate, bool IsSpent, string? Claim);

/// <summary>
/// Who may answer, in partitions of some ninety people. Every change rewrites all rows of the partition in one transaction, so that
/// the store's own time stamps tell nobody's moment of answering.
/// </summary>
public sealed class SurveyRightTable(ITables tables)
{
    public const string Name = "SurveyRights";
    public const string SurveyRow = "survey";
    public const string FiltersRow = "filters";
    public const string RightPrefix = "right-";
    public const int PeoplePerPartition = 90;

    internal ITable Table { get; } = tables.Get(Name);

    public static string PartitionOf(ProjectCode code) => Keys.Escape(code.ToString());

    public static string PartitionOf(ProjectCode code, int part) => string.Create(CultureInfo.InvariantCulture, $"{PartitionOf(code)}|{part:D4}");

    public static RowKey SurveyOf(ProjectCode code) => new(PartitionOf(code), SurveyRow);

    public static RowKey FiltersOf(ProjectCode code) => new(PartitionOf(code), FiltersRow);

    public static RowKey RightOf(ProjectCode code, int part, string candidate) => new(PartitionOf(code, part), RightPrefix + Keys.Escape(candidate));

    internal async Task<Survey?> FindSurveyAsync(ProjectCode code, CancellationToken cancellation) =>
        (await Table.FindAsync(SurveyOf(code), cancellation))?.Body<Survey>();

    internal Task<Row?> FindFiltersAsync(ProjectCode code, CancellationToken cancellation) => Table.FindAsync(FiltersOf(code), cancellation);

    /// <summary>Every right of the project, with its row.</summary>
    internal async Task<IReadOnlyList<Row>> ListRightsAsync(ProjectCode code, CancellationToken cancellation)
    {
        List<Row> rows = [];
        await foreach (Row row in Table.ListPartitionsAsync(KeyRange.StartingWith($"{PartitionOf(code)}|"), KeyRange.StartingWith(RightPrefix), cancellation))
        {
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>Who of some has a right that is not spent: one query over the project, of what lies between the first and the last of them.</summary>
    internal async Task<IReadOnlySet<string>> FindUnspentAsync(ProjectCode code, IReadOnlyCollection<string> candidates, CancellationToken cancellation)
    {
        Dictionary<string, string> wanted = candidates.Distinct(StringComparer.Ordinal).ToDictionary(candidate => RightPrefix + Keys.Escape(candidate), StringComparer.Ordinal);
        KeyRange range = new(wanted.Keys.Min(StringComparer.Ordinal), wanted.Keys.Max(StringComparer.Ordinal) + '!');
        return await Table.ListPartitionsAsync(KeyRange.StartingWith($"{PartitionOf(code)}|"), range, cancellation)
            .Where(row => wanted.ContainsKey(row.Key.Row) && !row.Body<SurveyRight>().IsSpent)
            .Select(row => wanted[row.Key.Row])
            .ToHashSetAsync(StringComparer.Ordinal, cancellation);
    }

    /// <summary>Changes one right and rewrites its neighbours unchanged; null when somebody else wrote the partition in between.</summary>
    internal async Task<bool> ChangeAsync(IReadOnlyList<Row> rows, Row changed, SurveyRight right, CancellationToken cancellation)
    {
        Batch batch = new(changed.Key.Partition);
        foreach (Row row in rows.Where(row => row.Key.Partition == changed.Key.Partition))
        {
            SurveyRight written = row.Key == changed.Key ? right : row.Body<SurveyRight>();
            batch.Replace(row.With(written, ("IsSpent", written.IsSpent)));
        }

        return (await Table.CommitAsync(batch, cancellation)).IsDone;
    }
}

/// <summary>Answers, under random keys. No person, no time.</summary>
public sealed class SurveyAnswerTable(ITables tables)
{
    public const string Name = "SurveyAnswers";

    private readonly ITable table = tables.Get(Name);

    public static string PartitionOf(ProjectCode code) => Keys.Escape(code.ToString());

    /// <summary>128 random bits.</summary>
    public static string DrawKey() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <summary>The first answer under a key stays; storing another changes nothing.</summary>
    internal Task StoreAsync(ProjectCode code, string key, SurveyAnswers answers, CancellationToken cancellation)
    {
        Row row = Row.Of(new RowKey(PartitionOf(code), key), answers);
        return table.CommitAsync(new Batch(row.Key.Partition).Insert(row), cancellation);
    }

    /// <summary>In the order of their keys, which is random and stays.</summary>
    internal async Task<IReadOnlyList<SurveyAnswers>> ListAsync(ProjectCode code, CancellationToken cancellation) =>
        [.. (await ListRowsAsync(code, cancellation)).Select(row => row.Body<SurveyAnswers>())];

    /// <summary>Writes every answer again as it is: the store's own time stamps then say when the survey was closed, and no longer when each answer came.</summary>
    internal async Task RestampAsync(ProjectCode code, CancellationToken cancellation)
    {
        foreach (Row[] part in (await ListRowsAsync(code, cancellation)).Chunk(Batch.MostWrites))
        {
            Batch batch = new(PartitionOf(code));
            foreach (Row row in part)
            {
                batch.Replace(row);
            }

            await table.CommitAsync(batch, cancellation);
        }
    }

    internal async Task<bool> HasAsync(ProjectCode code, string key, CancellationToken cancellation) =>
        await table.FindAsync(new RowKey(PartitionOf(code), key), cancellation) is not null;

    private async Task<IReadOnlyList<Row>> ListRowsAsync(ProjectCode code, CancellationToken cancellation)
    {
        List<Row> rows = [];
        await foreach (Row row in table.ListAsync(PartitionOf(code), KeyRange.All, cancellation))
        {
            rows.Add(row);
        }

        return rows;
    }
}

/// <summary>Questionnaires that replace the default, before a survey opens.</summary>
public sealed class QuestionnaireTable(ITables tables)
{
    public const string Name = "Questionnaires";
    public const string QuestionnaireRow = "questionnaire";

    private readonly ITable table = tables.Get(Name);

    public static RowKey KeyOf(ProjectCode code) => new(Keys.Escape(code.ToString()), QuestionnaireRow);

    public async Task<Questionnaire> FindAsync(ProjectCode code, CancellationToken cancellation) =>
        await table.FindAsync(KeyOf(code), cancellation) is { } row && Questionnaire.Parse(row.Text("Json")).TryGet(out Questionnaire? own)
            ? own
            : Questionnaire.Default;

    internal Task SaveAsync(ProjectCode code, Questionnaire questionnaire, CancellationToken cancellation)
    {
        Row row = Row.Of(KeyOf(code), ("Json", questionnaire.ToJson()));
        return table.CommitAsync(new Batch(row.Key.Partition).Upsert(row), cancellation);
    }
}
