using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Shared;

namespace Plenary.Notifications;

public sealed class OfficerChangedListener(HandOverDesks handOverDesks)
{
    [Function("HandOverDesks")]
    public Task Run([ServiceBusTrigger(Queues.HandOverDesks, Connection = Queues.Connection)] string message, CancellationToken cancellation) =>
        handOverDesks.RunAsync(Envelope.Read<OfficerChanged>(message), cancellation);
}
