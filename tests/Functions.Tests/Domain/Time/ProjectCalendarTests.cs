using System.Globalization;
using System.Text.Json;
using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Time;

public sealed class ProjectCalendarTests
{
    private static readonly DateOnly Closing = new(2023, 7, 31);

    [Theory]
    [InlineData("nominator", "Pacific/Fiji", "2023-07-31T12:00Z")]
    [InlineData("nominator", "Europe/Istanbul", "2023-07-31T21:00Z")]
    [InlineData("Asia/Tokyo", "Pacific/Fiji", "2023-07-31T15:00Z")]
    [InlineData("Asia/Tokyo", "Europe/Istanbul", "2023-07-31T15:00Z")]
    [InlineData("host", "Pacific/Fiji", "2023-07-31T17:00Z")]
    [InlineData("anywhere-on-earth", "Pacific/Fiji", "2023-08-01T12:00Z")]
    public void A_date_closes_under_the_policy(string policy, string nominatorZone, string at)
    {
        Assert.True(ClosingPolicy.TryParse(policy, out ClosingPolicy? read));
        ProjectCalendar calendar = new(read, "Asia/Jakarta");

        ClosingInstant closing = calendar.Closing(Closing, nominatorZone);

        Assert.Equal(At(at), closing.At);
        Assert.Equal(TimeSpan.Zero, closing.At.Offset);
        Assert.Equal(Adjustment.None, closing.Adjustment);
    }

    [Fact]
    public void The_instant_itself_is_too_late()
    {
        ClosingInstant closing = new ProjectCalendar(ClosingPolicy.Default, "Asia/Jakarta").Closing(Closing, "Asia/Dhaka");

        Assert.True(closing.IsOpenAt(closing.At.AddMilliseconds(-1)));
        Assert.False(closing.IsOpenAt(closing.At));
    }

    [Fact]
    public void The_round_is_over_with_its_last_economy()
    {
        string[] zones = ["Pacific/Fiji", "Europe/Istanbul", "Asia/Tokyo"];

        Assert.Equal(At("2023-07-31T21:00Z"), new ProjectCalendar(ClosingPolicy.Nominator, "Asia/Jakarta").LastClosing(Closing, zones).At);
        Assert.Equal(At("2023-07-31T15:00Z"), new ProjectCalendar(ClosingPolicy.Default, "Asia/Jakarta").LastClosing(Closing, zones).At);
    }

    [Fact]
    public void Nobody_anywhere_closes_before_the_first_closing()
    {
        ProjectCalendar perNominator = new(ClosingPolicy.Nominator, "Asia/Jakarta");

        Assert.Equal(At("2023-07-31T10:00Z"), perNominator.FirstClosing(Closing).At);
        Assert.All(TimeZoneInfo.GetSystemTimeZones().Where(zone => zone.HasIanaId), zone => Assert.True(perNominator.FirstClosing(Closing).At <= perNominator.Closing(Closing, zone.Id).At, zone.Id));
        Assert.Equal(At("2023-07-31T15:00Z"), new ProjectCalendar(ClosingPolicy.Default, "Asia/Jakarta").FirstClosing(Closing).At);
    }

    [Theory]
    [InlineData("zone")]
    [InlineData("Mars/Olympus")]
    [InlineData("Tokyo Standard Time")]
    [InlineData("")]
    [InlineData("../etc/passwd")]
    public void An_unknown_policy_is_not_read(string text) => Assert.False(ClosingPolicy.TryParse(text, out _));

    [Theory]
    [InlineData("host")]
    [InlineData("nominator")]
    [InlineData("anywhere-on-earth")]
    [InlineData("Asia/Tokyo")]
    public void A_policy_survives_text_and_JSON(string text)
    {
        Assert.True(ClosingPolicy.TryParse(text, out ClosingPolicy? policy));

        Assert.Equal(text, policy.ToString());
        Assert.Equal(policy, JsonSerializer.Deserialize<ClosingPolicy>(JsonSerializer.Serialize(policy)));
    }

    // Zones that change their clocks at midnight itself, so that the end of a date is missing or comes twice.
    [Theory]
    [InlineData("Africa/Cairo", "2023-04-27", "2023-04-27T22:00Z", Adjustment.Missing)]
    [InlineData("Africa/Cairo", "2024-04-25", "2024-04-25T22:00Z", Adjustment.Missing)]
    [InlineData("Africa/Cairo", "2023-10-26", "2023-10-26T22:00Z", Adjustment.None)]
    [InlineData("Asia/Beirut", "2024-03-30", "2024-03-30T22:00Z", Adjustment.Missing)]
    [InlineData("America/Santiago", "2023-09-02", "2023-09-03T04:00Z", Adjustment.Missing)]
    [InlineData("America/Havana", "2023-03-11", "2023-03-12T05:00Z", Adjustment.Missing)]
    [InlineData("America/Havana", "2023-11-04", "2023-11-05T04:00Z", Adjustment.Ambiguous)]
    [InlineData("America/Asuncion", "2023-09-30", "2023-10-01T04:00Z", Adjustment.Missing)]
    [InlineData("Atlantic/Azores", "2023-10-28", "2023-10-29T00:00Z", Adjustment.Ambiguous)]
    [InlineData("Asia/Tehran", "2022-03-21", "2022-03-21T20:30Z", Adjustment.Missing)]
    [InlineData("Pacific/Apia", "2011-12-29", "2011-12-30T10:00Z", Adjustment.Missing)]
    public void A_clock_change_at_midnight_is_settled_and_said(string zone, string date, string at, Adjustment adjustment)
    {
        ClosingInstant closing = ProjectCalendar.EndOf(DateOnly.Parse(date, CultureInfo.InvariantCulture), zone);

        Assert.Equal((At(at), adjustment), (closing.At, closing.Adjustment));
    }

    public static TheoryData<string> Zones =>
    [
        "Asia/Tokyo", "Asia/Jakarta", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tehran", "Europe/Istanbul", "Pacific/Fiji", "Asia/Dhaka",
        "Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo", "Pacific/Chatham", "Etc/GMT+12",
    ];

    /// <summary>
    /// Asks the other way round, from instants to local times: around each clock change of three years, and on the first days of months,
    /// each quarter of an hour is shown once, twice or never.
    /// </summary>
    [Theory]
    [MemberData(nameof(Zones))]
    public void Local_times_around_all_clock_changes_of_three_years_agree_with_the_clock_on_the_wall(string zone)
    {
        TimeZoneInfo found = TimeZoneInfo.FindSystemTimeZoneById(zone);
        for (DateTimeOffset day = new(2023, 1, 1, 0, 0, 0, TimeSpan.Zero); day.Year < 2026; day = day.AddDays(1))
        {
            if (day.Day == 1 || found.GetUtcOffset(day) != found.GetUtcOffset(day.AddDays(1)))
            {
                CheckAround(day, found, zone);
            }
        }
    }

    private static void CheckAround(DateTimeOffset day, TimeZoneInfo found, string zone)
    {
        Dictionary<DateTime, List<DateTimeOffset>> shown = [];
        for (DateTimeOffset at = day.AddDays(-2); at < day.AddDays(3); at = at.AddMinutes(15))
        {
            DateTime local = TimeZoneInfo.ConvertTime(at, found).DateTime;
            if (!shown.TryGetValue(local, out List<DateTimeOffset>? instants))
            {
                shown[local] = instants = [];
            }

            instants.Add(at);
        }

        // A day at either rim is left out: its instants may lie outside what was walked.
        DateTime middle = TimeZoneInfo.ConvertTime(day, found).DateTime;
        for (DateTime local = middle.AddDays(-1); local < middle.AddDays(2); local = local.AddMinutes(15))
        {
            (DateTimeOffset at, Adjustment adjustment) = ProjectCalendar.ToInstant(local, zone);
            List<DateTimeOffset>? instants = shown.GetValueOrDefault(local);

            Adjustment expected = instants is null ? Adjustment.Missing : instants.Count > 1 ? Adjustment.Ambiguous : Adjustment.None;
            Assert.True(expected == adjustment, $"{local:s} in {zone}: {adjustment} instead of {expected}.");
            if (instants is not null)
            {
                Assert.True(instants.Min() == at, $"{local:s} in {zone}: {at:u} instead of {instants.Min():u}.");
            }
            else
            {
                DateTime moved = TimeZoneInfo.ConvertTime(at, found).DateTime;
                Assert.True(moved > local && moved - local <= TimeSpan.FromHours(1), $"{local:s} in {zone} became {moved:s}.");
            }
        }
    }

    [Fact]
    public void A_session_has_instants_in_the_hosts_zone()
    {
        SessionTimes session = new ProjectCalendar(ClosingPolicy.Default, "Asia/Jakarta").Session(new DateOnly(2023, 8, 14), new TimeOnly(9, 30), new TimeOnly(12, 0));

        Assert.Equal((At("2023-08-14T02:30Z"), At("2023-08-14T05:00Z"), Adjustment.None), (session.StartsAt, session.EndsAt, session.Adjustment));
    }

    [Fact]
    public void A_session_may_run_past_midnight_and_over_a_clock_change()
    {
        SessionTimes past = ProjectCalendar.Session(new DateOnly(2023, 8, 14), new TimeOnly(22, 0), new TimeOnly(1, 0), "Asia/Jakarta");
        SessionTimes over = ProjectCalendar.Session(new DateOnly(2023, 10, 29), new TimeOnly(0, 30), new TimeOnly(1, 30), "Europe/London");

        Assert.Equal(TimeSpan.FromHours(3), past.EndsAt - past.StartsAt);
        Assert.Equal((TimeSpan.FromHours(1), Adjustment.Ambiguous), (over.EndsAt - over.StartsAt, over.Adjustment));
    }

    [Fact]
    public void The_last_moment_is_worded_in_the_readers_zone_and_in_UTC()
    {
        DateTimeOffset closesAt = At("2023-07-31T15:00Z");

        Assert.Equal("31 July 2023, 23:59:59 (Asia/Tokyo) — 31 July 2023, 14:59:59 UTC", ProjectCalendar.LastMoment(closesAt, "Asia/Tokyo"));
        Assert.Equal("31 July 2023, 14:59:59 UTC", ProjectCalendar.LastMoment(closesAt, "Etc/UTC"));
        Assert.Equal("1 August 2023, 02:59:59 (Pacific/Fiji) — 31 July 2023, 14:59:59 UTC", ProjectCalendar.LastMoment(closesAt, "Pacific/Fiji"));
        Assert.Equal("1 August 2023, 00:00 (Asia/Tokyo) — 31 July 2023, 15:00 UTC", ProjectCalendar.InZone(closesAt, "Asia/Tokyo"));
        Assert.Equal(new DateOnly(2023, 8, 1), ProjectCalendar.DateIn(closesAt, "Asia/Tokyo"));
    }

    [Fact]
    public void Where_midnight_is_skipped_the_last_moment_is_still_on_the_closing_date() =>
        Assert.StartsWith(
            "27 April 2023, 23:59:59 (Africa/Cairo)",
            ProjectCalendar.LastMoment(ProjectCalendar.EndOf(new DateOnly(2023, 4, 27), "Africa/Cairo").At, "Africa/Cairo"),
            StringComparison.Ordinal);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
