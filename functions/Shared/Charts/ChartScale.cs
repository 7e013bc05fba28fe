using System.Globalization;

namespace Plenary.Shared.Charts;

/// <summary>An axis from zero to a round number at or above the greatest value.</summary>
public sealed class ChartScale
{
    private const int FewestSteps = 4;

    /// <param name="greatest">The greatest value to be shown.</param>
    /// <param name="fixedEnd">Where the scale must end instead, such as 5 for ratings; ignored when a value lies beyond.</param>
    public ChartScale(decimal greatest, decimal? fixedEnd = null)
    {
        decimal reach = fixedEnd is decimal end && end >= greatest ? end : greatest;
        Step = FindStep(reach);
        End = reach <= 0 ? Step * FewestSteps : fixedEnd == reach ? reach : Math.Ceiling(reach / Step) * Step;
    }

    public decimal End { get; }

    public decimal Step { get; }

    public IEnumerable<decimal> Ticks
    {
        get
        {
            for (decimal tick = 0; tick <= End; tick += Step)
            {
                yield return tick;
            }
        }
    }

    /// <summary>At most two decimals, thousands apart.</summary>
    public static string Write(decimal value) => value.ToString("#,0.##", CultureInfo.InvariantCulture);

    public decimal Place(decimal value, decimal length) => Math.Round(value / End * length, 2);

    // 1, 2 or 5 times a power of ten, so that there are some four to ten steps.
    private static decimal FindStep(decimal reach)
    {
        decimal step = 1m;
        if (reach <= 0)
        {
            return step;
        }

        while (reach / step > 100m)
        {
            step *= 10m;
        }

        while (reach / step < FewestSteps && step > 0.0001m)
        {
            step /= 10m;
        }

        foreach (decimal factor in (decimal[])[20m, 10m, 5m, 2m])
        {
            if (reach / (step * factor) >= FewestSteps)
            {
                return step * factor;
            }
        }

        return step;
    }
}
