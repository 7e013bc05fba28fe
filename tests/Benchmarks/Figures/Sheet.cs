using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Plenary.Benchmarks.Figures;

/// <summary>All figures of a run, as people and as programs read them.</summary>
public sealed record Sheet(Machine Machine, DateTimeOffset At, TimeSpan Took, IReadOnlyList<SheetLine> Figures, IReadOnlyList<string> Notes)
{
    private const string Begin = "<!-- figures: written by ./bench --readme -->";
    private const string End = "<!-- end of figures -->";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Ratios first, then the rest, part by part.</summary>
    public string ToMarkdown()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"Measured on {Machine} on {At.UtcDateTime:yyyy-MM-dd}, all in one run of {Took.TotalMinutes:0.#} minutes.\n\n");
        text.Append("| what | measured | aim | |\n| --- | --- | --- | --- |\n");
        foreach (SheetLine figure in Figures.OrderByDescending(figure => figure.IsRatio))
        {
            string verdict = figure.IsMet switch
            {
                true => "met",
                false => "**aim missed**",
                null => "",
            };
            text.Append(CultureInfo.InvariantCulture, $"| {figure.Part}: {figure.What} | {figure.Said} | {figure.Aim} | {verdict} |\n");
        }

        text.Append('\n');
        foreach (string note in Notes)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {note}\n");
        }

        return text.ToString();
    }

    /// <summary>Puts the table between its two markers and leaves the rest of the page as it is.</summary>
    /// <exception cref="InvalidOperationException">The page has no such markers.</exception>
    public string WriteInto(string page)
    {
        ArgumentNullException.ThrowIfNull(page);
        int begin = page.IndexOf(Begin, StringComparison.Ordinal);
        int end = page.IndexOf(End, StringComparison.Ordinal);
        return begin >= 0 && end > begin
            ? $"{page[..(begin + Begin.Length)]}\n{ToMarkdown()}{page[end..]}"
            : throw new InvalidOperationException($"The page has no lines “{Begin}” and “{End}”.");
    }
}
