using Plenary.Access;
using Plenary.Domain;

namespace Plenary.Notifications;

/// <summary>The project will not be held: a last version says so, open offers are void, and everybody concerned is told.</summary>
public sealed class CancelProject(ProjectTable projects, ReadSurroundings surroundings, VersionWriter writer)
{
    /// <summary>What cancelling would do now; writes nothing. Null when there is no such project.</summary>
    public async Task<(Project Project, Consequences Consequences)?> PreviewAsync(ProjectCode code, DateTimeOffset now, CancellationToken cancellation) =>
        await projects.FindAsync(code, cancellation) is { } before
            ? (before, Consequences.Of(before, Follow(before, null, now), await surroundings.RunAsync(code, cancellation), now))
            : null;

    /// <param name="seen">Names the consequences that the officer saw.</param>
    public async Task<Outcome<Project>> RunAsync(ProjectCode code, string reason, string? seen, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (await projects.FindHeadAsync(code, cancellation) is not { } head)
        {
            return new Refusal("project-not-found", "There is no such project.");
        }

        Project before = head.Body<Project>();
        Project after = Follow(before, reason, now);
        Surroundings around = await surroundings.RunAsync(code, cancellation);
        if (Revision.WhyNot(before, after, around.Progress, reopens: false, reason, now) is { Count: > 0 } refusals)
        {
            return Outcome<Project>.Refused(refusals);
        }

        Consequences consequences = Consequences.Of(before, after, around, now);
        if (VersionWriter.WhyUnseen(consequences, seen) is { } unseen)
        {
            return unseen;
        }

        ProjectVersion version = new(
            after.Version, now, caller.Actor, "", before.Notification, [new ClauseChange("State", "To be held", "Cancelled")], reason)
        {
            Kinds = consequences.Kinds,
        };
        return await writer.CommitAsync(head, after, version, consequences, caller, "project-cancelled", now, cancellation);
    }

    private static Project Follow(Project before, string? reason, DateTimeOffset now) => before with
    {
        Version = before.Version + 1,
        State = ProjectState.Cancelled,
        IssuedAt = now,
        CalendarSequence = before.CalendarSequence + 1,
        Changed = [RevisionKind.Cancelled],
        Reason = reason,
    };
}
