using System.Globalization;

namespace Plenary.Domain;

/// <summary>Reads the rules of eligibility from a notification: one on each line, its subject before a colon. Refuses every line it cannot read, all at once.</summary>
public static class EligibilityText
{
    /// <summary>How to write them, for whoever fills the field in.</summary>
    public const string Guide =
        "One rule on each line, such as \u201CNationality: of the nominating economy\u201D, \u201CNationality: Fiji, Japan\u201D, \u201CAge: 25 to 45\u201D, \u201CEducation: at least bachelor\u201D, " +
        "\u201CExperience: at least 5 years\u201D, \u201CCourse: Introduction to Plain Forms\u201D, \u201CEarlier participation: not in this project within 3 years\u201D (or \u201Cnot in 22-IP-10-GE-WSP-A\u201D, " +
        "\u201Cnot in any project\u201D), \u201CDocuments: Passport (valid until the end), Letter of approval\u201D, \u201CEndorsement: by the head of the agency within 7 days\u201D. Leave it empty for none.";

    private const int MostLines = 20;
    private const int MostDocuments = 10;
    private const int MostName = 100;
    private const int UsualDays = 7;

    private static readonly (string Class, string[] Words)[] QualificationWords =
    [
        ("doctorate", ["doctorate", "doctoral", "phd", "doctor"]),
        ("master", ["master", "masters", "postgraduate"]),
        ("bachelor", ["bachelor", "bachelors", "university", "undergraduate"]),
        ("diploma", ["diploma"]),
        ("secondary", ["secondary", "high"]),
    ];

    public static Outcome<EligibilityRules> Read(string text, EconomyNames names)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(names);
        string[] lines = [.. text.Split('\n', ';', '；').Select(static line => line.Trim().TrimStart('-', '•', '*', '·', '–', ' ').TrimEnd('.').Trim()).Where(static line => line.Length > 0)];
        if (lines.Length > MostLines)
        {
            return new Refusal("list-too-long", $"There are {lines.Length} rules, and {MostLines} are allowed.", NotificationFields.Eligibility, "Bring rules together.");
        }

        EligibilityRules rules = EligibilityRules.None;
        List<Refusal> problems = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            int colon = line.IndexOfAny([':', '：', '\t']);
            string subject = colon < 0 ? "" : SubjectOf(PlainText.Fold(line[..colon]));
            Outcome<EligibilityRules> read = subject.Length == 0 || !seen.Add(subject) || line[(colon + 1)..].Trim() is not { Length: > 0 } said
                ? Unreadable(line, subject.Length > 0 && colon + 1 < line.Length ? "the same is ruled twice" : "it does not begin with a known subject and a colon")
                : Add(rules, subject, PlainText.OneLine(said), line, names);
            rules = read.TryGet(out EligibilityRules? more) ? more : rules;
            problems.AddRange(read.Refusals);
        }

        return problems.Count > 0 ? Outcome<EligibilityRules>.Refused(problems) : rules;
    }

    private static string SubjectOf(string label) => label switch
    {
        "nationality" or "nationals" or "citizenship" => "nationality",
        "age" or "age limit" => "age",
        "education" or "degree" or "academic qualification" or "highest qualification" or "qualification class" => "education",
        "experience" or "seniority" or "years of experience" or "work experience" or "working experience" => "experience",
        "course" or "prerequisite" or "prerequisite course" or "prerequisite e course" => "course",
        "earlier participation" or "previous participation" or "past participation" or "prior participation" => "participation",
        "document" or "documents" or "required documents" or "document set" => "documents",
        "endorsement" or "endorsed by" => "endorsement",
        _ => "",
    };

    private static Outcome<EligibilityRules> Add(EligibilityRules rules, string subject, string said, string line, EconomyNames names) => subject switch
    {
        "nationality" => ReadNationality(said, names).Then<EligibilityRules>(rule => rules with { Nationality = rule }),
        "age" => ReadAge(said, line).Then<EligibilityRules>(rule => rules with { Age = rule }),
        "education" => ReadQualification(said, line).Then<EligibilityRules>(least => rules with { LeastQualification = least }),
        "experience" => ReadYears(said, line).Then<EligibilityRules>(years => rules with { LeastYears = years }),
        "course" => said.Length > MostName ? Unreadable(line, "the course has too long a name") : rules with { Course = said },
        "participation" => ReadParticipation(said, line).Then<EligibilityRules>(rule => rules with { Participation = rule }),
        "endorsement" => ReadEndorsement(said, line).Then<EligibilityRules>(days => rules with { EndorsementDays = days }),
        _ => ReadDocuments(said, line).Then<EligibilityRules>(documents => rules with { Documents = documents }),
    };

    private static Outcome<NationalityRule> ReadNationality(string said, EconomyNames names)
    {
        string folded = PlainText.Fold(said);
        if (folded.Contains("nominating", StringComparison.Ordinal) || folded is "own" or "own economy" or "same economy")
        {
            return new NationalityRule([], []);
        }

        return names.ReadList(said, NotificationFields.Eligibility).Then<NationalityRule>(found => new NationalityRule(
            [.. found.Select(static economy => economy.Name)],
            [.. found.SelectMany(static economy => (string[])[economy.Name, economy.Id, .. economy.OtherNames]).Distinct(StringComparer.Ordinal)]));
    }

    private static Outcome<AgeRule> ReadAge(string said, string line)
    {
        string folded = $" {PlainText.Fold(said)} ";
        int[] numbers = NumbersIn(folded);
        bool isMost = Has(folded, "at most", "up to", "maximum", "no older than", "not over", "or less", "or younger");
        bool isLeast = Has(folded, "at least", "minimum", "no younger than", "or more", "or older");
        return numbers switch
        {
            [var least, var most] when least is >= 16 and <= 99 && most >= least && most <= 99 => new AgeRule(least, most),
            [var only] when isMost != isLeast && only is >= 16 and <= 99 => isMost ? new AgeRule(null, only) : new AgeRule(only, null),
            _ => Refuse(line, "the age is not understood", "Write \u201CAge: 25 to 45\u201D, \u201CAge: at most 45\u201D or \u201CAge: at least 25\u201D."),
        };
    }

    private static Outcome<string> ReadQualification(string said, string line)
    {
        string[] words = PlainText.Fold(said).Split(' ');
        string[] classes = [.. QualificationWords.Where(one => one.Words.Intersect(words).Any()).Select(static one => one.Class)];
        return classes.Length == 1
            ? classes[0]
            : Refuse(line, "the class of qualification is not understood", $"Name one of: {string.Join(", ", QualificationClasses.All.Select(static one => one.Value))}.");
    }

    private static Outcome<int> ReadYears(string said, string line)
    {
        string folded = $" {PlainText.Fold(said)} ";
        return NumbersIn(folded) is [var years] && years is >= 1 and <= 50 && !Has(folded, "at most", "up to", "maximum", "less than")
            ? years
            : Refuse(line, "the years are not understood", "Write \u201CExperience: at least 5 years\u201D.");
    }

    private static Outcome<ParticipationRule> ReadParticipation(string said, string line)
    {
        List<string> codes = [];
        List<string> rest = [];
        foreach (string word in said.Split([' ', ',', '(', ')'], StringSplitOptions.RemoveEmptyEntries))
        {
            (ProjectCode.TryParse(word, out ProjectCode code) ? codes : rest).Add(code.ToString() is { Length: > 0 } text ? text : word);
        }

        string folded = $" {PlainText.Fold(string.Join(' ', rest))} ";
        int[] years = NumbersIn(folded);
        bool isSame = Has(folded, "this project", "same project", "the same");
        bool isAny = Has(folded, "any project", "any earlier project", "any other project");
        bool isNot = Has(folded, "not", "none", "no");
        return isNot && (isSame || isAny || codes.Count > 0) && years.Length <= 1 && (years.Length == 0 || (years[0] is >= 1 and <= 20 && Has(folded, "within", "last", "past")))
            ? new ParticipationRule(codes, isSame, isAny, years.Length == 0 ? null : years[0])
            : Refuse(line, "which earlier project is meant, or within how many years, is not understood", "Write \u201CEarlier participation: not in this project within 3 years\u201D, and name other projects by their codes.");
    }

    private static Outcome<DocumentRule[]> ReadDocuments(string said, string line)
    {
        List<DocumentRule> documents = [];
        foreach (string part in said.Split(',', '，', '、').Select(static part => part.Trim()).Where(static part => part.Length > 0))
        {
            int open = part.IndexOf('(', StringComparison.Ordinal);
            string remark = open < 0 ? "" : PlainText.Fold(part[open..]);
            bool mustOutlast = remark.StartsWith("valid", StringComparison.Ordinal);
            string name = mustOutlast ? part[..open].Trim() : part;
            documents.Add(new DocumentRule(char.ToUpperInvariant(name.FirstOrDefault(' ')) + name[Math.Min(1, name.Length)..], mustOutlast));
        }

        return documents.Count is > 0 and <= MostDocuments && documents.All(static one => one.Name.Trim().Length is > 0 and <= MostName) && documents.DistinctBy(static one => PlainText.Fold(one.Name)).Count() == documents.Count
            ? documents.ToArray()
            : Refuse(line, "the documents are not understood", $"Name up to {MostDocuments} different documents, parted by commas, with \u201C(valid until the end)\u201D behind those that must not run out.");
    }

    private static Outcome<int> ReadEndorsement(string said, string line)
    {
        string folded = $" {PlainText.Fold(said)} ";
        return NumbersIn(folded) is { Length: <= 1 } days && days.FirstOrDefault(UsualDays) is >= 1 and <= 60 and var term && Has(folded, "head", "agency", "organisation", "organization", "employer")
            ? term
            : Refuse(line, "who endorses, or within how many days, is not understood", "Write \u201CEndorsement: by the head of the agency within 7 days\u201D.");
    }

    private static bool Has(string folded, params string[] phrases) => phrases.Any(phrase => folded.Contains($" {phrase} ", StringComparison.Ordinal));

    private static int[] NumbersIn(string folded) =>
        [.. folded.Split(' ').Where(static word => word.Length is > 0 and <= 3 && word.All(char.IsAsciiDigit)).Select(static word => int.Parse(word, CultureInfo.InvariantCulture))];

    private static Refusal Unreadable(string line, string why) => Refuse(line, why, Guide);

    private static Refusal Refuse(string line, string why, string remedy) =>
        new("eligibility-unreadable", $"The rule \u201C{PlainText.Shorten(line)}\u201D cannot be read: {why}.", NotificationFields.Eligibility, remedy);
}
