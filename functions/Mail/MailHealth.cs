using Plenary.Infra.Bus;
using Plenary.Shared;
using Plenary.Shared.Telemetry;

namespace Plenary.Mail;

/// <summary>
/// How long the oldest mail has been owed: the longer of two waits, that of the first message nobody has taken up and that of the first intent
/// that was put off. One page and one look at a queue.
/// </summary>
public sealed class MailHealth(MailLedger ledger, IQueueWatch queues) : IHealthProbe
{
    public string Name => "mail";

    public async Task<HealthLine> AskAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        LingeringMails lingering = await ledger.FindLingeringAsync(cancellation);
        double age = Math.Max(AgeOf(lingering.OldestOwed), AgeOf(await queues.FindOldestWaitingAsync(Queues.SendMail, cancellation)));
        Measures.OldestOwedMail.Record(age);
        Measures.UnknownMails.Record(lingering.Unknown);
        return new HealthLine(Name, true, new Dictionary<string, double> { ["oldestOwedMail"] = age, ["unknownMails"] = lingering.Unknown });

        double AgeOf(DateTimeOffset? since) => since is { } instant && instant < now ? (now - instant).TotalSeconds : 0;
    }
}
