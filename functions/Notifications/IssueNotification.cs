using System.Globalization;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Tables;

namespace Plenary.Notifications;

/// <summary>What a draft would become.</summary>
/// <param name="Before">The version it follows; null for a first one.</param>
/// <param name="IsSame">Nothing differs from the version before.</param>
/// <param name="Refusals">Why it cannot be issued as it is.</param>
public sealed record PreparedVersion(
    Project Project, Project? Before, ProjectVersion Version, Consequences Consequences, bool IsSame, IReadOnlyList<Refusal> Refusals)
{
    internal Row? Head { get; init; }
}

/// <summary>
/// Makes a draft the immutable version 1 of a project, or its next version. The closing instant is fixed here, under the
/// project's zone policy, and with it everything the agenda owes.
/// </summary>
public sealed class IssueNotification(DraftTable drafts, ImportNotification import, ProjectTable projects, ReadSurroundings surroundings, VersionWriter writer)
{
    /// <param name="asRevision">The officer has seen that the code is in use and means its next version.</param>
    /// <param name="seen">Names the consequences that the officer saw; null for whatever they are.</param>
    public async Task<Outcome<Project>> RunAsync(
        string draftId, bool asRevision, Caller caller, DateTimeOffset now, CancellationToken cancellation, string? seen = null)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (await drafts.FindAsync(draftId, cancellation) is not { } draft)
        {
            return new Refusal("draft-not-found", "There is no such draft.");
        }

        Outcome<PreparedVersion> outcome = await PrepareAsync(draft, caller, now, cancellation);
        if (!outcome.TryGet(out PreparedVersion? prepared))
        {
            return Outcome<Project>.Refused(outcome.Refusals);
        }

        if (prepared.Before is { } before && (draft.IssuedAs is not null || prepared.IsSame))
        {
            // The same text posted twice is the same version.
            return before;
        }

        if (prepared.Refusals.Count > 0)
        {
            return Outcome<Project>.Refused(prepared.Refusals);
        }

        Project project = prepared.Project;
        if (prepared.Before is null)
        {
            // The catalogue first: a crash here leaves a name whose project is not found, the other order a project nobody lists.
            Row listed = Row.Of(ProjectTable.CatalogueOf(project.Code), ("Code", project.Code.ToString()));
            await projects.Table.CommitAsync(new Batch(ProjectTable.CataloguePartition).Upsert(listed), cancellation);
        }
        else if (!asRevision)
        {
            return new Refusal(
                "project-code-taken",
                $"Project {project.Code} has been issued already; {prepared.Version.Changes.Count} clauses differ.",
                NotificationFields.Code,
                "Correct the code, or issue this as a revision.");
        }
        else if (VersionWriter.WhyUnseen(prepared.Consequences, seen) is { } unseen)
        {
            return unseen;
        }

        Outcome<Project> issued = await writer.CommitAsync(
            prepared.Head, project, prepared.Version, prepared.Consequences, caller, prepared.Before is null ? "notification-issued" : "notification-revised", now, cancellation);
        if (!issued.IsRefused)
        {
            // A crash before this shows the draft once more; issuing it again finds nothing changed.
            await drafts.SaveAsync(draft with { IssuedAs = $"{project.Code}/{project.Version}" }, cancellation);
        }

        return issued;
    }

    /// <summary>What the draft would become, and all that would follow; writes nothing. Refused only where the draft cannot be read.</summary>
    public async Task<Outcome<PreparedVersion>> PrepareAsync(NotificationDraft draft, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(caller);
        NotificationReading reading = await import.ReadAsync(draft.Text, draft.Corrections, cancellation);
        Row? head = reading.Notification is { } read ? await projects.FindHeadAsync(read.Code, cancellation) : null;
        Project? before = head?.Body<Project>();
        Outcome<ProjectChoices> chosen = ProjectChoices.Read(draft.Settings, before);
        List<Refusal> refusals = [.. reading.Problems.Select(problem => problem.Refusal), .. chosen.Refusals];
        if (reading.Notification is not { } notification || !chosen.TryGet(out ProjectChoices? choices) || refusals.Count > 0)
        {
            return Outcome<PreparedVersion>.Refused(refusals);
        }

        Surroundings around = before is null ? await surroundings.RunAsync(cancellation) : await surroundings.RunAsync(before.Code, cancellation);
        string hostZone = around.Entries.FirstOrDefault(entry => notification.HostEconomies.Contains(entry.Economy.Id))?.Economy.Zone
            ?? choices.Settings.Closing.ZoneId ?? "UTC";
        Project project = Assemble(notification, choices, hostZone, around.Entries, now);
        bool isClosingKept = before is not null && Revision.IsClosingKept(before, notification, choices.Settings.Closing, now);
        if (before is not null)
        {
            project = Follow(before, isClosingKept ? project with { ClosesAt = before.ClosesAt } : project, choices.Reason, caller, now);
            refusals.AddRange(Revision.WhyNot(before, project, around.Progress, choices.Reopens, choices.Reason, now));
        }

        refusals.AddRange(PublishRules.Check(project, choices, [.. around.Entries.Select(entry => entry.Economy)], isClosingKept, before, now));
        IReadOnlyList<ClauseChange> changes = before is null ? [] : ClauseChanges.Between(before.Notification, notification);
        ProjectVersion version = new(project.Version, now, caller.Actor, draft.Text, notification, changes, choices.Reason) { Kinds = project.Changed };
        return new PreparedVersion(
            project,
            before,
            version,
            Consequences.Of(before, project, around, now),
            before is not null && changes.Count == 0 && before.Settings == project.Settings && before.Sessions.SequenceEqual(project.Sessions),
            refusals)
        {
            Head = head,
        };
    }

    /// <summary>The next version. Whoever changes the rules of the selection once nominations are known is remembered: somebody else must approve what comes of it.</summary>
    private static Project Follow(Project before, Project project, string? reason, Caller caller, DateTimeOffset now)
    {
        IReadOnlyList<RevisionKind> kinds = Revision.KindsOf(before, project);
        return project with
        {
            Version = before.Version + 1,
            State = before.State,
            CirculatedAt = before.CirculatedAt,
            Changed = kinds,
            Reason = reason,
            CalendarSequence = before.CalendarSequence + (Revision.ConcernsParticipants(kinds) ? 1 : 0),
            DroppedSessions = [.. before.Sessions.Concat(before.DroppedSessions).Where(session => project.Sessions.All(held => held.Number != session.Number)).OrderBy(session => session.Number)],
            InvitedSince = before.Notification.Participating.IsSameAs(project.Notification.Participating) ? before.InvitedSince : now,
            RulesChangedBy = now >= before.ClosesAt && !SelectionRules.DeclaredBy(before).DecidesAs(SelectionRules.DeclaredBy(project))
                ? [.. before.RulesChangedBy.Append(caller.Actor).Distinct(StringComparer.Ordinal)]
                : before.RulesChangedBy,
        };
    }

    private static Project Assemble(
        ProjectNotification notification, ProjectChoices choices, string hostZone, IReadOnlyList<RegistryEntry> entries, DateTimeOffset now)
    {
        List<ProjectSession> sessions = [];
        for (DateOnly day = notification.StartsOn; day <= notification.EndsOn && sessions.Count < 100; day = day.AddDays(1))
        {
            SessionTimes times = ProjectCalendar.Session(day, choices.SessionsFrom, choices.SessionsUntil, hostZone);
            string name = string.Create(CultureInfo.InvariantCulture, $"Day {sessions.Count + 1}");
            sessions.Add(new ProjectSession(sessions.Count + 1, name, times.StartsAt, times.EndsAt));
        }

        IEnumerable<string> zones = entries.Where(entry => notification.Participating.Includes(entry.Economy)).Select(entry => entry.Economy.Zone);
        return new Project
        {
            Code = notification.Code,
            Version = 1,
            State = ProjectState.Issued,
            Notification = notification,
            Settings = choices.Settings,
            HostZone = hostZone,
            Sessions = sessions,
            IssuedAt = now,
            ClosesAt = new ProjectCalendar(choices.Settings.Closing, hostZone).LastClosing(notification.ClosingOn, zones).At,
        };
    }
}
