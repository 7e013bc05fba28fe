using System.Net;
using System.Text;
using Plenary.Support;

namespace Plenary.Journey.Tests;

/// <summary>What the secretariat may paste, upload or type by mistake, or be sent by somebody who means harm.</summary>
public sealed class NotificationInputTests(StageFixture fixture) : IClassFixture<StageFixture>
{
    private const string ImportForm = "/secretariat/notifications/new";

    private Stage Stage => fixture.Stage;

    [Fact]
    public async Task Every_problem_is_named_at_once_and_what_was_pasted_stays()
    {
        NotificationText text = new("23-IP-20-GE-WSP-A")
        {
            IssuedOn = "31 February 2023",
            Closing = "20 August 2023",
            Overseas = "-5",
            Local = "1000000",
            Host = "Atlantis",
            Title = "A title worth keeping",
        };
        WebPage page = (await Stage.ReadInAsync(text.ToString())).Expect();

        page.AssertErrorsAt("issuedOn", "closingOn", "overseas", "local", "hostEconomies");
        Assert.All(page.Errors, error => Assert.True(error.Length > 20, $"“{error}” gives no remedy."));

        // Each field shows what was given, and so does the draft when it is opened again.
        WebPage again = (await (await Stage.SecretariatAsync()).GetAsync(page.Address.PathAndQuery)).Expect();
        Assert.Equal(page.Errors, again.Errors);
        WebForm form = again.Form(page.Address.AbsolutePath);
        Assert.Equal("A title worth keeping", form["title"]);
        Assert.Contains("-5", form["overseas"], StringComparison.Ordinal);
        Assert.Equal("Atlantis", form["hostEconomies"]);
        Assert.Equal("20 August 2023", form["closingOn"]);
    }

    [Fact]
    public async Task What_has_problems_is_not_issued_and_corrections_made_on_the_way_stay()
    {
        NotificationText text = new("23-IP-21-GE-WSP-A") { Closing = "20 August 2023", Overseas = "many" };
        WebPage draft = (await Stage.ReadInAsync(text.ToString())).Expect();
        WebPage refused = await draft.Form(draft.Address.AbsolutePath)
            .Set("title", "Corrected on the way").Set("offerDays", "-3").Set("sessionsFrom", "25:99").Set("certificateMinimum", "500")
            .SubmitAsync("Issue");

        refused.Expect(422);
        refused.AssertErrorsAt("closingOn", "overseas", "offerDays", "sessionsFrom", "certificateMinimum");
        WebForm form = refused.Form(draft.Address.AbsolutePath);
        Assert.Equal("Corrected on the way", form["title"]);
        Assert.Equal("-3", form["offerDays"]);
        (await Stage.NewWeb().GetAsync("/projects/23-IP-21-GE-WSP-A")).Expect(404);

        // With the last problem put right it is issued as it stands.
        WebPage issued = await form.Set("closingOn", "31 July 2023").Set("overseas", "2").Set("offerDays", "7").Set("sessionsFrom", "09:00").Set("certificateMinimum", "80").SubmitAsync("Issue");
        Assert.EndsWith("/secretariat/projects/23-IP-21-GE-WSP-A", issued.Expect().Address.AbsolutePath, StringComparison.Ordinal);
        Assert.Contains("Corrected on the way", (await Stage.NewWeb().GetAsync("/projects/23-IP-21-GE-WSP-A")).Expect().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closing_after_the_start_or_in_the_past_is_refused_at_its_field()
    {
        foreach ((string code, string closing) in ((string, string)[])[("23-IP-22-GE-WSP-A", "14 August 2023"), ("23-IP-23-GE-WSP-A", "1 July 2023")])
        {
            WebPage draft = (await Stage.ReadInAsync(new NotificationText(code) { Closing = closing, IssuedOn = "1 June 2023" }.ToString())).Expect();
            WebPage refused = (await draft.Form(draft.Address.AbsolutePath).SubmitAsync("Issue")).Expect(422);
            Assert.NotEmpty(refused.Document.QuerySelectorAll(".govuk-error-summary__list a[href='#closingOn']"));
            (await Stage.NewWeb().GetAsync($"/projects/{code}")).Expect(404);
        }
    }

    [Fact]
    public async Task A_code_that_is_in_use_is_refused_and_the_first_project_stays_as_it_was()
    {
        await Stage.IssueAsync(new NotificationText("23-IP-24-GE-WSP-A") { Title = "The first" });
        WebPage draft = (await Stage.ReadInAsync(new NotificationText("23-IP-24-GE-WSP-A") { Title = "The second" }.ToString())).Expect();
        Assert.Contains("23-IP-24-GE-WSP-A has been issued", draft.Text, StringComparison.Ordinal);

        // The page offers a revision; a form from before it was known asks for version 1.
        WebPage refused = await draft.Form(draft.Address.AbsolutePath).PostAsync($"{draft.Address.AbsolutePath}/issue");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.NotEmpty(refused.Document.QuerySelectorAll(".govuk-error-summary__list a[href='#code']"));
        Assert.Equal("The second", refused.Form(draft.Address.AbsolutePath)["title"]);
        Assert.Contains("The first", (await Stage.NewWeb().GetAsync("/projects/23-IP-24-GE-WSP-A")).Expect().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_officers_who_issue_the_same_code_at_once_make_one_project()
    {
        WebPage[] drafts = [.. await Task.WhenAll(Enumerable.Range(1, 2).Select(async number =>
            (await Stage.ReadInAsync(new NotificationText("23-IP-25-GE-WSP-A") { Title = $"Number {number}" }.ToString())).Expect()))];
        WebPage[] answers = await Task.WhenAll(drafts.Select(draft => draft.Form(draft.Address.AbsolutePath).SubmitAsync("Issue the notification")));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Conflict);
        WebPage shown = (await Stage.NewWeb().GetAsync("/projects/23-IP-25-GE-WSP-A")).Expect();
        Assert.DoesNotContain("Version 2", shown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_megabytes_are_refused_with_the_limit_whether_uploaded_or_pasted()
    {
        string text = new('x', 10 * 1024 * 1024);
        WebPage page = (await (await Stage.SecretariatAsync()).GetAsync(ImportForm)).Expect();
        WebPage uploaded = await page.Form(ImportForm).Attach("file", "notification.txt", Encoding.ASCII.GetBytes(text), "text/plain").SubmitAsync();
        uploaded.Expect(413);
        Assert.Contains("1,000,000 are allowed", Assert.Single(uploaded.Errors), StringComparison.Ordinal);

        WebPage pasted = await page.Form(ImportForm).Set("text", text).SubmitAsync();
        pasted.Expect(413);
        Assert.True(pasted.Body.Length < 100_000, "The refusal sends the text back.");
    }

    [Theory]
    [InlineData("binary.txt", "notification-not-text")]
    [InlineData("notification.pdf", "notification-not-text")]
    [InlineData("program.txt", "notification-not-text")]
    [InlineData("blank.txt", "notification-empty")]
    [InlineData("cut.txt", "notification-not-text")]
    public async Task A_file_that_is_no_text_is_refused_with_its_reason(string name, string code)
    {
        byte[] junk = new byte[4000];
        new Random(5).NextBytes(junk);
        byte[] content = name switch
        {
            "notification.pdf" => "%PDF-1.7\n1 0 obj"u8.ToArray(),
            "program.txt" => [(byte)'M', (byte)'Z', 0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0xFF, 0xFF, 0, 0, .. junk],
            "blank.txt" => "   \r\n\r\n"u8.ToArray(),

            // The last character has lost its second half.
            "cut.txt" => [.. Encoding.UTF8.GetBytes(new NotificationText("23-IP-26-GE-WSP-A").ToString()), 0xE0, 0xB8],
            _ => junk,
        };
        WebPage page = (await (await Stage.SecretariatAsync()).GetAsync(ImportForm)).Expect();
        WebPage refused = (await page.Form(ImportForm).Attach("file", name, content, "text/plain").SubmitAsync()).Expect(422);
        Assert.NotEmpty(refused.Document.QuerySelectorAll($"li[data-code={code}] a[href='#text']"));
        refused.AssertHarmless();
    }

    [Fact]
    public async Task Nothing_sent_at_all_is_refused_and_not_a_fault()
    {
        WebPage page = (await (await Stage.SecretariatAsync()).GetAsync(ImportForm)).Expect();
        WebPage refused = (await page.Form(ImportForm).Attach("file", "empty.txt", [], "text/plain").SubmitAsync()).Expect(422);
        Assert.NotEmpty(refused.Document.QuerySelectorAll("li[data-code=notification-empty]"));
    }

    [Fact]
    public async Task Markup_is_refused_outside_the_background_and_made_harmless_inside_it()
    {
        const string Attack = Harmless.Attack;
        const string Signs = "a < b && c > \"d\" 'e' &lt;script&gt; {{7*7}} ${7*7} =1+1";
        NotificationText text = new("23-IP-27-GE-WSP-A")
        {
            Title = $"Title {Attack}",
            Venue = $"Venue {Attack}",
            Organisation = $"Ministry {Attack}",
            Remarks = $"Remarks {Attack}",
            Objectives = $"Objective {Attack}",
            Rationale = $"Rationale {Attack}",
            Background = $"<p onclick=\"alert(4)\">Kept <em>words</em></p>{Attack}<svg onload=alert(5)></svg><iframe src=//evil.example></iframe>",
            Topics = $"Topic {Attack}",
            Outcome = $"Outcome {Attack}",
            Qualifications = $"Officials {Attack}",
            Signatory = $"Dr. {Attack}",
        };
        WebPage draft = (await Stage.ReadInAsync(text.ToString())).Expect().AssertHarmless();
        WebPage refused = (await draft.Form(draft.Address.AbsolutePath).SubmitAsync("Issue")).Expect(422).AssertHarmless();
        refused.AssertErrorsAt("title", "venues", "implementingOrganizations", "remarks", "objectives", "rationale", "topics", "outcomes", "qualifications");
        WebForm form = refused.Form(draft.Address.AbsolutePath);
        Assert.Contains("<script>alert(1)</script>", form["title"], StringComparison.Ordinal);

        // Signs that are no tags stay signs; the background keeps its words and loses what acts.
        foreach (string field in (string[])["title", "venues", "implementingOrganizations", "remarks", "objectives", "rationale", "topics", "outcomes", "qualifications"])
        {
            form.Set(field, Signs);
        }

        WebPage issued = await form.SubmitAsync("Issue");
        issued.Expect().AssertHarmless();
        await Stage.CirculateAsync("23-IP-27-GE-WSP-A");

        WebPage shown = (await Stage.NewWeb().GetAsync("/projects/23-IP-27-GE-WSP-A")).Expect().AssertHarmless();
        Assert.Equal(Signs, shown.Document.QuerySelector("h1")?.TextContent.Trim());
        Assert.Contains(shown.Document.QuerySelectorAll("em"), element => element.TextContent == "words");
        foreach (string address in (string[])["/", "/secretariat", "/secretariat/projects/23-IP-27-GE-WSP-A", "/secretariat/projects/23-IP-27-GE-WSP-A/selection", "/secretariat/projects/23-IP-27-GE-WSP-A/outcome"])
        {
            (await (await Stage.SecretariatAsync()).GetAsync(address)).Expect().AssertHarmless();
        }

        (await Stage.OpenDeskAsync("23-IP-27-GE-WSP-A", "japan")).AssertHarmless();
        ReceivedMail mail = await Stage.MailAsync(Stage.OfficerOf["japan"], "notification-circulated", "23-IP-27-GE-WSP-A");
        Assert.Empty(new AngleSharp.Html.Parser.HtmlParser().ParseDocument(mail.Html).QuerySelectorAll("script, img, iframe, [onerror], [onclick], a[href^=javascript]"));
        Assert.Contains(Signs, mail.Subject, StringComparison.Ordinal);

        // A calendar file has fields of its own to break out of.
        WebPage calendar = (await Stage.NewWeb().GetAsync("/projects/23-IP-27-GE-WSP-A/sessions.ics")).Expect();
        Assert.Equal(2, calendar.Body.Split("BEGIN:VEVENT").Length - 1);
        Assert.All(calendar.Body.Split("\r\n"), line => Assert.True(Encoding.UTF8.GetByteCount(line) <= 75, line));
    }

    [Fact]
    public async Task Any_script_is_shown_as_it_was_written()
    {
        const string Title = "การประชุมเชิงปฏิบัติการ សិក្ខាសាលា ورشة عمل 👩🏽‍💻 Z̸a̸l̸g̸o̸";
        await Stage.IssueAsync(new NotificationText("23-IP-28-GE-WSP-A") { Title = Title });
        WebPage shown = (await Stage.NewWeb().GetAsync("/projects/23-IP-28-GE-WSP-A")).Expect();
        Assert.Equal(Title.Normalize(), shown.Document.QuerySelector("h1")?.TextContent.Trim());
        Assert.Equal("auto", shown.Document.QuerySelector("h1")?.GetAttribute("dir"));
    }
}
