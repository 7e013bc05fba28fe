using Plenary.Domain;
using Plenary.Infra.Tables;

namespace Plenary.Publishing;

/// <summary>What was published of a project: its figures as they were, and the news text.</summary>
public sealed record PublishedOutcome(ProjectFigures Figures, string Headline, IReadOnlyList<string> Paragraphs, DateTimeOffset PublishedAt, int Version);

/// <summary>Published outcomes, a partition a project.</summary>
public sealed class OutcomeTable(ITables tables)
{
    public const string Name = "Outcomes";
    public const string OutcomeRow = "outcome";

    internal ITable Table { get; } = tables.Get(Name);

    public static string PartitionOf(ProjectCode code) => Keys.Escape(code.ToString());

    public static RowKey KeyOf(ProjectCode code) => new(PartitionOf(code), OutcomeRow);

    public async Task<PublishedOutcome?> FindAsync(ProjectCode code, CancellationToken cancellation) =>
        (await Table.FindAsync(KeyOf(code), cancellation))?.Body<PublishedOutcome>();
}
