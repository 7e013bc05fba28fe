using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Plenary.Infra.Tables;

namespace Plenary.Support;

/// <summary>
/// Tables for tests without a store: ordered by ordinal keys, all-or-nothing batches, an ETag for every write, and as strict as Azure:
/// what Azurite lets pass is refused here.
/// </summary>
/// <param name="sortKey">What a key sorts by; a simulation whose ids are drawn at random has its stories repeat themselves by it. The key itself when null.</param>
public sealed class InMemoryTables(Func<string, string>? sortKey = null) : ITables
{
    private readonly ConcurrentDictionary<string, InMemoryTable> tables = new(StringComparer.Ordinal);

    /// <summary>Told of every batch that went in.</summary>
    public Action<InMemoryTable, Batch>? Committed { get; set; }

    public IEnumerable<InMemoryTable> All => tables.Values.OrderBy(table => table.Name, StringComparer.Ordinal);

    public InMemoryTable this[string name] => tables.GetOrAdd(name, key => new InMemoryTable(key, sortKey, (table, batch) => Committed?.Invoke(table, batch)));

    public IReadOnlyCollection<string> Names => [.. tables.Keys];

    public ITable Get(string name) => this[name];

    public Task CreateAsync(IEnumerable<string> names, CancellationToken cancellation) => Task.CompletedTask;
}

/// <summary>Where a listing goes on.</summary>
public sealed record PageToken(string Partition, string Row);

/// <param name="Next">Null after the last page; a page may be empty and have one.</param>
public sealed record TablePage(IReadOnlyList<Row> Rows, PageToken? Next);

/// <inheritdoc cref="InMemoryTables" />
public sealed class InMemoryTable : ITable
{
    /// <summary>The least that Azure, Azurite and their documents allow.</summary>
    private const int LongestKey = 512;
    private const int LongestText = 32 * 1024;
    private const int MostProperties = 252;
    private const int LargestRow = 1024 * 1024;
    private const int LargestBatch = 4 * 1024 * 1024;
    private const int LargestPage = 1000;

    private readonly Lock gate = new();
    private readonly Func<string, string>? sortKey;
    private readonly Action<InMemoryTable, Batch> committed;
    private readonly SortedList<string, SortedList<string, Row>> stored = new(StringComparer.Ordinal);

    private long clock;

    public InMemoryTable(string name)
        : this(name, null, (_, _) => { })
    {
    }

    internal InMemoryTable(string name, Func<string, string>? sortKey, Action<InMemoryTable, Batch> committed)
    {
        Name = name;
        this.sortKey = sortKey;
        this.committed = committed;
    }

    public string Name { get; }

    /// <summary>Point reads, queries and commits so far.</summary>
    public int RoundTrips { get; private set; }

    /// <summary>Takes a replacement or deletion whatever ETag it carries, as a store would that got none: for showing that a checker notices.</summary>
    public bool IgnoresETags { get; set; }

    /// <summary>All rows as they are, past every count and fault: for checkers.</summary>
    public IReadOnlyList<Row> Rows
    {
        get
        {
            lock (gate)
            {
                return [.. stored.Values.SelectMany(partition => partition.Values)];
            }
        }
    }

    public Task<Row?> FindAsync(RowKey key, CancellationToken cancellation)
    {
        lock (gate)
        {
            RoundTrips++;
            return Task.FromResult(Find(key));
        }
    }

    public IAsyncEnumerable<Row> ListAsync(string partition, KeyRange rows, CancellationToken cancellation, int pageSize = LargestPage) =>
        PagesAsync(new KeyRange(partition, partition + '\0'), rows, pageSize, cancellation);

    public IAsyncEnumerable<Row> ListPartitionsAsync(KeyRange partitions, KeyRange rows, CancellationToken cancellation) =>
        PagesAsync(partitions, rows, LargestPage, cancellation);

    public IAsyncEnumerable<Row> ScanAllAsync(CancellationToken cancellation) => PagesAsync(KeyRange.All, KeyRange.All, LargestPage, cancellation);

    public Task<CommitResult> CommitAsync(Batch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Writes.Count == 0)
        {
            return Task.FromResult(CommitResult.Done);
        }

        Refuse(batch);
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
                    _ => found is null ? ConflictKind.Missing : found.ETag == write.Row.ETag || IgnoresETags ? null : ConflictKind.Changed,
                };
                if (conflict is { } kind)
                {
                    return Task.FromResult(new CommitResult(write, kind));
                }
            }

            foreach (Write write in batch.Writes)
            {
                Put(write, batch.OperationOf(write.Row));
            }

            committed(this, batch);
            return Task.FromResult(CommitResult.Done with { ETags = [.. batch.Writes.Select(write => Find(write.Row.Key)?.ETag ?? "")] });
        }
    }

    /// <summary>One answer of the store.</summary>
    /// <param name="most">0 and up; how many rows it may hold.</param>
    public TablePage ReadPage(KeyRange partitions, KeyRange rows, PageToken? from, int most)
    {
        lock (gate)
        {
            RoundTrips++;
            KeyRange wantedPartitions = Sorted(partitions);
            KeyRange wantedRows = Sorted(rows);
            List<Row> found = [];
            for (int index = FirstAtLeast(stored.Keys, from?.Partition ?? wantedPartitions.From); index < stored.Count; index++)
            {
                string partition = stored.Keys[index];
                if (!wantedPartitions.Contains(partition))
                {
                    break;
                }

                SortedList<string, Row> inside = stored.Values[index];
                string? start = from is not null && from.Partition == partition ? from.Row : wantedRows.From;
                for (int number = FirstAtLeast(inside.Keys, start); number < inside.Count && wantedRows.Contains(inside.Keys[number]); number++)
                {
                    if (found.Count == most)
                    {
                        return new TablePage(found, new PageToken(partition, inside.Keys[number]));
                    }

                    found.Add(inside.Values[number]);
                }
            }

            return new TablePage(found, null);
        }
    }

    private static int FirstAtLeast(IList<string> keys, string? least)
    {
        int low = 0;
        for (int high = least is null ? 0 : keys.Count; low < high;)
        {
            int middle = (low + high) / 2;
            (low, high) = string.CompareOrdinal(keys[middle], least) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>What Azure would refuse. <see cref="Batch"/> has seen to partitions, repeats and the number of writes.</summary>
    private static void Refuse(Batch batch)
    {
        int size = 0;
        foreach (Write write in batch.Writes)
        {
            CheckKey(write.Row.Key.Partition);
            CheckKey(write.Row.Key.Row);
            if (write.Row.Values.Count > MostProperties)
            {
                throw new RequestFailedException(400, $"A row takes {MostProperties} properties.", "TooManyProperties", null);
            }

            int row = write.Row.Values.Sum(property => SizeOf(property.Key, property.Value)) + ((write.Row.Key.Partition.Length + write.Row.Key.Row.Length) * 2);
            if (row > LargestRow)
            {
                throw new RequestFailedException(400, "A row takes 1 MiB.", "EntityTooLarge", null);
            }

            size += row;
        }

        if (size > LargestBatch)
        {
            throw new RequestFailedException(413, "A batch takes 4 MiB.", "RequestBodyTooLarge", null);
        }
    }

    private static void CheckKey(string key)
    {
        if (key.Length > LongestKey)
        {
            throw new RequestFailedException(400, "A key is too long.", "KeyValueTooLarge", null);
        }

        if (key.Any(character => character is '/' or '\\' or '#' or '?' or < ' ' or > '~'))
        {
            throw new RequestFailedException(400, "A key holds a character that keys cannot hold, or that is not ASCII.", "OutOfRangeInput", null);
        }
    }

    private static int SizeOf(string name, object value)
    {
        if (name.Length is 0 or > 255 || !name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_') || char.IsAsciiDigit(name[0]))
        {
            throw new RequestFailedException(400, "A property has a name it cannot have.", "PropertyNameInvalid", null);
        }

        return (name.Length * 2) + 8 + value switch
        {
            string text when text.Length <= LongestText => (text.Length * 2) + 4,
            string => throw new RequestFailedException(400, "A text takes 32 K characters.", "PropertyValueTooLarge", null),
            byte[] bytes when bytes.Length <= LongestText * 2 => bytes.Length + 4,
            byte[] => throw new RequestFailedException(400, "A binary takes 64 KiB.", "PropertyValueTooLarge", null),
            bool => 1,
            int => 4,
            long or double or DateTimeOffset or DateTime => 8,
            Guid => 16,
            _ => throw new RequestFailedException(400, $"A property cannot be a {value.GetType().Name}.", "InvalidInput", null),
        };
    }

    private string Sort(string key) => sortKey is null ? key : sortKey(key);

    private KeyRange Sorted(KeyRange range) => sortKey is null
        ? range
        : new KeyRange(range.From is { } from ? Sort(from) : null, range.Before is { } before ? Sort(before) : null);

    private Row? Find(RowKey key) => stored.TryGetValue(Sort(key.Partition), out SortedList<string, Row>? rows) ? rows.GetValueOrDefault(Sort(key.Row)) : null;

    private void Put(Write write, string operationId)
    {
        RowKey key = write.Row.Key;
        string partition = Sort(key.Partition);
        if (write.Kind == WriteKind.Delete)
        {
            SortedList<string, Row> left = stored[partition];
            left.Remove(Sort(key.Row));
            if (left.Count == 0)
            {
                stored.Remove(partition);
            }

            return;
        }

        if (!stored.TryGetValue(partition, out SortedList<string, Row>? rows))
        {
            stored.Add(partition, rows = new SortedList<string, Row>(StringComparer.Ordinal));
        }

        IEnumerable<KeyValuePair<string, object>> values = write.Row.Values
            .Where(pair => pair.Key != Batch.OperationColumn)
            .Append(KeyValuePair.Create(Batch.OperationColumn, (object)operationId));
        rows[Sort(key.Row)] = Row.Stored(key, values, (++clock).ToString(CultureInfo.InvariantCulture));
    }

    private async IAsyncEnumerable<Row> PagesAsync(KeyRange partitions, KeyRange rows, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pageSize, LargestPage);
        PageToken? next = null;
        do
        {
            TablePage page = ReadPage(partitions, rows, next, pageSize);
            foreach (Row row in page.Rows)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return row;
            }

            next = page.Next;
        }
        while (next is not null);

        await Task.CompletedTask;
    }
}
