namespace Plenary.Infra.Tables;

/// <summary>What is done to one row within a <see cref="Batch"/>.</summary>
public enum WriteKind
{
    /// <summary>Conflicts when the row exists.</summary>
    Insert,

    /// <summary>Conflicts when the row has another ETag or is gone.</summary>
    Replace,

    /// <summary>Never conflicts: the last one wins. For rows whose content follows from their key.</summary>
    Upsert,

    /// <summary>Conflicts when the row has another ETag or is gone.</summary>
    Delete,
}

public sealed record Write(WriteKind Kind, Row Row);

/// <summary>
/// Rows of one partition that are written together or not at all (an entity group transaction). Every row it writes is
/// stamped with <see cref="OperationId"/>, so that after a lost answer the store can tell whether this batch was the one that went in.
/// </summary>
public sealed class Batch(string partition)
{
    /// <summary>Azure Table Storage takes no more in one transaction.</summary>
    public const int MostWrites = 100;

    /// <summary>The column that carries <see cref="OperationId"/>.</summary>
    public const string OperationColumn = "Operation";

    /// <summary>Where ids come from in a simulation, so that its stories repeat themselves; nobody else sets it.</summary>
    internal static readonly AsyncLocal<Func<Guid>?> Drawn = new();

    private readonly List<Write> writes = [];
    private readonly HashSet<string> rows = new(StringComparer.Ordinal);

    public string Partition { get; } = partition;

    public string OperationId { get; init; } = (Drawn.Value?.Invoke() ?? Guid.NewGuid()).ToString("N");

    /// <summary>
    /// Rows keep the operation they were first written by: for putting back what was read elsewhere, exactly as it was. A retried
    /// write of such a batch may answer with a conflict against itself.
    /// </summary>
    public bool KeepsOperations { get; init; }

    public IReadOnlyList<Write> Writes => writes;

    /// <summary>What <see cref="OperationColumn"/> of this row will hold.</summary>
    public string OperationOf(Row row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return KeepsOperations ? row.Text(OperationColumn) : OperationId;
    }

    public Batch Insert(Row row) => Add(WriteKind.Insert, row);

    /// <exception cref="ArgumentException">The row was not read from the store, so it has no ETag.</exception>
    public Batch Replace(Row row) => AddRead(WriteKind.Replace, row);

    public Batch Upsert(Row row) => Add(WriteKind.Upsert, row);

    /// <exception cref="ArgumentException">The row was not read from the store, so it has no ETag.</exception>
    public Batch Delete(Row row) => AddRead(WriteKind.Delete, row);

    private Batch AddRead(WriteKind kind, Row row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.ETag is null
            ? throw new ArgumentException($"{kind} of {row.Key.Row} needs the ETag it was read with.", nameof(row))
            : Add(kind, row);
    }

    private Batch Add(WriteKind kind, Row row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Key.Partition != Partition)
        {
            throw new ArgumentException($"Row of partition {row.Key.Partition} in a batch of {Partition}.", nameof(row));
        }

        if (!rows.Add(row.Key.Row))
        {
            throw new ArgumentException($"Row {row.Key.Row} twice in one batch.", nameof(row));
        }

        if (writes.Count == MostWrites)
        {
            throw new InvalidOperationException($"A batch takes {MostWrites} writes.");
        }

        writes.Add(new Write(kind, row));
        return this;
    }
}

/// <summary>Why a batch was not written.</summary>
public enum ConflictKind
{
    Exists,
    Changed,
    Missing,
}

/// <summary>What became of a batch: all of it was written, or nothing.</summary>
/// <param name="Conflict">The write that stood in the way; null when all were written.</param>
/// <param name="Kind">Meaningful only with a conflict.</param>
public readonly record struct CommitResult(Write? Conflict, ConflictKind Kind)
{
    public static CommitResult Done => default;

    /// <summary>Of the rows as they are now, in the order of the writes; null where the store did not tell all of them.</summary>
    public IReadOnlyList<string>? ETags { get; init; }

    /// <summary>Of the row as it is now, after a batch of one write; null where the store did not tell, and for larger batches.</summary>
    public string? ETag => ETags is [string only] ? only : null;

    public bool IsDone => Conflict is null;

    public bool ConflictsAt(string rowPrefix) => Conflict is not null && Conflict.Row.Key.Row.StartsWith(rowPrefix, StringComparison.Ordinal);
}
