using System.Text;

namespace Plenary.Domain;

/// <summary>Text somebody typed into a field, in any script, in Unicode form NFC, with line breaks as LF. It is data everywhere: shown encoded, never as markup.</summary>
public sealed record FreeText
{
    /// <summary>A title, a position, the name of an agency.</summary>
    public const int Line = 200;

    /// <summary>A reason, a comment.</summary>
    public const int Paragraph = 2_000;

    /// <summary>A motivation, an open answer.</summary>
    public const int Page = 10_000;

    private FreeText(string text) => Text = text;

    public static FreeText Empty { get; } = new(string.Empty);

    public string Text { get; }

    /// <summary>One line of at least one visible character.</summary>
    public static Outcome<FreeText> ParseLine(string? text, string field, int mostClusters = Line) =>
        Parse(text, field, mostClusters, allowsLines: false, isRequired: true);

    /// <summary>One line, or nothing at all.</summary>
    public static Outcome<FreeText> ParseOptionalLine(string? text, string field, int mostClusters = Line) =>
        Parse(text, field, mostClusters, allowsLines: false, isRequired: false);

    /// <summary>Lines and tabs allowed; may not be empty.</summary>
    public static Outcome<FreeText> ParseLines(string? text, string field, int mostClusters = Paragraph) =>
        Parse(text, field, mostClusters, allowsLines: true, isRequired: true);

    /// <summary>Lines and tabs allowed; may be empty.</summary>
    public static Outcome<FreeText> ParseOptionalLines(string? text, string field, int mostClusters = Paragraph) =>
        Parse(text, field, mostClusters, allowsLines: true, isRequired: false);

    public override string ToString() => Text;

    private static Outcome<FreeText> Parse(string? text, string field, int mostClusters, bool allowsLines, bool isRequired)
    {
        // No cluster limit is needed to know that this is too much; ten code units a character is generous for every script.
        if (text?.Length > (long)mostClusters * 10)
        {
            return TooLong(field, mostClusters);
        }

        string lines = (text ?? string.Empty).Replace("\r\n", "\n", StringComparison.Ordinal);
        string trimmed = allowsLines ? lines.Trim() : lines.Trim(' ', '\u00A0', '\u3000');
        List<Refusal> refusals = TextCheck.FindForbidden(trimmed, field, allowsLines);
        if (refusals.Count > 0)
        {
            return Outcome<FreeText>.Refused(refusals);
        }

        string normal = trimmed.Normalize(NormalizationForm.FormC);
        if (!TextCheck.HasVisible(normal))
        {
            return isRequired ? new Refusal(TextCheck.Missing, "This field is empty.", field, "Fill it in.") : Empty;
        }

        return TextCheck.CountClusters(normal) > mostClusters ? TooLong(field, mostClusters) : new FreeText(normal);
    }

    private static Refusal TooLong(string field, int mostClusters) =>
        new("text-too-long", $"The text is longer than {mostClusters} characters.", field, "Shorten it.");
}
