using System.Globalization;
using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Shared;

namespace Plenary.Selection;

/// <summary>Settles an offer that ran out unanswered; nominee and nominator are told, and the place goes on.</summary>
public sealed class ExpireOffer(SelectionTable selections, OfferWriter offers, TimeProvider clock)
{
    public async Task RunAsync(OfferDue due, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(due);
        ProjectCode code = ProjectCode.Parse(due.Project);
        if (await selections.Table.FindAsync(SelectionTable.OfferOf(code, due.Candidate), cancellation) is not { } row)
        {
            return;
        }

        OfferRecord before = row.Body<OfferRecord>();
        if (before.Number != due.Number || before.Offer.ExpiresAt.UtcTicks != due.ExpiresTicks || before.Offer.State != OfferState.Made)
        {
            return;
        }

        DateTimeOffset now = await clock.WaitUntilAsync(before.Offer.ExpiresAt, $"The expiry of an offer of {code}", cancellation);
        if (!before.Offer.Expire(now).TryGet(out Offer? after))
        {
            throw new InvalidOperationException($"An offer of {code} does not expire when it should.");
        }

        string version = string.Create(CultureInfo.InvariantCulture, $"{before.Number}-{after.State}");
        MailOwed[] mails =
        [
            new(due.Project, SelectionMails.OfferAnswered, $"officer:{before.Economy}", due.Candidate, version),
            new(due.Project, SelectionMails.OfferReceipt, $"nominee:{due.Candidate}", due.Candidate, version),
        ];
        CommitResult result = await offers.SettleAsync(code, row, before, after, new AuditEntry(now, "agenda", "offer-expired", due.Candidate), mails, cancellation);
        if (!result.IsDone)
        {
            // An answer came in between, or a repeat of this: let the broker bring the message again and look anew.
            throw new InvalidOperationException($"The offer behind message of {code} changed while it expired.");
        }
    }
}
