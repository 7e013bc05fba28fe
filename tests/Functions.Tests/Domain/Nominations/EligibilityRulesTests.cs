using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Nominations;

public sealed class EligibilityRulesTests
{
    private static readonly ProjectTerms Terms = new("Workshop on Plain Forms", new DateOnly(2023, 8, 14), new DateOnly(2023, 8, 16));

    private static readonly NomineeEntry Good = new()
    {
        Name = "Ann",
        Email = "ann@agency.example",
        Nationality = "the Türkiye",
        BirthDate = new DateOnly(1985, 8, 14),
        Qualification = "master",
        YearsOfExperience = 5,
        CourseCompleted = YesOrNo.Yes,
        TookPart = YesOrNo.No,
    };

    private static readonly EligibilityRules All = new()
    {
        Nationality = new NationalityRule(["Türkiye"], ["Türkiye", "turkiye", "Turkey"]),
        Age = new AgeRule(25, 38),
        LeastQualification = "bachelor",
        LeastYears = 5,
        Course = "Introduction",
        Participation = new ParticipationRule(["22-IP-10-GE-WSP-A"], IsSame: true, IsAny: false, WithinYears: 3),
        Documents = [new DocumentRule("Passport", MustOutlast: true), new DocumentRule("Letter", MustOutlast: false)],
    };

    [Fact]
    public void Who_keeps_every_rule_fails_none() => Assert.Empty(Failures(Good));

    [Fact]
    public void Every_failure_is_told_at_once_with_its_code_and_field()
    {
        IReadOnlyList<Refusal> failures = Failures(Good with
        {
            Nationality = "Fiji",
            BirthDate = new DateOnly(1984, 8, 14),
            Qualification = "diploma",
            YearsOfExperience = 4,
            CourseCompleted = YesOrNo.No,
            TookPart = YesOrNo.Yes,
        });

        Assert.Equal(
            [
                ("nationality-ineligible", "nationality"),
                ("age-ineligible", "birthDate"),
                ("qualification-ineligible", "qualification"),
                ("experience-ineligible", "yearsOfExperience"),
                ("course-ineligible", "courseCompleted"),
                ("participation-ineligible", "tookPart"),
            ],
            failures.Select(failure => (failure.Code, failure.Field)));
        Assert.All(failures, failure => Assert.NotNull(failure.Remedy));
    }

    [Fact]
    public void A_project_without_rules_asks_nothing_fails_nobody_and_keeps_no_answer()
    {
        Assert.Empty(EligibilityRules.None.Declared);
        Assert.Empty(EligibilityRules.None.FindMissing(NomineeEntry.Empty));
        Assert.Empty(EligibilityRules.None.FindFailures(Good, Terms, []));
        Assert.Equal((null, "", "", ""), Kept(EligibilityRules.None.Keep(Good)));
        Assert.Equal(Good, All.Keep(Good));

        static (DateOnly?, string, string, string) Kept(NomineeEntry entry) => (entry.BirthDate, entry.Qualification, entry.CourseCompleted, entry.TookPart);
    }

    [Fact]
    public void An_answer_a_rule_needs_is_missing_and_fails_nothing_before_it_is_given()
    {
        NomineeEntry silent = Good with { Nationality = "", BirthDate = null, Qualification = "", YearsOfExperience = null, CourseCompleted = "", TookPart = "" };

        Assert.Empty(Failures(silent));
        Assert.Equal(["birth-date-missing", "qualification-missing", "years-missing", "course-missing", "participation-missing"], All.FindMissing(silent).Select(missing => missing.Code));
    }

    [Theory]
    [InlineData("1998-08-14", false)]
    [InlineData("1998-08-15", true)]
    [InlineData("1985-08-14", false)]
    [InlineData("1984-08-15", false)]
    [InlineData("1984-08-14", true)]
    public void Age_is_counted_on_the_first_day(string born, bool fails) =>
        Assert.Equal(fails, Failures(Good with { BirthDate = DateOnly.Parse(born, System.Globalization.CultureInfo.InvariantCulture) }).Count == 1);

    [Fact]
    public void Who_was_born_on_29_February_has_the_birthday_on_the_28th_of_other_years()
    {
        EligibilityRules rules = new() { Age = new AgeRule(30, null) };

        Assert.Empty(rules.FindFailures(Good with { BirthDate = new DateOnly(1996, 2, 29) }, Terms with { StartsOn = new DateOnly(2026, 2, 28) }, []));
        Assert.NotEmpty(rules.FindFailures(Good with { BirthDate = new DateOnly(1996, 2, 29) }, Terms with { StartsOn = new DateOnly(2026, 2, 27) }, []));
    }

    [Theory]
    [InlineData("22-IP-10-GE-WSP-A", "Another title", "2022-05-01", true)]
    [InlineData("21-IP-11-GE-WSP-A", "WORKSHOP on plain forms", "2021-05-01", true)]
    [InlineData("21-IP-11-GE-WSP-A", "Another title", "2021-05-01", false)]
    [InlineData("20-IP-10-GE-WSP-A", "Workshop on Plain Forms", "2020-08-14", true)]
    [InlineData("20-IP-10-GE-WSP-A", "Workshop on Plain Forms", "2020-08-13", false)]
    public void What_the_records_say_counts_whatever_was_answered(string project, string title, string ended, bool fails)
    {
        EarlierParticipation known = new("ann@agency.example", project, title, DateOnly.Parse(ended, System.Globalization.CultureInfo.InvariantCulture));

        IReadOnlyList<Refusal> failures = All.FindFailures(Good with { Email = "Ann@Agency.Example" }, Terms, [known, known with { Address = "other@agency.example" }]);

        Assert.Equal(fails, failures.Any(failure => failure.Code == "participation-ineligible"));
        Assert.Empty(All.FindFailures(Good with { Email = "else@agency.example" }, Terms, [known]));
    }

    [Theory]
    [InlineData("2023-08-16", null)]
    [InlineData("2023-08-15", "document-expires-early")]
    [InlineData("2020-01-01", "document-expires-early")]
    public void A_document_must_be_valid_on_the_last_day_itself(string expires, string? code)
    {
        NomineeDocument passport = Document("Passport") with { ExpiresOn = DateOnly.Parse(expires, System.Globalization.CultureInfo.InvariantCulture) };

        Assert.Equal(code, All.FindDocumentFailures([passport, Document("Letter")], Terms).SingleOrDefault()?.Code);
    }

    [Fact]
    public void Every_document_of_the_list_that_is_not_there_is_told_at_once()
    {
        Assert.Equal(["document-missing", "document-missing"], All.FindDocumentFailures([Document("")], Terms).Select(failure => failure.Code));
        Assert.Empty(All.FindDocumentFailures([Document("Letter"), Document("Passport") with { ExpiresOn = new DateOnly(2020, 1, 1) }, Document("Passport") with { ExpiresOn = new DateOnly(2033, 1, 1) }], Terms));
    }

    [Fact]
    public void The_day_a_document_runs_out_is_asked_for_where_it_must_last_and_kept_nowhere_else()
    {
        Assert.Equal("document-expiry-missing", Assert.Single(All.ReadUse("Passport", "").Refusals).Code);
        Assert.Equal("expiresOn", Assert.Single(All.ReadUse("Passport", "soon").Refusals).Field);
        Assert.Equal("document-kind-unknown", Assert.Single(All.ReadUse("Selfie", "").Refusals).Code);
        Assert.Equal(new DocumentUse("Passport", new DateOnly(2030, 12, 31)), Value(All.ReadUse("Passport", "31 December 2030")));
        Assert.Equal(new DocumentUse("Letter", null), Value(All.ReadUse("Letter", "31 December 2030")));
        Assert.Equal(new DocumentUse("", null), Value(All.ReadUse("", "31 December 2030")));
    }

    [Fact]
    public void At_a_desk_the_nominating_economy_goes_under_all_its_names()
    {
        EligibilityRules own = new() { Nationality = new NationalityRule([], []) };

        EligibilityRules desk = own.For(new Economy("turkiye", "Türkiye", true, "Europe/Istanbul", ["Turkey"]));

        Assert.Empty(desk.FindFailures(Good with { Nationality = "TURKEY" }, Terms, []));
        Assert.Contains("Türkiye", Assert.Single(desk.FindFailures(Good with { Nationality = "Fiji" }, Terms, [])).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_without_such_answers_keeps_the_hash_it_had_before_there_were_any()
    {
        NomineeEntry plain = new() { Name = "Ann" };

        Assert.Equal(plain.ComputeHash([]), (plain with { Qualification = "" }).ComputeHash([]));
        Assert.NotEqual(plain.ComputeHash([]), (plain with { Qualification = "master" }).ComputeHash([]));
        Assert.NotEqual(Document("").Fingerprint, Document("Letter").Fingerprint);
        Assert.Equal(Document("").Sha256, Document("").Fingerprint);
    }

    private static IReadOnlyList<Refusal> Failures(NomineeEntry entry) => All.FindFailures(entry, Terms, []);

    private static NomineeDocument Document(string kind) =>
        new("d", "n", "d.pdf", DocumentKind.Pdf, 10, new string('a', 64), DocumentState.Clean, new DateTimeOffset(2023, 7, 10, 0, 0, 0, TimeSpan.Zero)) { Kind = kind };

    private static DocumentUse? Value(Outcome<DocumentUse> outcome) => outcome.TryGet(out DocumentUse? use) ? use : null;
}
