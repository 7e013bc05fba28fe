using System.Globalization;
using System.Text;

namespace Plenary.Domain;

/// <summary>What text from people may hold, and the one form it is kept in.</summary>
public static class PlainText
{
    /// <summary>More marks on one letter than any script writes. Without this bound, bringing them into order takes quadratic time.</summary>
    private const int MostMarksInARow = 32;

    /// <summary>
    /// Why the text is no text at all: NUL, broken characters, endless combining marks. Null when it may be normalised.
    /// The line starts at 1.
    /// </summary>
    public static (string Reason, int Line)? FindDamage(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int line = 1;
        int marks = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            line += c == '\n' ? 1 : 0;
            switch (c)
            {
                case '\0':
                    return ("The text holds a NUL character, so it is a binary file and not text", line);
                case '\uFFFD':
                    return ("The text holds the sign for an unreadable character (U+FFFD), so it was saved or sent in another encoding", line);
                case '\uFFFE' or '\uFFFF':
                    return ($"The text holds U+{(int)c:X4}, which is no character", line);
            }

            int width = 1;
            if (char.IsSurrogate(c))
            {
                if (!char.IsHighSurrogate(c) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                {
                    return ("The text holds half a character", line);
                }

                width = 2;
            }

            bool isMark = CharUnicodeInfo.GetUnicodeCategory(text, i)
                is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
            marks = isMark ? marks + 1 : 0;
            if (marks > MostMarksInARow)
            {
                return ($"The text piles more than {MostMarksInARow} marks on one letter", line);
            }

            i += width - 1;
        }

        return null;
    }

    /// <summary>
    /// NFC; no byte order mark; every line break is LF; no-break spaces are spaces; curly quotes are straight.
    /// The text must be free of damage.
    /// </summary>
    public static string Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder kept = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            switch (c)
            {
                case '\uFEFF' when i == 0:
                    break;
                case '\r':
                    kept.Append('\n');
                    i += i + 1 < text.Length && text[i + 1] == '\n' ? 1 : 0;
                    break;
                case '\u000B' or '\u000C' or '\u0085' or '\u2028' or '\u2029':
                    kept.Append('\n');
                    break;
                case '\u00A0' or '\u2007' or '\u202F':
                    kept.Append(' ');
                    break;
                case '\u2018' or '\u2019' or '\u201A' or '\u201B':
                    kept.Append('\'');
                    break;
                case '\u201C' or '\u201D' or '\u201E' or '\u201F':
                    kept.Append('"');
                    break;
                default:
                    kept.Append(c);
                    break;
            }
        }

        return kept.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>
    /// The first character a field may not hold: control characters, and in a one-line field the signs that turn the direction of what
    /// follows (U+202A–202E, U+2066–2069). Line breaks and tabs are left to the caller. Plain direction marks, joiners, combining marks
    /// and emoji are all allowed.
    /// </summary>
    /// <returns>Where it stands, from 0; null when there is none.</returns>
    public static int? FindForbidden(string text, bool isOneLine)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool turnsDirection = c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
            if ((char.IsControl(c) && c is not ('\n' or '\t')) || (isOneLine && turnsDirection))
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>One line: every run of white space is one space, none at the ends.</summary>
    public static string OneLine(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder kept = new(text.Length);
        bool isSpacePending = false;
        foreach (char c in text)
        {
            if (char.IsWhiteSpace(c))
            {
                isSpacePending = kept.Length > 0;
                continue;
            }

            if (isSpacePending)
            {
                kept.Append(' ');
                isSpacePending = false;
            }

            kept.Append(c);
        }

        return kept.ToString();
    }

    /// <summary>For comparing names: lower case, no marks, words of letters and digits joined by one space.</summary>
    public static string Fold(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder kept = new(text.Length);
        bool isSpacePending = false;
        foreach (char c in text.Normalize(NormalizationForm.FormD))
        {
            UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(c);
            if (category == UnicodeCategory.NonSpacingMark || c == '\'')
            {
                continue;
            }

            if (!char.IsLetterOrDigit(c) && category is not (UnicodeCategory.SpacingCombiningMark or UnicodeCategory.Surrogate))
            {
                isSpacePending = kept.Length > 0;
                continue;
            }

            if (isSpacePending)
            {
                kept.Append(' ');
                isSpacePending = false;
            }

            // The dotless ı of Turkish has no decomposition, and invariant lower case leaves it.
            kept.Append(c == 'ı' ? 'i' : char.ToLowerInvariant(c));
        }

        return kept.ToString();
    }

    /// <summary>For quoting foreign text in a sentence.</summary>
    internal static string Shorten(string text, int most = 60)
    {
        string line = OneLine(text);
        if (line.Length <= most)
        {
            return line;
        }

        // Never through the middle of a pair.
        int cut = char.IsHighSurrogate(line[most - 1]) ? most - 1 : most;
        return line[..cut] + "…";
    }
}
