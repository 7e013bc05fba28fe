using System.Text.Json.Serialization;

namespace Plenary.Domain;

/// <summary>What a new version of a project means to those concerned. Names are stored and public; they never change.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RevisionKind>))]
public enum RevisionKind
{
    /// <summary>Begins later.</summary>
    Postponed,

    /// <summary>Begins earlier.</summary>
    BroughtForward,

    /// <summary>Begins when it did, with other sessions.</summary>
    SessionsChanged,
    ModalityChanged,
    VenueChanged,
    ClosingMoved,
    Cancelled,
}

/// <summary>How far a project has come, as far as a revision must know it.</summary>
/// <param name="IsApproved">A selection has been approved.</param>
/// <param name="IsAttended">Somebody's presence has been recorded.</param>
public sealed record ProjectProgress(bool IsApproved, bool IsAttended);

/// <summary>
/// Postponing, cancelling and changing the modality: possible from every state before somebody has attended. A closing that has passed stays as it
/// was unless nominations are reopened, which is a choice of its own and ends with the approval of a selection.
/// </summary>
public static class Revision
{
    /// <summary>In the order of the enumeration; empty when only words differ.</summary>
    public static IReadOnlyList<RevisionKind> KindsOf(Project before, Project after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (after.State == ProjectState.Cancelled)
        {
            return [RevisionKind.Cancelled];
        }

        List<RevisionKind> kinds = [];
        if (!SpansOf(before).SequenceEqual(SpansOf(after)))
        {
            kinds.Add(after.StartsAt > before.StartsAt ? RevisionKind.Postponed : after.StartsAt < before.StartsAt ? RevisionKind.BroughtForward : RevisionKind.SessionsChanged);
        }

        if (before.Notification.Modality != after.Notification.Modality)
        {
            kinds.Add(RevisionKind.ModalityChanged);
        }

        if (!before.Notification.Venues.SequenceEqual(after.Notification.Venues) || !before.Notification.HostEconomies.SequenceEqual(after.Notification.HostEconomies))
        {
            kinds.Add(RevisionKind.VenueChanged);
        }

        if (before.ClosesAt != after.ClosesAt)
        {
            kinds.Add(RevisionKind.ClosingMoved);
        }

        return kinds;
    }

    /// <summary>Whether somebody who holds a place, or may take one, has to hear of it.</summary>
    public static bool ConcernsParticipants(IReadOnlyList<RevisionKind> kinds)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        return kinds.Any(kind => kind != RevisionKind.ClosingMoved);
    }

    /// <summary>The clause is what it was and its instant is past: what follows from it has happened, and the new version does not touch it.</summary>
    public static bool IsClosingKept(Project before, ProjectNotification notification, ClosingPolicy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(notification);
        return before.ClosesAt <= now && before.Notification.ClosingOn == notification.ClosingOn && before.Settings.Closing == policy;
    }

    /// <summary>Why this cannot follow; all reasons at once.</summary>
    /// <param name="reopens">The officer chose to take nominations again.</param>
    public static IReadOnlyList<Refusal> WhyNot(Project before, Project after, ProjectProgress progress, bool reopens, string? reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(progress);
        if (before.State == ProjectState.Cancelled)
        {
            return [new Refusal("project-cancelled-already", "This project has been cancelled.", Remedy: "Issue a notification with a code of its own.")];
        }

        IReadOnlyList<RevisionKind> kinds = KindsOf(before, after);
        List<Refusal> refusals = [];
        if (ConcernsParticipants(kinds))
        {
            refusals.AddRange(WhyFixed(before, after, progress, now));
            if (before.State == ProjectState.Circulated && string.IsNullOrWhiteSpace(reason))
            {
                refusals.Add(new Refusal("reason-missing", "People are told of this, so it needs a reason.", "reason", "Say in a sentence why; everybody concerned reads it."));
            }
        }

        if (kinds.Contains(RevisionKind.ClosingMoved) && now >= before.ClosesAt)
        {
            string was = ProjectCalendar.LastMoment(before.ClosesAt, before.HostZone);
            if (progress.IsApproved)
            {
                refusals.Add(new Refusal(
                    "closing-selected", $"Nominations closed ({was}) and the participants have been selected.", NotificationFields.ClosingOn,
                    "Leave the closing date as it was; name a date for replacements if places may fall free."));
            }
            else if (!reopens)
            {
                refusals.Add(new Refusal(
                    "closing-over", $"Nominations closed already: {was}.", NotificationFields.ClosingOn,
                    "Leave the closing date as it was, or choose to take nominations again."));
            }
        }

        return refusals;
    }

    private static IEnumerable<Refusal> WhyFixed(Project before, Project after, ProjectProgress progress, DateTimeOffset now)
    {
        if (progress.IsAttended)
        {
            yield return new Refusal("project-attended", "People have attended already, so what was held cannot be moved or cancelled.", NotificationFields.Timing, "Leave timing, venue and modality as they were.");
        }
        else if (now >= before.EndsAt)
        {
            yield return new Refusal(
                "project-over", $"The project ended: {ProjectCalendar.InZone(before.EndsAt, before.HostZone)}.", NotificationFields.Timing, "Leave timing, venue and modality as they were.");
        }
        else if (after.State != ProjectState.Cancelled && after.StartsAt <= now)
        {
            yield return new Refusal(
                "start-past", $"The first session would have begun: {ProjectCalendar.InZone(after.StartsAt, after.HostZone)}.", NotificationFields.Timing, "Choose dates that are still to come.");
        }
    }

    private static IEnumerable<(DateTimeOffset, DateTimeOffset)> SpansOf(Project project) => project.Sessions.Select(session => (session.StartsAt, session.EndsAt));
}
