using System.Globalization;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Nominations;
using Plenary.Shared;

namespace Plenary.Notifications;

/// <summary>
/// Opens the desk of every participating economy and has its officer written to: one message an economy, owed together with
/// the project's new state. Repeating it repeats nothing.
/// </summary>
public sealed class CirculateNotification(ProjectTable projects, IRegistry registry, IDecisions decisions)
{
    /// <summary>How many economies are written to.</summary>
    public async Task<Outcome<int>> RunAsync(ProjectCode code, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (await projects.FindHeadAsync(code, cancellation) is not { } head)
        {
            return new Refusal("project-not-found", "There is no such project.");
        }

        Project project = head.Body<Project>();
        Owed[] desks = [.. Desks(project, await registry.ListAsync(cancellation))];
        if (project.State != ProjectState.Issued)
        {
            return project.State == ProjectState.Circulated
                ? desks.Length
                : new Refusal("project-cancelled-already", "This project has been cancelled.");
        }

        if (now >= project.ClosesAt)
        {
            return new Refusal("nominations-closed", $"Nominations closed: {ProjectCalendar.LastMoment(project.ClosesAt, project.HostZone)}.", Remedy: "Issue a revision with a later closing date first.");
        }

        if (desks.Length == 0)
        {
            return new Refusal("nobody-to-write-to", "No active economy of the registry participates.", Remedy: "Import the registry of economies first.");
        }

        Project circulated = project with { State = ProjectState.Circulated, CirculatedAt = now };
        Batch batch = new Batch(head.Key.Partition)
            .Replace(head.With(circulated, ProjectTable.HeadColumns(circulated)))
            .Audit(new AuditEntry(now, caller.Actor, "notification-circulated", code.ToString(), new Dictionary<string, string>
            {
                ["economies"] = desks.Length.ToString(CultureInfo.InvariantCulture),
            }))
            .Owe(desks);
        CommitResult result = await decisions.CommitAsync(projects.Table, batch, now, cancellation);
        return result.IsDone
            ? desks.Length
            : new Refusal("project-changed-conflict", "The project was changed at the same moment.", Remedy: "Look at it, then circulate again.");
    }

    /// <summary>One message for each economy that may nominate.</summary>
    internal static IEnumerable<Owed> Desks(Project project, IReadOnlyList<RegistryEntry> entries) =>
        from entry in entries
        where project.Notification.Participating.Includes(entry.Economy)
        select new Owed(
            Queues.OpenDesk,
            $"desk-{project.Code}-{entry.Economy.Id}-{project.Version}",
            Envelope.Write(new DeskToOpen(project.Code.ToString(), entry.Economy.Id)));
}
