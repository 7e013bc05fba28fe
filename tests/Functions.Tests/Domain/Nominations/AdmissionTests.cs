using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Nominations;

public sealed class AdmissionTests
{
    /// <summary>End of 31 July 2023 in Tokyo.</summary>
    private static readonly DateTimeOffset Closing = new(2023, 7, 31, 15, 0, 0, TimeSpan.Zero);

    private static readonly Desk Desk = new()
    {
        Project = ProjectCode.Parse("23-IP-10-GE-WSP-A"),
        ProjectTitle = "Workshop",
        ProjectVersion = 1,
        Economy = "fiji",
        EconomyName = "Fiji",
        Zone = "Pacific/Fiji",
        ClosesAt = Closing,
        ProjectEndsAt = Closing.AddDays(16),
        MostNominees = 40,
        Generation = 1,
    };

    private static readonly Extension Any = new("K7QF-2M9X", null, "The line was cut.", Closing.AddHours(2), 1, "secretariat:1", "Aiko Mori", Closing.AddDays(-1), []);

    [Fact]
    public void A_millisecond_before_the_closing_is_in_time_and_uses_nothing_up() =>
        Assert.Equal(Admission.InTime, Desk.Admit(Closing.AddMilliseconds(-1), null, [Any]));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(59_999, 1)]
    [InlineData(60_000, 2)]
    [InlineData(7_199_999, 120)]
    public void From_the_closing_on_an_extension_lets_in_and_counts_the_minutes(int milliseconds, int minutes) =>
        Assert.Equal(
            $"late by {minutes} {(minutes == 1 ? "minute" : "minutes")}, extension K7QF-2M9X by Aiko Mori",
            Desk.Admit(Closing.AddMilliseconds(milliseconds), null, [Any]).Late?.Words);

    [Fact]
    public void At_its_own_end_an_extension_lets_nobody_in_and_says_when_that_was()
    {
        Refusal? closed = Desk.Admit(Any.Until, null, [Any]).Closed;

        Assert.Equal("nominations-closed", closed?.Code);
        Assert.Contains("14:59:59 UTC", closed?.Reason, StringComparison.Ordinal);
        Assert.Contains("16:59:59 UTC", closed?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Used_up_ended_or_for_another_nominee_it_lets_nobody_in()
    {
        Extension used = Any with { Uses = [new ExtensionUse("abc", Closing, 1)] };
        Extension ended = Any with { EndedAt = Closing };
        Extension other = Any with { Nominee = "abc" };

        Assert.Contains("used once", Desk.Admit(Closing, "xyz", [used]).Closed?.Reason, StringComparison.Ordinal);
        Assert.Contains("taken back", Desk.Admit(Closing, "xyz", [ended]).Closed?.Reason, StringComparison.Ordinal);
        Assert.NotNull(Desk.Admit(Closing, "xyz", [other]).Closed);
        Assert.NotNull(Desk.Admit(Closing, null, [other]).Closed);
        Assert.NotNull((Desk with { IsCancelled = true }).Admit(Closing, null, [Any]).Closed);
    }

    [Fact]
    public void An_extension_for_the_nominee_is_used_before_one_for_anybody()
    {
        Extension named = Any with { Id = "NAME-D222", Nominee = "abc", Until = Closing.AddHours(5) };

        Assert.Equal("NAME-D222", Desk.Admit(Closing, "abc", [Any, named]).By?.Id);
        Assert.Equal(Any.Id, Desk.Admit(Closing, "xyz", [Any, named]).By?.Id);
    }

    [Fact]
    public void Grace_is_off_by_default_and_marks_what_it_lets_in()
    {
        Desk graceful = Desk with { GraceMinutes = 15 };

        Assert.NotNull(Desk.Admit(Closing, null, []).Closed);
        Assert.Equal("late by 15 minutes, within the grace of the project", graceful.Admit(Closing.AddMinutes(15).AddMilliseconds(-1), null, [Any]).Late?.Words);
        Assert.NotNull(graceful.Admit(Closing.AddMinutes(15), null, []).Closed);
    }

    [Fact]
    public void A_national_date_closes_the_drafters_with_its_day_and_the_officer_keeps_the_desk()
    {
        Desk national = Desk with { NationalDate = new DateOnly(2023, 7, 29) };
        DateTimeOffset end = new(2023, 7, 29, 12, 0, 0, TimeSpan.Zero);

        Assert.Null(national.AdmitDrafter(end.AddMilliseconds(-1), "abc", []).Closed);
        Refusal? closed = national.AdmitDrafter(end, "abc", []).Closed;
        Assert.Equal("drafts-closed", closed?.Code);
        Assert.Contains("29 July 2023, 23:59:59 (Pacific/Fiji) — 29 July 2023, 11:59:59 UTC", closed?.Reason, StringComparison.Ordinal);
        Assert.Equal(Admission.InTime, national.Admit(end, "abc", []));
        Assert.Null(national.AdmitDrafter(end, "abc", [Any with { Nominee = "abc" }]).Closed);
        Assert.NotNull(national.AdmitDrafter(end, "abc", [Any]).Closed);
    }

    [Fact]
    public void The_last_day_of_the_desk_may_be_the_national_date_and_ends_with_the_desk()
    {
        // In Fiji the closing falls into the small hours of 1 August.
        DateOnly last = new(2023, 8, 1);
        DateTimeOffset now = Closing.AddDays(-5);

        Assert.Null(Desk.WhyNotNational(last, now));
        Assert.Equal(Closing, (Desk with { NationalDate = last }).DraftersCloseAt);
        Refusal? later = Desk.WhyNotNational(last.AddDays(1), now);
        Assert.Equal("national-date-late", later?.Code);
        Assert.Contains("2 August 2023, 23:59:59 (Pacific/Fiji) — 2 August 2023, 11:59:59 UTC", later?.Reason, StringComparison.Ordinal);
        Assert.Contains("1 August 2023, 02:59:59 (Pacific/Fiji) — 31 July 2023, 14:59:59 UTC", later?.Reason, StringComparison.Ordinal);
        Assert.Equal("national-date-past", Desk.WhyNotNational(new DateOnly(2023, 7, 20), now)?.Code);
    }

    [Fact]
    public void A_closing_that_moves_before_the_national_date_takes_the_drafters_with_it() =>
        Assert.Equal(Closing.AddDays(-9), (Desk with { NationalDate = new DateOnly(2023, 7, 29), ClosesAt = Closing.AddDays(-9) }).DraftersCloseAt);
}
