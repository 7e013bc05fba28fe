using Plenary.Domain;
using Plenary.Shared.Charts;

namespace Plenary.Functions.Tests.Domain.Selection;

public sealed class FillForecastTests
{
    private static readonly DateTimeOffset Closing = new(2023, 7, 31, 15, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Expected_is_what_came_and_as_many_more_as_came_in_the_middle_of_earlier_projects()
    {
        // Seven days before the closing 10 of 20 places have a nominee. Earlier projects had 20, 30 and 60 more for every 100 places from there on.
        NominationTimes project = Times(Closing, 20, (10, 10));
        FillForecast forecast = FillForecast.Of(project, [Earlier(100, 20), Earlier(50, 15), Earlier(10, 6)], Closing.AddDays(-7));

        Assert.Equal((80m, 70m, 110m), (forecast.Expected[^1], forecast.Low[^1], forecast.High[^1]));
        Assert.Equal(50m, forecast.Actual[^8]);
        Assert.Null(forecast.Actual[^7]);
        Assert.Equal((50m, 50m, 50m), (forecast.Expected[^8], forecast.Low[^8], forecast.High[^8]));
        Assert.Null(forecast.Expected[^9]);
        Assert.All(forecast.Days.Index(), day => Assert.True(forecast.Low[day.Index] is not decimal low || (low <= forecast.Expected[day.Index] && forecast.Expected[day.Index] <= forecast.High[day.Index])));
    }

    [Fact]
    public void After_the_closing_there_is_nothing_to_expect()
    {
        FillForecast forecast = FillForecast.Of(Times(Closing, 20, (10, 10)), [Earlier(100, 20)], Closing);

        Assert.All(forecast.Expected, value => Assert.Null(value));
        Assert.All(forecast.Actual, value => Assert.NotNull(value));
        Assert.Equal(50m, forecast.Actual[^1]);
    }

    [Fact]
    public void Without_an_earlier_project_that_had_nominations_nothing_is_expected()
    {
        FillForecast forecast = FillForecast.Of(Times(Closing, 20, (10, 10)), [Earlier(100, 0) with { SubmittedAt = [] }], Closing.AddDays(-3));

        Assert.All(forecast.Expected.Concat(forecast.Earlier), value => Assert.Null(value));
    }

    [Fact]
    public void A_band_is_drawn_behind_its_line_and_refuses_other_lengths()
    {
        string svg = ChartSvg.DrawLines("c", "Title", "Description", ["2", "1", "0"], [new ChartSeries("Expected", [null, 5, 8])], band: new ChartBand("Low", [null, 5, 6], "High", [null, 5, 20]));

        Assert.Contains($"fill=\"{ChartColours.Shade}\"", svg, StringComparison.Ordinal);
        Assert.True(svg.IndexOf("<polygon", StringComparison.Ordinal) < svg.IndexOf("<polyline", StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => ChartSvg.DrawLines("c", "Title", "Description", ["1"], [], band: new ChartBand("Low", [], "High", [1])));
    }

    private static NominationTimes Earlier(int places, int more) => Times(Closing.AddYears(-1), places, (places / 2, 9), (more, 1));

    private static NominationTimes Times(DateTimeOffset closing, int places, params (int Count, int DaysBefore)[] waves) =>
        new(closing, places, [.. waves.SelectMany(wave => Enumerable.Repeat(closing.AddDays(-wave.DaysBefore), wave.Count))]);
}
