using System.Globalization;
using System.Text.RegularExpressions;
using Plenary.Support;
using Plenary.Support.Drivers;

namespace Plenary.Journey.Tests;

/// <summary>What the officer is shown before publishing, and what then leaves.</summary>
internal static class Foreseen
{
    /// <summary>Mails by kind, as the page promises them.</summary>
    public static IReadOnlyDictionary<string, int> Mails(WebPage page) => page.Document.QuerySelectorAll("#mails tbody tr")
        .ToDictionary(row => row.GetAttribute("data-kind") ?? "", row => int.Parse(row.QuerySelector("td")?.TextContent ?? "", CultureInfo.InvariantCulture));

    public static async Task<IReadOnlyDictionary<string, int>> SentSinceAsync(Mailbox mailbox, IReadOnlyDictionary<string, int> before) =>
        (await mailbox.CountAsync()).Select(pair => KeyValuePair.Create(pair.Key, pair.Value - before.GetValueOrDefault(pair.Key)))
            .Where(pair => pair.Value != 0).ToDictionary();

    public static IEnumerable<string> Lines(string file, string name) => file.Replace("\r\n ", "", StringComparison.Ordinal)
        .Split("\r\n").Where(line => line.StartsWith($"{name}:", StringComparison.Ordinal));

    /// <summary>The calendar file that a mail brings.</summary>
    public static async Task<string> CalendarAsync(Web web, ReceivedMail mail, int index = 0) =>
        (await web.GetAsync($"/local/mailbox/{mail.Id}/attachments/{index}")).Expect().Body;

    /// <summary>Reads in a changed text, publishes what its page shows, and has it happen.</summary>
    /// <returns>What the page had promised.</returns>
    public static async Task<IReadOnlyDictionary<string, int>> PublishAsync(Stage stage, string text, params (string Field, string Value)[] choices)
    {
        WebPage draft = (await stage.ReadInAsync(text)).Expect();
        WebForm form = draft.Form(draft.Address.AbsolutePath).Set("reason", "Borders are closed.");
        foreach ((string field, string value) in choices)
        {
            form.Set(field, value);
        }

        // Saved first, so that the page shows what these choices lead to.
        draft = (await form.SubmitAsync("Save corrections")).Expect();
        IReadOnlyDictionary<string, int> promised = Mails(draft);
        IReadOnlyDictionary<string, int> before = await stage.Mailbox.CountAsync();
        WebPage issued = (await draft.Form(draft.Address.AbsolutePath).SubmitAsync("Issue as version")).Expect();
        Assert.Matches(new Regex("/secretariat/projects/[^/]+$"), issued.Address.AbsolutePath);
        await stage.App.SettleAsync();
        Assert.Equal(promised.OrderBy(pair => pair.Key), (await SentSinceAsync(stage.Mailbox, before)).OrderBy(pair => pair.Key));
        return promised;
    }
}

/// <summary>The sample project, postponed by thirty days while nominations are open.</summary>
public sealed class PostponedSeedTests
{
    [Fact]
    public async Task As_many_mails_of_each_kind_leave_as_the_page_promised()
    {
        await using Stage stage = await Stage.StartBareAsync();
        using SecretariatDriver driver = await SecretariatDriver.SignInAsync(stage.App.Address, SecretariatPerson.Officer);
        await driver.ImportSampleRegistryAsync();
        string text = await SecretariatDriver.SampleNotificationAsync();
        string code = await driver.IssueAsync(text);
        await driver.CirculateAsync(code);
        await stage.App.SettleAsync();

        IReadOnlyDictionary<string, int> promised = await Foreseen.PublishAsync(stage, text
            .Replace("14 August 2023–16 August 2023", "13 September 2023–15 September 2023", StringComparison.Ordinal)
            .Replace("Closing Date\t31 July 2023", "Closing Date\t30 August 2023", StringComparison.Ordinal));

        Assert.Equal([KeyValuePair.Create("notification-circulated", 20)], promised);
        WebPage shown = (await stage.NewWeb().GetAsync($"/projects/{code}")).Expect();
        Assert.Contains("Postponed: it was to be held 14–16 August 2023.", shown.Text, StringComparison.Ordinal);
        Assert.Contains("Closing moved", shown.Text, StringComparison.Ordinal);
        await stage.AssertLedgerSettledAsync(code);
    }
}

/// <summary>A revision leaves an economy out that had been asked and has nominated.</summary>
public sealed class LeftOutTests
{
    private const string Code = "23-IP-84-GE-WSP-A";

    [Fact]
    public async Task Its_desk_closes_its_officer_alone_is_told_that_and_what_it_submitted_does_not_compete()
    {
        await using Stage stage = await Stage.StartAsync();
        NotificationText text = new(Code) { Overseas = "2", Local = "1" };
        await stage.OpenProjectAsync(text);
        await stage.NominateAllAsync(Code, "japan", "Akira Satou", "Yui Tanaka");
        await stage.NominateAllAsync(Code, "thailand", "Chai Suksan");
        NotificationText without = text with { Participating = "All Member Countries except Japan" };
        WebPage draft = (await stage.ReadInAsync(without.ToString())).Expect();
        string shown = draft.Document.QuerySelector("[data-left-out=japan]")?.TextContent ?? "";
        Assert.Contains("no longer invited", shown, StringComparison.Ordinal);
        Assert.Contains(": 2.", shown, StringComparison.Ordinal);

        IReadOnlyDictionary<string, int> promised = await Foreseen.PublishAsync(stage, without.ToString());

        Assert.Equal(
            [KeyValuePair.Create("invitation-withdrawn", 1), KeyValuePair.Create("notification-circulated", 3)], promised.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        ReceivedMail told = Assert.Single(await stage.Mailbox.ListAsync(Stage.OfficerOf["japan"], "invitation-withdrawn"));
        WebPage desk = (await stage.NewWeb().GetAsync(told.Link)).Expect();
        Assert.Contains("Japan is no longer invited.", desk.Text, StringComparison.Ordinal);
        Assert.Contains("Akira Satou", desk.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(desk.Document.Forms, form => form.Action.EndsWith("/nominees/new/person", StringComparison.Ordinal));
        Assert.Equal(System.Net.HttpStatusCode.Conflict, (await stage.NominateAsync(Code, "japan", "Too Late", token: told.Link["/l/".Length..])).Status);

        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(1));
        Assert.Empty(await stage.Mailbox.ListAsync(Stage.OfficerOf["japan"], "closing-reminder"));
        await stage.SelectAsync(Code);
        IReadOnlyList<DecisionLine> lines = await stage.DecisionsAsync(Code);
        Assert.All(lines.Where(line => line.Name is "Akira Satou" or "Yui Tanaka"), line => Assert.Equal(("Ineligible", "economy-not-invited"), (line.Decision, line.ReasonCode)));
        Assert.StartsWith("Made", lines.Single(line => line.Name == "Chai Suksan").Offer, StringComparison.Ordinal);
        await stage.AssertLedgerSettledAsync(Code);
    }
}

/// <summary>After the selection: three confirmed participants and one open offer.</summary>
public sealed class RevisedAfterSelectionTests
{
    private const string Code = "23-IP-83-GE-WSP-A";

    [Fact]
    public async Task Moved_by_thirty_days_the_calendar_follows_and_exactly_those_shown_are_told()
    {
        await using Stage stage = await Stage.StartAsync();
        NotificationText text = new(Code) { Overseas = "3", Local = "1" };
        await ConfirmAsync(stage, text);

        IReadOnlyDictionary<string, int> promised = await Foreseen.PublishAsync(stage, (text with { Timing = "13 September 2023" }).ToString());

        Assert.Equal(
            [KeyValuePair.Create("notification-circulated", 4), KeyValuePair.Create("offer-changed", 1), KeyValuePair.Create("participation-changed", 3)],
            promised.OrderBy(pair => pair.Key, StringComparer.Ordinal));

        // Same ids, one sequence more; the day that is no longer held is taken out.
        Web web = stage.NewWeb();
        string before = await Foreseen.CalendarAsync(web, await stage.MailAsync(Stage.AddressOf("Akira Satou"), "offer-receipt", Code));
        ReceivedMail changed = await stage.MailAsync(Stage.AddressOf("Akira Satou"), "participation-changed", Code);
        string after = await Foreseen.CalendarAsync(web, changed);
        string dropped = await Foreseen.CalendarAsync(web, changed, 1);
        Assert.Equal(["SEQUENCE:0", "SEQUENCE:0"], Foreseen.Lines(before, "SEQUENCE"));
        Assert.Equal(["SEQUENCE:1", "SEQUENCE:1"], Foreseen.Lines(after, "SEQUENCE"));
        Assert.Equal(Foreseen.Lines(before, "UID"), Foreseen.Lines(after, "UID"));
        Assert.Contains("DTSTART;TZID=Asia/Jakarta:20230913T090000", after, StringComparison.Ordinal);
        Assert.Equal(["METHOD:CANCEL", "UID:23-IP-83-GE-WSP-A-session-2@plenary"], [.. Foreseen.Lines(dropped, "METHOD"), .. Foreseen.Lines(dropped, "UID")]);
        Assert.Contains("Borders are closed.", changed.Text, StringComparison.Ordinal);

        // Nobody is reminded of the old start or asked by the old end; the new ones count.
        await stage.App.AdvanceToAsync(Stage.End.AddDays(2));
        Assert.Empty(await stage.Mailbox.ListAsync(kind: "start-reminder"));
        Assert.Empty(await stage.Mailbox.ListAsync(kind: "survey-invitation"));
        await stage.App.AdvanceToAsync(new DateTimeOffset(2023, 9, 13, 12, 0, 0, TimeSpan.Zero));
        Assert.Equal(6, (await stage.Mailbox.ListAsync(kind: "start-reminder")).Count);
        Assert.Equal(3, (await stage.Mailbox.ListAsync(kind: "survey-invitation")).Count);

        // Over now: nothing can be moved any more.
        WebPage late = (await stage.ReadInAsync((text with { Timing = "13 October 2023" }).ToString())).Expect();
        WebPage refused = await late.Form(late.Address.AbsolutePath).Set("reason", "Once more.").SubmitAsync("Issue as version");
        Assert.Contains(refused.Errors, error => error.Contains("The project ended", StringComparison.Ordinal));
        Assert.Empty(await stage.FindDoubledMailsAsync());
        await stage.AssertLedgerSettledAsync(Code);
    }

    [Fact]
    public async Task Another_modality_and_venue_are_told_like_another_date()
    {
        await using Stage stage = await Stage.StartAsync();
        NotificationText text = new(Code) { Overseas = "3", Local = "1" };
        await ConfirmAsync(stage, text);

        IReadOnlyDictionary<string, int> promised = await Foreseen.PublishAsync(stage, (text with { Modality = "Face-to-face", Venue = "Jakarta" }).ToString());

        Assert.Equal(8, promised.Values.Sum());
        ReceivedMail changed = await stage.MailAsync(Stage.AddressOf("Akira Satou"), "participation-changed", Code);
        Assert.Contains("modality changed, venue changed", changed.Text, StringComparison.Ordinal);
        Assert.Contains("Jakarta (Face-to-face)", changed.Text, StringComparison.Ordinal);
        Assert.Contains("LOCATION:Jakarta", await Foreseen.CalendarAsync(stage.NewWeb(), changed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelled_open_offers_are_void_calendars_are_told_and_neither_survey_nor_reminder_comes()
    {
        await using Stage stage = await Stage.StartAsync();
        NotificationText text = new(Code) { Overseas = "3", Local = "1" };
        await ConfirmAsync(stage, text);
        WebPage offer = await stage.OpenOfferAsync(Code, "Chai Suksan");
        Web web = await stage.SecretariatAsync();
        WebPage page = (await web.GetAsync($"/secretariat/projects/{Code}/cancel")).Expect();
        Assert.Contains("needs a reason", Assert.Single((await page.Form("/cancel").SubmitAsync()).Errors), StringComparison.Ordinal);
        IReadOnlyDictionary<string, int> promised = Foreseen.Mails(page);
        IReadOnlyDictionary<string, int> before = await stage.Mailbox.CountAsync();

        (await page.Form("/cancel").Set("reason", "The host cannot hold it.").SubmitAsync()).Expect();
        await stage.App.SettleAsync();

        Assert.Equal(
            [KeyValuePair.Create("offer-voided", 1), KeyValuePair.Create("participation-cancelled", 3), KeyValuePair.Create("project-cancelled", 4)],
            promised.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Equal(promised.OrderBy(pair => pair.Key), (await Foreseen.SentSinceAsync(stage.Mailbox, before)).OrderBy(pair => pair.Key));
        Assert.Contains("Voided", (await stage.DecisionsAsync(Code)).Single(line => line.Name == "Chai Suksan").Offer, StringComparison.Ordinal);
        Assert.Contains("cancelled", Assert.Single((await offer.Form(offer.Address.AbsolutePath).Set("answer", "accept").SubmitAsync()).Errors), StringComparison.Ordinal);
        string calendar = await Foreseen.CalendarAsync(stage.NewWeb(), await stage.MailAsync(Stage.AddressOf("Akira Satou"), "participation-cancelled", Code));
        Assert.Equal(["METHOD:CANCEL", "SEQUENCE:1", "SEQUENCE:1"], [.. Foreseen.Lines(calendar, "METHOD"), .. Foreseen.Lines(calendar, "SEQUENCE")]);
        Assert.Contains("This project has been cancelled: The host cannot hold it.", (await stage.NewWeb().GetAsync($"/projects/{Code}")).Expect().Text, StringComparison.Ordinal);

        await stage.App.AdvanceToAsync(Stage.End.AddDays(20));
        Assert.Equal(8 + before.Values.Sum(), (await stage.Mailbox.CountAsync()).Values.Sum());
        await stage.AssertLedgerSettledAsync(Code);
    }

    [Fact]
    public async Task Whoever_gives_the_place_back_is_the_only_one_whose_calendar_is_told()
    {
        await using Stage stage = await Stage.StartAsync();
        await ConfirmAsync(stage, new NotificationText(Code) { Overseas = "3", Local = "1" });
        WebPage page = await stage.OpenOfferAsync(Code, "Akira Satou");

        (await page.Form(page.Address.AbsolutePath).SubmitAsync()).Expect();
        await stage.App.SettleAsync();

        ReceivedMail receipt = (await stage.Mailbox.ListAsync(Stage.AddressOf("Akira Satou"), "offer-receipt"))[0];
        string calendar = await Foreseen.CalendarAsync(stage.NewWeb(), receipt);
        Assert.Equal(["METHOD:CANCEL"], Foreseen.Lines(calendar, "METHOD"));
        Assert.Equal(["SEQUENCE:1", "SEQUENCE:1"], Foreseen.Lines(calendar, "SEQUENCE"));
        Assert.Equal(4, (await stage.Mailbox.ListAsync(kind: "offer-receipt")).Count);
    }

    /// <summary>Three accept; Chai Suksan has not answered.</summary>
    private static async Task ConfirmAsync(Stage stage, NotificationText text)
    {
        await stage.OpenProjectAsync(text);
        await stage.NominateAllAsync(Code, "japan", "Akira Satou", "Yui Tanaka");
        await stage.NominateAllAsync(Code, "thailand", "Chai Suksan");
        await stage.NominateAllAsync(Code, "indonesia", "Eka Putrawan");
        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(1));
        await stage.SelectAsync(Code);
        foreach (string name in (string[])["Akira Satou", "Yui Tanaka", "Eka Putrawan"])
        {
            await stage.AnswerOfferAsync(Code, name, "accept");
        }
    }
}
