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
    public override string ToString() => Percent is decimal percent ? Write(percent, 1) : "n/a";

    /// <summary>As <see cref="ToString"/>, with as many decimals as it takes not to look equal to a limit it misses: 79.96 beside 80 stays <c>79.96 %</c>.</summary>
    public string ToTextBeside(decimal limit)
    {
        if (Percent is not decimal percent)
        {
            return "n/a";
        }

        int decimals = 1;
        while (decimals < 10 && percent != limit && Math.Round(percent, decimals, MidpointRounding.AwayFromZero) == Math.Round(limit, decimals, MidpointRounding.AwayFromZero))
        {
            decimals++;
        }

        return Write(percent, decimals);
    }

    private static string Write(decimal percent, int decimals) =>
        Math.Round(percent, decimals, MidpointRounding.AwayFromZero).ToString("0.##########", CultureInfo.InvariantCulture) + "\u00A0%";
}
