namespace Plenary.Local;

/// <summary>A jump of the clock; <see cref="To"/> may lie before <see cref="From"/>.</summary>
public sealed class ClockMovedEventArgs(DateTimeOffset from, DateTimeOffset to) : EventArgs
{
    public DateTimeOffset From { get; } = from;

    public DateTimeOffset To { get; } = to;
}
