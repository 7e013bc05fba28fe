using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Plenary.Domain;
using Plenary.Support;
using Plenary.Support.Drivers;

namespace Plenary.Journey.Tests;

/// <summary>Offers that stand through the nominee's own working days.</summary>
public sealed class WorkingWeekTests
{
    private const string Registry = """
        id,name,active,zone,weekend,holidays
        indonesia,Indonesia,true,Asia/Jakarta,Sat-Sun,
        bangladesh,Bangladesh,true,Asia/Dhaka,Fri-Sat,2023-08-15
        vietnam,Vietnam,true,Asia/Ho_Chi_Minh,Sat-Sun,
        """;

    private const string Officers = """
        economy,role,name,email
        indonesia,officer,Dewi Kusumawati,dewi@npo-indonesia.example.org
        bangladesh,officer,Amina Rahman,amina@npo-bangladesh.example.org
        vietnam,officer,Trần Thị Mai,mai@npo-vietnam.example.org
        """;

    [Theory]
    [InlineData("bangladesh", "amina@npo-bangladesh.example.org", 11, "2023-08-06T11:00Z", "6 August 2023, 16:59:59 (Asia/Dhaka)")]
    [InlineData("vietnam", "mai@npo-vietnam.example.org", 10, "2023-08-04T10:00Z", "4 August 2023, 16:59:59 (Asia/Ho_Chi_Minh)")]
    public async Task An_offer_of_a_day_made_on_Thursday_at_five_ends_after_one_working_day_there(string economy, string officer, int hour, string until, string words)
    {
        const string Code = "23-IP-61-GE-WSP-A";
        DateTimeOffset expiry = DateTimeOffset.Parse(until, System.Globalization.CultureInfo.InvariantCulture);
        await using Stage stage = await Stage.StartBareAsync();
        WebPage registry = await (await stage.SecretariatAsync()).GetAsync("/secretariat/registry");
        (await registry.Expect().Form("/secretariat/registry").Set("economies", Registry).Set("officers", Officers).SubmitAsync()).Expect();
        await stage.OpenProjectAsync(new NotificationText(Code) { Overseas = "1" }, ("offerDays", "1"), ("offerCounts", "working-days"));
        string token = (await stage.MailAsync(officer, "notification-circulated", Code)).Link["/l/".Length..];
        Assert.Equal(HttpStatusCode.Created, (await stage.NominateAsync(Code, economy, "First Nominee", token: token)).Status);
        Assert.Equal(HttpStatusCode.Created, (await stage.NominateAsync(Code, economy, "Second Nominee", token: token)).Status);

        // A Thursday, five in the afternoon there.
        await stage.App.AdvanceToAsync(new DateTimeOffset(2023, 8, 3, hour, 0, 0, TimeSpan.Zero));
        await stage.SelectAsync(Code);
        Assert.Contains(words, (await stage.MailAsync(Stage.AddressOf("First Nominee"), "offer-made", Code)).Text, StringComparison.Ordinal);

        await stage.App.AdvanceToAsync(expiry.AddMinutes(-1));
        Assert.Contains("Made", await OfferOfAsync("First Nominee"), StringComparison.Ordinal);
        await stage.App.AdvanceToAsync(expiry.AddMinutes(1));
        Assert.Contains("Expired", await OfferOfAsync("First Nominee"), StringComparison.Ordinal);
        Assert.Contains("Made", await OfferOfAsync("Second Nominee"), StringComparison.Ordinal);

        async Task<string> OfferOfAsync(string name) => (await stage.DecisionsAsync(Code)).Single(line => line.Name == name).Offer;
    }
}

/// <summary>Rules that were changed after the closing.</summary>
public sealed class ChangedRulesTests
{
    [Fact]
    public async Task A_list_of_the_old_rules_cannot_be_approved_nor_can_whoever_changed_them_approve_the_new_one()
    {
        const string Code = "23-IP-62-GE-WSP-A";
        NotificationText text = new(Code) { Overseas = "2" };
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(text);
        await stage.NominateAllAsync(Code, "japan", "Akira Satou", "Botan Suzuki");
        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(1));
        WebPage page = (await (await stage.SecretariatAsync()).GetAsync($"/secretariat/projects/{Code}/selection")).Expect();
        (await page.Form("/propose").SubmitAsync()).Expect();
        Web ben = await stage.SignInAsync("Ben Carter");
        WebPage old = (await ben.GetAsync($"/secretariat/projects/{Code}/selection")).Expect();
        WebForm approval = old.Form("/approve");

        // Ben himself changes the rules; what he had on his screen is not theirs.
        using SecretariatDriver driver = await SecretariatDriver.SignInAsync(stage.App.Address, SecretariatPerson.Approver);
        await driver.ReviseAsync(text.ToString(), "The host asked for more economies.", new Dictionary<string, string> { ["perEconomy"] = "1" });
        ben = await stage.SignInAsync("Ben Carter");
        WebPage refused = await approval.PostAsync($"/secretariat/projects/{Code}/selection/approve", ben);
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("The rules were changed after this list was proposed.", refused.Text, StringComparison.Ordinal);

        page = (await (await stage.SecretariatAsync()).GetAsync($"/secretariat/projects/{Code}/selection")).Expect();
        (await page.Form("/propose").SubmitAsync()).Expect();
        WebPage again = (await ben.GetAsync($"/secretariat/projects/{Code}/selection")).Expect();
        Assert.Contains("You changed the rules after nominations had closed, so somebody else approves what came of it.", again.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await approval.Tamper("digest", DigestOf(again)).PostAsync($"/secretariat/projects/{Code}/selection/approve", ben)).Status);
        Assert.Empty(await stage.Mailbox.ListAsync(kind: "offer-made"));
        Assert.Contains("changed after nominations had closed", (await stage.NewWeb().GetAsync($"/projects/{Code}")).Expect().Text, StringComparison.Ordinal);
    }

    private static string DigestOf(WebPage page) => Regex.Match(page.Body, "[0-9a-f]{64}").Value;
}

/// <summary>Nominees scored by reviewers who do not know them, and the make-up of the list that comes of it.</summary>
public sealed class BlindReviewTests
{
    private const string Code = "23-IP-63-GE-WSP-A";

    [Fact]
    public async Task Reviewers_score_others_than_their_own_and_do_not_learn_who_they_are_and_the_list_follows_their_scores()
    {
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(Code) { Overseas = "2" }, ("scoring", "Relevance 60; Motivation 40"), ("scoreUse", "WithinBoth"));
        Dictionary<string, string> ids = [];
        foreach ((string economy, string name) in ((string, string)[])[("japan", "Akira Satou"), ("japan", "Botan Suzuki"), ("thailand", "Chai Suksan"), ("indonesia", "Eka Putrawan")])
        {
            (HttpStatusCode status, JsonNode answer) = await stage.NominateAsync(Code, economy, name);
            Assert.Equal(HttpStatusCode.Created, status);
            ids[name] = CandidateId.Of(economy, answer["id"]!.GetValue<string>());
        }

        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(1));
        await AppointAsync(stage, "Hana Mori", "hana@reviewers.example.org", "japan");
        await AppointAsync(stage, "Guest Reviewer", "guest@reviewers.example.org", "none");

        // Hana is of Japan: she finds two nominees, and neither they nor theirs are named.
        WebPage list = await OpenAsync(stage, "hana@reviewers.example.org");
        string reviewer = list.Address.Segments[^1];
        Assert.Equal(2, list.Document.QuerySelectorAll("#nominees tbody tr").Length);
        Assert.Contains("2 nominees of your own economy are not on this list", list.Text, StringComparison.Ordinal);
        WebPage thai = await ReadAsync(list, ids["Chai Suksan"]);
        foreach (string secret in (string[])["Chai", "Suksan", "Thailand", "agency.example.org", "Agency"])
        {
            Assert.DoesNotContain(secret, list.Body + thai.Body, StringComparison.Ordinal);
        }

        // Nor can she open or score one of Japan by its address.
        string own = NumberOf(list, ids["Akira Satou"]);
        Assert.Equal(HttpStatusCode.NotFound, (await list.Browser.GetAsync($"/reviews/{Code}/{reviewer}/nominees/{own}")).Status);
        WebPage refused = await thai.Form(thai.Address.AbsolutePath).Set("phase-1", "10").PostAsync($"/reviews/{Code}/{reviewer}/nominees/{own}");
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains("This nominee comes from your own economy", refused.Text, StringComparison.Ordinal);

        // Another's link opens nothing of hers, and no link nothing at all.
        WebPage guest = await OpenAsync(stage, "guest@reviewers.example.org");
        Assert.Equal(HttpStatusCode.Forbidden, (await guest.Browser.GetAsync($"/reviews/{Code}/{reviewer}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await stage.NewWeb().GetAsync($"/reviews/{Code}/{reviewer}")).Status);

        // A mark that is missing lowers no mean: Hana leaves out a phase for the Thai nominee.
        (await thai.Form(thai.Address.AbsolutePath).Set("phase-1", "8").Set("phase-2", "").SubmitAsync()).Expect();
        await ScoreAsync(guest, ids["Chai Suksan"], "8", "8");
        await ScoreAsync(guest, ids["Akira Satou"], "3", "3");
        await ScoreAsync(guest, ids["Eka Putrawan"], "5", "5");

        // Scores decide here, so the list waits for the last of them.
        Web aiko = await stage.SecretariatAsync();
        WebPage page = (await aiko.GetAsync($"/secretariat/projects/{Code}/selection")).Expect();
        Assert.Contains("1 nominees have not been scored", (await page.Form("/propose").SubmitAsync()).Text, StringComparison.Ordinal);
        await ScoreAsync(guest, ids["Botan Suzuki"], "9", "9");
        WebPage scores = (await aiko.GetAsync($"/secretariat/projects/{Code}/reviews")).Expect();
        Assert.Equal(["Akira Satou 3.00 1", "Botan Suzuki 9.00 1", "Chai Suksan 8.00 2", "Eka Putrawan 5.00 1"], Scores(scores));

        await stage.SelectAsync(Code);
        IReadOnlyList<DecisionLine> decisions = await stage.DecisionsAsync(Code);
        Assert.Equal("Selected", decisions.Single(line => line.Name == "Botan Suzuki").Decision);
        Assert.Equal("Alternate 1", decisions.Single(line => line.Name == "Akira Satou").Decision);
        WebPage list2 = (await aiko.GetAsync($"/secretariat/projects/{Code}/selection")).Expect();
        Assert.Contains("Scored 9.00 of 10 and ranked 2 by the economy; received place 1 of 2", list2.Text, StringComparison.Ordinal);
        Assert.Contains("Scored 9.00 of 10 and ranked 2 by the economy", (await stage.MailAsync(Stage.OfficerOf["japan"], "selection-result", Code)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await thai.Form(thai.Address.AbsolutePath).Set("phase-1", "1").SubmitAsync()).Status);
        Assert.Contains("round-robin-scored-1", (await stage.NewWeb().GetAsync($"/projects/{Code}")).Expect().Text, StringComparison.Ordinal);
        Assert.Empty(await stage.FindDoubledMailsAsync());
        await stage.AssertLedgerSettledAsync(Code);
    }

    private static async Task AppointAsync(Stage stage, string name, string email, string economy)
    {
        WebPage page = (await (await stage.SecretariatAsync()).GetAsync($"/secretariat/projects/{Code}/reviews")).Expect();
        (await page.Form("/reviews").Set("name", name).Set("email", email).Set("economy", economy).SubmitAsync()).Expect();
        await stage.App.SettleAsync();
    }

    private static async Task<WebPage> OpenAsync(Stage stage, string email) =>
        (await stage.NewWeb().GetAsync((await stage.MailAsync(email, "review-invited", Code)).Link)).Expect();

    private static string NumberOf(WebPage list, string candidate) => BlindNominee.NumberOf(Code, list.Address.Segments[^1], candidate);

    private static async Task<WebPage> ReadAsync(WebPage list, string candidate) =>
        (await list.Browser.GetAsync($"{list.Address.AbsolutePath}/nominees/{NumberOf(list, candidate)}")).Expect();

    private static async Task ScoreAsync(WebPage list, string candidate, string relevance, string motivation)
    {
        WebPage page = await ReadAsync(list, candidate);
        (await page.Form(page.Address.AbsolutePath).Set("phase-1", relevance).Set("phase-2", motivation).SubmitAsync()).Expect();
    }

    private static IEnumerable<string> Scores(WebPage page) => page.Document.QuerySelectorAll("#scores tbody tr")
        .Select(row => $"{row.Children[0].TextContent.Trim()} {row.Children[2].TextContent.Trim()} {row.Children[3].TextContent.Trim()}")
        .Order(StringComparer.Ordinal);
}

/// <summary>The make-up of a list, whole for those who decide and thinned out for the public.</summary>
public sealed class BalanceTests
{
    [Fact]
    public async Task Counts_equal_the_list_and_the_public_copy_keeps_small_groups_and_what_would_give_them_away()
    {
        const string Code = "23-IP-64-GE-WSP-A";
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(Code) { Overseas = "20", Local = "2" });
        await stage.NominateAllAsync(Code, "japan", [.. Enumerable.Range(1, 6).Select(number => $"Japanese {number}")]);
        await stage.NominateAllAsync(Code, "thailand", [.. Enumerable.Range(1, 9).Select(number => $"Thai {number}")]);
        await stage.NominateAllAsync(Code, "indonesia", "Local One", "Local Two");
        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(1));
        Assert.DoesNotContain("Who was nominated and selected", (await stage.NewWeb().GetAsync($"/projects/{Code}")).Expect().Text, StringComparison.Ordinal);
        await stage.SelectAsync(Code);

        WebPage page = (await (await stage.SecretariatAsync()).GetAsync($"/secretariat/projects/{Code}/selection/balance")).Expect();
        IReadOnlyList<DecisionLine> decisions = await stage.DecisionsAsync(Code);
        foreach (IGrouping<string, DecisionLine> economy in decisions.GroupBy(line => line.Economy.Split(',')[0]))
        {
            Assert.Contains($"{economy.Key} {economy.Count(line => line.Decision == "Selected")} {economy.Count(line => line.Decision != "Selected")}", Rows(page, "By economy", 0));
        }

        // Two of Indonesia are too few; Japan's six go with them, or the two would follow from the total.
        Assert.Equal(["Indonesia not shown not shown", "Japan not shown not shown", "Thailand 9 0"], Rows(page, "By economy, public copy", 0));
        WebPage shown = (await stage.NewWeb().GetAsync($"/projects/{Code}")).Expect();
        Assert.Equal(["Indonesia not shown not shown", "Japan not shown not shown", "Thailand 9 0"], Rows(shown, "By economy", 0));
        Assert.Equal(["Government ministry or agency 17 0"], Rows(shown, "By sector", 0));
    }

    private static string[] Rows(WebPage page, string title, int nth) =>
    [
        .. page.Document.QuerySelectorAll("figure.plenary-chart").Where(figure => figure.QuerySelector("figcaption")?.TextContent.Trim() == title).ElementAt(nth)
            .QuerySelectorAll("tbody tr").Select(row => string.Join(' ', row.Children.Select(cell => cell.TextContent.Trim()))),
    ];
}
