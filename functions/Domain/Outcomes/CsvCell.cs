namespace Plenary.Domain;

/// <summary>Text that goes into a cell of a table file which somebody will open in a spreadsheet.</summary>
public static class CsvCell
{
    private const string Starts = "=+-@\t\r\n|%\uFF1D\uFF0B\uFF0D\uFF20";

    /// <summary>
    /// The text with an apostrophe before it when a spreadsheet could take it for a formula: when it starts with one of the dangerous characters, also behind
    /// spaces, quotation marks or invisible marks. For text only: a negative number would come out as text. Quoting and separators are the writer's business.
    /// </summary>
    public static string Neutralise(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return string.Empty;
        }

        foreach (char character in text)
        {
            if (Starts.Contains(character, StringComparison.Ordinal))
            {
                return "'" + text;
            }

            bool canHideBefore = char.IsWhiteSpace(character)
                || character is '"' or '\'' or '\u201C' or '\u201D'
                || char.IsControl(character)
                || char.GetUnicodeCategory(character) == System.Globalization.UnicodeCategory.Format;
            if (!canHideBefore)
            {
                return text;
            }
        }

        return text;
    }
}
