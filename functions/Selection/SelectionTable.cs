using Plenary.Domain;
using Plenary.Infra.Blobs;
using Plenary.Infra.Tables;

namespace Plenary.Selection;

public enum SelectionStage
{
    Proposed,
    Approved,
}

/// <summary>Where a project's selection stands. The list itself lies in a blob named by its digest, so it cannot change unnoticed.</summary>
/// <param name="Digest">Names exactly one list of decisions.</param>
/// <param name="RulesDigest">Names the rules the list was made by; none that are declared later are the same.</param>
/// <param name="OverseasMayFlowToLocal">As declared when the list was made: promotions go by the rules that were approved.</param>
/// <param name="LocalMayFlowToOverseas">The same, the other way.</param>
/// <param name="Balance">Counted with the list and kept with it, so that it stays when people are erased.</param>
public sealed record SelectionRecord(
    SelectionStage Stage,
    string Digest,
    string RuleVersion,
    string DrawSeed,
    string RulesDigest,
    bool OverseasMayFlowToLocal,
    bool LocalMayFlowToOverseas,
    PoolArithmetic Overseas,
    PoolArithmetic Local,
    BalanceReport Balance,
    DateTimeOffset ProposedAt,
    string ProposedBy,
    DateTimeOffset? ApprovedAt = null,
    string? ApprovedBy = null);

/// <summary>An offer with what is needed to find its person.</summary>
/// <param name="Number">1 for the first offer to this nominee; links of an earlier one are dead.</param>
public sealed record OfferRecord(string Economy, string NominationId, int Number, Offer Offer);

/// <summary>Selections, places and offers: one partition a project, so that a place and the offer that claims it are written together.</summary>
public sealed class SelectionTable(ITables tables, IBlobs blobs)
{
    public const string Name = "Selections";
    public const string Container = "selections";
    public const string SelectionRow = "selection";
    public const string OfferPrefix = "offer-";
    public const string PlacePrefix = "place-";
    public const string ReviewerPrefix = "reviewer-";
    public const string ScorePrefix = "score-";

    public const string KeptPrefix = "kept-";

    /// <summary>On the row of a place nobody holds: id of the nomination that gave it back, whose economy may name somebody.</summary>
    public const string KeptColumn = "KeptFor";

    internal ITable Table { get; } = tables.Get(Name);

    public static string PartitionOf(ProjectCode code) => Keys.Escape(code.ToString());

    public static RowKey SelectionOf(ProjectCode code) => new(PartitionOf(code), SelectionRow);

    /// <param name="candidate">As <see cref="CandidateId"/> writes it.</param>
    public static RowKey OfferOf(ProjectCode code, string candidate) => new(PartitionOf(code), OfferPrefix + Keys.Escape(candidate));

    public static RowKey PlaceOf(ProjectCode code, PlaceName place) => new(PartitionOf(code), place.ToString());

    /// <summary>That a place was once kept for the economy of this candidate, who gave it back; it stays, so that nobody keeps it a second time.</summary>
    public static RowKey KeptOf(ProjectCode code, string candidate) => new(PartitionOf(code), KeptPrefix + Keys.Escape(candidate));

    public static RowKey ReviewerOf(ProjectCode code, string reviewer) => new(PartitionOf(code), ReviewerPrefix + Keys.Escape(reviewer));

    public static RowKey ScoreOf(ProjectCode code, string reviewer, string candidate) => new(PartitionOf(code), $"{ScorePrefix}{Keys.Escape(reviewer)}-{Keys.Escape(candidate)}");

    public Task<Row?> FindRowAsync(ProjectCode code, CancellationToken cancellation) => Table.FindAsync(SelectionOf(code), cancellation);

    internal async Task<OfferRecord?> FindOfferAsync(ProjectCode code, string candidate, CancellationToken cancellation) =>
        (await Table.FindAsync(OfferOf(code, candidate), cancellation))?.Body<OfferRecord>();

    public async Task<IReadOnlyList<OfferRecord>> ListOffersAsync(ProjectCode code, CancellationToken cancellation)
    {
        List<OfferRecord> offers = [];
        await foreach (Row row in Table.ListAsync(PartitionOf(code), KeyRange.StartingWith(OfferPrefix), cancellation))
        {
            offers.Add(row.Body<OfferRecord>());
        }

        return offers;
    }

    /// <summary>Those of some candidates, by candidate. One query, from the first to the last of them: for such as lie together.</summary>
    internal async Task<IReadOnlyDictionary<string, OfferRecord>> FindOffersAsync(ProjectCode code, IReadOnlyCollection<string> candidates, CancellationToken cancellation)
    {
        Dictionary<string, string> wanted = candidates.Distinct(StringComparer.Ordinal).ToDictionary(candidate => OfferOf(code, candidate).Row, StringComparer.Ordinal);
        KeyRange range = new(wanted.Keys.Min(StringComparer.Ordinal), wanted.Keys.Max(StringComparer.Ordinal) + '!');
        return await Table.ListAsync(PartitionOf(code), range, cancellation)
            .Where(row => wanted.ContainsKey(row.Key.Row))
            .ToDictionaryAsync(row => wanted[row.Key.Row], row => row.Body<OfferRecord>(), StringComparer.Ordinal, cancellation);
    }

    public async Task<IReadOnlyList<Reviewer>> ListReviewersAsync(ProjectCode code, CancellationToken cancellation) =>
        [.. (await Table.ListAsync(PartitionOf(code), KeyRange.StartingWith(ReviewerPrefix), cancellation).Select(row => row.Body<Reviewer>()).ToListAsync(cancellation)).OrderBy(reviewer => reviewer.AppointedAt)];

    /// <param name="reviewer">Of this one only; of all when empty.</param>
    internal async Task<IReadOnlyList<ScoreRecord>> ListScoresAsync(ProjectCode code, string reviewer, CancellationToken cancellation) =>
        await Table.ListAsync(PartitionOf(code), KeyRange.StartingWith(reviewer.Length == 0 ? ScorePrefix : $"{ScorePrefix}{Keys.Escape(reviewer)}-"), cancellation)
            .Select(row => row.Body<ScoreRecord>()).ToListAsync(cancellation);

    /// <summary>The mean of each candidate who has one; nothing is read where nothing is scored.</summary>
    public async Task<IReadOnlyDictionary<string, decimal>> ReadMeansAsync(ProjectCode code, ScoringPlan plan, CancellationToken cancellation)
    {
        Dictionary<string, decimal> means = new(StringComparer.Ordinal);
        if (plan.IsOn)
        {
            foreach (IGrouping<string, ScoreRecord> candidate in (await ListScoresAsync(code, "", cancellation)).Where(score => !score.IsRecused).GroupBy(score => score.Candidate))
            {
                if (plan.MeanOf(candidate.Select(score => score.Marks)) is decimal mean)
                {
                    means.Add(candidate.Key, mean);
                }
            }
        }

        return means;
    }

    internal async Task SaveResultAsync(ProjectCode code, SelectionResult result, string digest, CancellationToken cancellation)
    {
        using MemoryStream json = new();
        await System.Text.Json.JsonSerializer.SerializeAsync(json, result, Row.Json, cancellation);
        json.Position = 0;
        await blobs.UploadAsync(Container, BlobOf(code, digest), json, "application/json", new Dictionary<string, string>(), cancellation);
    }

    /// <exception cref="InvalidOperationException">The list is gone, or is not the one that was approved.</exception>
    public async Task<SelectionResult> ReadResultAsync(ProjectCode code, string digest, CancellationToken cancellation)
    {
        await using Stream stream = await blobs.OpenReadAsync(Container, BlobOf(code, digest), cancellation)
            ?? throw new InvalidOperationException($"The selection of {code} has lost its list.");
        SelectionResult? result = await System.Text.Json.JsonSerializer.DeserializeAsync<SelectionResult>(stream, Row.Json, cancellation);
        return result is not null && result.ComputeDigest() == digest
            ? result
            : throw new InvalidOperationException($"The selection of {code} is not the list that its digest names.");
    }

    private static string BlobOf(ProjectCode code, string digest) => $"{code}/{digest}.json";
}
