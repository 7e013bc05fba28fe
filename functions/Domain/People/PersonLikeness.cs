using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Plenary.Domain;

/// <summary>
/// Forms that are equal where two spellings may well mean the same person. For drawing attention, never for merging, and never shown.
/// An empty form is like no other.
/// </summary>
public static class PersonLikeness
{
    /// <summary>Latin letters that have no decomposition, in the spelling that forms and passports use instead.</summary>
    private static readonly FrozenDictionary<Rune, string> Plain = new Dictionary<string, string>
    {
        ["\u0110"] = "D",
        ["\u00D0"] = "D",
        ["\u00D8"] = "O",
        ["\u0141"] = "L",
        ["\u00C6"] = "AE",
        ["\u0152"] = "OE",
        ["\u00DE"] = "TH",
        ["\u00DF"] = "SS",
        ["\u1E9E"] = "SS",
        ["\u0131"] = "I",
        ["\u0126"] = "H",
        ["\u0166"] = "T",
    }.ToFrozenDictionary(pair => Rune.GetRuneAt(pair.Key, 0), pair => pair.Value);

    /// <summary>Without case, width, marks on Latin letters, punctuation and the order of names: given and family names change places from form to form.</summary>
    public static string OfName(string name)
    {
        if (!PersonName.Parse(name).TryGet(out PersonName? parsed))
        {
            return "";
        }

        StringBuilder form = new();
        bool followsLatin = false;
        foreach (Rune rune in parsed.ToComparisonForm().Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            bool isMark = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

            // In other scripts a mark is a vowel; only Latin can be read without.
            if (isMark && followsLatin)
            {
                continue;
            }

            if (Plain.TryGetValue(rune, out string? plain))
            {
                form.Append(plain);
            }
            else if (Rune.IsLetterOrDigit(rune) || isMark)
            {
                form.Append(rune);
            }
            else if (Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.DashPunctuation)
            {
                form.Append(' ');
            }

            followsLatin = isMark ? followsLatin : rune.Value < 0x0250 || rune.Value is >= 0x1E00 and < 0x1F00;
        }

        return string.Join(' ', form.ToString().Normalize(NormalizationForm.FormC).Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    /// <summary>Without case. Dots and plus signs stay: whether they matter only the mail system knows.</summary>
    public static string OfAddress(string address) => EmailAddress.Parse(address).TryGet(out EmailAddress? parsed) ? parsed.Normal : "";
}
