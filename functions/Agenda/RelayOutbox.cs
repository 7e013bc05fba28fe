using Microsoft.Extensions.Logging;
using Plenary.Infra.Bus;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;

namespace Plenary.Agenda;

/// <summary>Hands on what the decisions of one partition owe: to the bus, or to the agenda where it is for later.</summary>
public sealed class RelayOutbox(ITables tables, IBus bus, ILogger<RelayOutbox> logger)
{
    /// <param name="place">See <see cref="OutboxNames.Place"/>.</param>
    /// <returns>How many messages were found waiting.</returns>
    /// <exception cref="InvalidOperationException">Some could not be posted; the others were.</exception>
    public async Task<int> RunAsync(string place, DateTimeOffset now, CancellationToken cancellation)
    {
        (string name, string partition) = OutboxNames.ReadPlace(place);
        ITable table = tables.Get(name);
        int found = 0;
        int left = 0;
        List<Row> chunk = [];
        await foreach (Row row in table.ListAsync(partition, KeyRange.StartingWith(Owed.RowPrefix), cancellation))
        {
            found++;
            chunk.Add(row);
            if (chunk.Count == Batch.MostWrites)
            {
                left += await HandOnAsync(table, chunk, now, cancellation);
                chunk.Clear();
            }
        }

        left += await HandOnAsync(table, chunk, now, cancellation);
        return left == 0 ? found : throw new InvalidOperationException($"{left} of {found} messages were not posted.");
    }

    private async Task<int> HandOnAsync(ITable table, List<Row> rows, DateTimeOffset now, CancellationToken cancellation)
    {
        if (rows.Count == 0)
        {
            return 0;
        }

        ILookup<bool, Posting> byLateness = rows.Select(row => new Posting(row, Owed.FromRow(row))).ToLookup(posting => posting.Owed.DueAt > now);
        List<Posting> later = [.. byLateness[true]];
        List<Row> done = [.. later.Select(posting => posting.Row)];

        // Hand on, then delete: a crash in between hands on again under the same ids and keys, the other order would lose messages.
        done.AddRange(await bus.PostAsync([.. byLateness[false]], logger, cancellation));
        await PutOnAgendaAsync(later, cancellation);
        await table.DeleteAllAsync(done, cancellation);
        return rows.Count - done.Count;
    }

    private async Task PutOnAgendaAsync(List<Posting> later, CancellationToken cancellation)
    {
        if (later.Count == 0)
        {
            return;
        }

        Batch batch = new(AgendaTable.Partition);

        // Two decisions may owe the same thing; a batch takes a row once.
        foreach (Row row in later.Select(posting => AgendaTable.ToRow(posting.Owed)).DistinctBy(row => row.Key))
        {
            batch.Upsert(row);
        }

        await tables.Get(AgendaTable.Name).CommitAsync(batch, cancellation);
    }
}
