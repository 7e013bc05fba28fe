namespace Plenary.Domain;

/// <summary>Terms that stand still on an economy's days off.</summary>
public static class WorkingDays
{
    /// <summary>When the term is over for people there: their own clock runs through working days, midnight to midnight, and not through weekends and holidays.</summary>
    public static DateTimeOffset EndOf(DateTimeOffset from, TimeSpan term, Economy economy)
    {
        ArgumentNullException.ThrowIfNull(economy);
        if (economy.Weekend.Distinct().Count() >= 7)
        {
            throw new ArgumentException("Somebody works there on some day.", nameof(economy));
        }

        DateTime local = TimeZoneInfo.ConvertTime(from, TimeZoneInfo.FindSystemTimeZoneById(economy.Zone)).DateTime;
        TimeSpan left = term;
        while (true)
        {
            DateTime midnight = local.Date.AddDays(1);
            if (economy.WorksOn(DateOnly.FromDateTime(local)))
            {
                if (left <= midnight - local)
                {
                    return ProjectCalendar.ToInstant(local + left, economy.Zone).At;
                }

                left -= midnight - local;
            }

            local = midnight;
        }
    }
}
