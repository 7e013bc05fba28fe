using System.Net;
using Plenary.Support;

namespace Plenary.Journey.Tests;

/// <summary>Drafts before the two closings of a desk: the economy's own for those who fill in, the project's for the officer.</summary>
public sealed class DraftTests
{
    [Fact]
    public async Task Incomplete_drafts_are_warned_of_seven_days_two_days_and_four_hours_before_and_the_warnings_move_with_the_closing()
    {
        const string Code = "23-IP-65-GE-WSP-A";
        DateTimeOffset moved = Stage.Closing.AddDays(7);
        await using Stage stage = await Stage.StartAsync();
        NotificationText text = new(Code);
        await stage.OpenProjectAsync(text);

        // Japan holds a draft with nothing but a name, Thailand a complete one, Fiji has submitted.
        await BeginAsync(stage, Code, "japan");
        await NomineeInputTests.FillAsync(await NomineeInputTests.StartAsync(await stage.OpenDeskAsync(Code, "thailand")), "Complete Draft", "complete@agency.example.org");
        await stage.NominateAllAsync(Code, "fiji", "Sent In Time");
        await stage.App.AdvanceToAsync(Stage.Closing.AddDays(-7).AddMinutes(1));
        Assert.Contains("still missing: e-mail address", (await stage.MailAsync(Stage.OfficerOf["japan"], "closing-reminder", Code)).Text, StringComparison.Ordinal);
        Assert.Empty(await stage.Mailbox.ListAsync(kind: "draft-reminder"));

        // The closing moves; by the old one nobody is warned.
        await stage.ReviseAsync(text with { Closing = "7 August 2023" }, "The hall was double-booked.");
        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(1));
        Assert.Empty(await stage.Mailbox.ListAsync(kind: "draft-reminder"));

        await stage.App.AdvanceToAsync(moved.AddHours(-48).AddMinutes(1));
        ReceivedMail warning = Assert.Single(await stage.Mailbox.ListAsync(kind: "draft-reminder"));
        Assert.Equal(Stage.OfficerOf["japan"], warning.To);
        Assert.Contains("Only Begun (draft, still missing: e-mail address", warning.Text, StringComparison.Ordinal);
        Assert.Contains("7 August 2023, 14:59:59 UTC", warning.Text, StringComparison.Ordinal);

        // Whoever begins now is told at the next step, and never of the past one.
        await BeginAsync(stage, Code, "indonesia");
        await stage.App.AdvanceToAsync(moved.AddHours(-4).AddMinutes(1));
        Assert.Single(await stage.Mailbox.ListAsync(Stage.OfficerOf["indonesia"], "draft-reminder"));
        Assert.Equal(2, (await stage.Mailbox.ListAsync(Stage.OfficerOf["japan"], "draft-reminder")).Count);

        // At the closing the draft can only be read, from the link in the warning as from any other.
        WebPage desk = (await stage.NewWeb().GetAsync(warning.Link)).Expect();
        WebPage step = await (await desk.FollowAsync("Only Begun")).FollowAsync("Where does the nominee work");
        await stage.App.AdvanceToAsync(moved);
        Assert.Equal(HttpStatusCode.Conflict, (await step.Form("/work").Set("position", "Too late").SubmitAsync()).Status);
        await stage.App.AdvanceToAsync(moved.AddMinutes(1));
        Assert.Equal(3, (await stage.Mailbox.ListAsync(kind: "draft-reminder")).Count);
        Assert.Empty(await stage.FindDoubledMailsAsync());
        await stage.AssertLedgerSettledAsync(Code);
    }

    [Fact]
    public async Task The_agencys_form_closes_with_the_national_date_and_the_officer_submits_until_the_closing_of_the_project()
    {
        const string Code = "23-IP-66-GE-WSP-A";
        DateTimeOffset national = new(2023, 7, 24, 15, 0, 0, TimeSpan.Zero);
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(Code));

        WebPage desk = await stage.OpenDeskAsync(Code, "japan");
        WebPage refused = (await desk.Form("/national-date").Set("nationalDate", "1 August 2023").SubmitAsync()).Expect(422);
        string reason = Assert.Single(refused.Errors);
        Assert.Contains("1 August 2023, 14:59:59 UTC", reason, StringComparison.Ordinal);
        Assert.Contains("31 July 2023, 14:59:59 UTC", reason, StringComparison.Ordinal);
        (await refused.Form("/national-date").Set("nationalDate", "31 July 2023").SubmitAsync()).Expect();
        desk = (await (await stage.OpenDeskAsync(Code, "japan")).Form("/national-date").Set("nationalDate", "24 July 2023").SubmitAsync()).Expect();
        string shown = desk.Document.QuerySelector("#closing")?.TextContent ?? "";
        Assert.Contains("24 July 2023, 23:59:59 (Asia/Tokyo) — 24 July 2023, 14:59:59 UTC", shown, StringComparison.Ordinal);
        Assert.Contains("31 July 2023, 23:59:59 (Asia/Tokyo) — 31 July 2023, 14:59:59 UTC", shown, StringComparison.Ordinal);

        // The agency gets a link to one draft, fills it in on one device and comes back on another.
        WebPage person = (await desk.Form("/nominees/new/person").SubmitAsync()).Expect();
        string draft = person.Address.AbsolutePath.Replace("/person", "", StringComparison.Ordinal);
        WebPage tasks = (await person.Browser.GetAsync($"{draft}/tasks")).Expect();
        (await tasks.Form("/invite").Set("drafter", "agency@ministry.example.org").SubmitAsync()).Expect();
        await stage.App.SettleAsync();
        string link = Assert.Single(await stage.Mailbox.ListAsync("agency@ministry.example.org", "draft-invitation")).Link;
        WebPage form = (await stage.NewWeb().GetAsync(link)).Expect();
        (await Fill(form, "Half Done").Set("statement", "").SubmitAsync()).Expect();
        await stage.App.AdvanceToAsync(national.AddHours(-48).AddMinutes(1));
        IReadOnlyList<ReceivedMail> warnings = await stage.Mailbox.ListAsync("agency@ministry.example.org", "draft-reminder");
        Assert.Equal(2, warnings.Count);
        ReceivedMail warning = warnings[0];
        Assert.Contains("Still missing: statement of relevance", warning.Text, StringComparison.Ordinal);
        form = (await stage.NewWeb().GetAsync(warning.Link)).Expect();
        Assert.Equal("Half Done", form.Document.QuerySelector("input[name=name]")?.GetAttribute("value"));

        await stage.App.AdvanceToAsync(national.AddMilliseconds(-1));
        (await Fill(form, "In Time").SubmitAsync()).Expect();
        await stage.App.AdvanceToAsync(national);
        WebPage late = await Fill(form, "Too Late").SubmitAsync();
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Contains("24 July 2023, 14:59:59 UTC", Assert.Single(late.Errors), StringComparison.Ordinal);
        Assert.Empty((await stage.NewWeb().GetAsync(link)).Expect().Document.Forms);

        // The officer's desk is open for another week.
        await stage.App.AdvanceToAsync(Stage.Closing.AddMilliseconds(-1));
        WebPage check = (await (await stage.OpenDeskAsync(Code, "japan")).Browser.GetAsync($"{draft}/check")).Expect();
        WebPage receipt = (await check.Form("/submit").SubmitAsync()).Expect();
        Assert.Contains("In Time", receipt.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("late by", receipt.Text, StringComparison.OrdinalIgnoreCase);
        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(1));
        Assert.Contains("1 nominations", Assert.Single(await stage.Mailbox.ListAsync(kind: "closing-summary")).Subject, StringComparison.Ordinal);
        await stage.AssertLedgerSettledAsync(Code);
    }

    [Fact]
    public async Task One_link_is_revoked_alone_says_so_and_a_new_one_opens_what_was_saved()
    {
        const string Code = "23-IP-69-GE-WSP-A";
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(Code));
        WebPage person = await NomineeInputTests.StartAsync(await stage.OpenDeskAsync(Code, "japan"));
        string draft = person.Address.AbsolutePath.Replace("/person", "", StringComparison.Ordinal);
        WebPage tasks = (await person.Browser.GetAsync($"{draft}/tasks")).Expect();
        tasks = (await tasks.Form("/invite").Set("drafter", "wrong@ministry.example.org").SubmitAsync()).Expect();
        await stage.App.SettleAsync();
        string link = Assert.Single(await stage.Mailbox.ListAsync("wrong@ministry.example.org", "draft-invitation")).Link;
        WebPage form = (await stage.NewWeb().GetAsync(link)).Expect();
        form = (await Fill(form, "Half Done").Set("statement", "").SubmitAsync()).Expect();

        tasks = (await tasks.Form("/revoke-link").SubmitAsync("Revoke the link")).Expect();

        Assert.Contains("You revoked it", tasks.Document.QuerySelector("#invitation")?.TextContent ?? "", StringComparison.Ordinal);
        WebPage refused = await Fill(form, "Still Here").SubmitAsync();
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        refused = await stage.NewWeb().GetAsync(link);
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains("The liaison officer of Japan has revoked this link", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Half Done", refused.Text, StringComparison.Ordinal);

        (await tasks.Form("/invite").Set("drafter", "right@ministry.example.org").SubmitAsync()).Expect();
        await stage.App.SettleAsync();
        form = (await stage.NewWeb().GetAsync(Assert.Single(await stage.Mailbox.ListAsync("right@ministry.example.org", "draft-invitation")).Link)).Expect();
        Assert.Equal("Half Done", form.Document.QuerySelector("input[name=name]")?.GetAttribute("value"));
        Assert.Equal(HttpStatusCode.Forbidden, (await stage.NewWeb().GetAsync(link)).Status);
        (await stage.OpenDeskAsync(Code, "japan")).Expect();
        await stage.AssertLedgerSettledAsync(Code);
    }

    private static async Task BeginAsync(Stage stage, string code, string economy)
    {
        WebPage person = await NomineeInputTests.StartAsync(await stage.OpenDeskAsync(code, economy));
        (await person.Form("/person").Set("name", "Only Begun").SubmitAsync()).Expect();
    }

    private static WebForm Fill(WebPage form, string name) => form.Form(form.Address.AbsolutePath)
        .Set("name", name)
        .Set("email", "nominee@ministry.example.org")
        .Set("nationality", "Japan")
        .Set("position", "Officer")
        .Set("organisation", "Ministry")
        .Set("sector", "government")
        .Set("yearsOfExperience", "7")
        .Set("statement", "Writes forms.");
}
