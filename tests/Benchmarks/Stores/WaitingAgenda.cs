using System.Globalization;
using System.Runtime.CompilerServices;
using Plenary.Agenda;
using Plenary.Infra.Tables;
using Plenary.Support;

namespace Plenary.Benchmarks.Stores;

/// <summary>An agenda in which so many items wait, sorted by key as the real table is and found by its order; everything else it keeps as any table does.</summary>
public sealed class WaitingAgenda : ITable
{
    private readonly InMemoryTable rest = new(AgendaTable.Name);
    private readonly string[] waiting;

    /// <param name="first">When the first is due; the others follow a second apart.</param>
    public WaitingAgenda(int count, DateTimeOffset first)
    {
        waiting = [.. Enumerable.Range(0, count).Select(number =>
            AgendaTable.KeyOf(first.AddSeconds(number), string.Create(CultureInfo.InvariantCulture, $"reminder-23-IP-10-GE-WSP-A-offer-{number:D7}")).Row)];
    }

    public string Name => AgendaTable.Name;

    public Task<Row?> FindAsync(RowKey key, CancellationToken cancellation) => rest.FindAsync(key, cancellation);

    public async IAsyncEnumerable<Row> ListAsync(string partition, KeyRange rows, [EnumeratorCancellation] CancellationToken cancellation, int pageSize = 1000)
    {
        int at = rows.From is { } from ? Array.BinarySearch(waiting, from, StringComparer.Ordinal) : 0;
        for (at = at < 0 ? ~at : at; partition == AgendaTable.Partition && at < waiting.Length && rows.Contains(waiting[at]); at++)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return Row.Stored(new RowKey(partition, waiting[at]), [], "1");
        }

        await Task.CompletedTask;
    }

    public IAsyncEnumerable<Row> ListPartitionsAsync(KeyRange partitions, KeyRange rows, CancellationToken cancellation) =>
        throw new NotSupportedException("The agenda is read by partition.");

    public IAsyncEnumerable<Row> ScanAllAsync(CancellationToken cancellation) => throw new NotSupportedException("The agenda is read by partition.");

    public Task<CommitResult> CommitAsync(Batch batch, CancellationToken cancellation) => rest.CommitAsync(batch, cancellation);
}
