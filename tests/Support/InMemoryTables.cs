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
    private readonly SortedDictionary<string, SortedDictionary<string, Row>> stored = new(StringComparer.Ordinal);

    private long clock;

    public string Name { get; } = name;

    /// <summary>Point reads, queries and commits so far.</summary>
    public int RoundTrips { get; private set; }

    public Task<Row?> FindAsync(RowKey key, CancellationToken cancellation)
    {
        lock (gate)
        {
            RoundTrips++;
            return Task.FromResult(Find(key));
        }
    }

    public IAsyncEnumerable<Row> ListAsync(string partition, KeyRange rows, CancellationToken cancellation, int pageSize = 1000) =>
        Where(one => one == partition, rows, cancellation);

    public IAsyncEnumerable<Row> ListPartitionsAsync(KeyRange partitions, KeyRange rows, CancellationToken cancellation) =>
        Where(partitions.Contains, rows, cancellation);

    public IAsyncEnumerable<Row> ScanAllAsync(CancellationToken cancellation) => Where(_ => true, KeyRange.All, cancellation);

    public Task<CommitResult> CommitAsync(Batch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (gate)
        {
            RoundTrips++;
            foreach (Write write in batch.Writes)
            {
                Row? found = Find(write.Row.Key);
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
                RowKey key = write.Row.Key;
                if (write.Kind == WriteKind.Delete)
                {
                    stored[key.Partition].Remove(key.Row);
                    continue;
                }

                IEnumerable<KeyValuePair<string, object>> values = write.Row.Values
                    .Where(pair => pair.Key != Batch.OperationColumn)
                    .Append(KeyValuePair.Create(Batch.OperationColumn, (object)batch.OperationOf(write.Row)));
                stored.TryAdd(key.Partition, new SortedDictionary<string, Row>(StringComparer.Ordinal));
                stored[key.Partition][key.Row] = Row.Stored(key, values, (++clock).ToString(CultureInfo.InvariantCulture));
            }

            return Task.FromResult(CommitResult.Done with { ETag = batch.Writes.Count == 1 ? clock.ToString(CultureInfo.InvariantCulture) : null });
        }
    }

    private Row? Find(RowKey key) => stored.TryGetValue(key.Partition, out SortedDictionary<string, Row>? rows) ? rows.GetValueOrDefault(key.Row) : null;

    private async IAsyncEnumerable<Row> Where(Func<string, bool> isWanted, KeyRange range, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Row[] found;
        lock (gate)
        {
            RoundTrips++;
            found = [.. stored.Where(partition => isWanted(partition.Key)).SelectMany(partition => partition.Value.Values).Where(row => range.Contains(row.Key.Row))];
        }

        foreach (Row row in found)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return row;
        }

        await Task.CompletedTask;
    }
}
