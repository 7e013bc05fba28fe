using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace Plenary.Domain;

/// <summary>Thirty-one characters that survive being read aloud and typed again: no 0, O, 1 or I, and no U, so that fewer words come up.</summary>
internal static class ReferenceAlphabet
{
    internal const string Characters = "23456789ABCDEFGHJKLMNPQRSTVWXYZ";

    private static readonly SearchValues<char> Known = SearchValues.Create(Characters);

    internal static string Draw(int length) => RandomNumberGenerator.GetString(Characters, length);

    /// <summary>
    /// The character that makes the weighted sum divisible by 31. As 31 is prime and the weights differ, one wrong character or two
    /// swapped neighbours never go unnoticed.
    /// </summary>
    internal static char ComputeCheck(ReadOnlySpan<char> characters, int salt = 0)
    {
        int sum = salt;
        for (int index = 0; index < characters.Length; index++)
        {
            sum += (index + 2) * Characters.IndexOf(characters[index], StringComparison.Ordinal);
        }

        // The check character itself has weight 1.
        return Characters[(Characters.Length - (sum % Characters.Length)) % Characters.Length];
    }

    /// <summary>Upper case, without spaces and dashes of any kind.</summary>
    internal static string Clean(string text) =>
        string.Concat(text
            .Where(character => !char.IsWhiteSpace(character) && char.GetUnicodeCategory(character) is not UnicodeCategory.DashPunctuation)
            .Where(character => character is not ('_' or '.' or '\u2212'))
            .Select(char.ToUpperInvariant));

    internal static bool AreAllKnown(ReadOnlySpan<char> characters) => !characters.ContainsAnyExcept(Known);

    internal static string Group(string characters) =>
        string.Join('-', characters.Chunk(4).Select(group => new string(group)));
}
