using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Plenary.Infra.Tables;

namespace Plenary.Benchmarks.Stores;

/// <summary>What a store was asked for.</summary>
public sealed class Meter
{
    private long pointReads;
    private long queries;
    private long pages;
    private long commits;
    private long rows;

    public long PointReads => Interlocked.Read(ref pointReads);

    public long Queries => Interlocked.Read(ref queries);

    /// <summary>Each a request of its own; a query has one at least.</summary>
    public long Pages => Interlocked.Read(ref pages);

    /// <summary>Single writes and transactions.</summary>
    public long Commits => Interlocked.Read(ref commits);

    /// <summary>Rows that queries handed out.</summary>
    public long Rows => Interlocked.Read(ref rows);

    /// <summary>What a storage account would bill.</summary>
    public long Requests => PointReads + Pages + Commits;

    internal void CountRead() => Interlocked.Increment(ref pointReads);

    internal void CountQuery() => Interlocked.Increment(ref queries);

    internal void CountPage() => Interlocked.Increment(ref pages);

    internal void CountRow() => Interlocked.Increment(ref rows);

    internal void CountCommit() => Interlocked.Increment(ref commits);
}

/// <summary>Counts what is asked of tables, page by page as the real service hands rows out, and has every request wait as told.</summary>
/// <param name="wait">What a request over a network would cost; null for none.</param>
public sealed class MeteredTables(ITables inner, Func<Task>? wait = null) : ITables
{
    private readonly ConcurrentDictionary<string, MeteredTable> tables = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ITable> others = new(StringComparer.Ordinal);

    /// <summary>Over all tables.</summary>
    public Meter Total { get; } = new();

    public Meter Of(string name) => Table(name).Meter;

    public ITable Get(string name) => Table(name);

    /// <summary>Puts another store behind one table.</summary>
    public void Put(ITable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        others[table.Name] = table;
    }

    public Task CreateAsync(IEnumerable<string> names, CancellationToken cancellation) => Task.CompletedTask;

    private MeteredTable Table(string name) => tables.GetOrAdd(name, key => new MeteredTable(others.GetValueOrDefault(key) ?? inner.Get(key), Total, wait));
}

/// <inheritdoc cref="MeteredTables" />
public sealed class MeteredTable(ITable inner, Meter total, Func<Task>? wait) : ITable
{
    public string Name => inner.Name;

    public Meter Meter { get; } = new();

    public async Task<Row?> FindAsync(RowKey key, CancellationToken cancellation)
    {
        await AskAsync(meter => meter.CountRead());
        return await inner.FindAsync(key, cancellation);
    }

    public IAsyncEnumerable<Row> ListAsync(string partition, KeyRange rows, CancellationToken cancellation, int pageSize = 1000) =>
        PageAsync(inner.ListAsync(partition, rows, cancellation, pageSize), pageSize, cancellation);

    public IAsyncEnumerable<Row> ListPartitionsAsync(KeyRange partitions, KeyRange rows, CancellationToken cancellation) =>
        PageAsync(inner.ListPartitionsAsync(partitions, rows, cancellation), 1000, cancellation);

    public IAsyncEnumerable<Row> ScanAllAsync(CancellationToken cancellation) => PageAsync(inner.ScanAllAsync(cancellation), 1000, cancellation);

    public async Task<CommitResult> CommitAsync(Batch batch, CancellationToken cancellation)
    {
        await AskAsync(meter => meter.CountCommit());
        return await inner.CommitAsync(batch, cancellation);
    }

    private async IAsyncEnumerable<Row> PageAsync(IAsyncEnumerable<Row> rows, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Count(meter => meter.CountQuery());
        await AskAsync(meter => meter.CountPage());
        int onPage = 0;
        await foreach (Row row in rows.WithCancellation(cancellation))
        {
            if (onPage == pageSize)
            {
                await AskAsync(meter => meter.CountPage());
                onPage = 0;
            }

            onPage++;
            Count(meter => meter.CountRow());
            yield return row;
        }
    }

    private Task AskAsync(Action<Meter> count)
    {
        Count(count);
        return wait?.Invoke() ?? Task.CompletedTask;
    }

    private void Count(Action<Meter> count)
    {
        count(Meter);
        count(total);
    }
}
