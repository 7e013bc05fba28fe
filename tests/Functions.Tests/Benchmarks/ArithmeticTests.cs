using Plenary.Benchmarks.Figures;

namespace Plenary.Functions.Tests.Benchmarks;

public sealed class ArithmeticTests
{
    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(0.995, 100)]
    [InlineData(1, 100)]
    [InlineData(0.001, 1)]
    public void A_percentile_is_the_smallest_value_that_so_many_do_not_exceed(double share, double expected)
    {
        double[] values = [.. Enumerable.Range(1, 100).Select(number => (double)number).Reverse()];

        Assert.Equal(expected, Arithmetic.Percentile(values, share));
    }

    [Fact]
    public void A_percentile_of_one_value_is_that_value()
    {
        Assert.Equal(7, Arithmetic.Percentile([7], 0.99));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_growth_exponent_of_a_power_is_that_power(double power)
    {
        (double, double)[] points = [.. new[] { 1_000d, 10_000, 100_000 }.Select(size => (size, 3 * Math.Pow(size, power)))];

        Assert.Equal(power, Arithmetic.GrowthExponent(points), 10);
    }

    [Fact]
    public void The_growth_exponent_lies_between_its_points_when_they_lie_on_no_line()
    {
        double slope = Arithmetic.GrowthExponent([(10, 10), (100, 100), (1000, 100_000)]);

        Assert.InRange(slope, 1, 3);
        Assert.Equal(2, slope, 10);
    }

    [Theory]
    [InlineData(0.604, "%", "60.4 %")]
    [InlineData(1234.4, "/s", "1,234 /s")]
    [InlineData(0.0421, "s", "0.04 s")]
    [InlineData(12.34, "", "12.3")]
    public void A_figure_is_said_with_three_digits(double value, string unit, string expected)
    {
        Assert.Equal(expected, SheetLine.Words(value, unit));
    }

    [Fact]
    public void The_table_replaces_what_stands_between_its_markers_and_nothing_else()
    {
        Sheet sheet = new(
            new Machine(2, 8, "Some processor", "Linux", ".NET"),
            new DateTimeOffset(2023, 7, 3, 0, 0, 0, TimeSpan.Zero),
            TimeSpan.FromMinutes(3),
            [SheetLine.Of("start", "time", 1.6, "s").AtMost(1.5), SheetLine.Ratio("intake", "share", 0.7, "%").AtLeast(0.6)],
            ["A note."]);

        string page = sheet.WriteInto("before\n<!-- figures: written by ./bench --readme -->\nold\n<!-- end of figures -->\nafter\n");

        Assert.StartsWith("before\n<!-- figures: written by ./bench --readme -->\nMeasured on 2 cores of Some processor", page, StringComparison.Ordinal);
        Assert.EndsWith("- A note.\n<!-- end of figures -->\nafter\n", page, StringComparison.Ordinal);
        Assert.DoesNotContain("old", page, StringComparison.Ordinal);
        Assert.True(page.IndexOf("| intake: share | 70 % | ≥ 60 % | met |", StringComparison.Ordinal) < page.IndexOf("| start: time | 1.6 s | ≤ 1.5 s | **aim missed** |", StringComparison.Ordinal));
        Assert.Throws<InvalidOperationException>(() => sheet.WriteInto("no markers"));
    }
}
