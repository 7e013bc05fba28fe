using System.Globalization;
using System.Text;
using Plenary.Domain;

namespace Plenary.Surveys;

/// <summary>Results as a table file: what the page shows, and nothing it keeps back. UTF-8 with a mark, so that spreadsheets read every script.</summary>
public static class SurveyCsv
{
    public static byte[] Write(SurveyResults results)
    {
        ArgumentNullException.ThrowIfNull(results);
        StringBuilder text = new();
        Line(text, "question", "kind", "answers", "mean", "1", "2", "3", "4", "5", "text");
        Line(text, "(invited)", "count", Number(results.Invited), "", "", "", "", "", "", "");
        Line(text, "(answered)", "count", Number(results.Answered), "", "", "", "", "", "", "");
        foreach (RatedResult rated in results.Rated)
        {
            Line(
                text,
                [
                    rated.Question.Text, "rated", rated.Count is { } count ? Number(count) : "suppressed", rated.Mean?.ToString(CultureInfo.InvariantCulture) ?? "",
                    .. Enumerable.Range(0, Questionnaire.Steps).Select(step => rated.IsSuppressed ? "" : Number(rated.Distribution[step])), "",
                ]);
        }

        foreach (OpenResult open in results.Open)
        {
            foreach (string answer in open.Texts)
            {
                Line(text, open.Question.Text, "open", "", "", "", "", "", "", "", answer);
            }
        }

        return [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, params IEnumerable<string> cells) =>
        text.AppendJoin(',', cells.Select(cell => $"\"{CsvCell.Neutralise(cell).Replace("\"", "\"\"", StringComparison.Ordinal)}\"")).Append("\r\n");
}
