using System.Globalization;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>Takes the answer of the head of an agency, stamps it and tells the liaison officer. Closed desks take none.</summary>
public sealed class AnswerEndorsement(NominationTable table)
{
    /// <param name="number">Of the asking that the link belongs to.</param>
    /// <param name="reason">As typed.</param>
    public Task<Outcome<Nominee>> RunAsync(
        ProjectCode project, string economy, string id, int number, bool endorses, string reason, DateTimeOffset receivedAt, CancellationToken cancellation) =>
        table.ChangeAsync(
            project,
            economy,
            (desk, batch) => Decide(desk, batch, id, number, endorses, reason, receivedAt),
            cancellation);

    /// <summary>Remembers that a wrong code was typed, wherever it was typed: whoever tries many at once is counted like whoever tries them in turn.</summary>
    /// <returns>Refused with <see cref="Endorsement.Locked"/> once there were too many.</returns>
    public Task<Outcome<Nominee>> CountWrongCodeAsync(ProjectCode project, string economy, string id, int number, DateTimeOffset receivedAt, CancellationToken cancellation) =>
        table.ChangeAsync<Nominee>(
            project,
            economy,
            (desk, batch) =>
            {
                if (desk.Find(id) is not { State: not NomineeState.Withdrawn, Endorsement: { } before } nominee || before.Number != number)
                {
                    return DeskCall.LinkForbidden;
                }

                if (before.IsLocked)
                {
                    return Endorsement.Locked;
                }

                Endorsement after = before with { WrongCodes = before.WrongCodes + 1 };
                Nominee counted = nominee with { Endorsement = after };
                desk.ReplaceNominee(batch, counted);
                if (after.IsLocked)
                {
                    batch.Audit(new AuditEntry(receivedAt, $"endorser:{desk.Desk.Economy}/{id}", "endorsement-locked", id, new Dictionary<string, string>
                    {
                        ["Number"] = number.ToString(CultureInfo.InvariantCulture),
                    }));
                }

                return counted;
            },
            cancellation);

    private static Outcome<Nominee>? Decide(DeskRows desk, Batch batch, string id, int number, bool endorses, string reason, DateTimeOffset receivedAt)
    {
        if (desk.Find(id) is not { State: not NomineeState.Withdrawn, Endorsement: { } before } nominee || before.Number != number)
        {
            return DeskCall.LinkForbidden;
        }

        if (desk.Admit(receivedAt, id).Closed is { } closed && before.State == EndorsementState.Asked)
        {
            return closed;
        }

        if (before.IsLocked)
        {
            return Endorsement.Locked;
        }

        return before.Answer(endorses, reason, receivedAt).Then<Nominee>(after =>
        {
            if (after == before)
            {
                return nominee;
            }

            Nominee answered = nominee with { Endorsement = after };
            string subject = $"{desk.Desk.Economy}/{id}";
            desk.ReplaceNominee(batch, answered);
            batch.Audit(new AuditEntry(receivedAt, $"endorser:{subject}", after.State == EndorsementState.Endorsed ? "nomination-endorsed" : "endorsement-declined", id, new Dictionary<string, string>
            {
                ["Number"] = number.ToString(CultureInfo.InvariantCulture),
            }));
            batch.Owe(new MailOwed(
                desk.Desk.Project.ToString(),
                EndorsementMails.Answered,
                $"officer:{desk.Desk.Economy}",
                subject,
                string.Create(CultureInfo.InvariantCulture, $"{number}-{after.State}")).ToOwed());
            return answered;
        });
    }
}
