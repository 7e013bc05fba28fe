namespace Plenary.Support;

/// <summary>
/// A clock that stands still until a test moves it, in either direction. Only the time of day is ours:
/// timers made from it run in real time.
/// </summary>
public sealed class FakeClock(DateTimeOffset now) : TimeProvider
{
    private long ticks = now.UtcTicks;

    public FakeClock()
        : this(new DateTimeOffset(2023, 7, 3, 8, 0, 0, TimeSpan.Zero))
    {
    }

    public DateTimeOffset Now
    {
        get => new(Interlocked.Read(ref ticks), TimeSpan.Zero);
        set => Interlocked.Exchange(ref ticks, value.UtcTicks);
    }

    public override DateTimeOffset GetUtcNow() => Now;

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
