using Microsoft.Playwright;
using Plenary.Support;
using Plenary.Support.Drivers;
using Plenary.Support.Replay;

namespace Plenary.Browser.Tests;

/// <summary>
/// The example project in a browser, with all its nominees: the pages that grow with their number, and the pictures of the README
/// (<c>PLENARY_IMAGES=docs/images ./test Browser</c>).
/// </summary>
public sealed class ExampleTests
{
    [Fact]
    public async Task Desk_revision_selection_what_if_and_balance_break_no_rule_with_everybody_in_them()
    {
        Azurite azurite = await Azurite.SharedAsync();
        await using PlenaryApp app = await PlenaryApp.StartAsync(azurite.ConnectionString, Story.Beginning);
        await using Chromium chromium = await Chromium.StartAsync();
        IBrowserContext context = await chromium.NewContextAsync(app.Address);
        Visits visits = new(app.Address, context);
        Seat seat = new(await context.NewPageAsync(), visits);
        await Assert.ThrowsAsync<SeenEnoughException>(() => new Story(app, async (stage, _) =>
        {
            switch (stage)
            {
                case "after the second reminder":
                    ReceivedMail reminder = (await new Mailbox(app.Address).ListAsync(kind: "closing-reminder")).First(mail => mail.To.Contains("thailand", StringComparison.Ordinal));
                    await seat.GoAsync(reminder.Link).LookAsync("example, desk");
                    break;
                case "selected":
                    await LookAtSelectionAsync(seat);
                    await LookAtRevisionAsync(seat);
                    throw new SeenEnoughException();
            }
        }).RunAsync());

        Assert.Equal(5, visits.All.Count);
        Assert.Empty(visits.All.SelectMany(visit => visit.Violations.Concat(visit.Overflows).Concat(visit.Complaints).Select(what => $"{visit.Name}: {what}")));
    }

    private static async Task LookAtSelectionAsync(Seat seat)
    {
        await seat.GoAsync($"/.auth/login/aad?post_login_redirect_uri=/secretariat/projects/{Story.Code}/selection").PressAsync("Aiko Mori").LookAsync("example, selection");
        await seat.GoAsync($"/secretariat/projects/{Story.Code}/selection/what-if?overseasPlaces=40&localPlaces=10").LookAsync("example, what if");
        await seat.GoAsync($"/secretariat/projects/{Story.Code}/selection/balance").LookAsync("example, balance");
    }

    /// <summary>Postponed by a month, with everybody's offer under way.</summary>
    private static async Task LookAtRevisionAsync(Seat seat)
    {
        string text = await SecretariatDriver.SampleNotificationAsync();
        string later = text.Replace("14 August 2023–16 August 2023", "18 September 2023–20 September 2023", StringComparison.Ordinal);
        Assert.NotEqual(text, later);
        await seat.GoAsync("/secretariat/notifications/new").TypeAsync("text", later).PressAsync("Read it in").LookAsync("example, revision");
    }

    /// <summary>Ends the story early.</summary>
    private sealed class SeenEnoughException : Exception;
}
