using Microsoft.Azure.Functions.Worker;
using Plenary.Shared;

namespace Plenary.Agenda;

public sealed class RelayOutboxListener(RelayOutbox relay, RelayTurns turns, TimeProvider clock)
{
    [Function("RelayOutbox")]
    public Task Run([ServiceBusTrigger(Queues.RelayOutbox, Connection = Queues.Connection)] string place, CancellationToken cancellation) =>
        turns.RunAsync(place, () => relay.RunAsync(place, clock.GetUtcNow(), cancellation));
}
