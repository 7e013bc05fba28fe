using System.Globalization;
using System.Net;
using System.Text;
using Plenary.Support.Replay;

namespace Plenary.Replay;

/// <summary>The replay as one page of HTML: time line, comparison, charts. Needs nothing from outside the file.</summary>
internal static class Report
{
    private const string Style = """
        :root { color-scheme: light; }
        body { font: 1rem/1.5 "Helvetica Neue", Arial, sans-serif; color: #0b0c0c; background: #fff; margin: 0; }
        main { max-width: 62rem; margin: 0 auto; padding: 1.5rem; }
        h1 { font-size: 2rem; margin: 0 0 .5rem; } h2 { font-size: 1.4rem; margin: 2.5rem 0 .75rem; }
        table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .45rem .75rem .45rem 0; border-bottom: 1px solid #b1b4b6; vertical-align: top; }
        .n { text-align: right; font-variant-numeric: tabular-nums; } .ok { color: #005a30; } .bad { color: #d4351c; font-weight: 700; }
        .facts { display: flex; flex-wrap: wrap; gap: 1rem; list-style: none; padding: 0; } .facts li { flex: 1 1 9rem; border-top: 4px solid #1d70b8; padding-top: .5rem; }
        .facts b { display: block; font-size: 2rem; line-height: 1.1; } .when { white-space: nowrap; } .mails { color: #505a5f; }
        svg { width: 100%; height: auto; display: block; } svg text { font: 13px "Helvetica Neue", Arial, sans-serif; fill: #0b0c0c; }
        .key span { display: inline-block; width: .9em; height: .9em; margin: 0 .35em 0 1em; vertical-align: -.1em; }
        .wide { overflow-x: auto; }
        """;

    public static string Write(StoryEnd end, TimeSpan took)
    {
        decimal Of(string figure) => end.Figures.First(line => line.Figure == figure).Expected;
        StringBuilder html = new();
        html.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Replay of {Story.Code}</title><style>{Style}</style></head>
            <body><main>
            <h1>Replay of project {Story.Code}</h1>
            <p>From its notification to its outcome through the app's own pages, timer and queue functions, in {took.TotalSeconds:0.0} seconds.
            <strong class="{(end.AllEqual ? "ok\">Every figure agrees." : "bad\">Not every figure agrees.")}</strong></p>
            <ul class="facts">
            """);
        foreach ((string figure, string words) in ((string, string)[])[
            ("Nominated", "nominated"), ("Selected", "selected"), ("Confirmed", "confirmed"), ("Participants", "took part"), ("Economies that attended", "economies"), ("Certificates", "certificates")])
        {
            html.Append(CultureInfo.InvariantCulture, $"<li><b>{Of(figure):0}</b> {words}</li>");
        }

        html.Append("</ul><h2>From nomination to certificate</h2>");
        AppendBars(html, "People at each stage", [.. ((string[])["Places", "Nominated", "Offers made", "Confirmed", "Participants", "Certificates", "Survey answers"]).Select(figure => (figure, (int)Of(figure)))]);
        html.Append("<h2>By economy</h2><p class=\"key\"><span style=\"background:#b1d0ea\"></span>nominated<span style=\"background:#1d70b8\"></span>confirmed<span style=\"background:#00703c\"></span>took part</p>");
        AppendGroups(html, end.People);
        html.Append("<h2>Mails by kind</h2>");
        AppendBars(html, "Mails by kind", [.. end.Mails.Where(line => line.Figure.Contains('-', StringComparison.Ordinal)).OrderByDescending(line => line.Expected).Select(line => (line.Figure, (int)line.Expected))]);
        html.Append("<h2>Time line</h2><div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Time line\"><table><thead><tr><th scope=\"col\">Tokyo time</th><th scope=\"col\">What happened, and the mails since</th></tr></thead><tbody>");
        foreach (StoryMoment moment in end.Moments)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><td class=\"when\">{Replaying.Day(moment.At)}</td><td dir=\"auto\">{Text(moment.What)}<br><span class=\"mails\">{Text(moment.Mails.Count == 0 ? "no mail" : moment.MailWords)}</span></td></tr>");
        }

        html.Append("</tbody></table></div>");
        AppendLines(html, "Figures", end.Figures, ["The news", "Expected", "The app says", "In the tables"], line => [line.Actual, line.Expected, line.Said, line.Stored]);
        AppendLines(html, "Mails", end.Mails, ["Expected", "In the ledger", "In the mailbox"], line => [line.Expected, line.Stored, line.Received]);
        html.Append(CultureInfo.InvariantCulture, $"<h2>Too late</h2><p>A nomination sent at the closing instant was answered {Text(end.LateAnswer)}</p></main></body></html>\n");
        return html.ToString();
    }

    private static void AppendLines(StringBuilder html, string title, IReadOnlyList<FigureLine> lines, string[] headings, Func<FigureLine, decimal?[]> values)
    {
        html.Append(CultureInfo.InvariantCulture, $"<h2>{title}</h2><div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{title}\"><table><thead><tr><th scope=\"col\">{title}</th>");
        foreach (string heading in headings)
        {
            html.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\" class=\"n\">{heading}</th>");
        }

        html.Append("<th scope=\"col\">Agree?</th></tr></thead><tbody>");
        foreach (FigureLine line in lines)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Text(line.Figure)}</th>");
            foreach (decimal? value in values(line))
            {
                html.Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{Replaying.Number(value)}</td>");
            }

            html.Append(line.IsEqual ? "<td class=\"ok\">equal</td></tr>" : "<td class=\"bad\">differs</td></tr>");
        }

        html.Append("</tbody></table></div>");
    }

    private static void AppendBars(StringBuilder html, string label, IReadOnlyList<(string Name, int Count)> bars)
    {
        const int Row = 28;
        int most = Math.Max(1, bars.Max(bar => bar.Count));
        html.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 800 {bars.Count * Row}\" role=\"img\" aria-label=\"{Text(label)}: {Text(string.Join(", ", bars.Select(bar => $"{bar.Name} {bar.Count}")))}\">");
        for (int index = 0; index < bars.Count; index++)
        {
            (string name, int count) = bars[index];
            double width = 540.0 * count / most;
            int top = index * Row;
            html.Append(CultureInfo.InvariantCulture, $"<text x=\"190\" y=\"{top + 18}\" text-anchor=\"end\">{Text(name)}</text><rect x=\"200\" y=\"{top + 4}\" width=\"{width:0.#}\" height=\"20\" fill=\"#1d70b8\"/><text x=\"{208 + width:0.#}\" y=\"{top + 18}\">{count}</text>");
        }

        html.Append("</svg>");
    }

    private static void AppendGroups(StringBuilder html, IReadOnlyList<(string Economy, int Nominated, int Confirmed, int Attended)> people)
    {
        const int Row = 40;
        int most = Math.Max(1, people.Max(one => one.Nominated));
        string words = string.Join("; ", people.Select(one => $"{one.Economy} {one.Nominated}, {one.Confirmed}, {one.Attended}"));
        html.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 800 {people.Count * Row}\" role=\"img\" aria-label=\"Nominated, confirmed and present by economy: {Text(words)}\">");
        for (int index = 0; index < people.Count; index++)
        {
            (string economy, int nominated, int confirmed, int attended) = people[index];
            int top = index * Row;
            html.Append(CultureInfo.InvariantCulture, $"<text x=\"190\" y=\"{top + 22}\" text-anchor=\"end\">{Text(economy)}</text>");
            (int Count, string Fill)[] bars = [(nominated, "#b1d0ea"), (confirmed, "#1d70b8"), (attended, "#00703c")];
            for (int bar = 0; bar < bars.Length; bar++)
            {
                html.Append(CultureInfo.InvariantCulture, $"<rect x=\"200\" y=\"{top + 4 + (bar * 10)}\" width=\"{520.0 * bars[bar].Count / most:0.#}\" height=\"9\" fill=\"{bars[bar].Fill}\"/>");
            }

            html.Append(CultureInfo.InvariantCulture, $"<text x=\"{208 + (520.0 * nominated / most):0.#}\" y=\"{top + 22}\">{nominated} / {confirmed} / {attended}</text>");
        }

        html.Append("</svg>");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
