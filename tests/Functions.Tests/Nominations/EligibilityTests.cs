using Microsoft.AspNetCore.Http;
using Plenary.Domain;
using Plenary.Nominations;
using Plenary.Selection;

namespace Plenary.Functions.Tests.Nominations;

/// <summary>The rules of a project at a desk: by form, by API, from a sheet, and as the secretariat reads them.</summary>
public sealed class EligibilityTests : IDisposable
{
    private static readonly EligibilityRules Rules = new()
    {
        Nationality = new NationalityRule([], []),
        Age = new AgeRule(25, 45),
        LeastQualification = "bachelor",
        LeastYears = 5,
        Course = "Introduction",
        Participation = new ParticipationRule([], IsSame: true, IsAny: false, WithinYears: 3),
    };

    private readonly DeskRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task Through_the_api_every_failure_comes_at_once_with_code_field_and_text()
    {
        await OpenAsync(Rules);

        Answer answer = await CreateAsync(new { name = "Ann", email = "ann@agency.example", nationality = "Fiji", position = "x", organisation = "x", sector = "other", statement = "x", birthDate = "1960-01-01", qualification = "diploma", yearsOfExperience = 2, courseCompleted = "no", tookPart = "yes" });

        Assert.Equal(422, answer.Status);
        Assert.Equal(
            [
                ("nationality-ineligible", "nationality"),
                ("age-ineligible", "birthDate"),
                ("qualification-ineligible", "qualification"),
                ("experience-ineligible", "yearsOfExperience"),
                ("course-ineligible", "courseCompleted"),
                ("participation-ineligible", "tookPart"),
            ],
            answer.Json.GetProperty("problems").EnumerateArray().Select(problem => (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString())));
        Assert.Empty((await rig.RowsAsync()).Nominees);
    }

    [Fact]
    public async Task What_no_rule_asks_for_is_not_kept()
    {
        await OpenAsync(EligibilityRules.None);

        Answer answer = await CreateAsync(new { name = "Ann", email = "ann@agency.example", nationality = "Fiji", position = "x", organisation = "x", sector = "other", statement = "x", birthDate = "1960-01-01", qualification = "diploma", courseCompleted = "no", tookPart = "yes" });

        Assert.Equal(201, answer.Status);
        NomineeEntry kept = Assert.Single((await rig.RowsAsync()).Nominees).Entry;
        Assert.Equal((null, "", "", ""), (kept.BirthDate, kept.Qualification, kept.CourseCompleted, kept.TookPart));
    }

    [Fact]
    public async Task A_form_asks_for_what_the_rules_need_and_for_nothing_else()
    {
        await OpenAsync(EligibilityRules.None);
        string id = await StartAsync();
        string[] before = [.. await FieldsAsync(id, "person"), .. await FieldsAsync(id, "work"), .. await FieldsAsync(id, "statement")];

        await OpenAsync(Rules);
        string[] after = [.. await FieldsAsync(id, "person"), .. await FieldsAsync(id, "work"), .. await FieldsAsync(id, "statement")];

        Assert.Equal(["birthDate", "courseCompleted", "qualification", "tookPart"], after.Except(before).Order(StringComparer.Ordinal));
        Assert.Empty(before.Except(after));
    }

    [Fact]
    public async Task On_the_form_all_failures_stand_in_the_summary_and_beside_their_fields()
    {
        await OpenAsync(Rules);
        string id = await StartAsync(Person() with { Nationality = "Fiji", BirthDate = "1 January 1960", Qualification = "diploma", YearsOfExperience = "2", CourseCompleted = "no", TookPart = "yes" });

        HttpRequest request = rig.Post();
        Answer answer = await DeskRig.AnswerAsync(request, rig.Make<DeskEndpoints>().Submit(request, rig.Code.ToString(), DeskRig.Economy, id, default));

        Assert.Equal(422, answer.Status);
        Assert.Equal(6, answer.Page.QuerySelectorAll(".govuk-error-summary__list li").Length);
        Assert.All(
            (string[])["nationality", "birthDate", "qualification", "yearsOfExperience", "courseCompleted", "tookPart"],
            field => Assert.NotNull(answer.Page.QuerySelector($"#{field} .govuk-error-message")));
    }

    [Fact]
    public async Task Who_took_part_by_the_records_is_refused_whatever_was_answered_and_later_projects_do_not_count()
    {
        Project held = rig.Projects.Project with
        {
            Code = ProjectCode.Parse("22-IP-10-GE-WSP-A"),
            Sessions = [new ProjectSession(1, "Day 1", At(2022), At(2022).AddHours(3))],
            Notification = rig.Projects.Project.Notification with { StartsOn = new DateOnly(2022, 8, 14), EndsOn = new DateOnly(2022, 8, 14) },
        };
        Project coming = held with { Code = ProjectCode.Parse("24-IP-10-GE-WSP-A"), Sessions = [new ProjectSession(1, "Day 1", At(2024), At(2024).AddHours(3))] };
        rig.Projects.Earlier.AddRange([held, coming]);
        rig.Selections.Participants[held.Code] = [new Participant("fiji", "f1", "Ann", "NOMINEE1@agency.example", Pool.Overseas)];
        rig.Selections.Participants[coming.Code] = [new Participant("fiji", "f2", "Bob", "nominee2@agency.example", Pool.Overseas)];
        await OpenAsync(Rules);

        Outcome<Receipt> known = await rig.Get<Nominate>().RunAsync(rig.Call(), "k1", Person(), "", default);
        Outcome<Receipt> free = await rig.Get<Nominate>().RunAsync(rig.Call(), "k2", Person(2), "", default);

        Assert.Equal("participation-ineligible", Assert.Single(known.Refusals).Code);
        Assert.Contains("22-IP-10-GE-WSP-A", known.Refusals[0].Reason, StringComparison.Ordinal);
        Assert.Empty(free.Refusals);

        static DateTimeOffset At(int year) => new(year, 8, 14, 3, 0, 0, TimeSpan.Zero);
    }

    [Fact]
    public async Task A_sheet_has_a_column_for_each_answer_and_its_cells_are_judged()
    {
        await OpenAsync(Rules);
        string[] headings = [.. NomineeSheet.ColumnsFor(Rules).Select(column => column.Heading)];
        TypedSheet sheet = Sheet(headings, ["Ann", "ann@agency.example", "Indonesia", "x", "x", "other", "7", "x", "", "1985-01-01", "Master\u2019s degree", "Yes", "no"],
            ["Bob", "bob@agency.example", "Indonesia", "x", "x", "other", "3", "x", "", "1985-01-01", "secondary", "yes", "no"]);

        Outcome<BulkPlan> outcome = await rig.Get<NominateInBulk>().PlanAsync(rig.Call(), sheet, default);

        BulkPlan plan = outcome.TryGet(out BulkPlan? made) ? made : throw new InvalidOperationException();
        Assert.Equal([("qualification-ineligible", "K3"), ("experience-ineligible", "G3")], plan.Problems.Select(problem => (problem.Code, problem.Field)));
        Assert.Equal(14, headings.Length);
        Assert.Equal(10, NomineeSheet.ColumnsFor(EligibilityRules.None).Count);
    }

    [Fact]
    public async Task The_secretariat_reads_why_somebody_is_no_longer_eligible_and_the_nomination_stands()
    {
        await OpenAsync(EligibilityRules.None);
        await rig.NominateAsync();
        await OpenAsync(new EligibilityRules { LeastYears = 20 });

        HttpRequest request = rig.Request();
        request.HttpContext.Items["plenary-caller"] = World.Officer;
        Answer answer = await DeskRig.AnswerAsync(request, rig.Make<ShowNominationsEndpoint>().Run(request, rig.Code.ToString(), default));

        Assert.Equal(200, answer.Status);
        Assert.Contains("at least 20 years", answer.Page.QuerySelector("[data-code=experience-ineligible]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(NomineeState.Submitted, Assert.Single((await rig.RowsAsync()).Nominees).State);
    }

    private static TypedNominee Person(int number = 1) => DeskRig.Somebody(number) with { BirthDate = "14 August 1985", Qualification = "master", CourseCompleted = "yes", TookPart = "no" };

    private static TypedSheet Sheet(params string[][] rows) =>
        new([.. rows.Select((row, index) => new SheetRow(index + 1, row.Index().ToDictionary(cell => cell.Index, cell => cell.Item)))], []);

    private async Task OpenAsync(EligibilityRules rules)
    {
        Project project = rig.Projects.Project;
        rig.Projects.Project = project with { Version = project.Version + 1, Notification = project.Notification with { Eligibility = rules } };
        await rig.OpenAsync();
    }

    private Task<Answer> CreateAsync(object body)
    {
        HttpRequest request = rig.Json("POST", body, "key");
        request.Path = "/api/projects";
        return DeskRig.AnswerAsync(request, rig.Make<NominationApi>().Create(request, rig.Code.ToString(), DeskRig.Economy, default));
    }

    private async Task<string> StartAsync(TypedNominee? typed = null)
    {
        Outcome<Nominee> draft = await rig.Get<SaveNomination>().StartAsync(rig.Call(), "form-1", default);
        string id = draft.TryGet(out Nominee? nominee) ? nominee.Id : throw new InvalidOperationException();
        if (typed is not null)
        {
            Assert.Empty((await rig.Get<SaveNomination>().RunAsync(rig.Call(), id, _ => typed, default)).Refusals);
        }

        return id;
    }

    private async Task<string[]> FieldsAsync(string id, string step)
    {
        HttpRequest request = rig.Request("GET", rig.Session());
        Answer page = await DeskRig.AnswerAsync(request, rig.Make<DeskEndpoints>().Save(request, rig.Code.ToString(), DeskRig.Economy, id, step, default));
        return [.. page.Page.QuerySelectorAll("input[name], textarea[name]").Select(field => field.GetAttribute("name")!).Distinct()];
    }
}
