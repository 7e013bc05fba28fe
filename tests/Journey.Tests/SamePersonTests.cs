using System.Net;
using AngleSharp.Dom;
using Plenary.Support;

namespace Plenary.Journey.Tests;

/// <summary>The same person, put forward by two agencies, in two economies and in two projects.</summary>
public sealed class SamePersonTests
{
    [Fact]
    public async Task Whoever_is_nominated_twice_is_flagged_with_the_earlier_participation_and_stays_two_nominations()
    {
        const string Earlier = "23-IP-63-GE-WSP-A";
        const string Later = "23-IP-64-GE-WSP-A";
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(Earlier));
        await stage.OpenProjectAsync(new NotificationText(Later) { Timing = "28 August 2023–29 August 2023", Closing = "12 August 2023", Overseas = "5" });
        await NominateAsync(stage, Earlier, "japan", "Jose\u0301 Łukasz Weiß", "jose@agency.example.org");
        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(1));
        await stage.SelectAsync(Earlier);
        WebPage offer = (await stage.NewWeb().GetAsync((await stage.MailAsync("jose@agency.example.org", "offer-made", Earlier)).Link)).Expect();
        (await offer.Form(offer.Address.AbsolutePath).Set("answer", "accept").SubmitAsync()).Expect();

        await NominateAsync(stage, Later, "thailand", "JOSÉ LUKASZ WEISS", "second@agency.example.org");
        await NominateAsync(stage, Later, "fiji", "Ayşe Işık Öztürk", "ayse@one.example.org");
        await NominateAsync(stage, Later, "japan", "ozturk, ayse isik", "AYSE@two.example.org");
        await NominateAsync(stage, Later, "fiji", "Somebody Else", "else@one.example.org");
        await stage.App.SettleAsync();

        WebPage page = (await (await stage.SecretariatAsync()).GetAsync($"/secretariat/projects/{Later}/nominations")).Expect();
        IReadOnlyDictionary<string, string> flagged = page.Document.QuerySelectorAll("details")
            .Where(details => details.QuerySelector(".govuk-tag") is not null)
            .ToDictionary(details => details.QuerySelector("summary span span")?.TextContent ?? "", details => string.Join(' ', details.QuerySelectorAll("ul:first-of-type li").Select(line => line.Text())));
        Assert.Equal(["Ayşe Işık Öztürk", "JOSÉ LUKASZ WEISS", "ozturk, ayse isik"], flagged.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("same name; took a place", flagged["JOSÉ LUKASZ WEISS"], StringComparison.Ordinal);
        Assert.Contains(Earlier, flagged["JOSÉ LUKASZ WEISS"], StringComparison.Ordinal);
        Assert.Contains("nominated by Japan", flagged["Ayşe Işık Öztürk"], StringComparison.Ordinal);
        Assert.Contains("for this project", flagged["ozturk, ayse isik"], StringComparison.Ordinal);
        Assert.Equal(4, page.Document.QuerySelectorAll("details").Length);
    }

    private static async Task NominateAsync(Stage stage, string code, string economy, string name, string email)
    {
        Assert.Equal(HttpStatusCode.Created, (await stage.NominateAsync(code, economy, name, email)).Status);
        await stage.App.SettleAsync();
    }
}
