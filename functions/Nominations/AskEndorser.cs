using System.Globalization;
using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;

namespace Plenary.Nominations;

/// <summary>Asks the head of a nominee's agency to endorse the nomination: a mail with a personal link now, one reminder before it is due.</summary>
public sealed class AskEndorser(NominationTable table)
{
    /// <param name="name">As typed.</param>
    /// <param name="email">As typed.</param>
    public Task<Outcome<Nominee>> RunAsync(DeskCall call, string id, string name, string email, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        return table.ChangeAsync(call, (desk, batch) => Decide(call, desk, batch, id, name, email), cancellation);
    }

    /// <summary>The nominee as changed, with the endorser asked anew where that changed what was endorsed.</summary>
    internal static Nominee AgainIfChanged(DeskCall call, DeskRows desk, Batch batch, Nominee changed)
    {
        if (desk.Desk.EndorsementDueAt(changed, call.ReceivedAt) is not { } dueAt || changed.Endorsement is not { } before || before.Covers(changed.Entry) ||
            changed.Entry.Name.Length == 0 || changed.Entry.Organisation.Length == 0)
        {
            return changed;
        }

        Nominee asked = changed with { Endorsement = before.AskAgain(changed.Entry, call.ReceivedAt, dueAt) };
        Owe(desk, batch, asked.Id, asked.Endorsement);
        return asked;
    }

    private static Outcome<Nominee>? Decide(DeskCall call, DeskRows desk, Batch batch, string id, string name, string email)
    {
        if (desk.Admit(call, id).Closed is { } closed)
        {
            return closed;
        }

        if (desk.Find(id) is not { State: not NomineeState.Withdrawn } nominee || desk.Desk.EndorsementDueAt(nominee, call.ReceivedAt) is not { } dueAt)
        {
            return SaveNomination.NotFound;
        }

        return Endorsement.Ask(nominee.Endorsement, name, email, nominee.Entry, call.ReceivedAt, dueAt).Then<Nominee>(asked =>
        {
            if (asked == nominee.Endorsement)
            {
                return nominee;
            }

            Nominee changed = nominee with { Endorsement = asked };
            desk.ReplaceNominee(batch, changed);
            Owe(desk, batch, id, asked);
            DeskRows.Audit(batch, call, "endorsement-asked", id, ("Number", asked.Number.ToString(CultureInfo.InvariantCulture)));
            return changed;
        });
    }

    private static void Owe(DeskRows desk, Batch batch, string id, Endorsement asked)
    {
        string project = desk.Desk.Project.ToString();
        string subject = $"{desk.Desk.Economy}/{id}";
        string number = asked.Number.ToString(CultureInfo.InvariantCulture);
        batch.Owe(new MailOwed(project, EndorsementMails.Asked, $"endorser:{subject}", subject, number).ToOwed());

        // One reminder: two days before, or the day before where little time is given.
        int days = asked.DueAt - asked.AskedAt > TimeSpan.FromDays(3) ? -2 : -1;
        batch.Owe(ReminderDue.Plan(project, Ladders.Endorsement, subject, [days], asked.DueAt, asked.AskedAt));
    }
}
