using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Attendance;

public sealed class AttendanceTests
{
    private static readonly ProjectSession[] Sessions = [.. Enumerable.Range(1, 3).Select(day => new ProjectSession(day, $"Day {day}", new DateTimeOffset(2023, 8, 13 + day, 2, 0, 0, TimeSpan.Zero), new DateTimeOffset(2023, 8, 13 + day, 5, 0, 0, TimeSpan.Zero)))];

    [Fact]
    public void Two_of_three_sessions_are_66_point_7_percent()
    {
        AttendanceSheet sheet = new(Sessions, [("n-1", 1), ("n-1", 3), ("n-1", 3), ("n-1", 9), ("n-2", 1)]);

        Assert.Equal(new Share(2, 3), sheet.ShareOf("n-1"));
        Assert.Equal("66.7\u00A0%", sheet.ShareOf("n-1").ToString());
        Assert.Equal(new Share(0, 3), sheet.ShareOf("nobody"));
        Assert.Equal(2, sheet.Attended);
        Assert.Equal(2, sheet.CountPresent(1));
        Assert.True(sheet.WasPresent("n-1", 3));
        Assert.False(sheet.WasPresent("n-2", 3));
    }

    [Fact]
    public void Below_the_minimum_there_is_no_certificate_and_the_reason_says_by_how_much()
    {
        CertificateVerdict verdict = CertificateRule.Default.Judge(new Share(799, 1000));

        Assert.False(verdict.IsEarned);
        Assert.Equal("attendance-below-minimum", verdict.ReasonCode);
        Assert.Contains("79.9\u00A0%", verdict.Reason, StringComparison.Ordinal);
        Assert.Contains("at least 80\u00A0%", verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80, 100, 80, true)]
    [InlineData(4, 5, 80, true)]
    [InlineData(79_999, 100_000, 80, false)]
    [InlineData(0, 3, 0, true)]
    [InlineData(3, 3, 100, true)]
    public void The_minimum_itself_is_enough_and_nothing_is_rounded_up_to_it(long part, long whole, int minimum, bool isEarned) =>
        Assert.Equal(isEarned, new CertificateRule(minimum).Judge(new Share(part, whole)).IsEarned);

    [Fact]
    public void A_share_that_misses_the_minimum_never_looks_equal_to_it()
    {
        Assert.Contains("79.999\u00A0%", CertificateRule.Default.Judge(new Share(79_999, 100_000)).Reason, StringComparison.Ordinal);
        Assert.Contains("66.67\u00A0%", new CertificateRule(66.7m).Judge(new Share(2, 3)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_sessions_nothing_is_certified() => Assert.Equal("attendance-no-sessions", CertificateRule.Default.Judge(new Share(0, 0)).ReasonCode);

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    public void A_minimum_outside_of_a_hundred_is_refused(int minimum) => Assert.True(CertificateRule.Of(minimum).IsRefused);

    [Fact]
    public void Overlapping_connections_count_once_whatever_their_zones()
    {
        DateTimeOffset start = new(2023, 8, 14, 2, 0, 0, TimeSpan.Zero);
        PresenceInterval[] intervals =
        [
            new(start.AddMinutes(60), start.AddMinutes(90)),
            new(start.AddMinutes(-10).ToOffset(TimeSpan.FromHours(12)), start.AddMinutes(30).ToOffset(TimeSpan.FromHours(12))),
            new(start.AddMinutes(20).ToOffset(TimeSpan.FromHours(7)), start.AddMinutes(40).ToOffset(TimeSpan.FromHours(7))),
            new(start.AddMinutes(25), start.AddMinutes(26)),
            new(start.AddMinutes(170), start.AddMinutes(300)),
            new(start.AddMinutes(100), start.AddMinutes(95)),
        ];

        Assert.Equal(TimeSpan.FromMinutes(40 + 30 + 10), PresenceIntervals.Measure(intervals, start, start.AddHours(3)));
    }
}
