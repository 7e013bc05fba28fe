using System.Net;
using System.Text.Json.Nodes;
using Plenary.Support;

namespace Plenary.Journey.Tests;

/// <summary>The closing instant, seen from a page that was left open over it.</summary>
public sealed class ClosingTests
{
    [Fact]
    public async Task A_page_left_open_over_the_closing_is_refused_with_the_time_and_the_draft_stays_to_be_read()
    {
        const string Code = "23-IP-60-GE-WSP-A";
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(Code));
        WebPage draft = await NomineeInputTests.FillAsync(await NomineeInputTests.StartAsync(await stage.OpenDeskAsync(Code, "japan")), "Kept Draft", "draft@agency.example.org");
        WebPage step = await draft.FollowAsync("Change Statement");
        WebPage desk = await stage.OpenDeskAsync(Code, "japan");
        WebPage withdraw = (await draft.Browser.GetAsync(draft.Address.AbsolutePath.Replace("/check", "/withdraw", StringComparison.Ordinal))).Expect();
        WebPage documents = (await draft.Browser.GetAsync(draft.Address.AbsolutePath.Replace("/check", "/documents", StringComparison.Ordinal))).Expect();

        // The last millisecond is in time.
        await stage.App.AdvanceToAsync(Stage.Closing.AddMilliseconds(-1));
        (HttpStatusCode status, JsonNode answer) = await stage.NominateAsync(Code, "japan", "Just In Time", key: "in-time", rank: 2);
        Assert.Equal(HttpStatusCode.Created, status);
        string? reference = answer["reference"]?.GetValue<string>();

        // The instant itself is not; the timer has not even run.
        await stage.App.MoveToAsync(Stage.Closing);
        foreach (WebPage refused in (WebPage[])[
            await draft.Form("/submit").SubmitAsync(),
            await step.Form("/statement").Set("statement", "Too late to be kept.").SubmitAsync(),
            await desk.Form("/new/person").SubmitAsync(),
            await withdraw.Form("/withdraw").SubmitAsync(),
            await documents.Form("/documents").Attach("document", "late.pdf", "%PDF-1.4"u8.ToArray(), "application/pdf").SubmitAsync(),
        ])
        {
            refused.Expect(409);
            Assert.Contains("23:59:59", Assert.Single(refused.Errors), StringComparison.Ordinal);
            Assert.Contains("31 July 2023", refused.Errors[0], StringComparison.Ordinal);
        }

        // What was typed too late is shown to be copied; what was saved before is shown and cannot be changed.
        WebPage typed = await step.Form("/statement").Set("statement", "Too late to be kept.").SubmitAsync();
        Assert.Contains("Too late to be kept.", typed.Document.QuerySelector("textarea[name=statement]")?.TextContent, StringComparison.Ordinal);
        Assert.Empty(typed.Document.QuerySelectorAll("button[type=submit]"));
        WebPage read = (await draft.Browser.GetAsync(draft.Address.PathAndQuery)).Expect();
        Assert.Contains("Kept Draft", read.Text, StringComparison.Ordinal);
        Assert.Contains("Fits well.", read.Text, StringComparison.Ordinal);
        Assert.Empty(read.Document.Forms);

        (status, answer) = await stage.NominateAsync(Code, "japan", "Too Late", key: "late", rank: 3);
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Equal("nominations-closed", answer["code"]?.GetValue<string>());
        Assert.Contains("31 July 2023", answer["detail"]?.GetValue<string>(), StringComparison.Ordinal);

        // A repeat of what was accepted in time is answered as it was then.
        (status, answer) = await stage.NominateAsync(Code, "japan", "Just In Time", key: "in-time", rank: 2);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(reference, answer["reference"]?.GetValue<string>());

        await stage.App.MoveToAsync(Stage.Closing.AddMinutes(1));
        ReceivedMail summary = Assert.Single(await stage.Mailbox.ListAsync(kind: "closing-summary"));
        Assert.Contains("1 nominations", summary.Subject, StringComparison.Ordinal);
        Assert.Contains("1 submitted, 1 draft left", summary.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_each_economy_closes_with_its_own_day_each_is_refused_at_its_own_instant()
    {
        const string Code = "23-IP-61-GE-WSP-A";
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(Code), ("closingPolicy", "nominator"));
        (string Economy, DateTimeOffset Closing)[] economies =
        [
            ("fiji", new(2023, 7, 31, 12, 0, 0, TimeSpan.Zero)),
            ("japan", new(2023, 7, 31, 15, 0, 0, TimeSpan.Zero)),
            ("thailand", new(2023, 7, 31, 17, 0, 0, TimeSpan.Zero)),
        ];
        foreach ((string economy, DateTimeOffset closing) in economies)
        {
            await stage.App.AdvanceToAsync(closing.AddMilliseconds(-1));
            (HttpStatusCode inTime, _) = await stage.NominateAsync(Code, economy, $"In time {economy}");
            Assert.Equal(HttpStatusCode.Created, inTime);
            await stage.App.AdvanceToAsync(closing);
            (HttpStatusCode late, JsonNode answer) = await stage.NominateAsync(Code, economy, $"Late {economy}");
            Assert.Equal(HttpStatusCode.Conflict, late);
            Assert.Equal("nominations-closed", answer["code"]?.GetValue<string>());
        }

        await stage.App.AdvanceToAsync(new DateTimeOffset(2023, 7, 31, 17, 1, 0, TimeSpan.Zero));
        Assert.Contains("3 nominations from 3 economies", Assert.Single(await stage.Mailbox.ListAsync(kind: "closing-summary")).Subject, StringComparison.Ordinal);
    }
}
