using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Plenary.Domain;

/// <summary>What a nominator says of a nominee, field by field; an empty text is a field not filled in yet. Texts are clean and NFC.</summary>
public sealed record NomineeEntry
{
    public static NomineeEntry Empty { get; } = new();

    public string Name { get; init; } = "";

    /// <summary>As typed; equality of mailboxes is told by <see cref="EmailAddress.Normal"/>.</summary>
    public string Email { get; init; } = "";

    public string Nationality { get; init; } = "";

    public string Position { get; init; } = "";

    public string Organisation { get; init; } = "";

    /// <summary>One of <see cref="Sectors"/>.</summary>
    public string Sector { get; init; } = "";

    /// <summary>Optional.</summary>
    public int? YearsOfExperience { get; init; }

    /// <summary>Why this person and this project fit.</summary>
    public string Statement { get; init; } = "";

    /// <summary>What the nominee needs in order to take part, such as captions. Optional.</summary>
    public string Wishes { get; init; } = "";

    /// <summary>Equal exactly for the same words and the same documents in any order.</summary>
    /// <param name="documents">SHA-256 of each document, in hexadecimal.</param>
    public string ComputeHash(IEnumerable<string> documents)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string years = YearsOfExperience?.ToString(CultureInfo.InvariantCulture) ?? "";
        foreach (string part in (IEnumerable<string>)[Name, Email, Nationality, Position, Organisation, Sector, years, Statement, Wishes, .. documents.Order(StringComparer.Ordinal)])
        {
            // Each part is preceded by its length, so that no two lists of parts run together to the same bytes.
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            byte[] length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>Where nominees work. Values are stored and public; words are for pages.</summary>
public static class Sectors
{
    public static IReadOnlyList<(string Value, string Words)> All { get; } =
    [
        ("government", "Government ministry or agency"),
        ("public-body", "Other public body or state-owned enterprise"),
        ("productivity-organisation", "National productivity organisation"),
        ("private", "Private company"),
        ("academia", "University, school or research institute"),
        ("civil-society", "Association or non-profit organisation"),
        ("other", "Other"),
    ];

    public static bool IsKnown(string value) => All.Any(sector => sector.Value == value);

    public static string WordsFor(string value) => All.FirstOrDefault(sector => sector.Value == value).Words ?? "";
}
