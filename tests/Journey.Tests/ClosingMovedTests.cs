using System.Net;
using System.Text.Json.Nodes;
using Plenary.Support;

namespace Plenary.Journey.Tests;

/// <summary>A revision moves the closing to later.</summary>
public sealed class ClosingMovedLaterTests
{
    [Fact]
    public async Task Desks_stay_open_the_old_closing_does_nothing_and_reminders_follow()
    {
        const string Code = "23-IP-75-GE-WSP-A";
        DateTimeOffset moved = Stage.Closing.AddDays(7);
        await using Stage stage = await Stage.StartAsync();
        NotificationText text = new(Code);
        await stage.OpenProjectAsync(text);

        // The first reminder goes out by the old date: fourteen days before 31 July.
        await stage.App.AdvanceToAsync(Stage.Closing.AddDays(-14).AddMinutes(1));
        Assert.Equal(4, (await stage.Mailbox.ListAsync(kind: "closing-reminder")).Count);
        await stage.ReviseAsync(text with { Closing = "7 August 2023" }, "The hall was double-booked.");
        foreach (string officer in Stage.OfficerOf.Values)
        {
            IReadOnlyList<ReceivedMail> told = await stage.Mailbox.ListAsync(officer, "notification-circulated");
            Assert.Equal(2, told.Count);
            Assert.Contains("Revised", told[0].Subject, StringComparison.Ordinal);
            Assert.Contains("7 August 2023", told[0].Text, StringComparison.Ordinal);
        }

        WebPage shown = (await stage.NewWeb().GetAsync($"/projects/{Code}")).Expect();
        Assert.Contains("Version 2", shown.Text, StringComparison.Ordinal);
        Assert.Contains("The hall was double-booked.", shown.Text, StringComparison.Ordinal);

        // Over the old closing: nothing closes, nobody is reminded of it, and the desk takes nominations.
        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(2));
        Assert.Empty(await stage.Mailbox.ListAsync(kind: "closing-summary"));
        Assert.Equal(HttpStatusCode.Created, (await stage.NominateAsync(Code, "japan", "After The Old Date")).Status);
        await stage.App.SettleAsync();
        string[] reminded = [.. (await stage.Mailbox.ListAsync(Stage.OfficerOf["fiji"], "closing-reminder")).Select(mail => mail.Subject)];

        // By the old date (-14), then by the new one: -14 on 24 July and -7 on 31 July.
        Assert.Equal(3, reminded.Length);
        Assert.Equal(2, reminded.Count(subject => subject.Contains("8 August 2023", StringComparison.Ordinal)));
        (await (await (await stage.SecretariatAsync()).GetAsync($"/secretariat/projects/{Code}/selection")).Expect().Browser.GetAsync($"/secretariat/projects/{Code}/mail")).Expect();

        await stage.App.AdvanceToAsync(moved);
        (HttpStatusCode status, JsonNode answer) = await stage.NominateAsync(Code, "japan", "After The New Date");
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("7 August 2023", answer["detail"]?.GetValue<string>(), StringComparison.Ordinal);
        await stage.App.AdvanceToAsync(moved.AddMinutes(1));
        Assert.Contains("1 nominations", Assert.Single(await stage.Mailbox.ListAsync(kind: "closing-summary")).Subject, StringComparison.Ordinal);
        Assert.Equal(4, (await stage.Mailbox.ListAsync(Stage.OfficerOf["fiji"], "closing-reminder")).Count);
        Assert.Equal(3, (await stage.Mailbox.ListAsync(Stage.OfficerOf["japan"], "closing-reminder")).Count);
        Assert.Empty(await stage.FindDoubledMailsAsync());
        await stage.AssertLedgerSettledAsync(Code);
    }
}

/// <summary>A revision moves the closing to earlier.</summary>
public sealed class ClosingMovedEarlierTests
{
    [Fact]
    public async Task Desks_close_by_the_new_date_and_the_old_one_passes_unnoticed()
    {
        const string Code = "23-IP-76-GE-WSP-A";
        DateTimeOffset moved = Stage.Closing.AddDays(-11);
        await using Stage stage = await Stage.StartAsync();
        NotificationText text = new(Code);
        await stage.OpenProjectAsync(text);
        await stage.NominateAllAsync(Code, "japan", "In Time");
        WebPage open = await NomineeInputTests.FillAsync(await NomineeInputTests.StartAsync(await stage.OpenDeskAsync(Code, "thailand")), "Kept Draft", "draft@agency.example.org");
        await stage.App.AdvanceToAsync(Stage.Start.AddDays(2));
        await stage.ReviseAsync(text with { Closing = "20 July 2023" }, "Visas take longer this year.");
        Assert.Contains("20 July 2023", (await stage.OpenDeskAsync(Code, "thailand")).Text, StringComparison.Ordinal);

        await stage.App.AdvanceToAsync(moved.AddMilliseconds(-1));
        Assert.Equal(HttpStatusCode.Created, (await stage.NominateAsync(Code, "japan", "Just In Time")).Status);
        await stage.App.AdvanceToAsync(moved);
        WebPage late = await open.Form("/submit").SubmitAsync();
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Contains("20 July 2023", Assert.Single(late.Errors), StringComparison.Ordinal);
        await stage.App.AdvanceToAsync(moved.AddMinutes(1));
        ReceivedMail summary = Assert.Single(await stage.Mailbox.ListAsync(kind: "closing-summary"));
        Assert.Contains("2 nominations from 1 economies", summary.Subject, StringComparison.Ordinal);

        // Fourteen days before the new date was 6 July, seven was 13, one was 19: all after the revision, so all three go out, and none by the old date.
        Assert.Equal(3, (await stage.Mailbox.ListAsync(Stage.OfficerOf["fiji"], "closing-reminder")).Count);
        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(2));
        Assert.Equal(3, (await stage.Mailbox.ListAsync(Stage.OfficerOf["fiji"], "closing-reminder")).Count);
        Assert.Empty(await stage.Mailbox.ListAsync(Stage.OfficerOf["japan"], "closing-reminder"));
        Assert.Single(await stage.Mailbox.ListAsync(kind: "closing-summary"));
        Assert.Empty(await stage.FindDoubledMailsAsync());
        await stage.AssertLedgerSettledAsync(Code);
    }
}
