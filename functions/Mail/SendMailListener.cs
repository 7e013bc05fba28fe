using Microsoft.Azure.Functions.Worker;
using Plenary.Shared;

namespace Plenary.Mail;

public sealed class SendMailListener(SendMail sendMail)
{
    [Function("SendMail")]
    public Task Run([ServiceBusTrigger(Queues.SendMail, Connection = Queues.Connection)] string message, CancellationToken cancellation) =>
        sendMail.RunAsync(MailsOwed.Read(message), cancellation);
}
