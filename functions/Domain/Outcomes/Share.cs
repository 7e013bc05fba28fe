using System.Globalization;

namespace Plenary.Domain;

/// <summary>A part of a whole, kept exact: comparisons never go through rounding.</summary>
public readonly record struct Share(long Part, long Whole)
{
    /// <summary>Null when there is no whole to have a part of.</summary>
    public decimal? Percent => Whole > 0 ? 100m * Part / Whole : null;

    /// <summary>The minimum itself is enough; without a whole nothing is.</summary>
    public bool IsAtLeast(decimal percent) => Whole > 0 && 100m * Part >= percent * Whole;

    /// <summary>One decimal where it says something: <c>70 %</c>, <c>66.7 %</c>; <c>n/a</c> without a whole.</summary>
    public override string ToString() => Percent is decimal percent
        ? Math.Round(percent, 1, MidpointRounding.AwayFromZero).ToString("0.#", CultureInfo.InvariantCulture) + "\u00A0%"
        : "n/a";
}
