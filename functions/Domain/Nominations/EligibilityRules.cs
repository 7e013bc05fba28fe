using System.Globalization;
using System.Text.Json.Serialization;

namespace Plenary.Domain;

/// <summary>One rule as the public reads it.</summary>
/// <param name="Code">The code of the refusal that failing it brings.</param>
/// <param name="Text">A sentence about the nominee.</param>
public sealed record DeclaredRule(string Code, string Text);

/// <summary>Whose nationals may be nominated.</summary>
/// <param name="Economies">Names as shown; empty for the economy that nominates.</param>
/// <param name="Names">Every name under which the nationality may be typed.</param>
public sealed record NationalityRule(IReadOnlyList<string> Economies, IReadOnlyList<string> Names)
{
    public bool Accepts(string nationality)
    {
        string folded = Fold(nationality);
        return Names.Any(name => Fold(name) == folded);
    }

    private static string Fold(string name)
    {
        string folded = PlainText.Fold(name);
        return folded.StartsWith("the ", StringComparison.Ordinal) ? folded[4..] : folded;
    }
}

/// <summary>Both bounds are included; one of them is set.</summary>
public sealed record AgeRule(int? Least, int? Most);

/// <summary>Which earlier participation rules a nominee out.</summary>
/// <param name="Projects">Codes of the projects meant.</param>
/// <param name="IsSame">Means earlier projects of the same title too.</param>
/// <param name="IsAny">Means every earlier project.</param>
/// <param name="WithinYears">Only those that ended so many years before this one begins, or later; null for ever.</param>
public sealed record ParticipationRule(IReadOnlyList<string> Projects, bool IsSame, bool IsAny, int? WithinYears)
{
    [JsonIgnore]
    public string Words
    {
        get
        {
            string which = IsAny ? "any earlier project" : string.Join(" or ", IsSame ? ["this project", .. Projects] : Projects);
            return WithinYears is { } years
                ? string.Create(CultureInfo.InvariantCulture, $"{which} within the {years} years before it begins")
                : $"{which} before";
        }
    }

    public bool Concerns(EarlierParticipation earlier, ProjectTerms terms)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(terms);
        bool isMeant = IsAny || Projects.Contains(earlier.Project, StringComparer.Ordinal) || (IsSame && PlainText.Fold(earlier.Title) == PlainText.Fold(terms.Title));
        return isMeant && (WithinYears is not { } years || earlier.EndedOn >= terms.StartsOn.AddYears(-years));
    }
}

/// <summary>A document each nomination brings.</summary>
/// <param name="Name">As the notification calls it; documents are told by it.</param>
/// <param name="MustOutlast">It must be valid until the project ends, so its expiry is asked for.</param>
public sealed record DocumentRule(string Name, bool MustOutlast)
{
    [JsonIgnore]
    public string Words => MustOutlast ? $"{Name}, valid until the project ends" : Name;
}

/// <summary>Which document of the list a file is, and when it runs out.</summary>
public sealed record DocumentUse(string Kind, DateOnly? ExpiresOn);

/// <summary>What is known of somebody who held a place in a project that is over.</summary>
/// <param name="Address">The e-mail address in its normal form.</param>
/// <param name="Project">Project code.</param>
public sealed record EarlierParticipation(string Address, string Project, string Title, DateOnly EndedOn);

/// <summary>What of a project the rules are measured by.</summary>
public sealed record ProjectTerms(string Title, DateOnly StartsOn, DateOnly EndsOn);

/// <summary>
/// What a project asks of its nominees, as its notification declares it; a project that declares nothing asks nothing. Two are equal when
/// they ask the same in the same words.
/// </summary>
public sealed record EligibilityRules
{
    public const string NationalityCode = "nationality-ineligible";
    public const string QualificationCode = "qualification-ineligible";
    public const string ExperienceCode = "experience-ineligible";
    public const string AgeCode = "age-ineligible";
    public const string CourseCode = "course-ineligible";
    public const string ParticipationCode = "participation-ineligible";
    public const string DocumentCode = "document-missing";
    public const string EndorsementCode = "endorsement-missing";

    public static EligibilityRules None { get; } = new();

    public NationalityRule? Nationality { get; init; }

    /// <summary>One of <see cref="QualificationClasses"/>.</summary>
    public string? LeastQualification { get; init; }

    public int? LeastYears { get; init; }

    public AgeRule? Age { get; init; }

    /// <summary>The name of a course to be completed before.</summary>
    public string? Course { get; init; }

    public ParticipationRule? Participation { get; init; }

    public IReadOnlyList<DocumentRule> Documents { get; init; } = [];

    /// <summary>The head of the nominee's agency endorses each nomination, within so many days of being asked; null where nobody needs to.</summary>
    public int? EndorsementDays { get; init; }

    /// <summary>In the order of a nomination's form.</summary>
    [JsonIgnore]
    public IReadOnlyList<DeclaredRule> Declared =>
    [
        .. Declare(NationalityCode, Nationality, rule => $"A national of {(rule.Economies.Count == 0 ? "the economy that nominates" : string.Join(" or ", rule.Economies))}."),
        .. Declare(AgeCode, Age, rule => $"Aged {Words(rule)} on the first day of the project."),
        .. Declare(QualificationCode, LeastQualification, least => $"Holds at least: {QualificationClasses.WordsFor(least)}."),
        .. Declare(ExperienceCode, LeastYears, years => string.Create(CultureInfo.InvariantCulture, $"Has at least {years} years of experience.")),
        .. Declare(CourseCode, Course, course => $"Has completed the course \u201C{course}\u201D."),
        .. Declare(ParticipationCode, Participation, rule => $"Has not taken part in {rule.Words}."),
        .. Documents.Select(document => new DeclaredRule(DocumentCode, $"Document: {document.Words}.")),
        .. Declare(EndorsementCode, EndorsementDays, days => string.Create(CultureInfo.InvariantCulture, $"The head of the nominee\u2019s agency endorses the nomination, within {days} days of being asked.")),
    ];

    /// <summary>The same rules at the desk of one economy.</summary>
    public EligibilityRules For(Economy economy)
    {
        ArgumentNullException.ThrowIfNull(economy);
        return Nationality is { Economies.Count: 0 } own ? this with { Nationality = own with { Names = [economy.Name, economy.Id, .. economy.OtherNames] } } : this;
    }

    /// <summary>An entry without what no rule asks for: nothing is kept that nobody needs.</summary>
    public NomineeEntry Keep(NomineeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry with
        {
            BirthDate = Age is null ? null : entry.BirthDate,
            Qualification = LeastQualification is null ? "" : entry.Qualification,
            CourseCompleted = Course is null ? "" : entry.CourseCompleted,
            TookPart = Participation is null ? "" : entry.TookPart,
        };
    }

    /// <summary>Answers that a rule needs and that are not there, all at once.</summary>
    public IReadOnlyList<Refusal> FindMissing(NomineeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return
        [
            .. When(Age is not null && entry.BirthDate is null, "birth-date-missing", "birthDate", "The nominee\u2019s date of birth is missing.", "Enter it: this project has a rule about age."),
            .. When(LeastQualification is not null && entry.Qualification.Length == 0, "qualification-missing", "qualification", "The nominee\u2019s highest qualification is missing.", "Choose one."),
            .. When(LeastYears is not null && entry.YearsOfExperience is null, "years-missing", "yearsOfExperience", "The nominee\u2019s years of experience are missing.", "Enter a whole number."),
            .. When(Course is not null && entry.CourseCompleted.Length == 0, "course-missing", "courseCompleted", "It is not said whether the nominee has completed the course.", "Answer yes or no."),
            .. When(Participation is not null && entry.TookPart.Length == 0, "participation-missing", "tookPart", "It is not said whether the nominee has taken part before.", "Answer yes or no."),
        ];
    }

    /// <summary>Every rule the nominee fails by what is said or known; what is not said yet fails nothing here.</summary>
    /// <param name="earlier">Who took part in what; of anybody.</param>
    public IReadOnlyList<Refusal> FindFailures(NomineeEntry entry, ProjectTerms terms, IEnumerable<EarlierParticipation> earlier)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(earlier);
        List<Refusal> failures = [];
        if (Nationality is { } nationality && entry.Nationality.Length > 0 && !nationality.Accepts(entry.Nationality))
        {
            string names = nationality.Economies.Count == 0 ? nationality.Names.FirstOrDefault("") : string.Join(" or ", nationality.Economies);
            failures.Add(new Refusal(NationalityCode, $"The nominee must be a national of {names}.", "nationality", "Enter the name of the economy, or nominate somebody else."));
        }

        if (Age is { } age && entry.BirthDate is { } born && AgeOn(born, terms.StartsOn) is var years && (years < age.Least || years > age.Most))
        {
            failures.Add(new Refusal(
                AgeCode, string.Create(CultureInfo.InvariantCulture, $"The nominee will be {years} on the first day; the project asks for {Words(age)}."), "birthDate", "Check the date of birth, or nominate somebody else."));
        }

        if (LeastQualification is { } least && entry.Qualification.Length > 0 && QualificationClasses.RankOf(entry.Qualification) < QualificationClasses.RankOf(least))
        {
            failures.Add(new Refusal(QualificationCode, $"The project asks for at least: {QualificationClasses.WordsFor(least)}.", "qualification", "Check the qualification, or nominate somebody else."));
        }

        if (LeastYears is { } leastYears && entry.YearsOfExperience < leastYears)
        {
            failures.Add(new Refusal(
                ExperienceCode, string.Create(CultureInfo.InvariantCulture, $"The project asks for at least {leastYears} years of experience."), "yearsOfExperience", "Check the number, or nominate somebody else."));
        }

        if (Course is { } course && entry.CourseCompleted == YesOrNo.No)
        {
            failures.Add(new Refusal(CourseCode, $"The nominee must have completed the course \u201C{course}\u201D.", "courseCompleted", "Nominate once it is completed."));
        }

        failures.AddRange(FindParticipation(entry, terms, earlier));
        return failures;
    }

    /// <summary>Documents asked for by name that are not there or do not last, all at once.</summary>
    public IReadOnlyList<Refusal> FindDocumentFailures(IReadOnlyCollection<NomineeDocument> documents, ProjectTerms terms)
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(terms);
        List<Refusal> failures = [];
        foreach (DocumentRule rule in Documents)
        {
            NomineeDocument[] given = [.. documents.Where(document => document.Kind == rule.Name)];
            if (given.Length == 0)
            {
                failures.Add(new Refusal(DocumentCode, $"The document \u201C{rule.Name}\u201D is missing.", "document", "Add it on the page for documents, then submit."));
            }
            else if (rule.MustOutlast && !given.Any(document => document.ExpiresOn >= terms.EndsOn))
            {
                DateOnly? latest = given.Max(document => document.ExpiresOn);
                string when = latest is { } day ? $"runs out on {DateText.Display(day)}" : "was added without the day it runs out";
                failures.Add(new Refusal(
                    "document-expires-early", $"\u201C{rule.Name}\u201D {when}; it must be valid until the project ends, {DateText.Display(terms.EndsOn)}.", "document", "Add one that is valid for long enough."));
            }
        }

        return failures;
    }

    /// <summary>What a document is given as. A kind that must last needs the day it runs out; for others that is not kept.</summary>
    /// <param name="kind">Empty for a document nobody asked for.</param>
    /// <param name="expiresOn">As typed.</param>
    public Outcome<DocumentUse> ReadUse(string kind, string expiresOn)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(expiresOn);
        if (kind.Length == 0)
        {
            return new DocumentUse("", null);
        }

        if (Documents.FirstOrDefault(document => document.Name == kind) is not { } rule)
        {
            return new Refusal("document-kind-unknown", "The project does not ask for such a document.", "kind", "Choose one of the list.");
        }

        if (!rule.MustOutlast)
        {
            return new DocumentUse(kind, null);
        }

        return expiresOn.Length == 0
            ? new Refusal("document-expiry-missing", $"\u201C{rule.Name}\u201D must be valid until the project ends, so the day it runs out is needed.", "expiresOn", "Enter the date printed on it, such as 31 December 2030.")
            : DateText.Read(expiresOn, "expiresOn").Then<DocumentUse>(day => new DocumentUse(kind, day));
    }

    public bool Equals(EligibilityRules? other) =>
        other is not null && Declared.SequenceEqual(other.Declared) && (Nationality?.Names ?? []).SequenceEqual(other.Nationality?.Names ?? []);

    public override int GetHashCode() => Declared.Aggregate(0, HashCode.Combine);

    private static int AgeOn(DateOnly born, DateOnly day) => day.Year - born.Year - (day < born.AddYears(day.Year - born.Year) ? 1 : 0);

    private static string Words(AgeRule rule) => (rule.Least, rule.Most) switch
    {
        ({ } least, { } most) => string.Create(CultureInfo.InvariantCulture, $"{least} to {most}"),
        ({ } least, null) => string.Create(CultureInfo.InvariantCulture, $"{least} or more"),
        (null, var most) => string.Create(CultureInfo.InvariantCulture, $"{most} or less"),
    };

    private static IEnumerable<DeclaredRule> Declare<T>(string code, T? rule, Func<T, string> words)
        where T : class => rule is null ? [] : [new DeclaredRule(code, words(rule))];

    private static IEnumerable<DeclaredRule> Declare(string code, int? rule, Func<int, string> words) => rule is { } number ? [new DeclaredRule(code, words(number))] : [];

    private static IEnumerable<Refusal> When(bool isSo, string code, string field, string reason, string remedy) => isSo ? [new Refusal(code, reason, field, remedy)] : [];

    private IEnumerable<Refusal> FindParticipation(NomineeEntry entry, ProjectTerms terms, IEnumerable<EarlierParticipation> earlier)
    {
        if (Participation is not { } rule)
        {
            yield break;
        }

        string address = EmailAddress.Parse(entry.Email).TryGet(out EmailAddress? parsed) ? parsed.Normal : entry.Email;
        EarlierParticipation? known = earlier.Where(one => one.Address == address && rule.Concerns(one, terms)).MaxBy(one => one.EndedOn);
        if (known is not null)
        {
            yield return new Refusal(
                ParticipationCode,
                $"By our records the nominee took part in {known.Project}, which ended on {DateText.Display(known.EndedOn)}.",
                "tookPart",
                "Nominate somebody who has not, or write to the secretariat if the record is wrong.");
        }
        else if (entry.TookPart == YesOrNo.Yes)
        {
            yield return new Refusal(ParticipationCode, $"The nominee must not have taken part in {rule.Words}.", "tookPart", "Nominate somebody who has not.");
        }
    }
}

/// <summary>Answers to a question of yes or no. Values are stored and public.</summary>
public static class YesOrNo
{
    public const string Yes = "yes";
    public const string No = "no";

    public static IReadOnlyList<(string Value, string Words)> All { get; } = [(Yes, "Yes"), (No, "No")];

    public static string WordsFor(string value) => All.FirstOrDefault(one => one.Value == value).Words ?? "";
}

/// <summary>Classes of qualification, lowest first. Values are stored and public; words are for pages.</summary>
public static class QualificationClasses
{
    public static IReadOnlyList<(string Value, string Words)> All { get; } =
    [
        ("secondary", "Secondary school"),
        ("diploma", "Diploma or certificate after school"),
        ("bachelor", "Bachelor\u2019s degree"),
        ("master", "Master\u2019s degree"),
        ("doctorate", "Doctorate"),
    ];

    /// <summary>0 for the lowest; −1 for an unknown one.</summary>
    public static int RankOf(string value) => All.Select(one => one.Value).ToList().IndexOf(value);

    public static string WordsFor(string value) => All.FirstOrDefault(one => one.Value == value).Words ?? "";
}
