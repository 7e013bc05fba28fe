using System.Globalization;
using Microsoft.Extensions.Options;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Mail;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>Tells a liaison officer of a project, of a later version of it, or of a desk taken over.</summary>
public sealed class CirculationMail(
    NominationTable table, IProjects projects, DeskLetters letters, IOptions<AccessOptions> access, IOptions<OrganisationOptions> organisation) : IComposeMail
{
    public const string Kind = "notification-circulated";

    public const string Cancelled = "project-cancelled";

    /// <summary>A revision has left the economy out.</summary>
    public const string NotInvited = "invitation-withdrawn";

    public IReadOnlyCollection<string> Kinds { get; } = [Kind, Cancelled, NotInvited];

    /// <summary>What the desk's officer is to be told, as the desk is now.</summary>
    public static string KindOf(Desk desk)
    {
        ArgumentNullException.ThrowIfNull(desk);
        return desk.IsCancelled ? Cancelled : desk.IsInvited ? Kind : NotInvited;
    }

    /// <summary>The project's version, and from the first hand-over on the generation of the desk's links.</summary>
    public static string VersionOf(Desk desk)
    {
        ArgumentNullException.ThrowIfNull(desk);
        string version = desk.ProjectVersion.ToString(CultureInfo.InvariantCulture);
        return desk.Generation == 1 ? version : string.Create(CultureInfo.InvariantCulture, $"{version}-{desk.Generation}");
    }

    public async Task<Composition> ComposeAsync(MailOwed owed, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(owed);
        ProjectCode code = ProjectCode.Parse(owed.Project);
        string economy = DeskLetters.EconomyOf(owed.Person);
        if (await projects.FindAsync(code, cancellation) is not { } project || await table.FindGateAsync(code, economy, cancellation) is not { } rows)
        {
            return Composition.Skip("desk-gone");
        }

        Desk desk = rows.Desk;
        if (project.State == ProjectState.Cancelled && owed.Kind != Cancelled)
        {
            return Composition.Skip("project-cancelled");
        }

        // A later version owes a mail of its own, which says everything this one would.
        if (owed.Version != VersionOf(desk) || owed.Kind != KindOf(desk))
        {
            return Composition.Skip("superseded");
        }

        if (await letters.FindContactAsync(desk, now, cancellation) is not { } contact)
        {
            return Composition.Skip(DeskLetters.NobodyRegistered);
        }

        if (owed.Kind == Cancelled)
        {
            return WriteCancelled(project, desk, contact);
        }

        string link = await letters.MintAsync(desk, cancellation);
        return owed.Kind == NotInvited ? WriteNotInvited(project, desk, contact, link) : Write(project, desk, contact, link);
    }

    private MailDraft WriteCancelled(Project project, Desk desk, Officer contact) => new(
        contact.Email,
        contact.Name,
        "en",
        $"Cancelled: {project.Code} {project.Notification.Title}",
        new MailBody()
            .Paragraph($"Dear {contact.Name},")
            .Paragraph($"Project {project.Code}, \u201C{project.Notification.Title}\u201D, will not be held. {project.Reason}")
            .Paragraph($"Nominees of {desk.EconomyName} who hold a place or an open offer are told by us. Please tell the others; nothing else needs to be done.")
            .Link("Read the notification", $"{access.Value.BaseUrl.TrimEnd('/')}/projects/{project.Code}")
            .Paragraph($"Questions: {organisation.Value.ContactAddress}"));

    private MailDraft WriteNotInvited(Project project, Desk desk, Officer contact, string link) => new(
        contact.Email,
        contact.Name,
        "en",
        $"No longer invited: {desk.EconomyName} to {project.Code} {project.Notification.Title}",
        new MailBody()
            .Paragraph($"Dear {contact.Name},")
            .Paragraph($"The notification of project {project.Code}, \u201C{project.Notification.Title}\u201D, has been revised. Version {desk.ProjectVersion} no longer invites {desk.EconomyName}. {project.Reason}")
            .Paragraph("Your desk takes no more nominations. What was nominated can still be read there, but does not compete for a place. A place that was offered or accepted before stays as it is. Please tell your nominees.")
            .Link("Read your desk", link)
            .Link("Read the notification", $"{access.Value.BaseUrl.TrimEnd('/')}/projects/{project.Code}")
            .Paragraph($"Questions: {organisation.Value.ContactAddress}"));

    private MailDraft Write(Project project, Desk desk, Officer contact, string link)
    {
        ProjectNotification notification = project.Notification;
        string closing = ProjectCalendar.LastMoment(desk.ClosesAt, desk.Zone);
        bool isRevision = desk.ProjectVersion > 1;
        MailBody body = new MailBody()
            .Paragraph($"Dear {contact.Name},")
            .Paragraph(isRevision
                ? $"The notification of project {project.Code}, \u201C{notification.Title}\u201D, has been revised{Words(project)}. This is version {desk.ProjectVersion}; please use its dates from now on. {project.Reason}"
                : $"{organisation.Value.FullName} invites {desk.EconomyName} to nominate participants for project {project.Code}, \u201C{notification.Title}\u201D.");
        if (desk.Handover is not null)
        {
            body.Paragraph($"You nominate for {desk.EconomyName} since the post changed hands. Everything that was saved and submitted before is at the desk; links sent to your predecessor open it no longer than the post lasted.");
        }

        if (contact.Role == OfficerRole.Head)
        {
            body.Paragraph($"We write to you as the head of the national productivity organisation, since no liaison officer of {desk.EconomyName} is registered with us. You may nominate yourself, or tell us who will.");
        }
        else if (contact.Role == OfficerRole.Acting)
        {
            body.Paragraph($"We write to you because you are acting as the liaison officer of {desk.EconomyName}.");
        }

        body.Facts(
            ("Dates", Dates(notification)),
            ("Held", notification.Modality.AsWritten),
            ("Places for overseas participants", PlacesOf(notification.Overseas)),
            ("Places for participants of the host economy", PlacesOf(notification.Local)),
            ("Nominations close", $"The last moment is {closing}{(desk.GraceMinutes > 0 ? $"; what comes within {desk.GraceMinutes} minutes after it is taken and marked late" : "")}"),
            ("Nominees you may put forward", desk.MostNominees.ToString(CultureInfo.InvariantCulture)));
        if (project.ReplacementsCloseFor(desk.Zone) is { } replacements)
        {
            body.Paragraph($"If a participant of yours gives the place back and no alternate of yours is left, you may name somebody else. The last moment is {ProjectCalendar.LastMoment(replacements, desk.Zone)}.");
        }

        body.Link(isRevision ? "Open your desk" : "Nominate participants", link);
        body.Paragraph($"This link is personal: it opens the desk of {desk.EconomyName} in this project without a password. Please do not pass it on. You can save drafts, put your nominees in order, submit, change and withdraw until the closing; every nomination gets a reference and a receipt by mail.");
        body.Link("Read the notification", $"{access.Value.BaseUrl.TrimEnd('/')}/projects/{project.Code}");
        body.Paragraph($"Questions: {organisation.Value.ContactAddress}");
        string subject = isRevision
            ? $"Revised: {project.Code} {notification.Title} - nominations close {ShortDate(desk)}"
            : $"Nominate by {ShortDate(desk)}: {project.Code} {notification.Title}";
        return new MailDraft(contact.Email, contact.Name, "en", subject, body);
    }

    private static string Words(Project project) =>
        project.Changed.Count == 0 ? "" : $": {string.Join(", ", project.Changed.Select(RevisionWords.Of)).ToLowerInvariant()}";

    private static string Dates(ProjectNotification notification) => notification.StartsOn == notification.EndsOn
        ? notification.StartsOn.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)
        : $"{notification.StartsOn.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)} to {notification.EndsOn.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}";

    private static string PlacesOf(Places places) => string.Create(CultureInfo.InvariantCulture, $"{(places.IsUpTo ? "up to " : "")}{places.Count}");

    /// <summary>The last day that is in time, where the officer is.</summary>
    private static string ShortDate(Desk desk) =>
        ProjectCalendar.DateIn(desk.ClosesAt.AddTicks(-1), desk.Zone).ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
