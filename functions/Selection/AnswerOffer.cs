using System.Globalization;
using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Shared;

namespace Plenary.Selection;

public enum OfferAnswer
{
    Accept,
    Decline,

    /// <summary>Gives an accepted place back.</summary>
    Withdraw,
}

/// <summary>Takes a nominee's answer. The same answer twice is one answer; of two different ones the first counts.</summary>
public sealed class AnswerOffer(SelectionTable selections, OfferWriter offers)
{
    public async Task<Outcome<OfferRecord>> RunAsync(ProjectCode code, string candidate, OfferAnswer answer, DateTimeOffset now, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            if (await selections.Table.FindAsync(SelectionTable.OfferOf(code, candidate), cancellation) is not { } row)
            {
                return new Refusal("offer-not-found", "There is no such offer.");
            }

            OfferRecord before = row.Body<OfferRecord>();
            if (IsAnsweredSo(before.Offer.State, answer))
            {
                return before;
            }

            Outcome<Offer> outcome = answer switch
            {
                OfferAnswer.Accept => before.Offer.Accept(now),
                OfferAnswer.Decline => before.Offer.Decline(now),
                _ => before.Offer.State == OfferState.Accepted
                    ? before.Offer.Withdraw(now)
                    : new Refusal("offer-not-accepted-conflict", "Only an accepted place can be given back."),
            };
            if (!outcome.TryGet(out Offer? after))
            {
                return Outcome<OfferRecord>.Refused(outcome.Refusals);
            }

            AuditEntry entry = new(now, $"nominee:{candidate}", $"offer-{after.State.ToString().ToLowerInvariant()}", candidate);
            CommitResult result = await offers.SettleAsync(code, row, before, after, entry, Mails(code, before, after), cancellation);
            if (result.IsDone)
            {
                return before with { Offer = after };
            }

            if (attempt == 5)
            {
                return new Refusal("offer-changed-conflict", "The offer was changed at the same moment.", Remedy: "Open the link again and answer once more.");
            }
        }
    }

    private static bool IsAnsweredSo(OfferState state, OfferAnswer answer) => (state, answer) switch
    {
        (OfferState.Accepted, OfferAnswer.Accept) => true,
        (OfferState.Declined, OfferAnswer.Decline) => true,
        (OfferState.Withdrawn, OfferAnswer.Withdraw) => true,
        _ => false,
    };

    private static IEnumerable<MailOwed> Mails(ProjectCode code, OfferRecord record, Offer after)
    {
        string candidate = CandidateId.Of(record.Economy, record.NominationId);
        string version = string.Create(CultureInfo.InvariantCulture, $"{record.Number}-{after.State}");
        yield return new MailOwed(code.ToString(), SelectionMails.OfferAnswered, $"officer:{record.Economy}", candidate, version);
        yield return new MailOwed(code.ToString(), SelectionMails.OfferReceipt, $"nominee:{candidate}", candidate, version);
    }
}
