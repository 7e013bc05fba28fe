using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Plenary.Shared.Charts;

namespace Plenary.Functions.Tests.Shared.Charts;

public sealed class ChartTests
{
    private static readonly ChartPoint[] Points = [new("Fiji", 3), new("ประเทศไทย", 12), new("Nobody", 0), new("Kept back", null)];

    [Fact]
    public async Task A_bar_chart_is_an_image_with_title_and_description_and_a_table_with_the_same_numbers()
    {
        IHtmlDocument page = await Render<BarChart>(new()
        {
            ["Id"] = "by-economy",
            ["Title"] = "Participants by economy",
            ["Description"] = "Thailand sent most.",
            ["Points"] = Points,
            ["LabelHeader"] = "Economy",
            ["ValueHeader"] = "Participants",
        });

        IElement svg = page.QuerySelector("svg")!;
        Assert.Equal("img", svg.GetAttribute("role"));
        Assert.Equal("Participants by economy", page.GetElementById(svg.GetAttribute("aria-labelledby")!)!.TextContent);
        Assert.Equal("Thailand sent most.", page.GetElementById(svg.GetAttribute("aria-describedby")!)!.TextContent);
        Assert.Equal(["3", "12", "0", "not shown"], page.QuerySelectorAll("tbody td").Select(cell => cell.TextContent));
        Assert.Equal(["Fiji", "ประเทศไทย", "Nobody", "Kept back"], page.QuerySelectorAll("tbody th[scope=row]").Select(cell => cell.TextContent));
        Assert.Equal(["Economy", "Participants"], page.QuerySelectorAll("thead th[scope=col]").Select(cell => cell.TextContent));
        Assert.StartsWith("Participants by economy", page.QuerySelector("caption")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["Fiji", "3", "ประเทศไทย", "12", "Nobody", "0", "Kept back", "not shown"], svg.QuerySelectorAll("text").Select(text => text.TextContent));
        AssertStrict(page);
    }

    [Fact]
    public async Task Bars_are_as_long_as_their_values()
    {
        IHtmlDocument page = await Render<BarChart>(new() { ["Id"] = "b", ["Title"] = "T", ["Description"] = "D.", ["Points"] = Points });

        List<decimal> lengths = [.. Bars(page, ChartColours.Bar)];
        Assert.Equal(2, lengths.Count);
        Assert.Equal(4m, lengths[1] / lengths[0]);
    }

    [Fact]
    public async Task A_stacked_bar_is_divided_by_its_parts_and_names_them_in_a_legend()
    {
        ChartSeries[] series = [new("Poor", [1, 0, null]), new("Fair", [1, 0, null]), new("Good", [2, 0, null])];
        IHtmlDocument page = await Render<StackedBarChart>(new()
        {
            ["Id"] = "s",
            ["Title"] = "Ratings",
            ["Description"] = "Most were good.",
            ["Labels"] = new[] { "Overall", "Pace", "Topic" },
            ["Series"] = series,
        });

        List<decimal> good = [.. Bars(page, ChartColours.Apart[2]).Where(length => length > 14)];
        List<decimal> poor = [.. Bars(page, ChartColours.Apart[0]).Where(length => length > 14)];
        Assert.Equal(2m, (good.Single() + 2) / (poor.Single() + 2));
        List<string> texts = [.. page.QuerySelectorAll("svg text").Select(text => text.TextContent)];
        Assert.Equal(["Poor", "Fair", "Good"], texts.Take(3));
        Assert.Contains("none", texts);
        Assert.Contains("not shown", texts);
        Assert.Equal(["1", "1", "2", "0", "0", "0", "not shown", "not shown", "not shown"], page.QuerySelectorAll("tbody td").Select(cell => cell.TextContent));
        AssertStrict(page);
    }

    [Fact]
    public async Task A_line_breaks_where_a_value_is_missing()
    {
        ChartSeries[] series = [new("Nominations", [1, 4, null, 9, 16]), new("Drafts", [2, 2, 2, 2, 2])];
        IHtmlDocument page = await Render<LineChart>(new()
        {
            ["Id"] = "l",
            ["Title"] = "Day by day",
            ["Description"] = "They grew.",
            ["Labels"] = new[] { "1 July", "2 July", "3 July", "4 July", "5 July" },
            ["Series"] = series,
        });

        Assert.Equal([2, 2, 5], page.QuerySelectorAll("polyline").Select(line => line.GetAttribute("points")!.Split(' ').Length));
        Assert.Equal(10, page.QuerySelectorAll("tbody td").Length);
        Assert.NotEmpty(page.QuerySelectorAll("circle"));
        AssertStrict(page);
    }

    [Fact]
    public async Task Markup_in_a_label_stays_text()
    {
        const string nasty = "<script>alert('x')</script>\u0001&\"";
        IHtmlDocument page = await Render<BarChart>(new()
        {
            ["Id"] = "x",
            ["Title"] = nasty,
            ["Description"] = nasty,
            ["Points"] = new ChartPoint[] { new(nasty, 1) },
        });

        Assert.Empty(page.QuerySelectorAll("script"));
        Assert.Contains("<script>", page.QuerySelector("svg title")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_to_show_is_said()
    {
        IHtmlDocument page = await Render<BarChart>(new() { ["Id"] = "e", ["Title"] = "T", ["Description"] = "D.", ["Points"] = Array.Empty<ChartPoint>() });

        Assert.Contains("nothing to show yet", page.QuerySelector("svg")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_negative_count_is_a_mistake_of_the_caller() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ChartSvg.DrawBars("n", "T", "D.", [new ChartPoint("a", -1)]));

    [Fact]
    public void Series_of_another_length_are_a_mistake_of_the_caller() =>
        Assert.Throws<ArgumentException>(() => ChartSvg.DrawLines("n", "T", "D.", ["a", "b"], [new ChartSeries("s", [1])]));

    [Fact]
    public void A_long_label_is_cut_between_characters()
    {
        string svg = ChartSvg.DrawBars("n", "T", "D.", [new ChartPoint(string.Concat(Enumerable.Repeat("👩\u200D🔬", 40)), 1)]);

        IElement label = new HtmlParser().ParseDocument(svg).QuerySelector("text")!;
        Assert.EndsWith("\U0001F52C\u2026", label.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_question_stands_on_two_lines()
    {
        string svg = ChartSvg.DrawStackedBars("n", "T", "D.", ["How closely did the topics fit the work you do?"], [new ChartSeries("Good", [1])]);

        IHtmlCollection<IElement> lines = new HtmlParser().ParseDocument(svg).QuerySelectorAll("tspan");
        Assert.Equal(2, lines.Length);
        Assert.Equal("How closely did the topics fit the work you do?", string.Join(' ', lines.Select(line => line.TextContent)));
    }

    [Theory]
    [InlineData(0, 4, 1)]
    [InlineData(3, 3, 0.5)]
    [InlineData(9, 10, 2)]
    [InlineData(35, 35, 5)]
    [InlineData(41, 50, 10)]
    [InlineData(100, 100, 20)]
    [InlineData(123456, 140000, 20000)]
    public void Axes_end_at_round_numbers(decimal greatest, decimal end, decimal step)
    {
        ChartScale scale = new(greatest);

        Assert.Equal(end, scale.End);
        Assert.Equal(step, scale.Step);
        Assert.InRange(scale.Ticks.Count(), 5, 11);
    }

    [Fact]
    public void Every_colour_stands_out_from_paper_and_carries_white_text()
    {
        Assert.All(ChartColours.Apart.Concat(ChartColours.FiveSteps).Append(ChartColours.Bar), colour => Assert.True(Contrast(colour, ChartColours.Paper) >= 4.5, colour));
        Assert.True(Contrast(ChartColours.QuietInk, ChartColours.Paper) >= 4.5);
    }

    private static IEnumerable<decimal> Bars(IHtmlDocument page, string colour) =>
        page.QuerySelectorAll($"rect[fill='{colour}']").Select(bar => decimal.Parse(bar.GetAttribute("width")!, CultureInfo.InvariantCulture));

    private static void AssertStrict(IHtmlDocument page)
    {
        Assert.Empty(page.QuerySelectorAll("script, style, [style], image, use, foreignObject, [href]"));
        Assert.DoesNotContain(page.All.SelectMany(element => element.Attributes), attribute => attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(page.QuerySelectorAll("[id]").Length, page.QuerySelectorAll("[id]").Select(element => element.Id).Distinct().Count());
    }

    private static double Contrast(string left, string right)
    {
        double a = Luminance(left);
        double b = Luminance(right);
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        double Channel(int at)
        {
            double value = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255d;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Channel(1)) + (0.7152 * Channel(3)) + (0.0722 * Channel(5));
    }

    private static async Task<IHtmlDocument> Render<TComponent>(Dictionary<string, object?> parameters)
        where TComponent : IComponent
    {
        await using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        await using HtmlRenderer renderer = new(services, NullLoggerFactory.Instance);
        string html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString());
        return new HtmlParser().ParseDocument(html);
    }
}
