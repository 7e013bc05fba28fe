using System.Globalization;
using Plenary.Domain;
using Plenary.Mail;

namespace Plenary.Nominations;

/// <summary>Tells the officer of an extension, what it is for and until when.</summary>
public sealed class ExtensionMails(NominationTable table, DeskLetters letters) : IComposeMail
{
    public const string Granted = "extension-granted";

    public IReadOnlyCollection<string> Kinds { get; } = [Granted];

    public async Task<Composition> ComposeAsync(MailOwed owed, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(owed);
        (string economy, string id) = DeskLetters.ReadSubject(owed.Subject);
        if (await table.FindAsync(ProjectCode.Parse(owed.Project), economy, cancellation) is not { } rows ||
            rows.Extensions.FirstOrDefault(one => one.Id == id) is not { } extension)
        {
            return Composition.Skip("desk-gone");
        }

        if (!extension.IsOpenAt(now))
        {
            return Composition.Skip("superseded");
        }

        Desk desk = rows.Desk;
        if (await letters.FindContactAsync(desk, now, cancellation) is not { } contact)
        {
            return Composition.Skip(DeskLetters.NobodyRegistered);
        }

        string whom = extension.Nominee is { } nominee && rows.Find(nominee) is { } named ? named.DisplayName : "Any nominee of your economy";
        MailBody body = new MailBody()
            .Paragraph($"Dear {contact.Name},")
            .Paragraph($"The secretariat lets {desk.EconomyName} nominate for project {desk.Project}, \u201C{desk.ProjectTitle}\u201D, after the closing. What comes in by this extension is marked late on the record.")
            .Facts(
                ("Extension", extension.Id),
                ("For", whom),
                ("Submissions it lets in", extension.MostUses.ToString(CultureInfo.InvariantCulture)),
                ("Nominations close", ProjectCalendar.LastMoment(desk.ClosesAt, desk.Zone)),
                ("The extension ends", ProjectCalendar.LastMoment(extension.Until, desk.Zone)),
                ("Reason", extension.Reason))
            .Link("Open your desk", await letters.MintAsync(desk, cancellation));
        return new MailDraft(contact.Email, contact.Name, "en", $"Extension {extension.Id} for {desk.Project}", body);
    }
}
