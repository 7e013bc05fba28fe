using Microsoft.Azure.Functions.Worker;
using Plenary.Shared;

namespace Plenary.Nominations;

public sealed class OpenDeskListener(OpenDesk openDesk)
{
    [Function("OpenDesk")]
    public Task Run([ServiceBusTrigger(Queues.OpenDesk, Connection = Queues.Connection)] string message, CancellationToken cancellation) =>
        openDesk.RunAsync(Envelope.Read<DeskToOpen>(message), cancellation);
}
