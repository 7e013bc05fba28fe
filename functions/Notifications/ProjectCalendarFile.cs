using System.Globalization;
using System.Text;
using Plenary.Domain;

namespace Plenary.Notifications;

/// <summary>
/// The sessions as iCalendar (RFC 5545), in UTC: stable ids, and a sequence that goes up with every version, so that a calendar
/// which took an earlier file moves the entries instead of doubling them.
/// </summary>
public static class ProjectCalendarFile
{
    public static string Write(Project project)
    {
        ArgumentNullException.ThrowIfNull(project);
        StringBuilder file = new();
        Line(file, "BEGIN:VCALENDAR");
        Line(file, "VERSION:2.0");
        Line(file, "PRODID:-//Plenary//Sessions//EN");
        Line(file, "CALSCALE:GREGORIAN");
        Line(file, "METHOD:PUBLISH");
        foreach (ProjectSession session in project.Sessions)
        {
            Line(file, "BEGIN:VEVENT");
            Line(file, string.Create(CultureInfo.InvariantCulture, $"UID:{project.Code}-session-{session.Number}@plenary"));
            Line(file, string.Create(CultureInfo.InvariantCulture, $"SEQUENCE:{project.Version - 1}"));
            Line(file, $"DTSTAMP:{Instant(project.IssuedAt)}");
            Line(file, $"DTSTART:{Instant(session.StartsAt)}");
            Line(file, $"DTEND:{Instant(session.EndsAt)}");
            Line(file, $"SUMMARY:{Escape($"{project.Notification.Title} – {session.Name}")}");
            Line(file, $"LOCATION:{Escape(project.Notification.Venues.Count == 0 ? project.Notification.Modality.AsWritten : string.Join(", ", project.Notification.Venues))}");
            Line(file, project.State == ProjectState.Cancelled ? "STATUS:CANCELLED" : "STATUS:CONFIRMED");
            Line(file, "END:VEVENT");
        }

        Line(file, "END:VCALENDAR");
        return file.ToString();
    }

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

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
