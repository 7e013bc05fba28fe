using Microsoft.Azure.Functions.Worker;
using Plenary.Shared;

namespace Plenary.Agenda;

public sealed class SendReminderListener(SendReminder sendReminder)
{
    [Function("SendReminder")]
    public Task Run([ServiceBusTrigger(Queues.SendReminder, Connection = Queues.Connection)] string message, CancellationToken cancellation) =>
        sendReminder.RunAsync(Envelope.Read<ReminderDue>(message), cancellation);
}
