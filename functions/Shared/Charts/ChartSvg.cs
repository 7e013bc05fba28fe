using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Plenary.Shared.Charts;

/// <summary>
/// Draws charts as SVG for pages and reports: an image with a title and a description, without script, style attributes or anything fetched, and with
/// every text encoded. To stand inside an HTML page; the numbers belong in a table beside it.
/// </summary>
public static class ChartSvg
{
    private const int Width = 680;
    private const int LabelWidth = 250;
    private const int ValueWidth = 90;
    private const int RowHeight = 32;
    private const int TwoLineRowHeight = 44;
    private const int BarHeight = 20;
    private const decimal MostLabelEms = 15.8m;
    private const int FontSize = 15;
    private const string NotShown = "not shown";

    /// <summary>Horizontal bars in the order given, each with its number.</summary>
    /// <param name="id">Unique on the page; the ids of title and description are made from it.</param>
    /// <param name="fixedEnd">Where the scale ends, such as 5 for ratings; by default a round number above the greatest value.</param>
    public static string DrawBars(string id, string title, string description, IReadOnlyList<ChartPoint> points, decimal? fixedEnd = null, string unit = "")
    {
        ArgumentNullException.ThrowIfNull(points);
        RefuseNegative(points.Select(point => point.Value));

        const int plot = Width - LabelWidth - ValueWidth;
        ChartScale scale = new(points.Max(point => point.Value) ?? 0, fixedEnd);
        int rowHeight = FindRowHeight(points.Select(point => point.Label));
        XElement svg = Begin(id, title, description, (Math.Max(points.Count, 1) * rowHeight) + 8);
        AddEmptyNotice(svg, points.Count);
        svg.Add(Line(LabelWidth, 0, LabelWidth, Math.Max(points.Count, 1) * rowHeight, ChartColours.QuietInk));
        for (int index = 0; index < points.Count; index++)
        {
            ChartPoint point = points[index];
            decimal top = index * rowHeight;
            decimal middle = top + (rowHeight / 2m);
            decimal length = scale.Place(point.Value ?? 0, plot);
            svg.Add(RowLabel(point.Label, middle));
            if (length > 0)
            {
                svg.Add(Rectangle(LabelWidth, middle - (BarHeight / 2m), length, BarHeight, ChartColours.Bar));
            }

            svg.Add(Text(LabelWidth + length + 6, middle + 5, point.Value is decimal value ? ChartScale.Write(value) + unit : NotShown, point.Value is null ? ChartColours.QuietInk : ChartColours.Ink));
        }

        return Write(svg);
    }

    /// <summary>One bar of full length for each label, divided among the series; a number stands in each part that has room for it.</summary>
    public static string DrawStackedBars(string id, string title, string description, IReadOnlyList<string> labels, IReadOnlyList<ChartSeries> series, IReadOnlyList<string>? colours = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        CheckSeries(labels, series);
        RefuseNegative(series.SelectMany(one => one.Values));

        const int plot = Width - LabelWidth - 10;
        const int gap = 2;
        IReadOnlyList<string> fills = colours ?? (series.Count == ChartColours.FiveSteps.Count ? ChartColours.FiveSteps : ChartColours.Apart);
        List<(XElement Mark, int Row)> legend = [.. LayLegend(series, fills)];
        int legendHeight = (legend.Select(entry => entry.Row).DefaultIfEmpty(-1).Max() + 1) * 24;
        int rowHeight = FindRowHeight(labels);
        XElement svg = Begin(id, title, description, legendHeight + 8 + (Math.Max(labels.Count, 1) * rowHeight) + 8);
        svg.Add(legend.Select(entry => entry.Mark));
        AddEmptyNotice(svg, labels.Count);
        for (int index = 0; index < labels.Count; index++)
        {
            decimal middle = legendHeight + 8 + ((index + 0.5m) * rowHeight);
            svg.Add(RowLabel(labels[index], middle));
            decimal total = series.Sum(one => one.Values[index] ?? 0);
            if (total == 0)
            {
                bool isHidden = series.Any(one => one.Values[index] is null);
                svg.Add(Text(LabelWidth + 6, middle + 5, isHidden ? NotShown : "none", ChartColours.QuietInk));
                continue;
            }

            decimal left = LabelWidth;
            for (int part = 0; part < series.Count; part++)
            {
                decimal value = series[part].Values[index] ?? 0;
                decimal length = Math.Round(value / total * plot, 2);
                if (length == 0)
                {
                    continue;
                }

                // The white gap keeps neighbours apart, whatever their colours.
                svg.Add(Rectangle(left, middle - 12, Math.Max(1, length - gap), 24, fills[part % fills.Count]));
                string number = ChartScale.Write(value);
                if (length >= 12 + (9 * number.Length))
                {
                    svg.Add(Text(left + ((length - gap) / 2), middle + 5, number, ChartColours.Paper, "middle"));
                }

                left += length;
            }
        }

        return Write(svg);
    }

    /// <summary>Values over an ordered axis, such as days. Each series has its own colour and mark; missing values leave a gap.</summary>
    /// <param name="band">A shade behind the lines, wherever both of its sides are known.</param>
    public static string DrawLines(
        string id, string title, string description, IReadOnlyList<string> labels, IReadOnlyList<ChartSeries> series, decimal? fixedEnd = null, ChartBand? band = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        CheckSeries(labels, series);
        IReadOnlyList<ChartSeries> sides = band is null ? [] : [new ChartSeries(band.LowName, band.Low), new ChartSeries(band.HighName, band.High)];
        CheckSeries(labels, sides);
        RefuseNegative(series.Concat(sides).SelectMany(one => one.Values));

        const int left = 56;
        const int right = Width - 24;
        const int plotHeight = 220;
        ChartScale scale = new(series.Concat(sides).SelectMany(one => one.Values).Max() ?? 0, fixedEnd);
        List<(XElement Mark, int Row)> legend = [.. LayLegend(series, ChartColours.Apart, hasMarks: true)];
        int top = ((legend.Select(entry => entry.Row).DefaultIfEmpty(-1).Max() + 1) * 24) + 14;
        decimal bottom = top + plotHeight;
        XElement svg = Begin(id, title, description, top + plotHeight + 34);
        svg.Add(legend.Select(entry => entry.Mark));
        foreach (decimal tick in scale.Ticks)
        {
            decimal y = bottom - scale.Place(tick, plotHeight);
            svg.Add(Line(left, y, right, y, tick == 0 ? ChartColours.QuietInk : ChartColours.Grid));
            svg.Add(Text(left - 8, y + 5, ChartScale.Write(tick), ChartColours.Ink, "end"));
        }

        decimal StepTo(int index) => labels.Count < 2 ? left + ((right - left) / 2m) : Math.Round(left + (index * (decimal)(right - left) / (labels.Count - 1)), 2);

        if (band is not null)
        {
            int[] known = [.. Enumerable.Range(0, labels.Count).Where(index => band.Low[index] is not null && band.High[index] is not null)];
            svg.Add(Polygon(
                ChartColours.Shade,
                [
                    .. known.Select(index => (StepTo(index), bottom - scale.Place(band.High[index] ?? 0, plotHeight))),
                    .. known.Reverse().Select(index => (StepTo(index), bottom - scale.Place(band.Low[index] ?? 0, plotHeight))),
                ]));
        }

        int every = Math.Max(1, (int)Math.Ceiling(labels.Count / 7d));
        for (int index = 0; index < labels.Count; index += every)
        {
            string anchor = index == 0 && labels.Count > 1 ? "start" : index == labels.Count - 1 && labels.Count > 1 ? "end" : "middle";
            svg.Add(Text(anchor == "start" ? left : StepTo(index), bottom + 24, Shorten(labels[index], 7), ChartColours.Ink, anchor));
        }

        for (int one = 0; one < series.Count; one++)
        {
            string colour = ChartColours.Apart[one % ChartColours.Apart.Count];
            List<string> run = [];
            for (int index = 0; index <= labels.Count; index++)
            {
                if (index < labels.Count && series[one].Values[index] is decimal value)
                {
                    decimal x = StepTo(index);
                    decimal y = bottom - scale.Place(value, plotHeight);
                    run.Add(string.Create(CultureInfo.InvariantCulture, $"{x},{y}"));
                    if (labels.Count <= 40)
                    {
                        svg.Add(Mark(one, x, y, colour));
                    }
                }
                else if (run.Count > 0)
                {
                    svg.Add(new XElement("polyline", new XAttribute("points", string.Join(' ', run)), new XAttribute("fill", "none"), new XAttribute("stroke", colour), new XAttribute("stroke-width", "2.5")));
                    run = [];
                }
            }
        }

        AddEmptyNotice(svg, labels.Count * series.Count);
        return Write(svg);
    }

    private static XElement Begin(string id, string title, string description, int height)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return new XElement(
            "svg",
            new XAttribute("class", "plenary-chart__image"),
            new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {Width} {height}")),
            new XAttribute("width", "100%"),
            new XAttribute("role", "img"),
            new XAttribute("aria-labelledby", Clean($"{id}-title")),
            new XAttribute("aria-describedby", Clean($"{id}-description")),
            new XAttribute("font-family", "system-ui, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif"),
            new XAttribute("font-size", FontSize),
            new XElement("title", new XAttribute("id", Clean($"{id}-title")), Clean(title)),
            new XElement("desc", new XAttribute("id", Clean($"{id}-description")), Clean(description)),
            Rectangle(0, 0, Width, height, ChartColours.Paper));
    }

    private static IEnumerable<(XElement Mark, int Row)> LayLegend(IReadOnlyList<ChartSeries> series, IReadOnlyList<string> colours, bool hasMarks = false)
    {
        decimal x = 0;
        int row = 0;
        for (int index = 0; index < series.Count; index++)
        {
            string name = Shorten(series[index].Name, MostLabelEms);
            decimal width = 40 + (Measure(name) * FontSize);
            if (x > 0 && x + width > Width)
            {
                x = 0;
                row++;
            }

            decimal top = row * 24;
            string colour = colours[index % colours.Count];
            yield return (hasMarks ? Mark(index, x + 9, top + 10, colour) : Rectangle(x + 2, top + 3, 14, 14, colour), row);
            yield return (Text(x + 22, top + 15, name, ChartColours.Ink), row);
            x += width;
        }
    }

    private static int FindRowHeight(IEnumerable<string> labels) => labels.Any(label => Measure(label) > MostLabelEms) ? TwoLineRowHeight : RowHeight;

    // One line, or two broken between words; what does not fit then is cut, and stands in full in the table.
    private static XElement RowLabel(string label, decimal middle)
    {
        XElement text = Text(LabelWidth - 10, middle + 5, string.Empty, ChartColours.Ink, "end");
        text.Add(new XAttribute("unicode-bidi", "plaintext"));
        int space = Measure(label) <= MostLabelEms ? -1 : FindBreak(label);
        if (space < 0)
        {
            text.Add(Clean(Shorten(label, MostLabelEms)));
            return text;
        }

        text.Add(
            new XElement("tspan", Number("x", LabelWidth - 10), Number("y", middle - 4), Clean(label[..space])),
            " ",
            new XElement("tspan", Number("x", LabelWidth - 10), Number("y", middle + 14), Clean(Shorten(label[(space + 1)..], MostLabelEms))));
        return text;
    }

    private static int FindBreak(string label)
    {
        int found = -1;
        for (int space = label.IndexOf(' ', StringComparison.Ordinal); space >= 0 && Measure(label[..space]) <= MostLabelEms; space = label.IndexOf(' ', space + 1))
        {
            found = space;
        }

        return found;
    }

    // Circle, square, triangle, diamond: lines differ in more than colour.
    private static XElement Mark(int series, decimal x, decimal y, string colour) => (series % 4) switch
    {
        0 => new XElement("circle", Number("cx", x), Number("cy", y), Number("r", 4.5m), new XAttribute("fill", colour)),
        1 => Rectangle(x - 4, y - 4, 8, 8, colour),
        2 => Polygon(colour, (x, y - 5), (x + 5, y + 4), (x - 5, y + 4)),
        _ => Polygon(colour, (x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)),
    };

    private static XElement Polygon(string fill, params (decimal X, decimal Y)[] corners) => new(
        "polygon",
        new XAttribute("points", string.Join(' ', corners.Select(corner => string.Create(CultureInfo.InvariantCulture, $"{corner.X},{corner.Y}")))),
        new XAttribute("fill", fill));

    private static XElement Rectangle(decimal x, decimal y, decimal width, decimal height, string fill) =>
        new("rect", Number("x", x), Number("y", y), Number("width", width), Number("height", height), new XAttribute("fill", fill));

    private static XElement Line(decimal x1, decimal y1, decimal x2, decimal y2, string stroke) =>
        new("line", Number("x1", x1), Number("y1", y1), Number("x2", x2), Number("y2", y2), new XAttribute("stroke", stroke));

    private static XElement Text(decimal x, decimal y, string text, string fill, string anchor = "start") =>
        new("text", Number("x", x), Number("y", y), new XAttribute("fill", fill), new XAttribute("text-anchor", anchor), Clean(text));

    private static XAttribute Number(string name, decimal value) => new(name, value.ToString("0.##", CultureInfo.InvariantCulture));

    private static void AddEmptyNotice(XElement svg, int count)
    {
        if (count == 0)
        {
            svg.Add(Text(LabelWidth + 6, 21, "nothing to show yet", ChartColours.QuietInk));
        }
    }

    private static string Shorten(string text, decimal mostEms)
    {
        if (Measure(text) <= mostEms)
        {
            return text;
        }

        StringBuilder kept = new();
        decimal ems = 1;
        TextElementEnumerator clusters = StringInfo.GetTextElementEnumerator(text);
        while (clusters.MoveNext() && ems + Measure(clusters.GetTextElement()) is var next && next <= mostEms)
        {
            kept.Append(clusters.GetTextElement());
            ems = next;
        }

        return kept.Append('\u2026').ToString();
    }

    // Nobody knows the reader's font here: an estimate on the wide side, by cluster and kind of script.
    private static decimal Measure(string text)
    {
        decimal ems = 0;
        TextElementEnumerator clusters = StringInfo.GetTextElementEnumerator(text);
        while (clusters.MoveNext())
        {
            Rune.DecodeFromUtf16(clusters.GetTextElement(), out Rune rune, out _);
            ems += rune.Value switch
            {
                < 0x0900 => 0.57m,
                < 0x1100 or (>= 0x1200 and < 0x2000) => 0.85m,
                < 0x1200 or >= 0x2E80 => 1.05m,
                _ => 0.7m,
            };
        }

        return ems;
    }

    private static string Clean(string text) => text.All(XmlConvert.IsXmlChar) ? text : string.Concat(text.EnumerateRunes().Select(rune =>
        rune.Utf16SequenceLength == 2 || XmlConvert.IsXmlChar((char)rune.Value) ? rune.ToString() : "\uFFFD"));

    private static string Write(XElement svg) => svg.ToString(SaveOptions.DisableFormatting);

    private static void CheckSeries(IReadOnlyList<string> labels, IReadOnlyList<ChartSeries> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (series.Any(one => one.Values.Count != labels.Count))
        {
            throw new ArgumentException("A series has another number of values than there are labels.", nameof(series));
        }
    }

    private static void RefuseNegative(IEnumerable<decimal?> values)
    {
        if (values.Any(value => value < 0))
        {
            throw new ArgumentOutOfRangeException(nameof(values), "These charts show counts and shares, which are never negative.");
        }
    }
}
