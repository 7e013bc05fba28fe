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
