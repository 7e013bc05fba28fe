using Plenary.Support;
using Plenary.Support.Replay;

namespace Plenary.Journey.Tests;

/// <summary>The process dies between any two stages of the example project, and goes on from its stores.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task Killed_and_started_again_after_every_stage_the_replay_ends_with_the_same_figures_and_each_mail_once()
    {
        Azurite azurite = await Azurite.SharedAsync();
        await using PlenaryApp app = await PlenaryApp.StartAsync(azurite.ConnectionString, Story.Beginning);
        int restarts = 0;
        StoryEnd end = await new Story(app, async (_, killed) =>
        {
            await killed.KillAsync();
            await killed.StartAgainAsync();
            await killed.SettleAsync();
            restarts++;
        }).RunAsync();

        Assert.Equal(Story.Stages.Count, restarts);
        Assert.DoesNotContain(end.Figures.Concat(end.Mails), line => !line.IsEqual);
        Assert.Empty(Stage.FindDoubled(await new Mailbox(app.Address).ListAsync()));
    }
}

/// <summary>The process dies with work in its hands.</summary>
public sealed class KilledAtWorkTests
{
    [Fact]
    public async Task Killed_while_it_works_nothing_is_lost_and_what_may_have_doubled_is_marked()
    {
        const string Code = "23-IP-72-GE-WSP-A";
        await using Stage stage = await Stage.StartAsync();
        SmallProject project = new(stage, Code);

        // Whatever people do, the answer has just reached them when the power goes: relays and mails are under way.
        stage.Afterwards = async () =>
        {
            await stage.App.KillAsync();
            await stage.App.StartAgainAsync();

            // Locks of the dead run out, the sweep finds what was not relayed, and a broken-off mail waits ten minutes for news of it.
            DateTimeOffset until = stage.App.Now.AddMinutes(12);
            await stage.App.AdvanceToAsync(until);
        };
        await project.PlayAsync();
        project.AssertFigures();
        await stage.App.AdvanceToAsync(stage.App.Now.AddMinutes(30));

        IReadOnlyDictionary<string, (string Kind, string State, bool PossibleDuplicate)> ledger = await stage.LedgerAsync(Code);
        Dictionary<string, int> owed = ledger.Values.Where(intent => intent.State is not "Skipped").GroupBy(intent => intent.Kind).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(SmallProject.Mails.OrderBy(pair => pair.Key, StringComparer.Ordinal), owed.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        foreach (IGrouping<string, ReceivedMail> arrived in (await stage.Mailbox.ListAsync()).GroupBy(Stage.IntentOf))
        {
            Assert.InRange(arrived.Count(), 1, ledger[arrived.Key].PossibleDuplicate ? 2 : 1);
        }

        Assert.Equal(owed.Values.Sum(), (await stage.Mailbox.ListAsync()).Select(Stage.IntentOf).Distinct().Count());
    }
}
