namespace Plenary.Shared;

/// <summary>
/// Another instance's clock may be ahead of ours, so that what it announces is not true here yet. Refusing the message would not help: the broker
/// brings it again at once, ten times within a second, and gives up.
/// </summary>
public static class ClockSkew
{
    /// <summary>Two instances' clocks differ by less than this; what is earlier was never meant for now.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromMinutes(2);

    /// <summary>Less than this is no wait at all.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    /// <summary>Waits until the instant has come by this clock, however early a single wait ends.</summary>
    /// <param name="what">What was announced for the instant, for whoever reads the fault.</param>
    /// <returns>The time by then.</returns>
    /// <exception cref="InvalidOperationException">The instant is further away than <see cref="Most"/>.</exception>
    public static async Task<DateTimeOffset> WaitUntilAsync(this TimeProvider clock, DateTimeOffset instant, string what, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(clock);
        DateTimeOffset now = clock.GetUtcNow();
        if (instant - now > Most)
        {
            throw new InvalidOperationException($"{what} was announced {instant - now} too early.");
        }

        for (; now < instant; now = clock.GetUtcNow())
        {
            TimeSpan early = instant - now;
            await Task.Delay(early > Shortest ? early : Shortest, clock, cancellation);
        }

        return now;
    }
}
