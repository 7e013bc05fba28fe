namespace Plenary.Domain;

/// <summary>Somebody's connection to an online session; the instant of leaving no longer counts.</summary>
public readonly record struct PresenceInterval(DateTimeOffset JoinedAt, DateTimeOffset LeftAt);

public static class PresenceIntervals
{
    /// <summary>Time present between start and end. Overlapping connections count once, whatever their offsets; time outside the session does not count.</summary>
    public static TimeSpan Measure(IEnumerable<PresenceInterval> intervals, DateTimeOffset start, DateTimeOffset end)
    {
        TimeSpan total = TimeSpan.Zero;
        DateTimeOffset counted = start;
        foreach (PresenceInterval interval in intervals.OrderBy(interval => interval.JoinedAt))
        {
            DateTimeOffset from = interval.JoinedAt > counted ? interval.JoinedAt : counted;
            DateTimeOffset to = interval.LeftAt < end ? interval.LeftAt : end;
            if (to > from)
            {
                total += to - from;
                counted = to;
            }
        }

        return total;
    }
}
