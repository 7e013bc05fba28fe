using System.Net;
using Plenary.Support;
using Plenary.Support.Drivers;

namespace Plenary.Journey.Tests;

/// <summary>
/// A face-to-face workshop in March with up to eighteen participants from seventeen named economies and up to six local ones is postponed to June when
/// everybody has accepted. Until a date of its own an economy may name a replacement for whoever cannot come then.
/// </summary>
public sealed class PostponedWorkshopTests
{
    private const string Code = "24-IP-12-GE-WSP-A";
    private const string Host = "indonesia";

    /// <summary>Economies that nominate one person only, and so have no alternate.</summary>
    private static readonly string[] OfOne = ["fiji", "japan"];

    private static readonly string[] Named =
    [
        "Bangladesh", "Cambodia", "Republic of China", "Fiji", "India", "IR Iran", "Japan", "Republic of Korea", "Lao PDR", "Malaysia", "Nepal", "Pakistan",
        "Philippines", "Singapore", "Sri Lanka", "Thailand", "Vietnam",
    ];

    private static readonly NotificationText March = new(Code)
    {
        IssuedOn = "4 December 2023",
        Timing = "12 March 2024–14 March 2024",
        Venue = "Jakarta",
        Modality = "Face-to-face",
        Participating = string.Join("; ", Named.Append("Indonesia")),
        Overseas = "Up to 18 qualified participants from the economies named",
        Local = "Up to six",
        Closing = "15 January 2024",
    };

    /// <summary>The end of 10 May in Tokyo.</summary>
    private static readonly DateTimeOffset Until = new(2024, 5, 10, 15, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Participants_keep_their_places_a_replacement_comes_in_time_and_a_late_one_gives_way_to_the_alternate()
    {
        await using Stage stage = await Stage.StartBareAsync();
        await stage.App.MoveToAsync(new DateTimeOffset(2023, 12, 4, 1, 0, 0, TimeSpan.Zero));
        using (SecretariatDriver driver = await SecretariatDriver.SignInAsync(stage.App.Address, SecretariatPerson.Officer))
        {
            await driver.ImportSampleRegistryAsync();
        }

        await stage.OpenProjectAsync(March);
        Assert.Equal(18, await NominateAsync(stage));
        await stage.App.AdvanceToAsync(new DateTimeOffset(2024, 1, 15, 15, 1, 0, TimeSpan.Zero));
        await stage.SelectAsync(Code);
        Assert.Equal(24, await AcceptAllAsync(stage));

        // Postponed in February: exactly those promised are told, and their calendars move.
        await stage.App.AdvanceToAsync(new DateTimeOffset(2024, 2, 20, 3, 0, 0, TimeSpan.Zero));
        IReadOnlyDictionary<string, int> promised = await Foreseen.PublishAsync(
            stage, (March with { Timing = "11 June 2024–13 June 2024" }).ToString(), ("replacementsUntil", "10 May 2024"));
        Assert.Equal(
            [KeyValuePair.Create("notification-circulated", 18), KeyValuePair.Create("participation-changed", 24)],
            promised.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Web web = stage.NewWeb();
        ReceivedMail changed = await stage.MailAsync(Stage.AddressOf("fiji One"), "participation-changed", Code);
        string calendar = await Foreseen.CalendarAsync(web, changed);
        Assert.Equal(["SEQUENCE:1", "SEQUENCE:1", "SEQUENCE:1"], Foreseen.Lines(calendar, "SEQUENCE"));
        Assert.Contains("DTSTART;TZID=Asia/Jakarta:20240611T090000", calendar, StringComparison.Ordinal);
        Assert.Contains("Replacements may be named until", (await web.GetAsync($"/projects/{Code}")).Expect().Text, StringComparison.Ordinal);

        await FijiNamesSomebodyAsync(stage, web, changed);
        await JapanIsLateAsync(stage);

        // March passed unnoticed: nobody was reminded of it.
        Assert.Empty(await stage.Mailbox.ListAsync(kind: "start-reminder"));
        Assert.Empty(await stage.Mailbox.ListAsync(kind: "survey-invitation"));
        Assert.Empty(await stage.FindDoubledMailsAsync());
        await stage.AssertLedgerSettledAsync(Code);
    }

    /// <summary>In April: the officer is asked, names somebody in time, and the place is that person's.</summary>
    private static async Task FijiNamesSomebodyAsync(Stage stage, Web web, ReceivedMail changed)
    {
        await stage.App.AdvanceToAsync(new DateTimeOffset(2024, 4, 2, 3, 0, 0, TimeSpan.Zero));
        DecisionLine former = await GiveBackAsync(stage, web, changed, "fiji One");
        Assert.DoesNotContain(await stage.DecisionsAsync(Code), line => line.Offer == $"Made, {PlaceOf(former)}");
        ReceivedMail invited = Assert.Single(await stage.Mailbox.ListAsync(kind: "replacement-invited"));
        Assert.Contains("10 May 2024, 14:59:59 UTC", invited.Text, StringComparison.Ordinal);
        WebPage desk = (await stage.NewWeb().GetAsync(invited.Link)).Expect();
        IReadOnlyDictionary<string, int> before = await stage.Mailbox.CountAsync();

        WebPage person = (await ReplacementForm(desk).SubmitAsync("Name a replacement")).Expect();
        WebPage check = await NomineeInputTests.FillAsync(person, "fiji Two", Stage.AddressOf("fiji Two"));
        WebPage receipt = (await check.Form("/submit").SubmitAsync()).Expect();
        Assert.EndsWith("/receipt", receipt.Address.AbsolutePath, StringComparison.Ordinal);
        await stage.App.SettleAsync();

        Assert.Equal(
            [KeyValuePair.Create("nomination-receipt", 1), KeyValuePair.Create("offer-made", 1)],
            (await Foreseen.SentSinceAsync(stage.Mailbox, before)).OrderBy(pair => pair.Key, StringComparer.Ordinal));
        await stage.AnswerOfferAsync(Code, "fiji Two", "accept");
        DecisionLine line = (await stage.DecisionsAsync(Code)).Single(line => line.Name == "fiji Two");
        Assert.Equal(("Replacement", "replacement-named", $"Accepted, {PlaceOf(former)}"), (line.Decision, line.ReasonCode, line.Offer));
    }

    /// <summary>In May: somebody is typed in but not submitted by the last moment, so the pool's first alternate gets the place.</summary>
    private static async Task JapanIsLateAsync(Stage stage)
    {
        await stage.App.AdvanceToAsync(new DateTimeOffset(2024, 5, 2, 3, 0, 0, TimeSpan.Zero));
        ReceivedMail changed = await stage.MailAsync(Stage.AddressOf("japan One"), "participation-changed", Code);
        DecisionLine former = await GiveBackAsync(stage, stage.NewWeb(), changed, "japan One");
        ReceivedMail invited = (await stage.Mailbox.ListAsync(kind: "replacement-invited"))[0];
        WebPage desk = (await stage.NewWeb().GetAsync(invited.Link)).Expect();
        WebPage person = (await ReplacementForm(desk).SubmitAsync("Name a replacement")).Expect();
        WebPage check = await NomineeInputTests.FillAsync(person, "japan Two", Stage.AddressOf("japan Two"));
        await stage.App.AdvanceToAsync(Until);

        WebPage late = await check.Form("/submit").SubmitAsync();
        await stage.App.SettleAsync();

        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Contains("Nobody can be named for this place any more.", Assert.Single(late.Errors), StringComparison.Ordinal);
        await stage.App.AdvanceToAsync(Until.AddMinutes(5));
        IReadOnlyList<DecisionLine> lines = await stage.DecisionsAsync(Code);
        Assert.DoesNotContain(lines, line => line.Name == "japan Two");
        DecisionLine next = lines.Single(line => line.Offer == $"Made, {PlaceOf(former)}");
        Assert.Equal("Alternate 1", next.Decision);
        Assert.Single(await stage.Mailbox.ListAsync(Stage.AddressOf(next.Name), "offer-made"));
    }

    private static WebForm ReplacementForm(WebPage desk)
    {
        string action = desk.Document.QuerySelectorAll("form").Select(form => form.GetAttribute("action") ?? "").Single(action => action.Contains("/replacements/", StringComparison.Ordinal));
        return desk.Form(action);
    }

    private static string PlaceOf(DecisionLine line) => line.Offer.Split(", ")[1];

    private static async Task<DecisionLine> GiveBackAsync(Stage stage, Web web, ReceivedMail changed, string name)
    {
        WebPage page = (await web.GetAsync(changed.Link)).Expect();
        (await page.Form(page.Address.AbsolutePath).SubmitAsync("Give the place back")).Expect();
        await stage.App.SettleAsync();
        return (await stage.DecisionsAsync(Code)).Single(line => line.Name == name);
    }

    /// <summary>One or two of each economy, eight of the host.</summary>
    private static async Task<int> NominateAsync(Stage stage)
    {
        IReadOnlyList<ReceivedMail> mails = await stage.Mailbox.ListAsync(kind: "notification-circulated");
        foreach (ReceivedMail mail in mails)
        {
            using OfficerDriver officer = await OfficerDriver.OpenAsync(stage.App.Address, mail.Link);
            string[] people = officer.Economy == Host ? ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"] : OfOne.Contains(officer.Economy) ? ["One"] : ["One", "Two"];
            foreach (string person in people)
            {
                string name = $"{officer.Economy} {person}";
                await officer.NominateByApiAsync(new NomineeFacts(name, Stage.AddressOf(name), "As nominated"), Guid.NewGuid().ToString("N"));
            }
        }

        await stage.App.SettleAsync();
        return mails.Count;
    }

    private static async Task<int> AcceptAllAsync(Stage stage)
    {
        IReadOnlyList<ReceivedMail> offers = await stage.Mailbox.ListAsync(kind: "offer-made");
        foreach (ReceivedMail offer in offers)
        {
            using NomineeDriver nominee = new(stage.App.Address, offer.To);
            await nominee.AcceptAsync(await nominee.OpenAsync(offer.Link));
        }

        await stage.App.SettleAsync();
        return offers.Count;
    }
}
