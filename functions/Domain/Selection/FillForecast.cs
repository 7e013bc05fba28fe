namespace Plenary.Domain;

/// <summary>When the nominations of one project came, as far as a forecast may know it.</summary>
/// <param name="Places">Of both pools; 1 and up.</param>
/// <param name="SubmittedAt">When each nomination that stands was first submitted, in any order.</param>
public sealed record NominationTimes(DateTimeOffset ClosesAt, int Places, IReadOnlyList<DateTimeOffset> SubmittedAt)
{
    /// <summary>Nominations so far for every 100 places.</summary>
    public decimal FillAt(DateTimeOffset at) => 100m * SubmittedAt.Count(submitted => submitted <= at) / Places;
}

/// <summary>
/// Nominations over the days before a closing, beside earlier projects, and what these lead to expect: each says how many came, for every 100 places, between this day and
/// the closing. The middle of what they say is expected; the least and the most any of them says are its uncertainty.
/// </summary>
/// <param name="Days">Days before the closing, the most first, 0 last; one for each value of the lists.</param>
/// <param name="Actual">For every 100 places; null where it lies ahead.</param>
/// <param name="Earlier">The middle of the earlier projects; null when there are none.</param>
/// <param name="Expected">From the last day that is known on; null before, and when nothing is to be expected.</param>
public sealed record FillForecast(
    IReadOnlyList<int> Days, IReadOnlyList<decimal?> Actual, IReadOnlyList<decimal?> Earlier, IReadOnlyList<decimal?> Expected, IReadOnlyList<decimal?> Low, IReadOnlyList<decimal?> High)
{
    public const int MostDays = 28;

    /// <param name="earlier">Projects that closed before; those without any nomination tell nothing and are left out.</param>
    public static FillForecast Of(NominationTimes project, IReadOnlyList<NominationTimes> earlier, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(earlier);
        NominationTimes[] models = [.. earlier.Where(one => one.SubmittedAt.Count > 0)];
        List<int> days = [.. Enumerable.Range(0, MostDays + 1).Reverse()];
        TimeSpan left = project.ClosesAt - now;
        bool isOpen = left > TimeSpan.Zero;
        List<decimal?> actual = [.. days.Select(day => TimeSpan.FromDays(day) >= left ? project.FillAt(project.ClosesAt.AddDays(-day)) : (decimal?)null)];
        List<decimal?> middle = [.. days.Select(day => Middle([.. models.Select(model => model.FillAt(model.ClosesAt.AddDays(-day)))]))];
        List<decimal?> expected = [];
        List<decimal?> low = [];
        List<decimal?> high = [];
        int lastKnown = actual.FindLastIndex(value => value is not null);
        decimal soFar = project.FillAt(now);
        for (int index = 0; index < days.Count; index++)
        {
            decimal[] said = isOpen && index > lastKnown
                ? [.. models.Select(model => soFar + model.FillAt(model.ClosesAt.AddDays(-days[index])) - model.FillAt(model.ClosesAt - left)).Order()]
                : [];

            // The line goes on from where the known one ends.
            bool joins = isOpen && models.Length > 0 && index == lastKnown;
            expected.Add(joins ? actual[index] : Middle(said));
            low.Add(joins ? actual[index] : said.Length == 0 ? null : said[0]);
            high.Add(joins ? actual[index] : said.Length == 0 ? null : said[^1]);
        }

        return new FillForecast(days, actual, middle, expected, low, high);
    }

    private static decimal? Middle(decimal[] values)
    {
        Array.Sort(values);
        return values.Length == 0 ? null : (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
