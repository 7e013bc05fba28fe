using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Nominations;

namespace Plenary.Closing;

/// <summary>What a closing found.</summary>
/// <param name="ClosedAt">The closing instant, not the minute later in which it was noticed.</param>
/// <param name="Economies">Each economy whose desk was opened, in order of its id.</param>
public sealed record ClosedNominations(ProjectCode Project, DateTimeOffset ClosedAt, IReadOnlyList<NominationCounts> Economies)
{
    public int Submitted => Economies.Sum(economy => economy.Submitted);
}

/// <summary>Closings, for every slice to read.</summary>
public interface IClosings
{
    /// <summary>
    /// One point read. Null while nominations have not been closed. When a revision moves the closing to later, the earlier one stays
    /// here until the next: compare <see cref="ClosedNominations.ClosedAt"/> with the project's closing.
    /// </summary>
    Task<ClosedNominations?> FindAsync(ProjectCode project, CancellationToken cancellation);
}

/// <summary>One row for each project whose nominations have closed. Only this slice writes it.</summary>
public sealed class ClosingTable(ITables tables) : IClosings
{
    public const string Name = "Closings";

    internal ITable Table { get; } = tables.Get(Name);

    public static RowKey KeyOf(ProjectCode project) => new(Keys.Escape(project.ToString()), "closing");

    public async Task<ClosedNominations?> FindAsync(ProjectCode project, CancellationToken cancellation) =>
        (await Table.FindAsync(KeyOf(project), cancellation))?.Body<ClosedNominations>();
}
