using Plenary.Support;

namespace Plenary.Journey.Tests;

/// <summary>The mail provider is down for a day, over the closing.</summary>
public sealed class ProviderOutageTests
{
    [Theory]
    [InlineData("fail", 503)]
    [InlineData("throttle", 429)]
    public async Task Every_owed_mail_arrives_once_after_the_outage(string mode, int status)
    {
        string code = $"23-IP-77-GE-{(mode == "fail" ? "WSP" : "TRN")}-A";
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(code));
        await stage.App.AdvanceToAsync(Stage.Closing.AddHours(-12));
        int before = (await stage.Mailbox.ListAsync()).Count;
        await stage.Mailbox.BehaveAsync(new { mode, status, until = stage.App.Now.AddHours(24) });
        await stage.NominateAllAsync(code, "japan", "Akira Satou", "Botan Itou");
        await stage.NominateAllAsync(code, "fiji", "Dere Vulaono");
        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(2));
        await stage.SelectAsync(code);
        Assert.Equal(before, (await stage.Mailbox.ListAsync()).Count);

        // The secretariat sees that mails wait.
        WebPage page = (await (await stage.SecretariatAsync()).GetAsync($"/secretariat/projects/{code}/mail")).Expect();
        Assert.Contains("Queued", page.Text, StringComparison.OrdinalIgnoreCase);

        await stage.App.AdvanceToAsync(Stage.Closing.AddHours(12).AddHours(2));
        IReadOnlyDictionary<string, int> mails = await stage.Mailbox.CountAsync();
        Assert.Equal(3, mails["nomination-receipt"]);
        Assert.Equal(1, mails["closing-summary"]);
        Assert.Equal(2, mails["offer-made"]);
        Assert.Equal(2, mails["selection-result"]);
        Assert.Empty(await stage.FindDoubledMailsAsync());
        await stage.AssertLedgerSettledAsync(code);
    }
}
