using System.Globalization;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Shared;

namespace Plenary.Mail;

/// <summary>
/// Has one mail written once more, because somebody asked for it: it is composed from the state of that moment, with links of its own, so
/// what is no longer owed still does not leave.
/// </summary>
public sealed class ResendMail(MailLedger ledger, IDecisions decisions)
{
    private const int MostAttempts = 5;

    /// <param name="evenIfThere">Also when the provider took it before.</param>
    public async Task<Outcome<MailIntent>> RunAsync(string project, string intent, bool evenIfThere, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        for (int attempt = 1; attempt <= MostAttempts; attempt++)
        {
            if (await ledger.FindAsync(project, intent, cancellation) is not { } stored)
            {
                return new Refusal("mail-not-found", "The ledger of this project holds no such mail.", Remedy: "Look it up with plenary mail list.");
            }

            Outcome<MailIntent> outcome = stored.Intent.Again(caller.Actor, evenIfThere, now);
            if (!outcome.TryGet(out MailIntent? again))
            {
                return outcome;
            }

            await ledger.UnlistAsync(stored.Intent, cancellation);

            // Under an id of its own: the broker may still remember the first message.
            MailOwed owed = again.Owed;
            Owed message = new(Queues.SendMail, string.Create(CultureInfo.InvariantCulture, $"mail-{owed.Id}-again-{now.UtcTicks}"), Envelope.Write(owed));
            Batch batch = new Batch(stored.Row.Key.Partition)
                .Replace(stored.Row.With(again, MailTable.ColumnsOf(again)))
                .Audit(new AuditEntry(now, caller.Actor, "mail-resent", owed.Id, new Dictionary<string, string>
                {
                    ["kind"] = owed.Kind,
                    ["state"] = stored.Intent.State.ToString(),
                }))
                .Owe(message);
            if ((await decisions.CommitAsync(ledger.Table, batch, now, cancellation)).IsDone)
            {
                return again;
            }
        }

        return new Refusal("mail-changed-conflict", "The mail kept changing at the same moment.", Remedy: "Look at it again.");
    }
}
