using System.Globalization;
using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Time;

public sealed class WorkingDaysTests
{
    private static readonly Economy Bangladesh = new("bangladesh", "Bangladesh", true, "Asia/Dhaka", []) { Weekend = [DayOfWeek.Friday, DayOfWeek.Saturday] };
    private static readonly Economy Vietnam = new("vietnam", "Vietnam", true, "Asia/Ho_Chi_Minh", []) { Weekend = [DayOfWeek.Saturday, DayOfWeek.Sunday] };

    [Fact]
    public void A_day_that_begins_on_Thursday_at_five_ends_on_Sunday_in_Dhaka_and_on_Friday_in_Hanoi()
    {
        // 3 August 2023 was a Thursday.
        Assert.Equal(At("2023-08-06T17:00+06:00"), WorkingDays.EndOf(At("2023-08-03T17:00+06:00"), TimeSpan.FromHours(24), Bangladesh));
        Assert.Equal(At("2023-08-04T17:00+07:00"), WorkingDays.EndOf(At("2023-08-03T17:00+07:00"), TimeSpan.FromHours(24), Vietnam));
    }

    [Fact]
    public void A_holiday_counts_as_little_as_a_weekend()
    {
        Economy withHoliday = Vietnam with { Holidays = [new DateOnly(2023, 8, 4), new DateOnly(2023, 8, 7)] };

        Assert.Equal(At("2023-08-08T17:00+07:00"), WorkingDays.EndOf(At("2023-08-03T17:00+07:00"), TimeSpan.FromHours(24), withHoliday));
    }

    [Theory]
    [InlineData("2023-08-05T12:00+07:00", 1, "2023-08-07T01:00+07:00")]
    [InlineData("2023-08-04T00:00+07:00", 24, "2023-08-05T00:00+07:00")]
    [InlineData("2023-08-04T23:59+07:00", 1, "2023-08-07T00:59+07:00")]
    [InlineData("2023-08-01T13:00+07:00", 168, "2023-08-10T13:00+07:00")]
    [InlineData("2023-08-01T13:00+07:00", 0, "2023-08-01T13:00+07:00")]
    public void What_is_made_on_a_day_off_begins_on_the_next_working_day_and_seven_days_are_seven_working_days(string from, int hours, string until) =>
        Assert.Equal(At(until), WorkingDays.EndOf(At(from), TimeSpan.FromHours(hours), Vietnam));

    [Fact]
    public void Over_a_change_of_the_clock_the_hour_of_the_day_stays()
    {
        // Fiji put the clock forward on 13 January 2019 being back from summer time at 03:00; a Sunday.
        Economy fiji = new("fiji", "Fiji", true, "Pacific/Fiji", []) { Weekend = [DayOfWeek.Saturday, DayOfWeek.Sunday] };

        Assert.Equal(At("2019-01-14T17:00+12:00"), WorkingDays.EndOf(At("2019-01-11T17:00+13:00"), TimeSpan.FromHours(24), fiji));
    }

    [Fact]
    public void Where_nobody_ever_works_no_term_ends() =>
        Assert.Throws<ArgumentException>(() => WorkingDays.EndOf(default, TimeSpan.FromDays(1), Vietnam with { Weekend = Enum.GetValues<DayOfWeek>() }));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
