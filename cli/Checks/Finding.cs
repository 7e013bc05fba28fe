namespace Plenary.Cli.Checks;

/// <summary>Something in the stores that contradicts something else.</summary>
/// <param name="Code">Stable, lower-case words with dashes.</param>
/// <param name="Where">Table and keys, or container and name: ids only.</param>
/// <param name="What">What stands against what.</param>
/// <param name="Remedy">What to do about it.</param>
internal sealed record Finding(string Code, string Where, string What, string Remedy)
{
    public const string OrphanBlob = "blob-orphan";

    public static Finding At(string code, string table, Infra.Tables.RowKey key, string what, string remedy) =>
        new(code, $"{table} {key.Partition}/{key.Row}", what, remedy);
}
