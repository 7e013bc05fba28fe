using Plenary.Support;

namespace Plenary.Journey.Tests;

/// <summary>The four ladders over a whole project: to whoever still owes something, once for each step, and to nobody else.</summary>
public sealed class ReminderLadderTests
{
    private const string Code = "23-IP-81-GE-WSP-A";

    [Fact]
    public async Task Only_those_who_still_owe_something_are_reminded_and_once_for_each_step()
    {
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(Code) { Overseas = "3", Local = "2" });

        // Before the closing: Japan has submitted, Thailand too but holds a draft, Fiji has nothing, Indonesia submits after the first step.
        await stage.NominateAllAsync(Code, "japan", "Akira Satou");
        await stage.NominateAllAsync(Code, "thailand", "Chai Suksan");
        WebPage draft = await NomineeInputTests.StartAsync(await stage.OpenDeskAsync(Code, "thailand"));
        (await draft.Form("/person").Set("name", "Only Begun").SubmitAsync()).Expect();
        await stage.App.AdvanceToAsync(Stage.Closing.AddDays(-10));
        await stage.NominateAllAsync(Code, "indonesia", "Eka Putrawan", "Fajar Hadiputra");
        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(1));
        Assert.Equal(
            [("fiji", 3), ("indonesia", 1), ("japan", 0), ("thailand", 3)],
            await CountAsync(stage, "closing-reminder", Stage.OfficerOf.Select(pair => (pair.Key, pair.Value))));

        // Offers: Akira answers at once, Chai after the first reminder, Eka not at all, Fajar declines at once.
        await stage.SelectAsync(Code);
        DateTimeOffset expiry = Stage.Closing.AddMinutes(1).AddDays(7);
        await stage.AnswerOfferAsync(Code, "Akira Satou", "accept");
        await stage.AnswerOfferAsync(Code, "Fajar Hadiputra", "decline");
        await stage.App.AdvanceToAsync(expiry.AddHours(-30));
        await stage.AnswerOfferAsync(Code, "Chai Suksan", "accept");
        await stage.App.AdvanceToAsync(expiry.AddMinutes(2));
        (string, string)[] people = [.. ((string[])["Akira Satou", "Chai Suksan", "Eka Putrawan", "Fajar Hadiputra"]).Select(name => (name, Stage.AddressOf(name)))];
        Assert.Equal([("Akira Satou", 0), ("Chai Suksan", 1), ("Eka Putrawan", 2), ("Fajar Hadiputra", 0)], await CountAsync(stage, "offer-reminder", people));
        Assert.Contains("Expired", (await stage.DecisionsAsync(Code)).Single(line => line.Name == "Eka Putrawan").Offer, StringComparison.Ordinal);

        // Start: the confirmed ones. The step of seven days before lies before the answer of neither.
        await stage.App.AdvanceToAsync(Stage.Begin);
        (string Name, int Count)[] start = await CountAsync(stage, "start-reminder", people);
        Assert.Equal([("Akira Satou", 2), ("Chai Suksan", 2), ("Eka Putrawan", 0), ("Fajar Hadiputra", 0)], start);

        // Survey: Akira answers before the second step.
        await stage.App.AdvanceToAsync(Stage.End.AddDays(2));
        (await stage.AnswerSurveyAsync(Code, "Akira Satou")).Expect();
        await stage.App.AdvanceToAsync(Stage.End.AddDays(16));
        Assert.Equal([("Akira Satou", 1), ("Chai Suksan", 3), ("Eka Putrawan", 0), ("Fajar Hadiputra", 0)], await CountAsync(stage, "survey-reminder", people));
        Assert.Empty(await stage.FindDoubledMailsAsync());
        await stage.AssertLedgerSettledAsync(Code);
    }

    internal static async Task<(string Name, int Count)[]> CountAsync(Stage stage, string kind, IEnumerable<(string Name, string Address)> people)
    {
        IReadOnlyList<ReceivedMail> mails = await stage.Mailbox.ListAsync(kind: kind);
        return [.. people.OrderBy(person => person.Name, StringComparer.Ordinal).Select(person => (person.Name, mails.Count(mail => mail.To == person.Address)))];
    }
}

/// <summary>The app was away over the start of a project.</summary>
public sealed class MissedReminderTests
{
    [Fact]
    public async Task After_three_days_away_what_is_of_no_use_is_skipped_and_what_is_still_owed_is_sent()
    {
        const string Code = "23-IP-82-GE-WSP-A";
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(Code));
        await stage.NominateAllAsync(Code, "japan", "Akira Satou");
        await stage.NominateAllAsync(Code, "indonesia", "Eka Putrawan");
        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(1));
        await stage.SelectAsync(Code);
        await stage.AnswerOfferAsync(Code, "Akira Satou", "accept");
        await stage.AnswerOfferAsync(Code, "Eka Putrawan", "accept");
        await stage.App.AdvanceToAsync(Stage.End.AddDays(-3));
        Assert.Equal(2, (await stage.Mailbox.ListAsync(kind: "start-reminder")).Count);

        // In one leap past the last reminder, the sessions and the opening of the survey; late joiners were never planned for.
        await stage.App.MoveToAsync(Stage.End.AddMinutes(2));
        Assert.Equal(2, (await stage.Mailbox.ListAsync(kind: "start-reminder")).Count);
        Assert.Equal(2, (await stage.Mailbox.ListAsync(kind: "survey-invitation")).Count);
        WebPage page = (await (await stage.SecretariatAsync()).GetAsync($"/secretariat/projects/{Code}/mail")).Expect();
        Assert.Contains(", 1 day before", page.Text, StringComparison.Ordinal);
        Assert.Contains("Skipped: too late", page.Text, StringComparison.Ordinal);

        // Three days over two steps of the survey's ladder: whoever owes the answer is reminded, and not of each step missed.
        await stage.App.MoveToAsync(Stage.End.AddDays(5));
        int reminded = (await stage.Mailbox.ListAsync(Stage.AddressOf("Akira Satou"), "survey-reminder")).Count;
        Assert.Equal(1, reminded);
        Assert.Empty(await stage.FindDoubledMailsAsync());

        // Whatever it logged is there once it has stopped.
        await stage.App.StopAsync();
        Assert.Contains(stage.App.Output, line => line.Contains("skipped: too late", StringComparison.Ordinal));
    }
}
