using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Plenary.Infra.Tables;

namespace Plenary.Support;

/// <summary>Tables for tests without a store: ordered by ordinal keys, all-or-nothing batches, an ETag for every write.</summary>
public sealed class InMemoryTables : ITables
{
    private readonly ConcurrentDictionary<string, InMemoryTable> tables = new(StringComparer.Ordinal);

    public InMemoryTable this[string name] => tables.GetOrAdd(name, key => new InMemoryTable(key));

    public ITable Get(string name) => this[name];

    public Task CreateAsync(IEnumerable<string> names, CancellationToken cancellation) => Task.CompletedTask;
}

/// <inheritdoc cref="InMemoryTables" />
public sealed class InMemoryTable(string name) : ITable
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<(string Partition, string Row), Row> stored = new(
        Comparer<(string Partition, string Row)>.Create((left, right) =>
            string.CompareOrdinal(left.Partition, right.Partition) is var order && order != 0 ? order : string.CompareOrdinal(left.Row, right.Row)));

    private long clock;

    public string Name { get; } = name;

    /// <summary>Point reads, queries and commits so far.</summary>
    public int RoundTrips { get; private set; }

    public Task<Row?> FindAsync(RowKey key, CancellationToken cancellation)
    {
        lock (gate)
        {
            RoundTrips++;
            return Task.FromResult(stored.GetValueOrDefault((key.Partition, key.Row)));
        }
    }

    public IAsyncEnumerable<Row> ListAsync(string partition, KeyRange rows, CancellationToken cancellation, int pageSize = 1000) =>
        Where(row => row.Key.Partition == partition && rows.Contains(row.Key.Row), cancellation);

    public IAsyncEnumerable<Row> ListPartitionsAsync(KeyRange partitions, KeyRange rows, CancellationToken cancellation) =>
        Where(row => partitions.Contains(row.Key.Partition) && rows.Contains(row.Key.Row), cancellation);

    public IAsyncEnumerable<Row> ScanAllAsync(CancellationToken cancellation) => Where(_ => true, cancellation);

    public Task<CommitResult> CommitAsync(Batch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (gate)
        {
            RoundTrips++;
            foreach (Write write in batch.Writes)
            {
                Row? found = stored.GetValueOrDefault((write.Row.Key.Partition, write.Row.Key.Row));
                ConflictKind? conflict = write.Kind switch
                {
                    WriteKind.Insert => found is null ? null : ConflictKind.Exists,
                    WriteKind.Upsert => null,
                    _ => found is null ? ConflictKind.Missing : found.ETag == write.Row.ETag ? null : ConflictKind.Changed,
                };
                if (conflict is { } kind)
                {
                    return Task.FromResult(new CommitResult(write, kind));
                }
            }

            foreach (Write write in batch.Writes)
            {
                (string, string) key = (write.Row.Key.Partition, write.Row.Key.Row);
                if (write.Kind == WriteKind.Delete)
                {
                    stored.Remove(key);
                    continue;
                }

                IEnumerable<KeyValuePair<string, object>> values = write.Row.Values
                    .Where(pair => pair.Key != Batch.OperationColumn)
                    .Append(KeyValuePair.Create(Batch.OperationColumn, (object)batch.OperationId));
                stored[key] = Row.Stored(write.Row.Key, values, (++clock).ToString(CultureInfo.InvariantCulture));
            }

            return Task.FromResult(CommitResult.Done with { ETag = batch.Writes.Count == 1 ? clock.ToString(CultureInfo.InvariantCulture) : null });
        }
    }

    private async IAsyncEnumerable<Row> Where(Func<Row, bool> wanted, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Row[] found;
        lock (gate)
        {
            RoundTrips++;
            found = [.. stored.Values.Where(wanted)];
        }

        foreach (Row row in found)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return row;
        }

        await Task.CompletedTask;
    }
}
