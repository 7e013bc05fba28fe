using System.Globalization;
using Plenary.Access;
using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Mail;

namespace Plenary.Nominations;

/// <summary>To the head of an agency who is asked to endorse, and to the liaison officer who waits for it.</summary>
public sealed class EndorsementMails(NominationTable table, DeskLetters letters, ILinks links, Sessions sessions) : IComposeMail
{
    public const string Asked = "endorsement-asked";
    public const string Reminder = "endorsement-reminder";
    public const string Answered = "endorsement-answered";

    public IReadOnlyCollection<string> Kinds { get; } = [Asked, Reminder, Answered];

    public async Task<Composition> ComposeAsync(MailOwed owed, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(owed);
        (string economy, string id) = DeskLetters.ReadSubject(owed.Subject);
        if (await table.FindAsync(ProjectCode.Parse(owed.Project), economy, cancellation) is not { } rows ||
            rows.Find(id) is not { State: not NomineeState.Withdrawn, Endorsement: { } endorsement } nominee)
        {
            return Composition.Skip("nomination-gone");
        }

        if (owed.Version.Split('-')[0] != endorsement.Number.ToString(CultureInfo.InvariantCulture))
        {
            return Composition.Skip("superseded");
        }

        if (owed.Kind == Answered)
        {
            return await letters.FindContactAsync(rows.Desk, now, cancellation) is { } contact
                ? WriteAnswered(rows.Desk, nominee, endorsement, contact, await letters.MintAsync(rows.Desk, cancellation))
                : Composition.Skip(DeskLetters.NobodyRegistered);
        }

        if (endorsement.State != EndorsementState.Asked)
        {
            return Composition.Skip("already-answered");
        }

        if (rows.Admit(now, id).Closed is not null)
        {
            return Composition.Skip("too-late");
        }

        string link = await links.MintAsync(
            new Link(LinkPurpose.Endorsement, owed.Project, owed.Subject, endorsement.Number, rows.Desk.ProjectEndsAt), cancellation);
        string code = sessions.CodeOf(LinkPurpose.Endorsement, owed.Project, owed.Subject, endorsement.Number);
        return WriteAsked(rows.Desk, nominee, endorsement, link, code, owed.Kind == Reminder);
    }

    private static MailDraft WriteAsked(Desk desk, Nominee nominee, Endorsement endorsement, string link, string code, bool isReminder) => new(
        endorsement.EndorserEmail,
        endorsement.EndorserName,
        "en",
        isReminder ? $"Reminder: please endorse a nomination for {desk.Project}" : $"Please endorse a nomination for {desk.Project}",
        new MailBody()
            .Paragraph($"Dear {endorsement.EndorserName},")
            .Paragraph(isReminder
                ? $"You have not answered yet: {desk.EconomyName} wishes to nominate {endorsement.NomineeName} of {endorsement.Organisation} for project {desk.Project}, \u201C{desk.ProjectTitle}\u201D, and needs your endorsement."
                : $"{desk.EconomyName} wishes to nominate {endorsement.NomineeName} of {endorsement.Organisation} for project {desk.Project}, \u201C{desk.ProjectTitle}\u201D. The project asks that the head of the agency endorses each nomination, and you are named as such.")
            .Facts(
                ("Nominee", endorsement.NomineeName),
                ("Position", nominee.Entry.Position.Length == 0 ? "Not given yet" : nominee.Entry.Position),
                ("Organisation", endorsement.Organisation),
                ("Please answer by", ProjectCalendar.InZone(endorsement.DueAt, desk.Zone)),
                ("Your code", code))
            .Link("Endorse or decline", link)
            .Paragraph("The link is yours alone: please do not pass it on. Opening it answers nothing; you choose on the page and enter the code above."));

    private static MailDraft WriteAnswered(Desk desk, Nominee nominee, Endorsement endorsement, Officer contact, string link)
    {
        bool isEndorsed = endorsement.State == EndorsementState.Endorsed;
        MailBody body = new MailBody()
            .Paragraph($"Dear {contact.Name},")
            .Paragraph(isEndorsed
                ? $"{endorsement.EndorserName} has endorsed the nomination of {endorsement.NomineeName} for project {desk.Project}, \u201C{desk.ProjectTitle}\u201D."
                : $"{endorsement.EndorserName} has declined to endorse the nomination of {endorsement.NomineeName} for project {desk.Project}, \u201C{desk.ProjectTitle}\u201D.")
            .Facts(((string, string)[])
            [
                ("Answered", ProjectCalendar.InZone(endorsement.AnsweredAt ?? endorsement.AskedAt, desk.Zone)),
                .. endorsement.Reason is { } reason ? [("Reason", reason)] : Array.Empty<(string, string)>(),
            ]);
        if (isEndorsed && nominee.State == NomineeState.Draft)
        {
            body.Paragraph($"The nomination is not submitted yet. The last moment is {ProjectCalendar.LastMoment(desk.ClosesAt, desk.Zone)}.");
        }

        body.Link("Open your desk", link);
        return new MailDraft(contact.Email, contact.Name, "en", $"{(isEndorsed ? "Endorsed" : "Not endorsed")}: {endorsement.NomineeName} for {desk.Project}", body);
    }
}

/// <summary>The one reminder before an endorsement is due: to whoever has not answered.</summary>
public sealed class EndorsementReminder(NominationTable table) : IRemind
{
    public string Ladder => Ladders.Endorsement;

    public async Task<Reminding> WhoStillOwesAsync(ReminderDue step, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(step);
        (string economy, string id) = DeskLetters.ReadSubject(step.Subject);
        DeskRows? rows = await table.FindAsync(ProjectCode.Parse(step.Project), economy, cancellation);
        if (rows?.Find(id) is not { Endorsement: { } endorsement } nominee || endorsement.DueAt.UtcTicks != step.AnchorTicks)
        {
            return Reminding.Skip("anchor-moved");
        }

        if (rows.Admit(now, id).Closed is not null)
        {
            return Reminding.Skip("too-late");
        }

        string number = endorsement.Number.ToString(CultureInfo.InvariantCulture);
        return new Reminding(endorsement.State == EndorsementState.Asked
            ? [new MailOwed(step.Project, EndorsementMails.Reminder, $"endorser:{step.Subject}", step.Subject, number)]
            : []);
    }
}
