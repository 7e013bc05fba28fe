using AngleSharp.Dom;
using Plenary.Support;

namespace Plenary.Journey.Tests;

/// <summary>What the desk's first page says before anything is opened: what is missing, how long is left, who has endorsed, which mails came back.</summary>
public sealed class DeskAtAGlanceTests(StageFixture fixture) : IClassFixture<StageFixture>
{
    private Stage Stage => fixture.Stage;

    [Fact]
    public async Task The_desk_says_what_is_missing_how_long_is_left_who_has_endorsed_and_which_mail_came_back()
    {
        const string Code = "23-IP-66-GE-WSP-A";
        await Stage.OpenProjectAsync(new NotificationText(Code) { Qualifications = "Officials.\nEligibility\tEndorsement: by the head of the agency within 7 days" });
        WebPage desk = await Stage.OpenDeskAsync(Code, "japan");
        WebPage person = (await desk.Form("/new/person").SubmitAsync()).Expect();
        WebPage work = (await person.Form("/person").Set("name", "Akira Satou").Set("email", "akira@agency.example.org").Set("nationality", "Japan").SubmitAsync()).Expect();
        (await work.Form("/work").Set("position", "Officer").Set("organisation", "Agency").SubmitAsync()).Expect();
        string nominee = work.Address.AbsolutePath.Split('/')[^2];

        IElement row = await RowAsync();
        Assert.Contains("Missing: sector, statement", Fold(row), StringComparison.Ordinal);
        Assert.Contains("Nobody has been asked", Fold(row), StringComparison.Ordinal);
        WebPage page = await ReadAsync();
        Assert.Contains("31 July 2023, 23:59:59 (Asia/Tokyo) — 31 July 2023, 14:59:59 UTC. Time left: 28 days", page.Text, StringComparison.Ordinal);
        Assert.Null(page.Document.QuerySelector("#undelivered"));

        await AskAsync("wrong@agency.example.org");
        ReceivedMail mail = await Stage.MailAsync("wrong@agency.example.org", "endorsement-asked", Code);
        await Stage.Mailbox.ReportAsync(mail.Id, "bounce");
        await Stage.App.SettleAsync();
        page = await ReadAsync();
        string told = Fold(page.Document.QuerySelector("#undelivered"));
        Assert.True(told.StartsWith("A mail did not arrive “Endorsement asked” to the head of the agency of Akira Satou came back, 3 July 2023", StringComparison.Ordinal), told);
        Assert.Equal($"/desk/{Code}/japan/nominees/{nominee}/endorsement", page.Document.QuerySelector("#undelivered a")?.GetAttribute("href"));

        // Another economy's desk knows nothing of it, and asking again at another address settles it.
        Assert.Null((await Stage.OpenDeskAsync(Code, "thailand")).Document.QuerySelector("#undelivered"));
        await Stage.App.MoveToAsync(Stage.App.Now.AddMinutes(20));
        await AskAsync("right@agency.example.org");
        Assert.Null((await ReadAsync()).Document.QuerySelector("#undelivered"));

        // What bounces and is delivered after all is not told any longer either.
        mail = await Stage.MailAsync("right@agency.example.org", "endorsement-asked", Code);
        await Stage.App.MoveToAsync(Stage.App.Now.AddMinutes(1));
        await Stage.Mailbox.ReportAsync(mail.Id, "bounce");
        await Stage.App.SettleAsync();
        Assert.NotNull((await ReadAsync()).Document.QuerySelector("#undelivered"));
        await Stage.App.MoveToAsync(Stage.App.Now.AddMinutes(1));
        await Stage.Mailbox.ReportAsync(mail.Id, "delivered");
        await Stage.App.SettleAsync();
        Assert.Null((await ReadAsync()).Document.QuerySelector("#undelivered"));

        async Task<WebPage> ReadAsync() => (await desk.Browser.GetAsync($"/desk/{Code}/japan")).Expect();

        async Task<IElement> RowAsync() => (await ReadAsync()).Document.QuerySelector("[aria-label='Nominees in order'] tbody tr") ?? throw new InvalidOperationException("Nobody is listed.");

        async Task AskAsync(string address)
        {
            WebPage form = (await desk.Browser.GetAsync($"/desk/{Code}/japan/nominees/{nominee}/endorsement")).Expect();
            (await form.Form("/endorsement").Set("endorserName", "Dr Head").Set("endorserEmail", address).SubmitAsync()).Expect();
            await Stage.App.SettleAsync();
        }
    }

    private static string Fold(IElement? element) => string.Join(' ', (element?.TextContent ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
