using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Attendance;

public sealed class AttendanceTests
{
    [Fact]
    public void Two_of_three_sessions_are_66_point_7_percent() => Assert.Equal("66.7\u00A0%", new Share(2, 3).ToString());

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
}
