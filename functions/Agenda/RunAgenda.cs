using Microsoft.Extensions.Logging;
using Plenary.Infra.Bus;
using Plenary.Infra.Tables;
using Plenary.Shared.Telemetry;

namespace Plenary.Agenda;

/// <summary>What a run found lying.</summary>
/// <param name="OldestDue">When the item that had waited longest was due; null when none was.</param>
/// <param name="OldestOwed">When the oldest message lay in an outbox already, to the five minutes of its marker; null when none did.</param>
public sealed record Backlog(DateTimeOffset? OldestDue, DateTimeOffset? OldestOwed);

/// <summary>Wakes whatever is due: one message for each item, proportional to what is due and not to what exists.</summary>
public sealed partial class RunAgenda(ITables tables, IBus bus, SweepOutbox sweep, TimeProvider clock, ILogger<RunAgenda> logger)
{
    private const int PageSize = 1000;

    public async Task<Backlog> RunAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset? oldestDue;
        DateTimeOffset? oldestOwed = null;
        try
        {
            oldestDue = await PostWhatIsDueAsync(now, cancellation);
        }
        finally
        {
            // The two have nothing to do with each other: trouble with the agenda must not keep the outbox waiting.
            oldestOwed = await sweep.RunAsync(now, cancellation);
        }

        Measures.AgendaLag.Record((now - (oldestDue ?? now)).TotalSeconds);
        Measures.OutboxLag.Record((now - (oldestOwed ?? now)).TotalSeconds);
        return new Backlog(oldestDue, oldestOwed);
    }

    /// <returns>When the first of them was due.</returns>
    private async Task<DateTimeOffset?> PostWhatIsDueAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        ITable agenda = tables.Get(AgendaTable.Name);
        DateTimeOffset? oldest = null;
        List<Row> page = [];
        await foreach (Row row in agenda.ListAsync(AgendaTable.Partition, AgendaTable.DueBy(now), cancellation, PageSize))
        {
            oldest ??= Keys.InstantOf(row.Key.Row);
            page.Add(row);
            if (page.Count == PageSize)
            {
                await PostAsync(agenda, page, cancellation);
                page.Clear();
            }
        }

        await PostAsync(agenda, page, cancellation);
        return oldest;
    }

    private async Task PostAsync(ITable agenda, List<Row> page, CancellationToken cancellation)
    {
        if (page.Count == 0)
        {
            return;
        }

        // Post, then delete: a crash in between posts again with the same ids, the other order would lose what was due.
        List<Row> posted = await bus.PostAsync([.. page.Select(row => new Posting(row, AgendaTable.FromRow(row)))], logger, cancellation);
        await agenda.DeleteAllAsync(posted, cancellation);
        Log.Posted(logger, posted.Count, page.Count);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Posted {Posted} of {Due} items that were due.")]
        public static partial void Posted(ILogger logger, int posted, int due);
    }
}
