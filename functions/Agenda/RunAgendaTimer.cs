using Microsoft.Azure.Functions.Worker;

namespace Plenary.Agenda;

/// <summary>Operations know this function by its name, which must never change: they switch it off by it.</summary>
public sealed class RunAgendaTimer(KeepBeat keepBeat)
{
    [Function("RunAgenda")]
    public Task Run([TimerTrigger($"%{AgendaOptions.ScheduleSetting}%")] TimerInfo timer, CancellationToken cancellation) =>
        keepBeat.RunAsync(cancellation);
}
