using System.Text.Json.Serialization;

namespace Plenary.Domain;

/// <summary>When nominations close: the end of the closing date in a zone. The instant itself is already too late.</summary>
/// <param name="At">The instant, in UTC.</param>
/// <param name="Zone">The IANA zone whose day ends here.</param>
/// <param name="Adjustment">What was done because of a clock change at that midnight; shown to the officer.</param>
public sealed record ClosingInstant(DateTimeOffset At, string Zone, Adjustment Adjustment)
{
    /// <summary>Whether a nomination received then is in time.</summary>
    public bool IsOpenAt(DateTimeOffset receivedAt) => receivedAt < At;
}

/// <summary>A session, from its local times. The end is not part of it.</summary>
/// <param name="StartsAt">In UTC.</param>
/// <param name="EndsAt">In UTC, after the start.</param>
/// <param name="Zone">The IANA zone in which the times were given.</param>
/// <param name="Adjustment">What was done because of a clock change at the start or, if nothing there, at the end.</param>
public sealed record SessionTimes(DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Zone, Adjustment Adjustment);

/// <summary>What became of a local time on the day of a clock change.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Adjustment>))]
public enum Adjustment
{
    None,

    /// <summary>The clock shows this time twice; the first of them was taken.</summary>
    Ambiguous,

    /// <summary>The clock skips this time; it was moved forward by as much as is skipped.</summary>
    Missing,
}
