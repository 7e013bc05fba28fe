using System.Globalization;
using Plenary.Notifications;

namespace Plenary.Functions.Tests.Notifications;

/// <summary>What a calendar makes of our times, with nothing but the zone that stands in the file.</summary>
public sealed class CalendarZoneTests
{
    private const string Wall = "yyyyMMdd'T'HHmmss";

    public static TheoryData<string> Zones { get; } =
    [
        "Asia/Tokyo", "Asia/Jakarta", "Asia/Kathmandu", "Asia/Tehran", "Europe/Istanbul", "Europe/London", "Europe/Dublin", "Pacific/Fiji", "Pacific/Auckland",
        "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Pyongyang", "Etc/GMT+12",
    ];

    [Theory]
    [MemberData(nameof(Zones))]
    public void Every_half_hour_of_a_year_is_read_as_the_instant_it_is(string name)
    {
        CalendarZone zone = new(name);
        foreach (int year in (int[])[2016, 2018, 2021, 2022, 2023, 2026])
        {
            DateTimeOffset first = new(year, 1, 1, 0, 0, 0, TimeSpan.Zero);
            DateTimeOffset last = first.AddYears(1).AddMinutes(-30);
            ReadZone read = ReadZone.Of([.. zone.Lines(first, last)]);
            Assert.Equal(name, read.Name);
            for (DateTimeOffset instant = first; instant <= last; instant = instant.AddMinutes(30))
            {
                Assert.Equal((name, instant), (name, read.InstantOf(zone.Local(instant))));
            }
        }
    }

    [Theory]
    [InlineData("Europe/London", 2023, 3)]
    [InlineData("Asia/Tokyo", 2023, 1)]
    [InlineData("Asia/Tehran", 2022, 3)]
    [InlineData("Asia/Tehran", 2024, 1)]
    [InlineData("Pacific/Fiji", 2024, 1)]
    public void Only_years_with_a_change_of_the_clock_tell_of_one(string name, int year, int observances)
    {
        DateTimeOffset session = new(year, 6, 1, 9, 0, 0, TimeSpan.Zero);

        string[] lines = [.. new CalendarZone(name).Lines(session, session.AddHours(8))];

        Assert.Equal(observances, lines.Count(line => line is "BEGIN:STANDARD" or "BEGIN:DAYLIGHT"));
        Assert.DoesNotContain(lines, line => line.StartsWith("TZNAME", StringComparison.Ordinal));
    }

    [Fact]
    public void The_second_of_two_equal_hours_is_told_in_UTC()
    {
        CalendarZone london = new("Europe/London");

        Assert.Equal(";TZID=Europe/London:20231029T013000", london.Local(new DateTimeOffset(2023, 10, 29, 0, 30, 0, TimeSpan.Zero)));
        Assert.Equal(":20231029T013000Z", london.Local(new DateTimeOffset(2023, 10, 29, 1, 30, 0, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("UTC")]
    [InlineData("Etc/UTC")]
    public void UTC_needs_no_zone(string name)
    {
        CalendarZone utc = new(name);
        DateTimeOffset instant = new(2023, 8, 14, 2, 0, 0, TimeSpan.Zero);

        Assert.Empty(utc.Lines(instant, instant));
        Assert.Equal(":20230814T020000Z", utc.Local(instant));
    }

    /// <summary>A VTIMEZONE as a reader takes it: of the onsets that are not after a local time, the last one holds.</summary>
    private sealed record ReadZone(string Name, IReadOnlyList<(DateTime Onset, TimeSpan To)> Observances)
    {
        public static ReadZone Of(IReadOnlyList<string> lines)
        {
            Assert.Equal(("BEGIN:VTIMEZONE", "END:VTIMEZONE"), (lines[0], lines[^1]));
            List<(DateTime, TimeSpan)> observances = [];
            TimeSpan? before = null;
            for (int at = 2; at < lines.Count - 1; at += 5)
            {
                Assert.Equal(lines[at].Replace("BEGIN:", "END:", StringComparison.Ordinal), lines[at + 4]);
                TimeSpan from = Offset(lines[at + 2], "TZOFFSETFROM:");
                Assert.Equal(before ?? from, from);
                before = Offset(lines[at + 3], "TZOFFSETTO:");
                observances.Add((DateTime.ParseExact(Value(lines[at + 1], "DTSTART:"), Wall, CultureInfo.InvariantCulture), before.Value));
            }

            Assert.Equal(observances.OrderBy(one => one.Item1), observances);
            return new ReadZone(Value(lines[1], "TZID:"), observances);
        }

        public DateTimeOffset InstantOf(string property)
        {
            if (property.EndsWith('Z'))
            {
                return DateTimeOffset.ParseExact(property, $"':'{Wall}'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            }

            string[] parts = property.Split(':');
            Assert.Equal($";TZID={Name}", parts[0]);
            DateTime local = DateTime.ParseExact(parts[1], Wall, CultureInfo.InvariantCulture);
            return new DateTimeOffset(local, Observances.Last(one => one.Onset <= local).To);
        }

        private static TimeSpan Offset(string line, string name)
        {
            string text = Value(line, name);
            TimeSpan size = TimeSpan.ParseExact(text[1..], "hhmm", CultureInfo.InvariantCulture);
            return text[0] == '-' ? -size : size;
        }

        private static string Value(string line, string name)
        {
            Assert.StartsWith(name, line, StringComparison.Ordinal);
            return line[name.Length..];
        }
    }
}
