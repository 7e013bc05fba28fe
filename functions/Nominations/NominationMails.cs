using System.Globalization;
using Plenary.Access;
using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Mail;
using Plenary.Notifications;

namespace Plenary.Nominations;

/// <summary>Receipts and reminders of the desk, written from the state of the moment they are sent.</summary>
public sealed class NominationMails(NominationTable table, IProjects projects, DeskLetters letters) : IComposeMail
{
    public const string Receipt = "nomination-receipt";
    public const string BulkReceipt = "bulk-receipt";
    public const string Withdrawn = "nomination-withdrawn";
    public const string Reminder = "closing-reminder";

    public IReadOnlyCollection<string> Kinds { get; } = [Receipt, BulkReceipt, Withdrawn, Reminder];

    public async Task<Composition> ComposeAsync(MailOwed owed, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(owed);
        if (await FindAsync(owed, cancellation) is not { } rows)
        {
            return Composition.Skip("desk-gone");
        }

        if (await letters.FindContactAsync(rows.Desk, now, cancellation) is not { } contact)
        {
            return Composition.Skip(DeskLetters.NobodyRegistered);
        }

        return owed.Kind switch
        {
            Reminder => await ComposeReminderAsync(owed, rows, contact, now, cancellation),
            BulkReceipt => await ComposeBulkReceiptAsync(owed, rows, contact, cancellation),
            _ => await ComposeAboutAsync(owed, rows, contact, cancellation),
        };
    }

    /// <summary>The version of a reminder: which step, counted from which closing.</summary>
    internal static string VersionOf(ReminderDue step) => string.Create(CultureInfo.InvariantCulture, $"{step.Step()}:{step.AnchorTicks}");

    /// <summary>Warnings are counted from the closing of the desk, and from that of its drafters where it is another.</summary>
    internal static bool IsAnchor(Desk desk, long ticks) => ticks == desk.ClosesAt.UtcTicks || ticks == desk.DraftersCloseAt.UtcTicks;

    internal static bool StillOwes(DeskRows desk) =>
        !desk.Nominees.Any(nominee => nominee.State == NomineeState.Submitted) || desk.Nominees.Any(nominee => nominee.State != NomineeState.Withdrawn && desk.HasUnsent(nominee));

    /// <summary>As much of the desk as the mail is about: nominations come in by the hundred on the last day, and each receipt concerns one.</summary>
    private async Task<DeskRows?> FindAsync(MailOwed owed, CancellationToken cancellation)
    {
        ProjectCode project = ProjectCode.Parse(owed.Project);
        string economy = DeskLetters.EconomyOf(owed.Person);
        (string _, string id) = DeskLetters.ReadSubject(owed.Subject);
        if (owed.Kind is Receipt or Withdrawn)
        {
            DeskRows? some = await table.FindNomineeAsync(project, economy, id, cancellation);
            if (owed.Kind == Withdrawn || some?.Find(id) is not { Sent: { } sent } nominee || (sent.Rank is not null && nominee.Replaces is null))
            {
                return some;
            }
        }

        return await table.FindAsync(project, economy, cancellation);
    }

    private async Task<Composition> ComposeAboutAsync(MailOwed owed, DeskRows rows, Officer contact, CancellationToken cancellation)
    {
        (string _, string id) = DeskLetters.ReadSubject(owed.Subject);
        if (rows.Find(id) is not { Sent: { } sent } nominee)
        {
            return Composition.Skip("nomination-gone");
        }

        string version = sent.Version.ToString(CultureInfo.InvariantCulture);
        bool isWithdrawn = nominee.State == NomineeState.Withdrawn;
        if (owed.Version != version || (owed.Kind == Receipt && isWithdrawn))
        {
            return Composition.Skip("superseded");
        }

        string link = await letters.MintAsync(rows.Desk, cancellation);
        return owed.Kind == Receipt ? WriteReceipt(rows, nominee, sent, contact, link) : WriteWithdrawn(rows.Desk, nominee, sent, contact, link);
    }

    private async Task<Composition> ComposeBulkReceiptAsync(MailOwed owed, DeskRows rows, Officer contact, CancellationToken cancellation)
    {
        (string _, string id) = DeskLetters.ReadSubject(owed.Subject);
        if (rows.FindImport(id) is not { AppliedAt: { } appliedAt } import)
        {
            return Composition.Skip("import-gone");
        }

        Desk desk = rows.Desk;
        Nominee[] nominees = [.. import.Nominees.Select(rows.Find).OfType<Nominee>()];
        MailBody body = new MailBody()
            .Paragraph($"Dear {contact.Name},")
            .Paragraph($"We have received your file with {nominees.Length} nominees for project {desk.Project}, \u201C{desk.ProjectTitle}\u201D. Each is nominated under a reference of their own.")
            .Facts(
                ("Received", ProjectCalendar.InZone(appliedAt, desk.Zone)),
                ("You can change them until", ProjectCalendar.LastMoment(desk.ClosesAt, desk.Zone)))
            .Heading("Who was nominated")
            .List(nominees.Select(nominee => $"{nominee.Reference}: {nominee.DisplayName}"))
            .Link("Open your desk", await letters.MintAsync(desk, cancellation));
        return new MailDraft(contact.Email, contact.Name, "en", $"Received: {nominees.Length} nominations for {desk.Project}", body);
    }

    private static MailDraft WriteReceipt(DeskRows rows, Nominee nominee, Submission sent, Officer contact, string link)
    {
        Desk desk = rows.Desk;
        MailBody body = new MailBody()
            .Paragraph($"Dear {contact.Name},")
            .Paragraph(sent.Version == 1
                ? $"We have received your nomination of {sent.Entry.Name} for project {desk.Project}, \u201C{desk.ProjectTitle}\u201D."
                : $"We have received your changes to the nomination of {sent.Entry.Name} for project {desk.Project}, \u201C{desk.ProjectTitle}\u201D. This receipt replaces the earlier one.")
            .Facts(
                ("Reference", nominee.Reference),
                ("Received", ProjectCalendar.InZone(sent.At, desk.Zone)),
                ("Rank among your nominees", (sent.Rank ?? rows.RankOf(nominee.Id))?.ToString(CultureInfo.InvariantCulture) ?? "-"),
                sent.Late is { } late ? ("Marked", late.Words)
                    : nominee.Replaces is { } former ? ("Takes the place of", rows.Find(former)?.DisplayName ?? "")
                    : ("You can change it until", ProjectCalendar.LastMoment(desk.ClosesAt, desk.Zone)))
            .Heading("What was sent")
            .Facts(DeskLetters.Describe(sent.Entry).Where(fact => fact.Value.Length > 0));
        if (sent.Endorsement is { } endorsement)
        {
            body.Facts(("Endorsement", DeskLetters.WordsFor(endorsement, desk, sent.At)));
        }

        if (sent.Documents.Count > 0)
        {
            body.Heading("Documents").List(sent.Documents.Select(document => $"{document.FileName} ({DeskLetters.InMegabytes(document.Length)})"));
        }

        body.Link("Open your desk", link);
        return new MailDraft(contact.Email, contact.Name, "en", $"Received: nomination {nominee.Reference} for {desk.Project}", body);
    }

    private static MailDraft WriteWithdrawn(Desk desk, Nominee nominee, Submission sent, Officer contact, string link) => new(
        contact.Email,
        contact.Name,
        "en",
        $"Withdrawn: nomination {nominee.Reference} for {desk.Project}",
        new MailBody()
            .Paragraph($"Dear {contact.Name},")
            .Paragraph($"The nomination of {sent.Entry.Name} for project {desk.Project}, \u201C{desk.ProjectTitle}\u201D, has been withdrawn. Nominees ranked behind have moved up.")
            .Facts(
                ("Reference", nominee.Reference),
                ("Withdrawn", ProjectCalendar.InZone(nominee.WithdrawnAt ?? sent.At, desk.Zone)),
                ("You can nominate until", ProjectCalendar.LastMoment(desk.ClosesAt, desk.Zone)))
            .Link("Open your desk", link));

    private async Task<Composition> ComposeReminderAsync(MailOwed owed, DeskRows rows, Officer contact, DateTimeOffset now, CancellationToken cancellation)
    {
        Desk desk = rows.Desk;
        Project? project = await projects.FindAsync(desk.Project, cancellation);
        if (project is null || project.State == ProjectState.Cancelled)
        {
            return Composition.Skip("project-cancelled");
        }

        if (!owed.Version.EndsWith(string.Create(CultureInfo.InvariantCulture, $":{project.ClosesAt.UtcTicks}"), StringComparison.Ordinal))
        {
            return Composition.Skip("anchor-moved");
        }

        if (desk.WhyClosed(now) is not null)
        {
            return Composition.Skip("too-late");
        }

        if (!StillOwes(rows))
        {
            return Composition.Skip("already-submitted");
        }

        string link = await letters.MintAsync(desk, cancellation);
        Nominee[] unsent = [.. rows.Nominees.Where(nominee => nominee.State != NomineeState.Withdrawn && rows.HasUnsent(nominee))];
        MailBody body = new MailBody()
            .Paragraph($"Dear {contact.Name},")
            .Paragraph(unsent.Length == 0
                ? $"{desk.EconomyName} has not nominated anybody for project {desk.Project}, \u201C{desk.ProjectTitle}\u201D, yet."
                : $"{desk.EconomyName} has {(unsent.Length == 1 ? "one nomination" : $"{unsent.Length} nominations")} for project {desk.Project}, \u201C{desk.ProjectTitle}\u201D, that {(unsent.Length == 1 ? "is" : "are")} saved but not submitted. What is not submitted by the closing does not count.");
        if (unsent.Length > 0)
        {
            body.List(unsent.Select(nominee => $"{nominee.DisplayName} ({(nominee.State == NomineeState.Draft ? DraftMails.Describe(rows, nominee) : "changes not submitted")})"));
        }

        body.Facts(("The last moment is", ProjectCalendar.LastMoment(desk.ClosesAt, desk.Zone)))
            .Link("Open your desk", link)
            .Paragraph("If your economy will not nominate anybody, nothing needs to be done.");
        string day = ProjectCalendar.DateIn(desk.ClosesAt.AddTicks(-1), desk.Zone).ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
        return new MailDraft(contact.Email, contact.Name, "en", $"Nominations for {desk.Project} close {day}", body);
    }
}
