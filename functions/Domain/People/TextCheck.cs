using System.Globalization;
using System.Text;

namespace Plenary.Domain;

/// <summary>What no text from outside may carry, found character by character, so that the answer can point at it.</summary>
internal static class TextCheck
{
    internal const string Missing = "text-missing";

    /// <summary>Every script, combining mark, emoji, joiner and directional mark passes; what could break a header, a row or the reading order of its surroundings does not.</summary>
    internal static List<Refusal> FindForbidden(string text, string field, bool allowsLines)
    {
        List<Refusal> refusals = [];
        int position = 0;
        for (int index = 0; index < text.Length;)
        {
            position++;
            if (Rune.DecodeFromUtf16(text.AsSpan(index), out Rune rune, out int consumed) != System.Buffers.OperationStatus.Done)
            {
                refusals.Add(Forbid("text-broken-character", $"half a character (U+{(int)text[index]:X4})", position, field));
            }
            else if (Name(rune, allowsLines) is (string code, string name))
            {
                refusals.Add(Forbid(code, $"{name} (U+{rune.Value:X4})", position, field));
            }

            if (refusals.Count == 5)
            {
                // A binary file in a text field would otherwise be answered by a book.
                break;
            }

            index += consumed;
        }

        return refusals;
    }

    internal static int CountClusters(string text) => new StringInfo(text).LengthInTextElements;

    /// <summary>Something a reader can see: marks and joiners alone are nothing.</summary>
    internal static bool HasVisible(string text) => text.EnumerateRunes().Any(rune =>
        Rune.IsLetterOrDigit(rune) || Rune.IsSymbol(rune) || Rune.IsPunctuation(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber);

    private static Refusal Forbid(string code, string what, int position, string field) =>
        new(code, $"Character {position} is {what}, which cannot be used here.", field, "Remove it or type the text anew.");

    private static (string Code, string Name)? Name(Rune rune, bool allowsLines) => rune.Value switch
    {
        '\n' or '\t' when allowsLines => null,
        '\r' => ("text-control-character", "a carriage return"),
        '\n' => ("text-control-character", "a line break"),
        '\t' => ("text-control-character", "a tab"),
        0x2028 or 0x2029 => ("text-control-character", "a line or paragraph separator"),
        (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) => ("text-direction-override", "a direction override or isolate"),
        _ when Rune.IsControl(rune) => ("text-control-character", "a control character"),
        _ when (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF => ("text-broken-character", "not a character at all"),
        _ => null,
    };
}
