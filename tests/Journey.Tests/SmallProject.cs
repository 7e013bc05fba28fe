using Plenary.Support.Drivers;

namespace Plenary.Journey.Tests;

/// <summary>
/// A whole project of three places and six nominees, stage by stage: one of the selected declines and an alternate takes the place, two of
/// the three participants attend, two answer the survey.
/// </summary>
internal sealed class SmallProject(Stage stage, string code)
{
    public static readonly IReadOnlyDictionary<string, string[]> Nominees = new Dictionary<string, string[]>
    {
        ["japan"] = ["Akira Satou", "Botan Itou"],
        ["thailand"] = ["Chai Suksan"],
        ["fiji"] = ["Dere Vulaono"],
        ["indonesia"] = ["Eka Putrawan", "Fajar Hadiputra"],
    };

    /// <summary>How many mails of each kind the project owes, whatever happens on the way.</summary>
    public static readonly IReadOnlyDictionary<string, int> Mails = new Dictionary<string, int>
    {
        ["notification-circulated"] = 4,
        ["nomination-receipt"] = 6,
        ["closing-summary"] = 1,
        ["selection-result"] = 4,
        ["offer-made"] = 4,
        ["offer-answered"] = 4,
        ["offer-receipt"] = 4,
        ["start-reminder"] = 6,
        ["survey-invitation"] = 3,
        ["certificate-issued"] = 2,
    };

    public IReadOnlyDictionary<string, string> Figures { get; private set; } = new Dictionary<string, string>();

    public IReadOnlyList<(string Name, Func<Task> Play)> Stages =>
    [
        ("issued", () => stage.IssueAsync(new NotificationText(code))),
        ("circulated", () => stage.CirculateAsync(code)),
        ("nominated", NominateAsync),
        ("closed", () => stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(1))),
        ("selected", () => stage.SelectAsync(code)),
        ("answered", AnswerAsync),
        ("confirmed", ConfirmAsync),
        ("reminded", () => stage.App.AdvanceToAsync(Stage.Begin.AddMinutes(-1))),
        ("held", () => stage.App.AdvanceToAsync(Stage.End.AddMinutes(2))),
        ("attended", AttendAsync),
        ("surveyed", AnswerSurveyAsync),
        ("published", async () => Figures = await stage.PublishAsync(code)),
    ];

    /// <param name="afterStage">Runs between two stages.</param>
    public async Task PlayAsync(Func<string, Task>? afterStage = null)
    {
        foreach ((string name, Func<Task> play) in Stages)
        {
            try
            {
                await play();
            }
            catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
            {
                throw new InvalidOperationException($"Stage “{name}”: {failure.Message}\n{string.Join('\n', stage.App.Output.Where(line => line.Contains("rror", StringComparison.Ordinal)).TakeLast(10))}", failure);
            }

            if (afterStage is not null)
            {
                await afterStage(name);
            }
        }
    }

    public void AssertFigures()
    {
        Dictionary<string, string> expected = new()
        {
            ["places"] = "3",
            ["nominated"] = "6",
            ["nominatingEconomies"] = "4",
            ["selected"] = "3",
            ["confirmed"] = "3",
            ["attended"] = "2",
            ["certificates"] = "2",
            ["surveyAnswered"] = "2",
        };
        Assert.All(expected, figure => Assert.Equal((figure.Key, figure.Value), (figure.Key, Figures[figure.Key])));
    }

    /// <summary>Every owed mail arrived, once, and no other.</summary>
    public async Task AssertMailsAsync()
    {
        Assert.Empty(await stage.FindDoubledMailsAsync());
        Assert.Equal(Mails.OrderBy(pair => pair.Key, StringComparer.Ordinal), (await stage.Mailbox.CountAsync()).OrderBy(pair => pair.Key, StringComparer.Ordinal));
        await stage.AssertLedgerSettledAsync(code);
    }

    private async Task NominateAsync()
    {
        foreach ((string economy, string[] names) in Nominees)
        {
            await stage.NominateAllAsync(code, economy, names);
        }
    }

    private async Task AnswerAsync()
    {
        // The first of the overseas pool declines, the others accept.
        DecisionLine[] offered = [.. (await stage.DecisionsAsync(code)).Where(line => line.Decision == "Selected").OrderBy(line => line.Name, StringComparer.Ordinal)];
        Assert.Equal(3, offered.Length);
        DecisionLine declines = offered.First(line => !line.Economy.StartsWith("Indonesia", StringComparison.Ordinal));
        foreach (DecisionLine line in offered)
        {
            await stage.AnswerOfferAsync(code, line.Name, line == declines ? "decline" : "accept");
        }
    }

    private async Task ConfirmAsync()
    {
        DecisionLine promoted = Assert.Single(await stage.DecisionsAsync(code), line => line.Offer.StartsWith("Made", StringComparison.Ordinal));
        await stage.AnswerOfferAsync(code, promoted.Name, "accept");
    }

    private async Task<string[]> ParticipantsAsync() =>
        [.. (await stage.DecisionsAsync(code)).Where(line => line.Offer.StartsWith("Accepted", StringComparison.Ordinal)).Select(line => line.Name).Order(StringComparer.Ordinal)];

    private async Task AttendAsync() => await stage.AttendAsync(code, (await ParticipantsAsync())[..2]);

    private async Task AnswerSurveyAsync()
    {
        foreach (string name in (await ParticipantsAsync())[1..])
        {
            (await stage.AnswerSurveyAsync(code, name)).Expect();
        }
    }
}
