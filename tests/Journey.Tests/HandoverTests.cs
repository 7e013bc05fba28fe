using System.Net;
using Plenary.Support;
using Plenary.Support.Drivers;

namespace Plenary.Journey.Tests;

/// <summary>A post changes hands while nominations are open.</summary>
public sealed class HandoverTests
{
    private const string Successor = "rin@npo-japan.example.org";

    [Fact]
    public async Task Every_old_link_dies_in_one_step_and_the_new_officer_finds_all_drafts()
    {
        const string Code = "23-IP-91-GE-WSP-A";
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(Code));
        string oldLink = (await stage.MailAsync(Stage.OfficerOf["japan"], "notification-circulated", Code)).Link;
        using OfficerDriver before = await OfficerDriver.OpenAsync(stage.App.Address, oldLink);
        await before.SaveNameOnlyAsync("Kaede Mori");

        WebPage people = (await (await stage.SecretariatAsync()).GetAsync("/secretariat/registry/japan")).Expect();
        (await people.Form("/registry/japan").Set("name-1", "佐藤 凛").Set("email-1", Successor).SubmitAsync()).Expect();
        await stage.App.SettleAsync();

        Assert.Equal(HttpStatusCode.Forbidden, (await before.Web.GetAsync(before.Path)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await stage.NewWeb().GetAsync(oldLink)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await stage.NominateAsync(Code, "japan", "Too Late", token: oldLink["/l/".Length..])).Status);
        using OfficerDriver after = await OfficerDriver.OpenAsync(stage.App.Address, (await stage.MailAsync(Successor, "notification-circulated", Code)).Link);
        Assert.Contains("Kaede Mori", (await after.ReadDeskAsync()).Text, StringComparison.Ordinal);

        // Nobody else was disturbed.
        Assert.Single(await stage.Mailbox.ListAsync(Stage.OfficerOf["thailand"], "notification-circulated"));
        (await stage.OpenDeskAsync(Code, "thailand")).Expect();
    }

    [Fact]
    public async Task A_change_that_leaves_the_address_leaves_the_links()
    {
        const string Code = "23-IP-92-GE-WSP-A";
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(Code));

        WebPage people = (await (await stage.SecretariatAsync()).GetAsync("/secretariat/registry/japan")).Expect();
        (await people.Form("/registry/japan").Set("name-1", "高橋 美咲 (Misaki Takahashi)").SubmitAsync()).Expect();
        await stage.App.SettleAsync();

        (await stage.OpenDeskAsync(Code, "japan")).Expect();
        Assert.Single(await stage.Mailbox.ListAsync(Stage.OfficerOf["japan"], "notification-circulated"));
    }
}

/// <summary>A post changes hands because a day comes: nobody presses a button.</summary>
public sealed class HandoverByDateTests
{
    private const string Ana = "ana@npo-japan.example.org";
    private const string Ben = "ben@npo-japan.example.org";
    private const string Head = "head@npo-japan.example.org";

    /// <summary>From this instant on it is 10, 15 and 21 July in Japan.</summary>
    private static readonly DateTimeOffset Tenth = new(2023, 7, 9, 15, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Fifteenth = new(2023, 7, 14, 15, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset TwentyFirst = new(2023, 7, 20, 15, 0, 0, TimeSpan.Zero);

    /// <summary>Ana until the 14th, Ben from the 10th to the 20th, then nobody but the head.</summary>
    [Fact]
    public async Task Both_links_open_while_the_posts_overlap_then_the_successor_has_the_drafts_alone_and_after_that_the_head()
    {
        const string Code = "23-IP-94-GE-WSP-A";
        await using Stage stage = await Stage.StartAsync();
        await ImportAsync(
            stage, $"japan,officer,Ana,{Ana},en,2021-07-01,2023-07-14\njapan,officer,Ben,{Ben},en,2023-07-10,2023-07-20\njapan,head,Head,{Head},en,2019-07-01,");
        await stage.OpenProjectAsync(new NotificationText(Code));
        string anasLink = (await stage.MailAsync(Ana, "notification-circulated", Code)).Link;
        using OfficerDriver ana = await OfficerDriver.OpenAsync(stage.App.Address, anasLink);
        await ana.SaveNameOnlyAsync("Kaede Mori");
        Assert.Empty(await stage.Mailbox.ListAsync(Ben));

        await stage.App.AdvanceToAsync(Tenth);
        using OfficerDriver ben = await OfficerDriver.OpenAsync(stage.App.Address, (await stage.MailAsync(Ben, "notification-circulated", Code)).Link);
        Assert.Contains("Kaede Mori", (await ben.ReadDeskAsync()).Text, StringComparison.Ordinal);
        Assert.Contains("Kaede Mori", (await ana.ReadDeskAsync()).Text, StringComparison.Ordinal);
        await ana.SaveNameOnlyAsync("Sora Abe");

        // Where no timer has run the old link is refused all the same: what decides is a comparison.
        await using (Stage silent = await stage.StartBesideAsync(new Dictionary<string, string> { ["AzureWebJobs.RunAgenda.Disabled"] = "true" }))
        {
            await silent.App.MoveToAsync(Fifteenth.AddMilliseconds(-1));
            (await silent.NewWeb().GetAsync(anasLink)).Expect();
            await silent.App.MoveToAsync(Fifteenth);
            Assert.Equal(HttpStatusCode.Forbidden, (await silent.NewWeb().GetAsync(anasLink)).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await silent.NominateAsync(Code, "japan", "Too Late", token: anasLink["/l/".Length..])).Status);
        }

        await stage.App.AdvanceToAsync(Fifteenth);
        Assert.Equal(HttpStatusCode.Forbidden, (await ana.Web.GetAsync(ana.Path)).Status);
        string desk = (await ben.ReadDeskAsync()).Text;
        Assert.Contains("Kaede Mori", desk, StringComparison.Ordinal);
        Assert.Contains("Sora Abe", desk, StringComparison.Ordinal);

        await stage.App.AdvanceToAsync(TwentyFirst);
        Assert.Equal(HttpStatusCode.Forbidden, (await ben.Web.GetAsync(ben.Path)).Status);
        ReceivedMail written = await stage.MailAsync(Head, "notification-circulated", Code);
        Assert.Contains("head of the national productivity organisation", written.Text, StringComparison.Ordinal);
        using OfficerDriver head = await OfficerDriver.OpenAsync(stage.App.Address, written.Link);
        Assert.Contains("Sora Abe", (await head.ReadDeskAsync()).Text, StringComparison.Ordinal);

        // Each was written to once, and nobody else was disturbed.
        Assert.Equal((1, 1, 1), (await CountAsync(stage, Ana), await CountAsync(stage, Ben), await CountAsync(stage, Head)));
        Assert.Equal(1, await CountAsync(stage, Stage.OfficerOf["thailand"]));
        Assert.Empty(await stage.FindDoubledMailsAsync());
        await stage.AssertLedgerSettledAsync(Code);
    }

    [Fact]
    public async Task Killed_while_the_day_comes_the_app_hands_over_once_when_it_is_back()
    {
        const string Code = "23-IP-95-GE-WSP-A";
        await using Stage stage = await Stage.StartAsync();
        await ImportAsync(stage, $"japan,officer,Ana,{Ana},en,2021-07-01,2023-07-14\njapan,head,Head,{Head},en,2019-07-01,");
        await stage.OpenProjectAsync(new NotificationText(Code));
        string anasLink = (await stage.MailAsync(Ana, "notification-circulated", Code)).Link;

        // The timer wakes with the clock, and the power goes.
        await stage.App.SetClockAsync(Fifteenth.AddMinutes(1));
        await stage.App.KillAsync();
        await stage.App.StartAgainAsync();
        await stage.App.AdvanceToAsync(Fifteenth.AddMinutes(20));

        Assert.Equal(HttpStatusCode.Forbidden, (await stage.NewWeb().GetAsync(anasLink)).Status);
        (await stage.NewWeb().GetAsync(Assert.Single(await stage.Mailbox.ListAsync(Head, "notification-circulated")).Link)).Expect();
        Assert.Equal(1, await CountAsync(stage, Ana));
        await stage.AssertLedgerSettledAsync(Code);
    }

    private static async Task<int> CountAsync(Stage stage, string address) => (await stage.Mailbox.ListAsync(address, "notification-circulated")).Count;

    private static async Task ImportAsync(Stage stage, string officers)
    {
        WebPage registry = await (await stage.SecretariatAsync()).GetAsync("/secretariat/registry");
        (await registry.Expect().Form("/secretariat/registry").Set("officers", $"economy,role,name,email,language,from,until\n{officers}\n").SubmitAsync()).Expect();
        await stage.App.SettleAsync();
    }
}

/// <summary>A project that asks for documents.</summary>
public sealed class RequiredDocumentTests
{
    [Fact]
    public async Task A_missing_document_blocks_submitting_until_it_is_there()
    {
        const string Code = "23-IP-93-GE-WSP-A";
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(Code), ("requiredDocuments", "1"));
        using OfficerDriver officer = await OfficerDriver.OpenAsync(stage.App.Address, (await stage.MailAsync(Stage.OfficerOf["japan"], "notification-circulated", Code)).Link);
        string id = await officer.SaveDraftAsync(new NomineeFacts("Kaede Mori", "kaede@agency.example.org", "Japan"));

        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(() => officer.SubmitAsync(id));

        Assert.Contains("asks for one document", refused.Message, StringComparison.Ordinal);
        await officer.UploadAsync(id, "letter.png", Png, "image/png");
        await officer.SubmitAsync(id);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await stage.NominateAsync(Code, "japan", "By Program")).Status);
    }

    /// <summary>One black pixel.</summary>
    private static byte[] Png => Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==");
}
