using System.CommandLine;
using Plenary.Agenda;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;

namespace Plenary.Cli.Commands;

/// <summary>One thing that waits for its instant.</summary>
internal sealed record AgendaLine(DateTimeOffset DueAt, string Queue, string Id, bool IsDue);

/// <summary><c>agenda</c>: what is due when.</summary>
internal static class AgendaCommands
{
    public static Command Build(OperationSource source)
    {
        Option<bool> due = new("--due") { Description = "Only what is due now." };
        Command list = new("list", "Lists what waits for its instant, soonest first.") { due };
        source.Reads(list, async (operation, cancellation) =>
        {
            DateTimeOffset now = operation.Now;
            KeyRange range = operation.Value(due) ? AgendaTable.DueBy(now) : KeyRange.All;
            IAsyncEnumerable<AgendaLine> lines = operation.Tables.Get(AgendaTable.Name).ListAsync(AgendaTable.Partition, range, cancellation)
                .Select(AgendaTable.FromRow)
                .Select(owed => new AgendaLine(owed.DueAt ?? now, owed.Queue, owed.Id, owed.DueAt <= now));
            await operation.Paper.ListAsync(
                lines,
                "Nothing waits.",
                new Column<AgendaLine>("DUE", 20, line => $"{line.DueAt:u}"),
                new Column<AgendaLine>("", 4, line => line.IsDue ? "due" : ""),
                new Column<AgendaLine>("QUEUE", 18, line => line.Queue),
                new Column<AgendaLine>("ID", 10, line => line.Id));
            return ExitCodes.Done;
        });

        Command run = new("run", "Wakes what is due and sweeps the outbox, as the timer does each minute; for when the timer does not.");
        source.Writes(run, async (operation, cancellation) =>
        {
            DateTimeOffset now = operation.Now;
            ITable agenda = operation.Tables.Get(AgendaTable.Name);
            int due = await agenda.ListAsync(AgendaTable.Partition, AgendaTable.DueBy(now), cancellation).CountAsync(cancellation);
            int waiting = await operation.Tables.Get(OutboxNames.Markers).ListAsync(OutboxNames.MarkerPartition, KeyRange.All, cancellation)
                .Select(row => row.Text("Place")).Distinct().CountAsync(cancellation);
            if (!operation.IsRehearsal)
            {
                await operation.Get<RunAgenda>().RunAsync(cancellation);
            }

            int left = operation.IsRehearsal ? due : await agenda.ListAsync(AgendaTable.Partition, AgendaTable.DueBy(now), cancellation).CountAsync(cancellation);
            await operation.Paper.TellAsync(
                new { dryRun = operation.IsRehearsal, now, due, left, places = waiting },
                text => text.WriteLine($"{operation.Would("Woke", "wake")} {(operation.IsRehearsal ? due : due - left)} of {due} that were due by {now:u}; {waiting} places of the outbox to look at."));
            return operation.IsRehearsal || left == 0 ? ExitCodes.Done : ExitCodes.Findings;
        });

        return new Command("agenda", "What is due when: closings, reminders, expiries.") { list, run };
    }
}
