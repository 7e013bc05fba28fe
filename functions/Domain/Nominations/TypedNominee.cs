using System.Globalization;

namespace Plenary.Domain;

/// <summary>What somebody typed about a nominee, field by field and untouched, so that a refused form can show it again.</summary>
public sealed record TypedNominee
{
    public const int MostStatement = 2_000;
    public const int MostWishes = 300;
    public const int MostYears = 70;

    public string Name { get; init; } = "";

    public string Email { get; init; } = "";

    public string Nationality { get; init; } = "";

    public string Gender { get; init; } = "";

    public string Position { get; init; } = "";

    public string Organisation { get; init; } = "";

    public string Sector { get; init; } = "";

    public string YearsOfExperience { get; init; } = "";

    /// <summary>As people write dates, the month as a word, or ISO 8601.</summary>
    public string BirthDate { get; init; } = "";

    public string Qualification { get; init; } = "";

    public string CourseCompleted { get; init; } = "";

    public string TookPart { get; init; } = "";

    public string Statement { get; init; } = "";

    public string Wishes { get; init; } = "";

    public static TypedNominee Of(NomineeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new TypedNominee
        {
            Name = entry.Name,
            Email = entry.Email,
            Nationality = entry.Nationality,
            Gender = entry.Gender,
            Position = entry.Position,
            Organisation = entry.Organisation,
            Sector = entry.Sector,
            YearsOfExperience = entry.YearsOfExperience?.ToString(CultureInfo.InvariantCulture) ?? "",
            BirthDate = entry.BirthDate is { } born ? DateText.Display(born) : "",
            Qualification = entry.Qualification,
            CourseCompleted = entry.CourseCompleted,
            TookPart = entry.TookPart,
            Statement = entry.Statement,
            Wishes = entry.Wishes,
        };
    }

    /// <summary>
    /// Cleans every field and names everything that cannot be used, all at once. Empty fields pass: a draft may have them, and
    /// <see cref="FindMissing"/> tells what a submission still lacks.
    /// </summary>
    public (NomineeEntry Entry, IReadOnlyList<Refusal> Problems) Read()
    {
        List<Refusal> problems = [];
        NomineeEntry entry = new()
        {
            Name = ReadOptional(Name, text => PersonName.Parse(text), name => name.Text),
            Email = ReadOptional(Email, text => EmailAddress.Parse(text), address => address.Text),
            Nationality = ReadOptional(Nationality, text => FreeText.ParseOptionalLine(text, "nationality", 100), line => line.Text),
            Gender = ReadOptional(Gender, ReadGender, gender => gender),
            Position = ReadOptional(Position, text => FreeText.ParseOptionalLine(text, "position"), line => line.Text),
            Organisation = ReadOptional(Organisation, text => FreeText.ParseOptionalLine(text, "organisation"), line => line.Text),
            Sector = ReadOptional(Sector, ReadSector, sector => sector),
            YearsOfExperience = ReadYears(problems),
            BirthDate = ReadBirthDate(problems),
            Qualification = ReadOptional(Qualification, text => ReadChoice(text, QualificationClasses.All, "qualification"), value => value),
            CourseCompleted = ReadOptional(CourseCompleted, text => ReadChoice(text, YesOrNo.All, "courseCompleted"), value => value),
            TookPart = ReadOptional(TookPart, text => ReadChoice(text, YesOrNo.All, "tookPart"), value => value),
            Statement = ReadOptional(Statement, text => FreeText.ParseOptionalLines(text, "statement", MostStatement), lines => lines.Text),
            Wishes = ReadOptional(Wishes, text => FreeText.ParseOptionalLines(text, "wishes", MostWishes), lines => lines.Text),
        };
        return (entry, problems);

        string ReadOptional<T>(string text, Func<string, Outcome<T>> parse, Func<T, string> words)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                return "";
            }

            Outcome<T> read = parse(text);
            if (read.TryGet(out T? value))
            {
                return words(value);
            }

            problems.AddRange(read.Refusals);
            return "";
        }
    }

    /// <summary>What must be filled in before a nomination to any project can be submitted, all at once.</summary>
    public static IReadOnlyList<Refusal> FindMissing(NomineeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return
        [
            .. Missing(entry.Name, "name-missing", "name", "The nominee\u2019s name is missing.", "Enter the name as it should stand on the certificate."),
            .. Missing(entry.Email, "email-missing", "email", "The nominee\u2019s e-mail address is missing.", "Enter one address, such as name@agency.example."),
            .. Missing(entry.Nationality, "nationality-missing", "nationality", "The nominee\u2019s nationality is missing.", "Enter it."),
            .. Missing(entry.Position, "position-missing", "position", "The nominee\u2019s position is missing.", "Enter the job title."),
            .. Missing(entry.Organisation, "organisation-missing", "organisation", "The nominee\u2019s organisation is missing.", "Enter where the nominee works."),
            .. Missing(entry.Sector, "sector-missing", "sector", "The sector is missing.", "Choose one."),
            .. Missing(entry.Statement, "statement-missing", "statement", "The statement of relevance is missing.", "Say in a few sentences why the nominee fits the project."),
        ];
    }

    private static IEnumerable<Refusal> Missing(string value, string code, string field, string reason, string remedy) =>
        value.Length == 0 ? [new Refusal(code, reason, field, remedy)] : [];

    private static Outcome<string> ReadGender(string text)
    {
        string value = text.Trim();
        return Genders.IsKnown(value)
            ? value
            : new Refusal("gender-unknown", "This is none of the choices.", "gender", $"Choose one of: {string.Join(", ", Genders.All.Select(gender => gender.Value))}; or leave it empty.");
    }

    private static Outcome<string> ReadSector(string text)
    {
        string value = text.Trim();
        return Sectors.IsKnown(value)
            ? value
            : new Refusal("sector-unknown", "This is not one of the sectors.", "sector", $"Choose one of: {string.Join(", ", Sectors.All.Select(sector => sector.Value))}.");
    }

    private static Outcome<string> ReadChoice(string text, IReadOnlyList<(string Value, string Words)> choices, string field)
    {
        string value = text.Trim();
        return choices.FirstOrDefault(choice => choice.Value.Equals(value, StringComparison.OrdinalIgnoreCase) || choice.Words.Equals(value, StringComparison.OrdinalIgnoreCase)).Value is { } known
            ? known
            : new Refusal("answer-unknown", "This is not one of the answers.", field, $"Choose one of: {string.Join(", ", choices.Select(choice => choice.Value))}.");
    }

    private DateOnly? ReadBirthDate(List<Refusal> problems)
    {
        string text = BirthDate.Trim();
        if (text.Length == 0)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, ["yyyy-MM-dd", "d MMMM yyyy", "d MMM yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out DateOnly born) && born.Year is >= 1900 and <= 2100)
        {
            return born;
        }

        problems.Add(new Refusal("birth-date-invalid", "The date of birth cannot be read.", "birthDate", "Write it as 3 July 1985 or 1985-07-03."));
        return null;
    }

    private int? ReadYears(List<Refusal> problems)
    {
        string text = YearsOfExperience.Trim();
        if (text.Length == 0)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int years) && years <= MostYears)
        {
            return years;
        }

        problems.Add(new Refusal("years-invalid", $"The years of experience must be a whole number from 0 to {MostYears}.", "yearsOfExperience", "Enter digits only, or leave it empty."));
        return null;
    }
}
