using System.Net;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using Plenary.Support;

namespace Plenary.Journey.Tests;

/// <summary>One economy may come in after the closing: once, with a name to it, and before the list is final.</summary>
public sealed class ExtensionTests
{
    [Fact]
    public async Task A_late_nomination_by_an_extension_is_marked_a_second_use_is_refused_and_the_list_waits_for_it()
    {
        const string Code = "23-IP-67-GE-WSP-A";
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(Code));
        await stage.NominateAllAsync(Code, "japan", "Akira Satou");
        await stage.NominateAllAsync(Code, "indonesia", "Eka Putrawan");

        // Without one, the closing holds to the millisecond; the timer has not even run.
        await stage.App.MoveToAsync(Stage.Closing.AddMilliseconds(-1));
        Assert.Equal(HttpStatusCode.Created, (await stage.NominateAsync(Code, "japan", "Just In Time")).Status);
        await stage.App.MoveToAsync(Stage.Closing);
        Assert.Equal(HttpStatusCode.Conflict, (await stage.NominateAsync(Code, "thailand", "Chai Suksan")).Status);
        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(1));

        // Granted for Thailand, once, until nine in the evening of 1 August in Tokyo.
        string id = await GrantAsync(stage, Code, "thailand", "2023-08-01 21:00");
        DateTimeOffset until = new(2023, 8, 1, 12, 0, 0, TimeSpan.Zero);
        ReceivedMail told = Assert.Single(await stage.Mailbox.ListAsync(Stage.OfficerOf["thailand"], "extension-granted"));
        Assert.Contains(id, told.Text, StringComparison.Ordinal);
        Assert.Contains(id, (await stage.OpenDeskAsync(Code, "thailand")).Document.QuerySelector("#closing")?.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await stage.NominateAsync(Code, "fiji", "Not For Fiji")).Status);

        // The selection waits: the list is not final while somebody can still come in.
        Assert.Contains(id, (await ProposeAsync(stage, Code)).Expect(409).Text, StringComparison.Ordinal);

        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(12).AddSeconds(30));
        (HttpStatusCode status, JsonNode answer) = await stage.NominateAsync(Code, "thailand", "Chai Suksan", key: "late");
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal($"late by 13 minutes, extension {id} by Aiko Mori", answer["late"]?.GetValue<string>());
        (status, answer) = await stage.NominateAsync(Code, "thailand", "Second Use");
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains($"Extension {id} has been used once", answer["detail"]?.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await stage.NominateAsync(Code, "thailand", "Chai Suksan", key: "late")).Status);
        await stage.App.SettleAsync();

        string mark = $"late by 13 minutes, extension {id} by Aiko Mori";
        Assert.Contains(mark, (await stage.MailAsync(Stage.OfficerOf["thailand"], "nomination-receipt", Code)).Text, StringComparison.Ordinal);
        WebPage list = (await (await stage.SecretariatAsync()).GetAsync($"/secretariat/projects/{Code}/nominations")).Expect();
        IElement late = Assert.Single(list.Document.QuerySelectorAll("details"), details => details.QuerySelector(".govuk-tag--orange") is not null);
        Assert.Contains("Chai Suksan", late.TextContent, StringComparison.Ordinal);
        Assert.Contains(mark, late.TextContent, StringComparison.Ordinal);

        // One for one nominee, ended before its time; one that runs out at its own instant.
        string reference = list.Document.QuerySelectorAll("summary").Single(summary => summary.TextContent.Contains("Akira Satou", StringComparison.Ordinal)).TextContent.Split(',')[^1].Trim();
        await GrantAsync(stage, Code, "japan", "2023-08-01 21:00", reference);
        WebPage extensions = (await (await stage.SecretariatAsync()).GetAsync($"/secretariat/projects/{Code}/extensions")).Expect();
        (await extensions.Form("/end").SubmitAsync()).Expect();
        Assert.Equal(HttpStatusCode.Conflict, (await stage.NominateAsync(Code, "japan", "Nobody New")).Status);
        await GrantAsync(stage, Code, "fiji", "2023-08-01 21:00");
        await stage.App.AdvanceToAsync(until.AddMilliseconds(-1));
        Assert.Equal(HttpStatusCode.Created, (await stage.NominateAsync(Code, "fiji", "Last Moment")).Status);
        await GrantAsync(stage, Code, "indonesia", "2023-08-01 21:30");
        await stage.App.AdvanceToAsync(until.AddMinutes(30));
        (status, answer) = await stage.NominateAsync(Code, "indonesia", "One Too Late");
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("12:29:59 UTC", answer["detail"]?.GetValue<string>(), StringComparison.Ordinal);

        // Frozen with the approval: the late ones are on the list like everybody else, and nothing comes in behind it.
        await stage.SelectAsync(Code);
        Assert.Equal(
            ["Akira Satou", "Chai Suksan", "Eka Putrawan", "Just In Time", "Last Moment"],
            (await stage.DecisionsAsync(Code)).Select(line => line.Name).Order(StringComparer.Ordinal));
        WebPage refused = await RequestAsync(stage, Code, "thailand", "2023-08-05 18:00", "");
        Assert.Contains("frozen", string.Join(' ', refused.Errors), StringComparison.Ordinal);
        Assert.Empty(await stage.FindDoubledMailsAsync());
    }

    [Fact]
    public async Task Grace_is_off_unless_the_project_sets_it_and_is_shown_where_the_closing_is()
    {
        const string Code = "23-IP-68-GE-WSP-A";
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(Code), ("graceMinutes", "15"));
        Assert.Contains("grace of 15 minutes", (await stage.OpenDeskAsync(Code, "japan")).Text, StringComparison.Ordinal);
        Assert.Contains("grace of 15 minutes", (await stage.NewWeb().GetAsync($"/projects/{Code}")).Expect().Text, StringComparison.Ordinal);
        Assert.Contains("within 15 minutes", (await stage.MailAsync(Stage.OfficerOf["japan"], "notification-circulated", Code)).Text, StringComparison.Ordinal);

        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(15).AddMilliseconds(-1));
        Assert.Equal(HttpStatusCode.Created, (await stage.NominateAsync(Code, "japan", "Within Grace")).Status);
        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(15));
        Assert.Equal(HttpStatusCode.Conflict, (await stage.NominateAsync(Code, "japan", "Without")).Status);
        WebPage list = (await (await stage.SecretariatAsync()).GetAsync($"/secretariat/projects/{Code}/nominations")).Expect();
        Assert.Contains("late by 15 minutes, within the grace of the project", list.Text, StringComparison.Ordinal);
    }

    private static async Task<string> GrantAsync(Stage stage, string code, string economy, string until, string nominee = "")
    {
        WebPage page = (await RequestAsync(stage, code, economy, until, nominee)).Expect();
        await stage.App.SettleAsync();
        return page.Document.QuerySelectorAll("tbody tr").Single(row => row.QuerySelector("form") is not null).QuerySelector("th")?.TextContent.Trim() ?? "";
    }

    private static async Task<WebPage> RequestAsync(Stage stage, string code, string economy, string until, string nominee)
    {
        WebPage page = (await (await stage.SecretariatAsync()).GetAsync($"/secretariat/projects/{code}/extensions")).Expect();
        return await page.Form("/extensions").Set("economy", economy).Set("nominee", nominee).Set("until", until).Set("uses", "1").Set("reason", "The line was cut.").SubmitAsync();
    }

    private static async Task<WebPage> ProposeAsync(Stage stage, string code)
    {
        WebPage page = (await (await stage.SecretariatAsync()).GetAsync($"/secretariat/projects/{code}/selection")).Expect();
        return await page.Form("/propose").SubmitAsync();
    }
}
