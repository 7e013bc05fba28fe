using System.Globalization;
using System.Text.Json.Serialization;

namespace Plenary.Domain;

/// <summary>One place of a pool, such as <c>place-overseas-07</c>. The text is a row key: inserting it is the claim to the place, so its form never changes.</summary>
/// <param name="Number">From 1 to the number of places of the pool.</param>
public readonly record struct PlaceName(Pool Pool, int Number)
{
    private const string Prefix = "place-";

    public static string NameOf(Pool pool) => pool == Pool.Overseas ? "overseas" : "local";

    /// <summary>For people, such as <c>overseas place 7</c>.</summary>
    [JsonIgnore]
    public string Words => string.Create(CultureInfo.InvariantCulture, $"{NameOf(Pool)} place {Number}");

    /// <summary>All places of a pool, in order.</summary>
    public static IEnumerable<PlaceName> AllOf(Pool pool, int places) => Enumerable.Range(1, places).Select(number => new PlaceName(pool, number));

    /// <summary>Accepts exactly what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out PlaceName place)
    {
        place = default;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        foreach (Pool pool in Enum.GetValues<Pool>())
        {
            string start = $"{Prefix}{NameOf(pool)}-";
            if (text.StartsWith(start, StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(start.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                && number > 0
                && new PlaceName(pool, number) is { } candidate
                && candidate.ToString() == text)
            {
                place = candidate;
                return true;
            }
        }

        return false;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{NameOf(Pool)}-{Number:00}");
}
