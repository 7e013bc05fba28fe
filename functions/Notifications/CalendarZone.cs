using System.Globalization;

namespace Plenary.Notifications;

/// <summary>
/// A time zone as iCalendar wants it told (RFC 5545, 3.6.5): under its IANA name, every change of its offset in the years in question written out,
/// so that no reader needs rules of its own. No abbreviations: they mean different zones to different readers.
/// </summary>
/// <param name="name">Its IANA name.</param>
public sealed class CalendarZone(string name)
{
    private const string Wall = "yyyyMMdd'T'HHmmss";

    private readonly TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(name);

    private bool IsUtc => zone.HasSameRules(TimeZoneInfo.Utc);

    /// <summary>The lines of the VTIMEZONE; none for UTC, whose instants need no zone.</summary>
    public IEnumerable<string> Lines(DateTimeOffset from, DateTimeOffset until)
    {
        if (IsUtc)
        {
            yield break;
        }

        // A day more on either side: the year of an instant is not the same everywhere.
        DateTime first = new(from.UtcDateTime.AddDays(-1).Year, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        DateTime last = new(until.UtcDateTime.AddDays(1).Year + 1, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        yield return "BEGIN:VTIMEZONE";
        yield return $"TZID:{name}";
        foreach (string line in Observance(first, zone.GetUtcOffset(first)))
        {
            yield return line;
        }

        for (DateTime day = first; day < last; day = day.AddDays(1))
        {
            TimeSpan before = zone.GetUtcOffset(day);
            if (zone.GetUtcOffset(day.AddDays(1)) != before)
            {
                foreach (string line in Observance(FindChange(day, day.AddDays(1)), before))
                {
                    yield return line;
                }
            }
        }

        yield return "END:VTIMEZONE";
    }

    /// <summary>
    /// Such as <c>;TZID=Asia/Tokyo:20230814T090000</c>. In UTC where the clock has shown that time before, as in the hour that comes twice: readers take the first.
    /// </summary>
    public string Local(DateTimeOffset instant)
    {
        DateTime local = instant.UtcDateTime + zone.GetUtcOffset(instant);
        TimeSpan before = zone.GetUtcOffset(instant.AddDays(-1));
        DateTimeOffset first = new(local - before, TimeSpan.Zero);
        bool isSecond = first < instant && zone.GetUtcOffset(first) == before;
        return IsUtc || isSecond ? $":{Utc(instant)}" : $";TZID={name}:{local.ToString(Wall, CultureInfo.InvariantCulture)}";
    }

    public static string Utc(DateTimeOffset instant) => instant.UtcDateTime.ToString($"{Wall}'Z'", CultureInfo.InvariantCulture);

    /// <summary>The onset stands in the wall clock of before.</summary>
    private IEnumerable<string> Observance(DateTime at, TimeSpan before)
    {
        string kind = zone.IsDaylightSavingTime(at) ? "DAYLIGHT" : "STANDARD";
        return
        [
            $"BEGIN:{kind}",
            $"DTSTART:{(at + before).ToString(Wall, CultureInfo.InvariantCulture)}",
            $"TZOFFSETFROM:{Offset(before)}",
            $"TZOFFSETTO:{Offset(zone.GetUtcOffset(at))}",
            $"END:{kind}",
        ];
    }

    /// <summary>The first second with the new offset, between an instant that has the old one and one that has the new.</summary>
    private DateTime FindChange(DateTime old, DateTime changed)
    {
        TimeSpan before = zone.GetUtcOffset(old);
        while ((changed - old).TotalSeconds > 1)
        {
            DateTime middle = old.AddSeconds(Math.Floor((changed - old).TotalSeconds / 2));
            (old, changed) = zone.GetUtcOffset(middle) == before ? (middle, changed) : (old, middle);
        }

        return changed;
    }

    private static string Offset(TimeSpan offset) =>
        (offset < TimeSpan.Zero ? "-" : "+") + offset.Duration().ToString(offset.Seconds == 0 ? "hhmm" : "hhmmss", CultureInfo.InvariantCulture);
}
