using Microsoft.Azure.Functions.Worker;

namespace Plenary.Agenda;

/// <summary>Operations know this function by its name, which must never change: they switch it off by it.</summary>
public sealed class RunAgendaTimer(RunAgenda runAgenda)
{
    [Function("RunAgenda")]
    public Task Run([TimerTrigger($"%{AgendaOptions.ScheduleSetting}%")] TimerInfo timer, CancellationToken cancellation) =>
        runAgenda.RunAsync(cancellation);
}
