using Plenary.Infra.Tables;
using Plenary.Support;
using Plenary.Support.Drivers;

namespace Plenary.Journey.Tests;

/// <summary>Nobody nominates.</summary>
public sealed class NobodyNominatesTests
{
    [Fact]
    public async Task Officers_are_reminded_the_closing_says_so_and_the_rest_comes_to_nothing_without_a_fault()
    {
        const string Code = "23-IP-73-GE-WSP-A";
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(Code));
        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(1));
        Assert.Contains("0 nominations from 0 economies", Assert.Single(await stage.Mailbox.ListAsync(kind: "closing-summary")).Subject, StringComparison.Ordinal);

        // Fourteen, seven and one day before; to each officer, once each.
        IReadOnlyList<ReceivedMail> reminders = await stage.Mailbox.ListAsync(kind: "closing-reminder");
        Assert.All(Stage.OfficerOf.Values, officer => Assert.Equal(3, reminders.Count(mail => mail.To == officer)));
        Assert.Equal(12, reminders.Select(Stage.IntentOf).Distinct().Count());

        await stage.SelectAsync(Code);
        Assert.Empty(await stage.DecisionsAsync(Code));
        await stage.App.AdvanceToAsync(Stage.End.AddDays(15));
        WebPage attendance = await (await stage.SecretariatAsync()).GetAsync($"/secretariat/projects/{Code}/attendance");
        Assert.Contains("Nobody holds a place yet", attendance.Expect().Text, StringComparison.Ordinal);
        (await (await stage.SecretariatAsync()).GetAsync($"/secretariat/projects/{Code}/survey")).Expect();
        IReadOnlyDictionary<string, string> figures = await stage.PublishAsync(Code);
        Assert.All((string[])["nominated", "selected", "confirmed", "attended", "certificates", "surveyAnswered"], figure => Assert.Equal("0", figures[figure]));
        Assert.Equal("3", figures["places"]);
        (await stage.NewWeb().GetAsync($"/projects/{Code}")).Expect();
        (await stage.NewWeb().GetAsync($"/projects/{Code}/outcome.csv")).Expect();

        // Nobody else was ever written to.
        Assert.Equal(["closing-reminder", "closing-summary", "notification-circulated"], (await stage.Mailbox.CountAsync()).Keys.Order(StringComparer.Ordinal));
        await stage.AssertLedgerSettledAsync(Code);
    }
}

/// <summary>Everybody declines.</summary>
public sealed class EveryoneDeclinesTests
{
    [Fact]
    public async Task Places_go_to_alternates_until_none_are_left_and_every_nominator_is_told()
    {
        const string Code = "23-IP-74-GE-WSP-A";
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(Code));
        await stage.NominateAllAsync(Code, "japan", "Akira Satou", "Botan Itou");
        await stage.NominateAllAsync(Code, "thailand", "Chai Suksan", "Daw Rungrot");
        await stage.NominateAllAsync(Code, "indonesia", "Eka Putrawan", "Fajar Hadiputra");
        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(1));
        await stage.SelectAsync(Code);

        int declined = 0;
        for (DecisionLine[] open = await OpenOffersAsync(); open.Length > 0; open = await OpenOffersAsync())
        {
            Assert.InRange(open.Length, 1, 3);
            WebPage after = await stage.AnswerOfferAsync(Code, open[0].Name, "decline");
            Assert.Contains("You declined the place", after.Text, StringComparison.Ordinal);
            declined++;
            Assert.True(declined <= 6, "Somebody was asked twice.");
        }

        Assert.Equal(6, declined);
        IReadOnlyList<DecisionLine> decisions = await stage.DecisionsAsync(Code);
        Assert.All(decisions, line => Assert.StartsWith("Declined", line.Offer, StringComparison.Ordinal));
        Assert.Equal(3, decisions.Count(line => line.Decision == "Selected"));

        // The nearest alternate is of the same economy: Japan's second got Japan's first's place.
        string PlaceOf(string name) => decisions.Single(line => line.Name == name).Offer;
        Assert.Equal(PlaceOf("Akira Satou"), PlaceOf("Botan Itou"));
        Assert.Equal(PlaceOf("Chai Suksan"), PlaceOf("Daw Rungrot"));
        Assert.Equal(PlaceOf("Eka Putrawan"), PlaceOf("Fajar Hadiputra"));

        // No place is held by anybody.
        await foreach (Row row in stage.App.Tables.Get("Selections").ScanAllAsync(CancellationToken.None))
        {
            Assert.False(row.Key.Row.StartsWith("place-", StringComparison.Ordinal), row.Key.Row);
        }

        IReadOnlyDictionary<string, int> mails = await stage.Mailbox.CountAsync();
        Assert.Equal(6, mails["offer-made"]);
        Assert.Equal(6, mails["offer-receipt"]);
        foreach (string officer in (string[])["japan", "thailand", "indonesia"])
        {
            IReadOnlyList<ReceivedMail> told = await stage.Mailbox.ListAsync(Stage.OfficerOf[officer], "offer-answered");
            Assert.Equal(2, told.Count(mail => mail.Subject.Contains("declined", StringComparison.Ordinal)));
        }

        Assert.Empty(await stage.FindDoubledMailsAsync());
        await stage.App.AdvanceToAsync(Stage.End.AddMinutes(2));
        IReadOnlyDictionary<string, string> figures = await stage.PublishAsync(Code);
        Assert.Equal(("6", "3", "0", "0"), (figures["nominated"], figures["selected"], figures["confirmed"], figures["attended"]));
        mails = await stage.Mailbox.CountAsync();
        Assert.False(mails.ContainsKey("start-reminder"));
        Assert.False(mails.ContainsKey("survey-invitation"));
        await stage.AssertLedgerSettledAsync(Code);

        async Task<DecisionLine[]> OpenOffersAsync() => [.. (await stage.DecisionsAsync(Code)).Where(line => line.Offer.StartsWith("Made", StringComparison.Ordinal))];
    }
}
