using System.Globalization;
using System.Text;

namespace Plenary.Domain;

/// <summary>A person's name as the person writes it, in any script: one field, no first and last. Trimmed, in Unicode form NFC.</summary>
public sealed record PersonName
{
    public const int MostClusters = 200;

    // Clusters may be made of many marks; this bounds what one name can weigh.
    private const int MostCodeUnits = 1_000;

    private PersonName(string text) => Text = text;

    public string Text { get; }

    /// <summary>Accepts 1 to <see cref="MostClusters"/> visible characters. Refuses line breaks, control characters and direction overrides, each with its position in the trimmed text.</summary>
    public static Outcome<PersonName> Parse(string? text, string field = "name")
    {
        // Trim takes only spaces: a line break at the end is as suspicious as one in the middle.
        string trimmed = (text ?? string.Empty).Trim(' ', '\u00A0', '\u3000');
        if (trimmed.Length == 0)
        {
            return new Refusal("name-missing", "The name is empty.", field, "Enter the name as it should stand on the certificate.");
        }

        if (trimmed.Length > MostCodeUnits)
        {
            return TooLong(field);
        }

        List<Refusal> refusals = TextCheck.FindForbidden(trimmed, field, allowsLines: false);
        if (refusals.Count > 0)
        {
            return Outcome<PersonName>.Refused(refusals);
        }

        string normal = trimmed.Normalize(NormalizationForm.FormC);
        if (!TextCheck.HasVisible(normal))
        {
            return new Refusal("name-missing", "The name has only invisible characters.", field, "Enter the name as it should stand on the certificate.");
        }

        return TextCheck.CountClusters(normal) > MostClusters ? TooLong(field) : new PersonName(normal);
    }

    /// <summary>Equal for spellings that differ only in case, width, spacing or invisible marks. For finding likely duplicates, never for display.</summary>
    public string ToComparisonForm()
    {
        StringBuilder folded = new(Text.Length);
        foreach (Rune rune in Text.Normalize(NormalizationForm.FormKC).EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                if (folded.Length > 0 && folded[^1] != ' ')
                {
                    folded.Append(' ');
                }
            }
            else if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format)
            {
                folded.Append(Rune.ToUpperInvariant(rune));
            }
        }

        // Upper-casing can leave a form that is composed differently.
        return folded.ToString().TrimEnd().Normalize(NormalizationForm.FormC);
    }

    public override string ToString() => Text;

    private static Refusal TooLong(string field) =>
        new("name-too-long", $"The name is longer than {MostClusters} characters.", field, "Shorten it to what should stand on the certificate.");
}
