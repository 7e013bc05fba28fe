using System.Globalization;
using Plenary.Access;
using Plenary.Agenda;
using Plenary.Closing;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Shared;
using Plenary.Surveys;

namespace Plenary.Notifications;

/// <summary>
/// Makes a draft the immutable version 1 of a project, or its next version. The closing instant is fixed here, under the
/// project's zone policy, and with it everything the agenda owes.
/// </summary>
public sealed class IssueNotification(DraftTable drafts, ImportNotification import, ProjectTable projects, IRegistry registry, IDecisions decisions)
{
    /// <param name="asRevision">The officer has seen that the code is in use and means its next version.</param>
    public async Task<Outcome<Project>> RunAsync(string draftId, bool asRevision, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (await drafts.FindAsync(draftId, cancellation) is not { } draft)
        {
            return new Refusal("draft-not-found", "There is no such draft.");
        }

        NotificationReading reading = await import.ReadAsync(draft.Text, draft.Corrections, cancellation);
        Outcome<ProjectChoices> chosen = ProjectChoices.Read(draft.Settings);
        List<Refusal> refusals = [.. reading.Problems.Select(problem => problem.Refusal), .. chosen.Refusals];
        if (reading.Notification is not { } notification || !chosen.TryGet(out ProjectChoices? choices) || refusals.Count > 0)
        {
            return Outcome<Project>.Refused(refusals);
        }

        IReadOnlyList<RegistryEntry> entries = await registry.ListAsync(cancellation);
        string hostZone = entries.FirstOrDefault(entry => notification.HostEconomies.Contains(entry.Economy.Id))?.Economy.Zone
            ?? choices.Settings.Closing.ZoneId ?? "UTC";
        Project project = Assemble(notification, choices, hostZone, entries, now);
        refusals.AddRange(PublishRules.Check(project, choices, [.. entries.Select(entry => entry.Economy)], now));
        if (refusals.Count > 0)
        {
            return Outcome<Project>.Refused(refusals);
        }

        Row? head = await projects.FindHeadAsync(project.Code, cancellation);
        if (head is null)
        {
            return await CommitAsync(draft, project, null, null, choices, caller, now, cancellation);
        }

        Project before = head.Body<Project>();
        IReadOnlyList<ClauseChange> changes = ClauseChanges.Between(before.Notification, notification);
        if (draft.IssuedAs is not null || (changes.Count == 0 && before.Settings == project.Settings && before.Sessions.SequenceEqual(project.Sessions)))
        {
            // The same text posted twice is the same version.
            return before;
        }

        return asRevision
            ? await CommitAsync(draft, Follow(before, project, caller, now), head, before, choices, caller, now, cancellation)
            : new Refusal(
                "project-code-taken",
                $"Project {project.Code} has been issued already; {changes.Count} clauses differ.",
                NotificationFields.Code,
                "Correct the code, or issue this as a revision.");
    }

    /// <summary>The next version. Whoever changes the rules of the selection once nominations are known is remembered: somebody else must approve what comes of it.</summary>
    private static Project Follow(Project before, Project project, Caller caller, DateTimeOffset now) => project with
    {
        Version = before.Version + 1,
        State = before.State,
        CirculatedAt = before.CirculatedAt,
        RulesChangedBy = now >= before.ClosesAt && !SelectionRules.DeclaredBy(before).DecidesAs(SelectionRules.DeclaredBy(project))
            ? [.. before.RulesChangedBy.Append(caller.Actor).Distinct(StringComparer.Ordinal)]
            : before.RulesChangedBy,
    };

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

    /// <summary>What the agenda owes from this version on. Rows of an earlier version find their anchor moved and do nothing.</summary>
    private static IEnumerable<Owed> Plan(Project project, DateTimeOffset now)
    {
        string code = project.Code.ToString();
        string version = project.Version.ToString(CultureInfo.InvariantCulture);
        yield return new Owed(
            Queues.CloseNominations,
            $"close-{code}-{project.ClosesAt.UtcTicks}",
            Envelope.Write(new NominationsDue(code, project.ClosesAt.UtcTicks)),
            project.ClosesAt);
        yield return new Owed(
            Queues.OpenSurvey,
            $"survey-{code}-{project.EndsAt.UtcTicks}",
            Envelope.Write(new SurveyDue(code, project.EndsAt.UtcTicks)),
            project.EndsAt);
        foreach (Owed step in ReminderDue.Plan(code, Ladders.Closing, "", project.Settings.ClosingReminderDays, project.ClosesAt, now))
        {
            yield return step;
        }

        foreach (Owed step in ReminderDue.Plan(code, Ladders.Start, "", project.Settings.StartReminderDays, project.StartsAt, now))
        {
            yield return step;
        }
    }

    private async Task<Outcome<Project>> CommitAsync(
        NotificationDraft draft, Project project, Row? head, Project? before, ProjectChoices choices, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        IReadOnlyList<ClauseChange> changes = before is null ? [] : ClauseChanges.Between(before.Notification, project.Notification);
        ProjectVersion version = new(project.Version, now, caller.Actor, draft.Text, project.Notification, changes, choices.Reason);

        // The catalogue first: a crash here leaves a name whose project is not found, the other order a project nobody lists.
        Row listed = Row.Of(ProjectTable.CatalogueOf(project.Code), ("Code", project.Code.ToString()));
        await projects.Table.CommitAsync(new Batch(ProjectTable.CataloguePartition).Upsert(listed), cancellation);

        Batch batch = new Batch(ProjectTable.PartitionOf(project.Code))
            .Insert(Row.Of(ProjectTable.VersionOf(project.Code, project.Version), version))
            .Audit(new AuditEntry(now, caller.Actor, before is null ? "notification-issued" : "notification-revised", project.Code.ToString(), new Dictionary<string, string>
            {
                ["version"] = project.Version.ToString(CultureInfo.InvariantCulture),
                ["closesAt"] = project.ClosesAt.ToString("O", CultureInfo.InvariantCulture),
            }))
            .Owe(Plan(project, now));
        if (head is null)
        {
            batch.Insert(ProjectTable.HeadRowOf(project));
        }
        else
        {
            batch.Replace(head.With(project, ProjectTable.HeadColumns(project)));
        }

        if (before?.State == ProjectState.Circulated)
        {
            // Every desk learns its new closing and every officer the changes.
            IReadOnlyList<RegistryEntry> entries = await registry.ListAsync(cancellation);
            batch.Owe(CirculateNotification.Desks(project, entries));
        }

        CommitResult result = await decisions.CommitAsync(projects.Table, batch, now, cancellation);
        if (!result.IsDone)
        {
            return new Refusal("project-changed-conflict", "Somebody else issued a version of this project at the same moment.", Remedy: "Look at the project, then issue again if it is still needed.");
        }

        // A crash before this shows the draft once more; issuing it again finds nothing changed.
        await drafts.SaveAsync(draft with { IssuedAs = $"{project.Code}/{project.Version}" }, cancellation);
        return project;
    }
}
