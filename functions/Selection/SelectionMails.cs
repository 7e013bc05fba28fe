using System.Globalization;
using Microsoft.Extensions.Options;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Selection;

/// <summary>The mails of selection and offers, composed from the state of the moment they leave.</summary>
public sealed class SelectionMails(
    IProjects projects, INominations nominations, SelectionTable selections, IRegistry registry, ILinks links, IOptions<AccessOptions> access, IOptions<OrganisationOptions> organisation) : IComposeMail
{
    public const string OfferMade = "offer-made";
    public const string OfferReminder = "offer-reminder";
    public const string OfferAnswered = "offer-answered";
    public const string OfferReceipt = "offer-receipt";
    public const string Result = "selection-result";
    public const string StartReminder = "start-reminder";
    public const string ParticipationChanged = "participation-changed";
    public const string OfferChanged = "offer-changed";
    public const string ParticipationCancelled = "participation-cancelled";
    public const string OfferVoided = "offer-voided";

    public IReadOnlyCollection<string> Kinds { get; } =
        [OfferMade, OfferReminder, OfferAnswered, OfferReceipt, Result, StartReminder, ParticipationChanged, OfferChanged, ParticipationCancelled, OfferVoided];

    public async Task<Composition> ComposeAsync(MailOwed owed, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(owed);
        ProjectCode code = ProjectCode.Parse(owed.Project);
        bool isResult = owed.Kind == Result;
        (string economy, string id) = isResult ? (owed.Subject, "") : CandidateId.Read(owed.Subject);

        // Side by side: a mail waits for as long as the slowest of these takes, not for one after the other.
        Task<Project?> findProject = projects.FindAsync(code, cancellation);
        Task<RegistryEntry?> findEntry = registry.FindAsync(economy, cancellation);
        Task<OfferRecord?> findOffer = isResult ? Task.FromResult<OfferRecord?>(null) : selections.FindOfferAsync(code, owed.Subject, cancellation);
        Task<Nomination?> findNomination = isResult ? Task.FromResult<Nomination?>(null) : nominations.FindAsync(code, economy, id, cancellation);
        await Task.WhenAll(findProject, findEntry, findOffer, findNomination);
        Project? project = await findProject;
        RegistryEntry? entry = await findEntry;
        return project is null || (project.State == ProjectState.Cancelled && owed.Kind is not (ParticipationCancelled or OfferVoided)) ? Skip(project)
            : isResult ? await ComposeResultAsync(project, owed, entry, now, cancellation)
            : await ComposeForNomineeAsync(project, owed, entry, await findOffer, await findNomination, now, cancellation);
    }

    /// <summary>Reminders of the start come in crowds: all of a message share the project, one query of offers and one of each economy's desk.</summary>
    public async Task<IReadOnlyList<Composition>> ComposeAllAsync(IReadOnlyList<MailOwed> owed, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(owed);
        if (owed[0].Kind != StartReminder)
        {
            return await Task.WhenAll(owed.Select(mail => ComposeAsync(mail, now, cancellation)));
        }

        ProjectCode code = ProjectCode.Parse(owed[0].Project);
        string[] candidates = [.. owed.Select(mail => mail.Subject)];
        Task<Project?> findProject = projects.FindAsync(code, cancellation);
        Task<IReadOnlyList<RegistryEntry>> listEntries = registry.ListAsync(cancellation);
        Task<IReadOnlyDictionary<string, OfferRecord>> findOffers = selections.FindOffersAsync(code, candidates, cancellation);
        Task<IReadOnlyDictionary<string, Nomination>> findNominations = nominations.FindAllAsync(code, candidates, cancellation);
        await Task.WhenAll(findProject, listEntries, findOffers, findNominations);
        Project? project = await findProject;
        if (project is null or { State: ProjectState.Cancelled })
        {
            return [.. owed.Select(_ => Skip(project))];
        }

        Dictionary<string, RegistryEntry> entries = (await listEntries).ToDictionary(entry => entry.Economy.Id, StringComparer.Ordinal);
        IReadOnlyDictionary<string, OfferRecord> offers = await findOffers;
        IReadOnlyDictionary<string, Nomination> found = await findNominations;
        return await Task.WhenAll(owed.Select(mail => ComposeForNomineeAsync(
            project,
            mail,
            entries.GetValueOrDefault(CandidateId.Read(mail.Subject).Economy),
            offers.GetValueOrDefault(mail.Subject),
            found.GetValueOrDefault(mail.Subject),
            now,
            cancellation)));
    }

    private static Composition Skip(Project? project) => Composition.Skip(project is null ? "project-gone" : "project-cancelled");

    private async Task<Composition> ComposeForNomineeAsync(
        Project project, MailOwed owed, RegistryEntry? entry, OfferRecord? record, Nomination? nomination, DateTimeOffset now, CancellationToken cancellation)
    {
        if (record is null || nomination is null)
        {
            return Composition.Skip("record-gone");
        }

        string zone = entry?.Economy.Zone ?? project.HostZone;
        return owed.Kind switch
        {
            OfferMade or OfferReminder when !record.Offer.IsOpenAt(now) => Composition.Skip("already-answered"),
            OfferMade or OfferReminder => await ComposeOfferAsync(project, record, nomination, zone, owed.Kind == OfferReminder, cancellation),
            OfferReceipt => ComposeReceipt(project, record, nomination, zone),
            OfferAnswered => ComposeAnswered(project, record, nomination, entry, now),
            StartReminder when record.Offer.State != OfferState.Accepted || now >= project.StartsAt => Composition.Skip("no-longer-coming"),
            StartReminder => ComposeStart(project, nomination, zone),
            ParticipationCancelled or OfferVoided => ComposeCancelled(project, nomination, owed.Kind == ParticipationCancelled),

            // A later change owes a mail of its own, which says everything this one would.
            ParticipationChanged or OfferChanged when owed.Version != project.CalendarSequence.ToString(CultureInfo.InvariantCulture) => Composition.Skip("superseded"),
            ParticipationChanged when record.Offer.State != OfferState.Accepted => Composition.Skip("no-longer-coming"),
            ParticipationChanged => ComposeChanged(project, nomination, zone, await MintAsync(project, record, cancellation)),
            OfferChanged when !record.Offer.IsOpenAt(now) => Composition.Skip("already-answered"),
            OfferChanged => ComposeOfferChanged(project, record, nomination, zone, await MintAsync(project, record, cancellation)),
            _ => throw new InvalidOperationException($"Unknown mail {owed.Kind}."),
        };
    }

    private static string Words(OfferState state) => state switch
    {
        OfferState.Accepted => "accepted the place",
        OfferState.Declined => "declined the place",
        OfferState.Expired => "did not answer in time; the place went on",
        OfferState.Withdrawn => "gave the place back",
        OfferState.Voided => "was told that the project is cancelled",
        _ => "has not answered yet",
    };

    private static string Words(SelectionDecision decision) => decision.Kind switch
    {
        DecisionKind.Selected => "selected",
        DecisionKind.Alternate => $"alternate {decision.Order}",
        DecisionKind.NotSelected => "not selected",
        _ => "not eligible",
    };

    private MailDraft ComposeReceipt(Project project, OfferRecord record, Nomination nomination, string zone)
    {
        MailBody body = new MailBody().Paragraph($"Dear {nomination.Name},");
        string subject;
        switch (record.Offer.State)
        {
            case OfferState.Accepted:
                subject = $"Your place is confirmed: {project.Notification.Title}";
                body.Paragraph($"Thank you. Your place in “{project.Notification.Title}” ({project.Code}) is confirmed.")
                    .Heading("Sessions")
                    .List(project.Sessions.Select(session => $"{session.Name}: {ProjectCalendar.InZone(session.StartsAt, zone)}"))
                    .Paragraph("If you cannot come after all, open the link in the offer again and give the place back as soon as you know. Somebody else is waiting for it.");
                break;
            case OfferState.Expired:
                subject = $"The offer has run out: {project.Notification.Title}";
                body.Paragraph($"The offer of a place in “{project.Notification.Title}” ({project.Code}) could be answered until {ProjectCalendar.LastMoment(record.Offer.ExpiresAt, zone)}. We had no answer, so the place has gone to the next in line.");
                break;
            default:
                subject = $"We have your answer: {project.Notification.Title}";
                body.Paragraph($"You {(record.Offer.State == OfferState.Declined ? "declined" : "gave back")} the place in “{project.Notification.Title}” ({project.Code}). Thank you for telling us; it goes to the next in line.");
                break;
        }

        return new MailDraft(nomination.Email, nomination.Name, "en", subject, body)
        {
            Attachments = record.Offer.State switch
            {
                OfferState.Accepted => [Calendar($"{project.Code}.ics", "PUBLISH", ProjectCalendarFile.Write(project))],

                // Above what the invitation said, so that no calendar takes the older file for the newer.
                OfferState.Withdrawn =>
                    [Calendar($"{project.Code}.ics", "CANCEL", ProjectCalendarFile.WriteCancelled(project, project.Sessions, organisation.Value.ContactAddress, project.CalendarSequence + 1))],
                _ => [],
            },
        };
    }

    private static Composition ComposeAnswered(Project project, OfferRecord record, Nomination nomination, RegistryEntry? entry, DateTimeOffset now)
    {
        if (entry?.ContactOn(DateOnly.FromDateTime(now.UtcDateTime)) is not { } officer)
        {
            return Composition.Skip("nobody-registered");
        }

        return new MailDraft(
            officer.Email,
            officer.Name,
            "en",
            $"{nomination.Reference}: {Words(record.Offer.State)}",
            new MailBody()
                .Paragraph($"Dear {officer.Name},")
                .Paragraph($"Your nominee in “{project.Notification.Title}” ({project.Code}) {Words(record.Offer.State)}.")
                .Facts(("Nominee", nomination.Name), ("Reference", nomination.Reference), ("Rank", nomination.Rank.ToString(CultureInfo.InvariantCulture))));
    }

    private static string WhatHappened(Project project) =>
        $"has been changed{(project.Changed.Count == 0 ? "" : $": {string.Join(", ", project.Changed.Select(RevisionWords.Of)).ToLowerInvariant()}")}. {project.Reason}";

    private static MailBody Held(MailBody body, Project project, string zone) => body
        .Facts(
            ("Held", ClauseChanges.Span(project.Notification.StartsOn, project.Notification.EndsOn)),
            ("Where", project.Notification.Venues.Count == 0 ? project.Notification.Modality.AsWritten : $"{string.Join(", ", project.Notification.Venues)} ({project.Notification.Modality.AsWritten})"))
        .Heading("Sessions")
        .List(project.Sessions.Select(session => $"{session.Name}: {ProjectCalendar.InZone(session.StartsAt, zone)}"));

    private MailDraft ComposeChanged(Project project, Nomination nomination, string zone, string address)
    {
        MailBody body = new MailBody()
            .Paragraph($"Dear {nomination.Name},")
            .Paragraph($"“{project.Notification.Title}” ({project.Code}), in which you hold a place, {WhatHappened(project)}")
            .Paragraph("Your place stays yours. The attached calendar file moves the entries that you may have taken over before.");
        return new MailDraft(
            nomination.Email,
            nomination.Name,
            "en",
            $"Changed: {project.Notification.Title}",
            Held(body, project, zone).Paragraph("If you cannot come on these terms, give the place back as soon as you know. Somebody else is waiting for it.").Link("Your place", address))
        {
            Attachments =
            [
                Calendar($"{project.Code}.ics", "PUBLISH", ProjectCalendarFile.Write(project)),
                .. project.DroppedSessions.Count == 0 ? [] : new[]
                {
                    Calendar($"{project.Code}-cancelled.ics", "CANCEL", ProjectCalendarFile.WriteCancelled(project, project.DroppedSessions, organisation.Value.ContactAddress, project.CalendarSequence)),
                },
            ],
        };
    }

    private static MailDraft ComposeOfferChanged(Project project, OfferRecord record, Nomination nomination, string zone, string address)
    {
        MailBody body = new MailBody()
            .Paragraph($"Dear {nomination.Name},")
            .Paragraph($"“{project.Notification.Title}” ({project.Code}), in which a place is offered to you, {WhatHappened(project)}")
            .Facts(("Answer until", ProjectCalendar.LastMoment(record.Offer.ExpiresAt, zone)));
        return new MailDraft(
            nomination.Email, nomination.Name, "en", $"Changed, please answer: {project.Notification.Title}", Held(body, project, zone).Link("Accept or decline the place", address));
    }

    private MailDraft ComposeCancelled(Project project, Nomination nomination, bool heldPlace) => new(
        nomination.Email,
        nomination.Name,
        "en",
        $"Cancelled: {project.Notification.Title}",
        new MailBody()
            .Paragraph($"Dear {nomination.Name},")
            .Paragraph($"“{project.Notification.Title}” ({project.Code}) will not be held. {project.Reason}")
            .Paragraph(heldPlace
                ? "You held a place in it. The attached calendar file takes the sessions out of your calendar."
                : "The place that was offered to you falls away with it; you need not answer."))
    {
        Attachments = heldPlace
            ? [Calendar($"{project.Code}.ics", "CANCEL", ProjectCalendarFile.WriteCancelled(project, project.Sessions, organisation.Value.ContactAddress, project.CalendarSequence))]
            : [],
    };

    private static Infra.Mail.MailAttachment Calendar(string name, string method, string file) =>
        new(name, $"text/calendar; method={method}", System.Text.Encoding.UTF8.GetBytes(file));

    private static MailDraft ComposeStart(Project project, Nomination nomination, string zone) => new(
        nomination.Email,
        nomination.Name,
        "en",
        $"Begins soon: {project.Notification.Title}",
        new MailBody()
            .Paragraph($"Dear {nomination.Name},")
            .Paragraph($"“{project.Notification.Title}” ({project.Code}) begins on {ProjectCalendar.InZone(project.StartsAt, zone)}.")
            .Heading("Sessions")
            .List(project.Sessions.Select(session => $"{session.Name}: {ProjectCalendar.InZone(session.StartsAt, zone)}"))
            .Paragraph("If you cannot come after all, open the link in the offer again and give the place back now."));

    /// <param name="address">Where the nominee answers.</param>
    internal static MailDraft WriteOffer(Project project, Nomination nomination, DateTimeOffset expiresAt, string zone, string address, bool isReminder)
    {
        MailBody body = new MailBody()
            .Paragraph($"Dear {nomination.Name},")
            .Paragraph(isReminder
                ? $"You have not answered yet: a place in “{project.Notification.Title}” ({project.Code}) is waiting for you."
                : $"{nomination.EconomyName} nominated you for “{project.Notification.Title}” ({project.Code}), and you have been selected. We are glad to offer you a place.")
            .Facts(
                ("Held", ClauseChanges.Span(project.Notification.StartsOn, project.Notification.EndsOn)),
                ("Where", project.Notification.Venues.Count == 0 ? project.Notification.Modality.AsWritten : string.Join(", ", project.Notification.Venues)),
                ("Answer until", ProjectCalendar.LastMoment(expiresAt, zone)))
            .Link("Accept or decline the place", address)
            .Paragraph("The link is yours alone: do not pass it on. Opening it answers nothing; you choose on the page. Without an answer the place goes to the next in line.");
        return new MailDraft(
            nomination.Email, nomination.Name, "en", $"{(isReminder ? "Please answer: a" : "A")} place for you: {project.Notification.Title}", body);
    }

    /// <param name="decisions">Everybody of the economy, in the order of the list.</param>
    internal static MailDraft WriteResult(Project project, Economy economy, Officer officer, IEnumerable<(string Name, SelectionDecision Decision)> decisions, AccessOptions access) => new(
        officer.Email,
        officer.Name,
        "en",
        $"Result of the selection: {project.Notification.Title}",
        new MailBody()
            .Paragraph($"Dear {officer.Name},")
            .Paragraph($"The participants of “{project.Notification.Title}” ({project.Code}) have been selected. This is what became of the nominees of {economy.Name}. Those selected have been written to and can accept or decline; you will be told of each answer.")
            .Facts(decisions.Select(one => (one.Name, $"{Words(one.Decision)}. {one.Decision.Reason}")))
            .Paragraph(SelectionRules.DeclaredBy(project).Words)
            .Link("The project", $"{access.BaseUrl.TrimEnd('/')}/projects/{project.Code}"));

    private async Task<Composition> ComposeOfferAsync(Project project, OfferRecord record, Nomination nomination, string zone, bool isReminder, CancellationToken cancellation)
    {
        string address = await MintAsync(project, record, cancellation);
        return WriteOffer(project, nomination, record.Offer.ExpiresAt, zone, address, isReminder);
    }

    private Task<string> MintAsync(Project project, OfferRecord record, CancellationToken cancellation) => links.MintAsync(
        new Link(LinkPurpose.Offer, project.Code.ToString(), CandidateId.Of(record.Economy, record.NominationId), record.Number, project.EndsAt), cancellation);

    private async Task<Composition> ComposeResultAsync(Project project, MailOwed owed, RegistryEntry? entry, DateTimeOffset now, CancellationToken cancellation)
    {
        if (entry?.ContactOn(DateOnly.FromDateTime(now.UtcDateTime)) is not { } officer)
        {
            return Composition.Skip("nobody-registered");
        }

        SelectionResult result = await selections.ReadResultAsync(project.Code, owed.Version, cancellation);
        List<(string, SelectionDecision)> decisions = [];
        foreach (SelectionDecision decision in result.Decisions.Where(decision => decision.Economy == owed.Subject))
        {
            (string economy, string id) = CandidateId.Read(decision.NominationId);
            Nomination? nomination = await nominations.FindAsync(project.Code, economy, id, cancellation);
            decisions.Add((nomination?.Name ?? decision.NominationId, decision));
        }

        return WriteResult(project, entry.Economy, officer, decisions, access.Value);
    }
}
