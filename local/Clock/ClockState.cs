namespace Plenary.Local;

/// <summary>What a restarted process needs to go on at the moved time.</summary>
/// <param name="Offset">What is added to the machine's time, or to the frozen instant.</param>
/// <param name="FrozenAt">The machine's instant at which the clock was frozen; null while it runs.</param>
public sealed record ClockState(TimeSpan Offset, DateTimeOffset? FrozenAt);
