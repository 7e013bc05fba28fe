using System.Globalization;

namespace Plenary.Domain;

/// <summary>
/// The only place where dates and local times become instants, and instants become words. Zones are IANA ids.
/// </summary>
/// <param name="policy">In whose zone the closing date ends.</param>
/// <param name="hostZone">The zone of the host economy; sessions and, under the host policy, the closing follow it.</param>
public sealed class ProjectCalendar(ClosingPolicy policy, string hostZone)
{
    private const string SecondFormat = "d MMMM yyyy, HH:mm:ss";
    private const string EarliestZone = "Pacific/Kiritimati";
    private const string MinuteFormat = "d MMMM yyyy, HH:mm";

    /// <summary>The end of the closing date for one nominating economy.</summary>
    /// <param name="closingOn">The last day on which nominations are taken.</param>
    /// <param name="nominatorZone">The zone of the nominating economy; only the nominator policy looks at it.</param>
    public ClosingInstant Closing(DateOnly closingOn, string nominatorZone) => EndOf(closingOn, policy.Kind switch
    {
        ClosingPolicyKind.Host => hostZone,
        ClosingPolicyKind.Nominator => nominatorZone,
        ClosingPolicyKind.AnywhereOnEarth => ClosingPolicy.AnywhereOnEarthZone,
        _ => policy.ZoneId ?? throw new InvalidOperationException("A closing policy with a fixed zone names none."),
    });

    /// <summary>When the round is over for everybody: the latest closing of the given economies' zones.</summary>
    public ClosingInstant LastClosing(DateOnly closingOn, IEnumerable<string> nominatorZones) =>
        nominatorZones.Append(hostZone).Select(zone => Closing(closingOn, zone)).MaxBy(static closing => closing.At)
            ?? throw new InvalidOperationException("No zone to close in.");

    /// <summary>Before this instant the round is over for nobody, whatever zones the nominating economies are in.</summary>
    public ClosingInstant FirstClosing(DateOnly closingOn) => Closing(closingOn, EarliestZone);

    /// <summary>The instant at which the date is over in the zone: 00:00 of the next day.</summary>
    public static ClosingInstant EndOf(DateOnly date, string zone)
    {
        (DateTimeOffset at, Adjustment adjustment) = ToInstant(date.AddDays(1).ToDateTime(TimeOnly.MinValue), zone);
        return new ClosingInstant(at, zone, adjustment);
    }

    /// <summary>A session in the host's zone. An end at or before the start is on the next day.</summary>
    public SessionTimes Session(DateOnly date, TimeOnly from, TimeOnly until) => Session(date, from, until, hostZone);

    /// <summary>A session in any zone. An end at or before the start is on the next day.</summary>
    public static SessionTimes Session(DateOnly date, TimeOnly from, TimeOnly until, string zone)
    {
        DateOnly lastDate = until <= from ? date.AddDays(1) : date;
        (DateTimeOffset startsAt, Adjustment atStart) = ToInstant(date.ToDateTime(from), zone);
        (DateTimeOffset endsAt, Adjustment atEnd) = ToInstant(lastDate.ToDateTime(until), zone);

        return new SessionTimes(startsAt, endsAt, zone, atStart != Adjustment.None ? atStart : atEnd);
    }

    /// <summary>A local time as an instant in UTC: the first of two, or moved forward where the clock skips it.</summary>
    public static (DateTimeOffset At, Adjustment Adjustment) ToInstant(DateTime local, string zone)
    {
        TimeZoneInfo found = TimeZoneInfo.FindSystemTimeZoneById(zone);
        DateTimeOffset asUtc = new(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), TimeSpan.Zero);

        // Offsets lie between -12 and +14 hours, so the instant meant lies between these two, and with it any clock change that matters.
        // Only instants are asked for offsets: they have exactly one, whole skipped days (Apia 2011) included.
        TimeSpan before = found.GetUtcOffset(asUtc.AddHours(-15));
        TimeSpan after = found.GetUtcOffset(asUtc.AddHours(13));
        DateTimeOffset withBefore = asUtc - before;
        DateTimeOffset withAfter = asUtc - after;
        bool isBefore = found.GetUtcOffset(withBefore) == before;
        bool isAfter = found.GetUtcOffset(withAfter) == after;

        return (isBefore, isAfter) switch
        {
            (true, true) when before != after => (withBefore, Adjustment.Ambiguous),
            (true, _) => (withBefore, Adjustment.None),
            (false, true) => (withAfter, Adjustment.None),
            (false, false) => (withBefore, Adjustment.Missing),
        };
    }

    /// <summary>The date the clock on the wall shows at that instant.</summary>
    public static DateOnly DateIn(DateTimeOffset instant, string zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime);

    /// <summary>
    /// The one wording of a closing, for pages and mails: the last second that is still in time, in the reader's zone and in UTC, such as
    /// <c>31 July 2023, 23:59:59 (Asia/Tokyo) — 31 July 2023, 14:59:59 UTC</c>. Midnight is never named: nobody agrees to which day it belongs.
    /// </summary>
    public static string LastMoment(DateTimeOffset closesAt, string readerZone) => Words(closesAt.AddTicks(-1), readerZone, SecondFormat);

    /// <summary>Any other instant, to the minute: <c>14 August 2023, 10:00 (Asia/Tokyo) — 14 August 2023, 01:00 UTC</c>.</summary>
    public static string InZone(DateTimeOffset instant, string zone) => Words(instant, zone, MinuteFormat);

    private static string Words(DateTimeOffset instant, string zone, string format)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById(zone));
        string utc = instant.UtcDateTime.ToString(format, CultureInfo.InvariantCulture) + " UTC";

        return zone is "UTC" or "Etc/UTC" ? utc : $"{local.ToString(format, CultureInfo.InvariantCulture)} ({zone}) — {utc}";
    }
}
