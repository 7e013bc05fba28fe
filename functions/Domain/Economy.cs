namespace Plenary.Domain;

/// <summary>A member economy, as the registry knows it. The list is configuration, never code.</summary>
/// <param name="Id">Lower-case words with dashes, ASCII, such as <c>lao-pdr</c>; never changes.</param>
/// <param name="Name">The display name, such as <c>Türkiye</c>.</param>
/// <param name="IsActive">An inactive economy is not written to and cannot nominate.</param>
/// <param name="Zone">IANA zone of its capital, such as <c>Asia/Jakarta</c>.</param>
/// <param name="OtherNames">Further names under which notifications mention it.</param>
public sealed record Economy(string Id, string Name, bool IsActive, string Zone, IReadOnlyList<string> OtherNames)
{
    /// <summary>The days of every week on which nobody works there; never all seven.</summary>
    public IReadOnlyList<DayOfWeek> Weekend { get; init; } = [];

    /// <summary>Further days off, each by its date.</summary>
    public IReadOnlyList<DateOnly> Holidays { get; init; } = [];

    public bool WorksOn(DateOnly day) => !Weekend.Contains(day.DayOfWeek) && !Holidays.Contains(day);
}
