using Microsoft.Extensions.Logging;
using Plenary.Infra.Bus;
using Plenary.Infra.Tables;

namespace Plenary.Agenda;

/// <summary>Wakes whatever is due: one message for each item, proportional to what is due and not to what exists.</summary>
public sealed partial class RunAgenda(ITables tables, IBus bus, SweepOutbox sweep, TimeProvider clock, ILogger<RunAgenda> logger)
{
    private const int PageSize = 1000;

    public async Task RunAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        try
        {
            await PostWhatIsDueAsync(now, cancellation);
        }
        finally
        {
            // The two have nothing to do with each other: trouble with the agenda must not keep the outbox waiting.
            await sweep.RunAsync(now, cancellation);
        }
    }

    private async Task PostWhatIsDueAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        ITable agenda = tables.Get(AgendaTable.Name);
        List<Row> page = [];
        await foreach (Row row in agenda.ListAsync(AgendaTable.Partition, AgendaTable.DueBy(now), cancellation, PageSize))
        {
            page.Add(row);
            if (page.Count == PageSize)
            {
                await PostAsync(agenda, page, cancellation);
                page.Clear();
            }
        }

        await PostAsync(agenda, page, cancellation);
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
