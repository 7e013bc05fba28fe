using System.Globalization;
using System.Text;
using Plenary.Domain;

namespace Plenary.Notifications;

/// <summary>
/// The sessions as iCalendar (RFC 5545), in the host's own time with the zone's rules beside it: stable ids, and a sequence that goes up whenever they
/// are moved, changed or cancelled, so that a calendar which took an earlier file moves the entries instead of doubling them.
/// </summary>
public static class ProjectCalendarFile
{
    /// <summary>What is held. Sessions that an earlier version had are in it as cancelled, and so are all of a cancelled project.</summary>
    public static string Write(Project project)
    {
        ArgumentNullException.ThrowIfNull(project);
        bool isHeld = project.State != ProjectState.Cancelled;
        return Write(project, "PUBLISH", null, project.CalendarSequence,
            project.Sessions.Select(session => (session, isHeld)).Concat(project.DroppedSessions.Select(session => (session, false))));
    }

    /// <summary>Takes sessions out of somebody's calendar again.</summary>
    /// <param name="organizer">An address: a cancellation counts only from whoever invited.</param>
    public static string WriteCancelled(Project project, IEnumerable<ProjectSession> sessions, string organizer, int sequence)
    {
        ArgumentNullException.ThrowIfNull(project);
        return Write(project, "CANCEL", organizer, sequence, sessions.Select(session => (session, false)));
    }

    private static string Write(Project project, string method, string? organizer, int sequence, IEnumerable<(ProjectSession Session, bool IsHeld)> of)
    {
        (ProjectSession Session, bool IsHeld)[] sessions = [.. of];
        CalendarZone zone = new(project.HostZone);
        StringBuilder file = new();
        Line(file, "BEGIN:VCALENDAR");
        Line(file, "VERSION:2.0");
        Line(file, "PRODID:-//Plenary//Sessions//EN");
        Line(file, "CALSCALE:GREGORIAN");
        Line(file, $"METHOD:{method}");
        if (sessions.Length > 0)
        {
            foreach (string line in zone.Lines(sessions.Min(one => one.Session.StartsAt), sessions.Max(one => one.Session.EndsAt)))
            {
                Line(file, line);
            }
        }

        foreach ((ProjectSession session, bool isHeld) in sessions)
        {
            Line(file, "BEGIN:VEVENT");
            Line(file, string.Create(CultureInfo.InvariantCulture, $"UID:{project.Code}-session-{session.Number}@plenary"));
            Line(file, string.Create(CultureInfo.InvariantCulture, $"SEQUENCE:{sequence}"));
            Line(file, $"DTSTAMP:{CalendarZone.Utc(project.IssuedAt)}");
            Line(file, $"DTSTART{zone.Local(session.StartsAt)}");
            Line(file, $"DTEND{zone.Local(session.EndsAt)}");
            Line(file, $"SUMMARY:{Escape($"{project.Notification.Title} – {session.Name}")}");
            Line(file, $"LOCATION:{Escape(project.Notification.Venues.Count == 0 ? project.Notification.Modality.AsWritten : string.Join(", ", project.Notification.Venues))}");
            if (organizer is not null)
            {
                Line(file, $"ORGANIZER:mailto:{organizer}");
            }

            Line(file, isHeld ? "STATUS:CONFIRMED" : "STATUS:CANCELLED");
            Line(file, "END:VEVENT");
        }

        Line(file, "END:VCALENDAR");
        return file.ToString();
    }

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace(";", "\\;", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).ReplaceLineEndings("\\n");

    /// <summary>Lines end in CRLF and hold at most 75 bytes; a longer one goes on after a space, never inside a character.</summary>
    private static void Line(StringBuilder file, string line)
    {
        int bytes = 0;
        foreach (Rune rune in line.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > 75)
            {
                file.Append("\r\n ");
                bytes = 1;
            }

            file.Append(rune);
            bytes += rune.Utf8SequenceLength;
        }

        file.Append("\r\n");
    }
}
