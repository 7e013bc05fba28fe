namespace Plenary.Nominations;

/// <summary>
/// What a file brings in. Its people are more rows than one transaction takes, so they are staged in one, unseen, and all of them
/// count from the next, which sets <see cref="AppliedAt"/>.
/// </summary>
/// <param name="Id">The hash of what the file says: the same file again is the same import.</param>
/// <param name="Nominees">Ids in the order of the file.</param>
/// <param name="AppliedAt">When the request that applied it was received; null while it is only staged.</param>
public sealed record NomineeImport(string Id, IReadOnlyList<string> Nominees, DateTimeOffset StagedAt, DateTimeOffset? AppliedAt = null)
{
    /// <summary>The column in a nominee's row that names its import.</summary>
    public const string Column = "Import";

    /// <summary>What the column State of an import says once its people count.</summary>
    public const string Applied = "Applied";
}
