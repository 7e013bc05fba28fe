using Plenary.Infra.Tables;
using Plenary.Infra.Telemetry;
using Plenary.Shared;

namespace Plenary.Agenda;

/// <summary>
/// One beat of the timer: the agenda, then the note that it ran, which outlives every process, then the figures of all parts. A run that
/// fails leaves no note, so the age of the last one tells of timers that do not fire and of timers that fire in vain.
/// </summary>
public sealed class KeepBeat(RunAgenda runAgenda, ITables tables, CheckHealth checkHealth, TelemetryExport export, TimeProvider clock)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        Backlog backlog = await runAgenda.RunAsync(cancellation);
        Beat beat = new(clock.GetUtcNow(), backlog);
        await tables.Get(AgendaTable.Name).CommitAsync(new Batch(AgendaTable.BeatKey.Partition).Upsert(Row.Of(AgendaTable.BeatKey, beat)), cancellation);
        await checkHealth.RunAsync(cancellation);
        await export.FlushAsync(clock);
    }
}
