using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Plenary.Support;

namespace Plenary.Journey.Tests;

/// <summary>Rules that a notification declares, from its text to the desk of an economy.</summary>
public sealed class EligibilityTests(StageFixture fixture) : IClassFixture<StageFixture>
{
    private static readonly byte[] Pdf = Encoding.ASCII.GetBytes("%PDF-1.7\n1 0 obj\n<< >>\nendobj\nstartxref\n9\n%%EOF\n");

    private Stage Stage => fixture.Stage;

    [Fact]
    public async Task Rules_come_from_the_notification_and_every_failure_comes_at_once()
    {
        const string Code = "23-IP-60-GE-WSP-A";
        await Stage.OpenProjectAsync(new NotificationText(Code)
        {
            Qualifications = "Officials who write forms.\nEligibility\tNationality: of the nominating economy\nAge: 25 to 45\nEducation: at least bachelor\nExperience: at least 10 years\nCourse: Introduction\nEarlier participation: not in this project within 3 years",
        });

        WebPage project = (await Stage.NewWeb().GetAsync($"/projects/{Code}")).Expect();
        Assert.Equal(6, project.Document.QuerySelectorAll("#eligibility li").Length);
        (HttpStatusCode missing, JsonNode asked) = await Stage.NominateAsync(Code, "japan", "Akira Satou");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, missing);
        Assert.Equal(
            ["birth-date-missing", "qualification-missing", "course-missing", "participation-missing", "nationality-ineligible", "experience-ineligible"],
            Codes(asked));

        JsonNode failing = await SendAsync(Code, "1950-01-01", "secondary", 3, "no", "yes", "Fiji");
        Assert.Equal(
            ["nationality-ineligible", "age-ineligible", "qualification-ineligible", "experience-ineligible", "course-ineligible", "participation-ineligible"],
            Codes(failing));
        Assert.All(failing["problems"]!.AsArray(), problem => Assert.False(string.IsNullOrEmpty(problem?["field"]?.GetValue<string>())));
        JsonNode taken = await SendAsync(Code, "1985-01-01", "master", 12, "yes", "no", "Japan");
        Assert.Equal("Submitted", taken["state"]?.GetValue<string>());
    }

    [Fact]
    public async Task A_project_that_declares_no_rules_asks_nothing_more()
    {
        const string Code = "23-IP-61-GE-WSP-A";
        await Stage.OpenProjectAsync(new NotificationText(Code));

        (HttpStatusCode status, _) = await Stage.NominateAsync(Code, "japan", "Botan Itou");

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Null((await Stage.NewWeb().GetAsync($"/projects/{Code}")).Expect().Document.QuerySelector("#eligibility"));
    }

    [Fact]
    public async Task A_document_that_is_missing_or_runs_out_before_the_end_blocks_and_the_desk_lists_what_runs_out()
    {
        const string Code = "23-IP-62-GE-WSP-A";
        await Stage.OpenProjectAsync(new NotificationText(Code) { Qualifications = "Officials.\nEligibility\tDocuments: Passport (valid until the end), Letter of approval" });
        WebPage desk = await Stage.OpenDeskAsync(Code, "japan");
        WebPage person = (await desk.Form("/nominees/new/person").SubmitAsync()).Expect();
        WebPage work = (await person.Form("/person").Set("name", "Akira Satou").Set("email", "akira@agency.example.org").SubmitAsync()).Expect();
        WebPage statement = (await work.Form("/work").Set("position", "Director").Set("organisation", "Office").Set("sector", "government").SubmitAsync()).Expect();
        WebPage documents = (await statement.Form("/statement").Set("statement", "Writes forms.").SubmitAsync()).Expect();

        WebPage undated = await documents.Form("/documents").Set("kind", "Passport").Attach("document", "p.pdf", Pdf, "application/pdf").SubmitAsync();
        undated.Expect(422);
        undated.AssertErrorsAt("expiresOn");
        WebPage refused = await (await undated.FollowAsync("Continue")).Expect().Form("/submit").SubmitAsync();
        Assert.Equal(2, refused.Errors.Count);

        documents = (await undated.Form("/documents").Set("kind", "Passport").Set("expiresOn", "14 August 2023").Attach("document", "p.pdf", Pdf, "application/pdf").SubmitAsync()).Expect();
        documents = (await documents.Form("/documents").Set("kind", "Letter of approval").Attach("document", "l.pdf", [.. Pdf, .. "\n"u8], "application/pdf").SubmitAsync()).Expect();
        refused = await (await documents.FollowAsync("Continue")).Expect().Form("/submit").SubmitAsync();
        refused.Expect(422);
        Assert.Contains("runs out on 14 August 2023; it must be valid until the project ends, 15 August 2023", Assert.Single(refused.Errors), StringComparison.Ordinal);
        Assert.Contains("Too early", (await documents.Browser.GetAsync(desk.Address.AbsolutePath)).Expect().Document.QuerySelector("#expiring")?.TextContent, StringComparison.Ordinal);

        documents = (await documents.Form("/documents").Set("kind", "Passport").Set("expiresOn", "2030-12-31").Attach("document", "p2.pdf", [.. Pdf, .. "\n\n"u8], "application/pdf").SubmitAsync()).Expect();
        WebPage receipt = (await (await documents.FollowAsync("Continue")).Expect().Form("/submit").SubmitAsync()).Expect();
        Assert.Contains("Nomination submitted", receipt.Text, StringComparison.Ordinal);
        Assert.Contains("Long enough", (await documents.Browser.GetAsync(desk.Address.AbsolutePath)).Expect().Document.QuerySelector("#expiring")?.TextContent, StringComparison.Ordinal);
    }

    private static string[] Codes(JsonNode problem) => [.. problem["problems"]!.AsArray().Select(one => one?["code"]?.GetValue<string>() ?? "")];

    private async Task<JsonNode> SendAsync(string code, string birthDate, string qualification, int years, string course, string tookPart, string nationality)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(Stage.App.Address, $"/api/projects/{code}/economies/japan/nominations"))
        {
            Content = JsonContent.Create(new
            {
                name = "Chika Mori",
                email = "chika@agency.example.org",
                nationality,
                position = "Officer",
                organisation = "Agency",
                sector = "government",
                yearsOfExperience = years,
                birthDate,
                qualification,
                courseCompleted = course,
                tookPart,
                statement = "Writes forms.",
            }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await Stage.DeskTokenAsync(code, "japan"));
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
        WebPage page = await Stage.NewWeb().SendOnceAsync(request);
        return JsonNode.Parse(page.Body) ?? throw new InvalidOperationException("No answer.");
    }
}
