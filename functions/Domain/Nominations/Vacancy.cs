namespace Plenary.Domain;

/// <summary>A place that a participant of this economy gave back. Until its instant the economy may name somebody for it.</summary>
/// <param name="Former">Id of the nomination that held the place; it names the vacancy, since a place is given back once by each holder.</param>
/// <param name="Place">As <see cref="PlaceName"/> writes it.</param>
/// <param name="Until">The instant itself is already too late.</param>
/// <param name="FilledBy">Id of the nomination that takes the place; null while nobody is named.</param>
/// <param name="IsOver">Passed on: the date came, or the economy names nobody.</param>
public sealed record Vacancy(string Former, string Place, DateTimeOffset Until, string? FilledBy = null, bool IsOver = false)
{
    public bool IsOpenAt(DateTimeOffset receivedAt) => FilledBy is null && !IsOver && receivedAt < Until;
}
