using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Notifications;

public sealed class DateTextTests
{
    [Theory]
    [InlineData("3 July 2023")]
    [InlineData("03 Jul 2023")]
    [InlineData("3 Jul. 2023")]
    [InlineData("3rd JULY, 2023")]
    [InlineData("July 3, 2023")]
    [InlineData("3-Jul-2023")]
    [InlineData("2023-07-03")]
    [InlineData("Monday, 3 July 2023")]
    [InlineData("Mon 3 July 2023")]
    public void A_date_is_read(string text) => Assert.Equal(new DateOnly(2023, 7, 3), Value(DateText.Read(text, "f")));

    [Theory]
    [InlineData("14 August 2023–16 August 2023", "2023-08-14", "2023-08-16")]
    [InlineData("14–16 August 2023", "2023-08-14", "2023-08-16")]
    [InlineData("14-16 August 2023", "2023-08-14", "2023-08-16")]
    [InlineData("14 to 16 August 2023", "2023-08-14", "2023-08-16")]
    [InlineData("from 14 until 16 Aug 2023", "2023-08-14", "2023-08-16")]
    [InlineData("30 August – 1 September 2023", "2023-08-30", "2023-09-01")]
    [InlineData("30 December 2023 to 3 January 2024", "2023-12-30", "2024-01-03")]
    [InlineData("August 14–16, 2023", "2023-08-14", "2023-08-16")]
    [InlineData("August 30 - September 1, 2023", "2023-08-30", "2023-09-01")]
    [InlineData("December 30, 2023 — January 3, 2024", "2023-12-30", "2024-01-03")]
    [InlineData("2023-08-14 to 2023-08-16", "2023-08-14", "2023-08-16")]
    [InlineData("2023-08-14/2023-08-16", "2023-08-14", "2023-08-16")]
    [InlineData("Monday 14 August 2023 to Wednesday 16 August 2023", "2023-08-14", "2023-08-16")]
    [InlineData("29 February 2024", "2024-02-29", "2024-02-29")]
    public void A_range_is_read(string text, string first, string last) =>
        Assert.Equal((DateOnly.Parse(first, null), DateOnly.Parse(last, null)), Value(DateText.ReadRange(text, "f")));

    [Theory]
    [InlineData("03/04/2023", "date-ambiguous")]
    [InlineData("31/07/2023", "date-ambiguous")]
    [InlineData("3.7.2023", "date-ambiguous")]
    [InlineData("03-04-2023", "date-ambiguous")]
    [InlineData("03-04-23", "date-ambiguous")]
    [InlineData("31 June 2023", "date-impossible")]
    [InlineData("29 February 2023", "date-impossible")]
    [InlineData("2023-13-01", "date-impossible")]
    [InlineData("2023-00-00", "date-impossible")]
    [InlineData("0 July 2023", "date-impossible")]
    [InlineData("3 July 1023", "date-impossible")]
    [InlineData("3 July 9999", "date-impossible")]
    [InlineData("Tuesday, 3 July 2023", "date-weekday-wrong")]
    [InlineData("3 Juli 2023", "date-not-understood")]
    [InlineData("3 July", "date-not-understood")]
    [InlineData("July 2023", "date-not-understood")]
    [InlineData("soon", "date-not-understood")]
    [InlineData("3 July 2023 (tentative)", "date-not-understood")]
    [InlineData("3 July 20233", "date-not-understood")]
    [InlineData("14–16 August 2023", "date-not-understood")]
    [InlineData("Not Applicable", "date-not-understood")]
    [InlineData("𝟛 July 2023", "date-not-understood")]
    public void Anything_else_is_refused_with_a_remedy(string text, string code)
    {
        Refusal refusal = Assert.Single(DateText.Read(text, "f").Refusals);

        Assert.Equal((code, "f"), (refusal.Code, refusal.Field));
        Assert.NotNull(refusal.Remedy);
    }

    [Fact]
    public void Every_day_reads_back_from_its_display()
    {
        for (DateOnly day = new(2023, 1, 1); day.Year < 2025; day = day.AddDays(1))
        {
            Assert.Equal(day, Value(DateText.Read(DateText.Display(day), "f")));
        }
    }

    private static T Value<T>(Outcome<T> outcome)
    {
        Assert.True(outcome.TryGet(out T? value), string.Join(' ', outcome.Refusals.Select(static refusal => refusal.Reason)));
        return value!;
    }
}
