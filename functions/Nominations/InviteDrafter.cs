using System.Globalization;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Mail;

namespace Plenary.Nominations;

/// <summary>Sends a nominee, or the agency, a link that opens one draft and nothing else.</summary>
public sealed class InviteDrafter(NominationTable table)
{
    public const string Field = "drafter";

    /// <summary>Pressing twice is one mail.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public async Task<Outcome<Nominee>> RunAsync(DeskCall call, string id, string typed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        Outcome<EmailAddress> read = EmailAddress.Parse(typed);
        if (!read.TryGet(out EmailAddress? address))
        {
            return Outcome<Nominee>.Refused([.. read.Refusals.Select(refusal => refusal with { Field = Field })]);
        }

        return await table.ChangeAsync<Nominee>(
            call,
            (desk, batch) =>
            {
                if (desk.Desk.AdmitDrafter(call.ReceivedAt, id, desk.Extensions).Closed is { } closed)
                {
                    return closed;
                }

                if (desk.Find(id) is not { } nominee)
                {
                    return SaveNomination.NotFound;
                }

                if (nominee.State != NomineeState.Draft)
                {
                    return new Refusal("draft-closed", "Only a draft can be filled in by somebody else.", Field);
                }

                if (nominee.Invitation is { IsRevoked: false } before && before.Address == address.Text && call.ReceivedAt - before.At < Pause)
                {
                    return nominee;
                }

                DraftInvitation invitation = new(address.Text, (nominee.Invitation?.Number ?? 0) + 1, call.ReceivedAt) { RevokedThrough = nominee.Invitation?.RevokedThrough ?? 0 };
                Nominee asked = nominee with { Invitation = invitation };
                desk.ReplaceNominee(batch, asked);
                string subject = $"{call.Economy}/{id}";
                string version = invitation.Number.ToString(CultureInfo.InvariantCulture);
                batch.Owe(new MailOwed(call.Project.ToString(), DraftMails.Invitation, $"drafter:{subject}", subject, version).ToOwed());
                DeskRows.Audit(batch, call, "drafter-invited", id, ("Number", version));
                return asked;
            },
            cancellation);
    }
}
