namespace Plenary.Benchmarks.Figures;

/// <summary>The two sums behind the table.</summary>
public static class Arithmetic
{
    /// <summary>The smallest measured value that at least this share of all values do not exceed (nearest rank): always one that occurred.</summary>
    /// <param name="share">Above 0, at most 1.</param>
    public static double Percentile(IReadOnlyCollection<double> values, double share)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfZero(values.Count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        double[] sorted = [.. values.Order()];
        return sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
    }

    /// <summary>
    /// The slope of the least-squares line through the logarithms: 0 for what does not grow, 1 for what grows in proportion, 2 for
    /// what grows with the square.
    /// </summary>
    /// <param name="points">Two or more sizes, all values above 0.</param>
    public static double GrowthExponent(IReadOnlyCollection<(double Size, double Cost)> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfLessThan(points.Count, 2);
        (double X, double Y)[] logs = [.. points.Select(point => (Math.Log(point.Size), Math.Log(point.Cost)))];
        double meanX = logs.Average(point => point.X);
        double meanY = logs.Average(point => point.Y);
        return logs.Sum(point => (point.X - meanX) * (point.Y - meanY)) / logs.Sum(point => (point.X - meanX) * (point.X - meanX));
    }
}
