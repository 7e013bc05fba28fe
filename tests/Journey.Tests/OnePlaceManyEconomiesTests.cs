using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Plenary.Support;
using Plenary.Support.Drivers;

namespace Plenary.Journey.Tests;

/// <summary>
/// One place, many economies: a workshop that gives every economy one place at the most, nine to be given and eighteen economies that want one. What decides is
/// declared before the closing, reckoned here once more by hand, and holds while everybody answers at once.
/// </summary>
public sealed class OnePlaceManyEconomiesTests
{
    private const string Code = "23-IP-70-GE-WSP-A";
    private const string Host = "indonesia";
    private const int Overseas = 9;

    [Fact]
    public async Task Every_economy_holds_one_place_at_the_most_and_a_place_goes_on_within_the_economy_before_it_goes_to_the_next()
    {
        await using Stage stage = await Stage.StartBareAsync();
        using (SecretariatDriver driver = await SecretariatDriver.SignInAsync(stage.App.Address, SecretariatPerson.Officer))
        {
            await driver.ImportSampleRegistryAsync();
        }

        await stage.OpenProjectAsync(new NotificationText(Code) { Overseas = $"{Overseas} (one per country)", Local = "2" });
        Assert.Contains("“round-robin-1|seed|economy”", (await stage.NewWeb().GetAsync($"/projects/{Code}")).Expect().Text, StringComparison.Ordinal);
        string[] economies = await NominateAsync(stage);
        await RankAsync(stage);

        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(1));
        string[] inOrder = [.. economies.Where(economy => economy != Host).OrderBy(Draw, StringComparer.Ordinal)];
        await ProposeAsync(stage, inOrder);
        await TryOtherRulesAsync(stage, inOrder);
        await ApproveAsync(stage);

        // A place goes through all whom its economy named before another economy has it.
        string first = inOrder.First(economy => economy != "japan");
        await DeclineAsync(stage, $"{first} One", $"{first} Two");
        await DeclineAsync(stage, $"{first} Two", $"{inOrder[Overseas]} One");

        await AnswerAtOnceAsync(stage, inOrder);
        Assert.Empty(await stage.FindDoubledMailsAsync());
        await stage.AssertLedgerSettledAsync(Code);
    }

    /// <summary>The order of economies as anybody can check it who read the project's page.</summary>
    private static string Draw(string economy) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"round-robin-1|{Code}|{economy}")));

    /// <summary>Two of each economy.</summary>
    private static async Task<string[]> NominateAsync(Stage stage)
    {
        IReadOnlyList<ReceivedMail> mails = await stage.Mailbox.ListAsync(kind: "notification-circulated");
        List<string> economies = [];
        foreach (ReceivedMail mail in mails.Take(18))
        {
            using OfficerDriver officer = await OfficerDriver.OpenAsync(stage.App.Address, mail.Link);
            foreach (string person in (string[])["One", "Two"])
            {
                string name = $"{officer.Economy} {person}";
                await officer.NominateByApiAsync(new NomineeFacts(name, Stage.AddressOf(name), "As nominated"), Guid.NewGuid().ToString("N"));
            }

            economies.Add(officer.Economy);
        }

        Assert.Contains(Host, economies);
        await stage.App.SettleAsync();
        return [.. economies];
    }

    /// <summary>Japan's officer puts three into order in one tab, then another order in a second that was opened before: one of two equal ranks is refused, and so is the old tab.</summary>
    private static async Task RankAsync(Stage stage)
    {
        ReceivedMail mail = (await stage.Mailbox.ListAsync(kind: "notification-circulated")).Single(one => one.To.EndsWith("japan.example.org", StringComparison.Ordinal));
        string token = mail.Link["/l/".Length..];
        (HttpStatusCode Status, JsonNode Answer)[] both = await Task.WhenAll(
            ((string[])["japan Three", "japan Four"]).Select(name => stage.NominateAsync(Code, "japan", name, rank: 3, token: token)));
        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Conflict], both.Select(one => one.Status).Order());
        Assert.Equal("rank-taken", both.Single(one => one.Status == HttpStatusCode.Conflict).Answer["code"]?.GetValue<string>());

        using OfficerDriver officer = await OfficerDriver.OpenAsync(stage.App.Address, mail.Link);
        WebPage desk = await officer.ReadDeskAsync();
        string[] ids = Ids(desk);
        Assert.Equal(3, ids.Length);
        await officer.RankAsync([ids[2], ids[0], ids[1]]);
        Assert.Equal([ids[2], ids[0], ids[1]], Ids(await officer.ReadDeskAsync()));
        WebPage late = await desk.Form("/ranks").PostAsync($"{officer.Path}/ranks");
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Contains("The order was changed in the meantime", Assert.Single(late.Errors), StringComparison.Ordinal);
        await officer.RankAsync(ids);
        WebPage again = await officer.ReadDeskAsync();
        Assert.Equal(ids, Ids(again));
        Assert.Equal(["1", "2", "3"], again.Document.QuerySelectorAll("input[name^='rank-']").Select(input => input.GetAttribute("value")));
        await stage.App.SettleAsync();
    }

    private static string[] Ids(WebPage desk) => [.. desk.Document.QuerySelectorAll("input[name^='rank-']").Select(input => input.GetAttribute("name")?["rank-".Length..] ?? "")];

    private static async Task ProposeAsync(Stage stage, string[] inOrder)
    {
        Web aiko = await stage.SecretariatAsync();
        string? digest = null;
        for (int time = 0; time < 2; time++)
        {
            WebPage page = (await aiko.GetAsync($"/secretariat/projects/{Code}/selection")).Expect();
            WebPage proposed = (await page.Form("/propose").SubmitAsync()).Expect();
            string now = Regex.Match(proposed.Body, "[0-9a-f]{64}").Value;
            Assert.Equal(digest ?? now, now);
            digest = now;
        }

        IReadOnlyList<DecisionLine> decisions = await stage.DecisionsAsync(Code);
        Assert.Equal(18 * 2 + 1, decisions.Count);
        for (int index = 0; index < inOrder.Length; index++)
        {
            DecisionLine best = decisions.Single(line => line.Name == $"{inOrder[index]} One");
            Assert.Equal(
                index < Overseas ? ("Selected", "selected-within-places") : ($"Alternate {index - Overseas + 1}", "alternate-places-filled"),
                (best.Decision, best.ReasonCode));
        }

        // Of the host one, though there are two local places: the second stays empty, for nothing flows here.
        Assert.All(decisions.Where(line => !line.Name.EndsWith(" One", StringComparison.Ordinal)), line => Assert.Equal(("Not selected", "over-economy-maximum"), (line.Decision, line.ReasonCode)));
        WebPage list = (await aiko.GetAsync($"/secretariat/projects/{Code}/selection")).Expect();
        Assert.Equal(["Overseas 9 35 9 8 18 0", "Local 2 2 1 0 1 1"], Rows(list.Document.QuerySelector("[aria-label=Places]")));
        Assert.Contains("one economy may hold at most 1 place. Stands by for a place that its own economy gives back.", list.Text, StringComparison.Ordinal);
        Assert.Empty(await stage.Mailbox.ListAsync(kind: "offer-made"));
    }

    /// <summary>What if two of an economy were allowed: nothing new comes in while the places are gone, until there are more of them.</summary>
    private static async Task TryOtherRulesAsync(Stage stage, string[] inOrder)
    {
        Web aiko = await stage.SecretariatAsync();
        string before = (await aiko.GetAsync($"/secretariat/projects/{Code}/selection")).Expect().Body;
        WebPage other = (await aiko.GetAsync($"/secretariat/projects/{Code}/selection/what-if?overseasPlaces=7&perEconomyMaximum=2")).Expect();
        Assert.Contains("1 in, 2 out", other.Text, StringComparison.Ordinal);
        Assert.Equal([$"{Host} Two"], Names(other, "in"));
        Assert.Equal([$"{inOrder[7]} One", $"{inOrder[8]} One"], Names(other, "out"));
        Assert.Equal(Places(before), Places((await aiko.GetAsync($"/secretariat/projects/{Code}/selection")).Expect().Body));

        static string Places(string body) => Regex.Match(body, "[0-9a-f]{64}").Value;

        static string[] Names(WebPage page, string list) => [.. page.Document.QuerySelectorAll($"#{list} tbody tr").Select(row => row.Children[0].TextContent.Trim())];
    }

    private static async Task ApproveAsync(Stage stage)
    {
        Web ben = await stage.SignInAsync("Ben Carter");
        WebPage notices = (await ben.GetAsync($"/secretariat/projects/{Code}/selection/notices")).Expect();
        Assert.Contains("To selected nominees (10)", notices.Text, StringComparison.Ordinal);
        WebPage page = (await ben.GetAsync($"/secretariat/projects/{Code}/selection")).Expect();
        (await page.Form("/approve").SubmitAsync()).Expect();
        await stage.App.SettleAsync();
        Assert.Equal(10, (await stage.Mailbox.ListAsync(kind: "offer-made")).Count);
        Assert.Equal(18, (await stage.Mailbox.ListAsync(kind: "selection-result")).Count);
    }

    private static async Task DeclineAsync(Stage stage, string name, string follows)
    {
        string place = (await stage.DecisionsAsync(Code)).Single(line => line.Name == name).Offer.Split(", ")[1];
        await stage.AnswerOfferAsync(Code, name, "decline");
        Assert.Equal($"Made, {place}", (await stage.DecisionsAsync(Code)).Single(line => line.Name == follows).Offer);
        Assert.Single(await stage.Mailbox.ListAsync(Stage.AddressOf(follows), "offer-made"));
    }

    /// <summary>All who have an offer answer in the same moment, every second one no, and each sends the form three times.</summary>
    private static async Task AnswerAtOnceAsync(Stage stage, string[] inOrder)
    {
        string[] offered = [.. (await stage.DecisionsAsync(Code)).Where(line => line.Offer.StartsWith("Made", StringComparison.Ordinal)).Select(line => line.Name)];
        Assert.Equal(10, offered.Length);
        List<(WebForm Form, string Answer)> forms = [];
        foreach ((int index, string name) in offered.Index())
        {
            WebPage page = await stage.OpenOfferAsync(Code, name);
            string answer = index % 2 == 0 ? "decline" : "accept";
            forms.Add((page.Form(page.Address.AbsolutePath).Set("answer", answer), answer));
        }

        WebPage[] answers = await Task.WhenAll(forms.SelectMany(form => Enumerable.Range(0, 3).Select(_ => form.Form.SubmitAsync())));
        Assert.All(answers, answer => Assert.True((int)answer.Status < 500, $"{answer.Status}"));
        await stage.App.SettleAsync();

        IReadOnlyList<DecisionLine> decisions = await stage.DecisionsAsync(Code);
        DecisionLine[] holding = [.. decisions.Where(line => line.Offer.StartsWith("Made", StringComparison.Ordinal) || line.Offer.StartsWith("Accepted", StringComparison.Ordinal))];
        Assert.Equal(10, holding.Length);
        Assert.Equal(10, holding.Select(line => line.Offer.Split(", ")[1]).Distinct().Count());
        Assert.Equal(10, holding.Select(EconomyOf).Distinct().Count());
        Assert.Equal(5, holding.Count(line => line.Offer.StartsWith("Accepted", StringComparison.Ordinal)));

        // Each place that was given back went to the economy's second; only the first one had nobody left.
        foreach (string name in offered.Where((_, index) => index % 2 == 0))
        {
            string economy = name[..name.LastIndexOf(' ')];
            Assert.StartsWith("Declined", decisions.Single(line => line.Name == name).Offer, StringComparison.Ordinal);
            Assert.StartsWith("Made", decisions.Single(line => line.Name == $"{economy} Two").Offer, StringComparison.Ordinal);
        }

        Assert.All(inOrder[(Overseas + 1)..], economy => Assert.Equal("–", decisions.Single(line => line.Name == $"{economy} One").Offer));
    }

    private static string EconomyOf(DecisionLine line) => line.Economy.Split(',')[0];

    private static string[] Rows(IElement? table) =>
        [.. (table?.QuerySelectorAll("tbody tr") ?? Enumerable.Empty<IElement>()).Select(row => string.Join(' ', row.Children.Select(cell => cell.TextContent.Trim())))];
}
