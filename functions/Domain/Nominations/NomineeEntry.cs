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

    /// <summary>One of <see cref="Genders"/>. Optional, and looked at for the balance of a list only.</summary>
    public string Gender { get; init; } = "";

    public string Position { get; init; } = "";

    public string Organisation { get; init; } = "";

    /// <summary>One of <see cref="Sectors"/>.</summary>
    public string Sector { get; init; } = "";

    /// <summary>Only where a rule of the project asks for it.</summary>
    public DateOnly? BirthDate { get; init; }

    /// <summary>One of <see cref="QualificationClasses"/>; only where a rule of the project asks for it.</summary>
    public string Qualification { get; init; } = "";

    /// <summary>Of <see cref="YesOrNo"/>: whether the prerequisite course is completed; only where a rule of the project asks for it.</summary>
    public string CourseCompleted { get; init; } = "";

    /// <summary>Of <see cref="YesOrNo"/>: whether the nominee took part before; only where a rule of the project asks for it.</summary>
    public string TookPart { get; init; } = "";

    /// <summary>Optional, unless a rule of the project asks for it.</summary>
    public int? YearsOfExperience { get; init; }

    /// <summary>Why this person and this project fit.</summary>
    public string Statement { get; init; } = "";

    /// <summary>What the nominee needs in order to take part, such as captions. Optional.</summary>
    public string Wishes { get; init; } = "";

    /// <summary>Equal exactly for the same words and the same documents in any order.</summary>
    /// <param name="documents">What tells each document from any other.</param>
    public string ComputeHash(IEnumerable<string> documents)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string years = YearsOfExperience?.ToString(CultureInfo.InvariantCulture) ?? "";
        foreach (string part in (IEnumerable<string>)[Name, Email, Nationality, Position, Organisation, Sector, years, Statement, Wishes, .. AskedFor(), .. documents.Order(StringComparer.Ordinal), .. Optional(Gender)])
        {
            // Each part is preceded by its length, so that no two lists of parts run together to the same bytes.
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            byte[] length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        // A field that came later: without it, what was sent before is still the same.
        static IEnumerable<string> Optional(string part) => part.Length == 0 ? [] : [part];
    }

    /// <summary>Answers that only some projects ask for; without any, an entry keeps the hash it had before there were such questions.</summary>
    private IEnumerable<string> AskedFor()
    {
        (string Name, string Value)[] answers =
        [
            ("birthDate", BirthDate?.ToString("O", CultureInfo.InvariantCulture) ?? ""),
            ("qualification", Qualification),
            ("courseCompleted", CourseCompleted),
            ("tookPart", TookPart),
        ];
        return answers.Where(answer => answer.Value.Length > 0).Select(answer => $"{answer.Name}={answer.Value}");
    }
}

/// <summary>Values are stored; words are for pages.</summary>
public static class Genders
{
    public static IReadOnlyList<(string Value, string Words)> All { get; } = [("female", "Female"), ("male", "Male"), ("other", "Another term")];

    public static bool IsKnown(string value) => All.Any(gender => gender.Value == value);

    public static string WordsFor(string value) => All.FirstOrDefault(gender => gender.Value == value).Words ?? "";
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
