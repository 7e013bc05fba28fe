using System.Text.Json.Serialization;

namespace Plenary.Domain;

/// <summary>A place that a participant of this economy gave back. Until its instant the economy may name somebody for it.</summary>
/// <param name="Former">Id of the nomination that held the place; it names the vacancy, since a place is given back once by each holder.</param>
/// <param name="Place">As <see cref="PlaceName"/> writes it.</param>
/// <param name="Until">The instant itself is already too late.</param>
/// <param name="FilledBy">Id of the nomination that takes the place; null while nobody is named.</param>
/// <param name="IsOver">Passed on: the date came, or the economy names nobody.</param>
public sealed record Vacancy(string Former, string Place, DateTimeOffset Until, string? FilledBy = null, bool IsOver = false)
{
    /// <summary>What was received in time is written by then: nothing that a browser waits for may last 230 seconds on the platform, and clocks differ by seconds.</summary>
    public static readonly TimeSpan Writes = TimeSpan.FromMinutes(4);

    /// <summary>When the place goes to the next in line if nobody was named. Whoever comes after <see cref="Until"/> is refused by comparison all the same.</summary>
    [JsonIgnore]
    public DateTimeOffset PassesOnAt => Until + Writes;

    public bool IsOpenAt(DateTimeOffset receivedAt) => FilledBy is null && !IsOver && receivedAt < Until;
}
