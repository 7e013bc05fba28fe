using Microsoft.Azure.Functions.Worker;
using Plenary.Shared;

namespace Plenary.Closing;

public sealed class CloseNominationsListener(CloseNominations closeNominations)
{
    [Function("CloseNominations")]
    public Task Run([ServiceBusTrigger(Queues.CloseNominations, Connection = Queues.Connection)] string message, CancellationToken cancellation) =>
        closeNominations.RunAsync(Envelope.Read<NominationsDue>(message), cancellation);
}
