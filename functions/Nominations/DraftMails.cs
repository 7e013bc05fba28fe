using Plenary.Access;
using Plenary.Domain;
using Plenary.Mail;

namespace Plenary.Nominations;

/// <summary>What people hear of drafts: a link to fill one in, and warnings before the closing of those that are still incomplete.</summary>
public sealed class DraftMails(NominationTable table, DeskLetters letters, ILinks links) : IComposeMail
{
    public const string Invitation = "draft-invitation";
    public const string Warning = "draft-reminder";

    public IReadOnlyCollection<string> Kinds { get; } = [Invitation, Warning];

    public async Task<Composition> ComposeAsync(MailOwed owed, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(owed);
        bool isOfficer = owed.Person.StartsWith("officer:", StringComparison.Ordinal);
        (string economy, string id) = isOfficer ? (DeskLetters.EconomyOf(owed.Person), "") : DeskLetters.ReadSubject(owed.Subject);
        if (await table.FindAsync(ProjectCode.Parse(owed.Project), economy, cancellation) is not { } rows)
        {
            return Composition.Skip("desk-gone");
        }

        if (rows.Desk.IsOver)
        {
            return Composition.Skip(rows.Desk.IsCancelled ? "project-cancelled" : "not-invited");
        }

        if (owed.Kind == Warning && WhyNoWarning(owed, rows.Desk, now) is { } reason)
        {
            return Composition.Skip(reason);
        }

        return isOfficer ? await WarnOfficerAsync(owed, rows, now, cancellation) : await WriteDrafterAsync(owed, rows, id, now, cancellation);
    }

    /// <summary>Such as <c>draft, still missing: e-mail address, statement of relevance</c>.</summary>
    internal static string Describe(DeskRows rows, Nominee draft)
    {
        IReadOnlyList<Refusal> missing = rows.FindMissing(draft);
        return missing.Count == 0 ? "draft" : $"draft, still missing: {Words(missing)}";
    }

    internal static string Words(IEnumerable<Refusal> missing) => string.Join(", ", missing.Select(one => one.Field switch
    {
        "email" => "e-mail address",
        "statement" => "statement of relevance",
        "document" => "documents",
        { } field => field,
        null => one.Code,
    }));

    /// <summary>The closing it was counted from has moved, or has come.</summary>
    private static string? WhyNoWarning(MailOwed owed, Desk desk, DateTimeOffset now)
    {
        long anchor = long.Parse(owed.Version.AsSpan(owed.Version.IndexOf(':', StringComparison.Ordinal) + 1), System.Globalization.CultureInfo.InvariantCulture);
        return !NominationMails.IsAnchor(desk, anchor) ? "anchor-moved" : now.UtcTicks >= anchor ? "too-late" : null;
    }

    private async Task<Composition> WarnOfficerAsync(MailOwed owed, DeskRows rows, DateTimeOffset now, CancellationToken cancellation)
    {
        Nominee[] drafts = [.. rows.IncompleteDrafts(now)];
        if (drafts.Length == 0)
        {
            return Composition.Skip("nothing-incomplete");
        }

        Desk desk = rows.Desk;
        if (await letters.FindContactAsync(desk, now, cancellation) is not { } contact)
        {
            return Composition.Skip(DeskLetters.NobodyRegistered);
        }

        bool isNational = !owed.Version.EndsWith($":{desk.ClosesAt.UtcTicks}", StringComparison.Ordinal);
        MailBody body = new MailBody()
            .Paragraph($"Dear {contact.Name},")
            .Paragraph($"{(drafts.Length == 1 ? "One draft" : $"{drafts.Length} drafts")} at the desk of {desk.EconomyName} for project {desk.Project}, \u201C{desk.ProjectTitle}\u201D, cannot be submitted yet:")
            .List(drafts.Select(draft => $"{draft.DisplayName} ({Describe(rows, draft)})"))
            .Facts(DeadlinesOf(desk))
            .Paragraph(isNational ? "After your national date nominees and agencies can change nothing any more; you can." : "A draft that is not submitted by the closing does not count, and can then only be read.")
            .Link("Open your desk", await letters.MintAsync(desk, cancellation));
        return new MailDraft(contact.Email, contact.Name, "en", $"Incomplete: {drafts.Length} {(drafts.Length == 1 ? "draft" : "drafts")} for {desk.Project}", body);
    }

    private async Task<Composition> WriteDrafterAsync(MailOwed owed, DeskRows rows, string id, DateTimeOffset now, CancellationToken cancellation)
    {
        Desk desk = rows.Desk;
        if (rows.Find(id) is not { State: NomineeState.Draft, Invitation: { } invitation } draft)
        {
            return Composition.Skip("draft-gone");
        }

        bool isWarning = owed.Kind == Warning;
        if (!isWarning && owed.Version != invitation.Number.ToString(System.Globalization.CultureInfo.InvariantCulture))
        {
            return Composition.Skip("superseded");
        }

        if (invitation.IsRevoked)
        {
            return Composition.Skip("link-revoked");
        }

        IReadOnlyList<Refusal> missing = rows.FindMissing(draft);
        if (isWarning && missing.Count == 0)
        {
            return Composition.Skip("nothing-incomplete");
        }

        if (now >= desk.DraftersCloseAt && !isWarning)
        {
            return Composition.Skip("too-late");
        }

        string link = await links.MintAsync(
            new Link(LinkPurpose.Draft, desk.Project.ToString(), $"{desk.Economy}/{id}", desk.Generation, desk.ProjectEndsAt, invitation.Number), cancellation);
        string what = $"a nomination for project {desk.Project}, \u201C{desk.ProjectTitle}\u201D";
        MailBody body = new MailBody()
            .Paragraph(isWarning
                ? $"The form for {what}, is not complete. Still missing: {Words(missing)}."
                : $"The liaison officer of {desk.EconomyName} asks you to fill in {what}. What you save goes to the officer, who decides whether to submit it.")
            .Facts(("You can change it until", ProjectCalendar.LastMoment(desk.DraftersCloseAt, desk.Zone)))
            .Link("Open the form", link)
            .Paragraph("This link is personal: it opens this one form without a password, on any device. Please do not pass it on.");
        string subject = isWarning ? $"Incomplete: your form for {desk.Project}" : $"Please fill in: nomination for {desk.Project}";
        return new MailDraft(invitation.Address, draft.DisplayName, "en", subject, body);
    }

    internal static (string, string)[] DeadlinesOf(Desk desk) =>
    [
        .. desk.DraftersCloseAt < desk.ClosesAt ? [("Nominees and agencies can change it until", ProjectCalendar.LastMoment(desk.DraftersCloseAt, desk.Zone))] : ((string, string)[])[],
        ("You can nominate until", ProjectCalendar.LastMoment(desk.ClosesAt, desk.Zone)),
    ];
}
