using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Plenary.Domain;

/// <summary>
/// A nominee as a reviewer sees one: what the project asks about, without name, address, economy and employer, which are also blotted out where the nominator's own
/// words mention them.
/// </summary>
/// <param name="Position">The job title.</param>
public sealed record BlindNominee(string Position, string Sector, int? YearsOfExperience, string Statement)
{
    public const string Blot = "▮▮▮";

    private const CompareOptions Loosely = CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace | CompareOptions.IgnoreWidth | CompareOptions.IgnoreKanaType;

    /// <summary>
    /// What a nominee is called in a reviewer's addresses: another for every reviewer, so that two of them cannot compare, and nothing that tells economy or rank.
    /// </summary>
    public static string NumberOf(string project, string reviewer, string candidate) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{project}|{reviewer}|{candidate}")).AsSpan(0, 8));

    /// <param name="economyNames">All names under which the nominee's economy may be mentioned.</param>
    public static BlindNominee Of(NomineeEntry entry, IEnumerable<string> economyNames)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(economyNames);
        string[] secrets =
        [
            .. ((IEnumerable<string>)[entry.Name, entry.Email, entry.Organisation, .. ShortOf(entry.Organisation), entry.Nationality, .. economyNames, .. entry.Name.Split(' ', '-', '\u3000', ',')])
                .Select(secret => secret.Trim())
                .Where(secret => secret.Length > (secret.All(char.IsAscii) ? 2 : 1))
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .OrderByDescending(secret => secret.Length),
        ];
        return new BlindNominee(HideAll(entry.Position, secrets), Sectors.WordsFor(entry.Sector), entry.YearsOfExperience, HideAll(entry.Statement, secrets));
    }

    private static string HideAll(string text, IReadOnlyList<string> secrets) => secrets.Aggregate(HideAddresses(text), Hide);

    private static string Hide(string text, string secret)
    {
        StringBuilder kept = new();
        int from = 0;
        while (from < text.Length && CultureInfo.InvariantCulture.CompareInfo.IndexOf(text.AsSpan(from), secret, Loosely, out int length) is var found and >= 0 && length > 0)
        {
            int start = from + found;
            int end = start + length;
            bool isWhole = !(IsOfAlphabet(text, start - 1) && IsOfAlphabet(text, start)) && !(IsOfAlphabet(text, end) && IsOfAlphabet(text, end - 1));
            kept.Append(text, from, found).Append(isWhole ? Blot : text[start..end]);
            from = end;
        }

        return kept.Append(text, from, text.Length - from).ToString();
    }

    // Scripts written without spaces have no word boundaries to look at.
    private static bool IsOfAlphabet(string text, int index) => index >= 0 && index < text.Length && char.IsLetterOrDigit(text[index]) && text[index] < '\u0900';

    // The initials by which an organisation is known, such as MOM for Ministry of Manpower.
    private static IEnumerable<string> ShortOf(string organisation)
    {
        string[] words = organisation.Split([' ', '-', '(', ')', ',', '/'], StringSplitOptions.RemoveEmptyEntries);
        yield return string.Concat(words.Select(word => word[0]));
        yield return string.Concat(words.Where(word => char.IsUpper(word[0])).Select(word => word[0]));
        foreach (string word in words.Where(word => word.Length > 2 && word.All(char.IsUpper)))
        {
            yield return word;
        }
    }

    // Mail addresses, web addresses and telephone numbers, whoever's they are.
    private static string HideAddresses(string text)
    {
        StringBuilder kept = new();
        int index = 0;
        while (index < text.Length)
        {
            int end = index;
            if (text[index] == '+')
            {
                while (end + 1 < text.Length && (char.IsAsciiDigit(text[end + 1]) || text[end + 1] is ' ' or '(' or ')' or '-'))
                {
                    end++;
                }

                while (end > index && !char.IsAsciiDigit(text[end]))
                {
                    end--;
                }

                bool isNumber = end - index >= 7;
                kept.Append(isNumber ? Blot : text[index..(end + 1)]);
                index = end + 1;
                continue;
            }

            while (end < text.Length && !char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            string word = text[index..end];
            string core = word.TrimEnd('.', ',', ';', ')', '>');
            bool isAddress = core.IndexOf('@', StringComparison.Ordinal) > 0 || core.Contains("://", StringComparison.Ordinal) || core.StartsWith("www.", StringComparison.OrdinalIgnoreCase);
            kept.Append(isAddress ? Blot + word[core.Length..] : word);
            for (index = end; index < text.Length && char.IsWhiteSpace(text[index]); index++)
            {
                kept.Append(text[index]);
            }
        }

        return kept.ToString();
    }
}
