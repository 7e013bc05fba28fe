using Plenary.Infra.Tables;

namespace Plenary.Access;

/// <summary>Economies and officers: some twenty rows in one partition. Only this slice writes them.</summary>
public sealed class RegistryTable(ITables tables, TimeProvider clock) : IRegistry
{
    public const string Name = "Registry";
    public const string Partition = "economy";

    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(1);

    private readonly ITable table = tables.Get(Name);
    private (DateTimeOffset At, IReadOnlyList<RegistryEntry> Entries)? remembered;

    /// <summary>The table itself, for the use cases of this slice.</summary>
    internal ITable Table => table;

    public static RowKey KeyOf(string economyId) => new(Partition, Keys.Escape(economyId));

    public async Task<IReadOnlyList<RegistryEntry>> ListAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (remembered is { } last && now - last.At < FreshFor && now >= last.At)
        {
            return last.Entries;
        }

        List<RegistryEntry> entries = [];
        await foreach (Row row in table.ListAsync(Partition, KeyRange.All, cancellation))
        {
            if (IsEntry(row))
            {
                entries.Add(row.Body<RegistryEntry>());
            }
        }

        RegistryEntry[] sorted = [.. entries.OrderBy(entry => entry.Economy.Name, StringComparer.InvariantCultureIgnoreCase)];
        remembered = (now, sorted);
        return sorted;
    }

    /// <summary>Always what is stored: whoever is written to must be in post now.</summary>
    public async Task<RegistryEntry?> FindAsync(string economyId, CancellationToken cancellation) =>
        (await table.FindAsync(KeyOf(economyId), cancellation))?.Body<RegistryEntry>();

    /// <summary>Audit entries and what is owed share the partition.</summary>
    internal static bool IsEntry(Row row) =>
        !row.Key.Row.StartsWith(Shared.AuditWrites.RowPrefix, StringComparison.Ordinal) && !row.Key.Row.StartsWith(Infra.Outbox.Owed.RowPrefix, StringComparison.Ordinal);

    /// <summary>After a change on this instance; others follow within a minute.</summary>
    internal void Forget() => remembered = null;
}
