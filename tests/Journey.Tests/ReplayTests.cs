using Plenary.Support;
using Plenary.Support.Replay;

namespace Plenary.Journey.Tests;

public sealed class ReplayTests
{
    [Fact]
    public async Task The_replay_ends_with_every_figure_equal()
    {
        Azurite azurite = await Azurite.SharedAsync();
        await using PlenaryApp app = await PlenaryApp.StartAsync(azurite.ConnectionString, Story.Beginning);
        List<string> stages = [];

        StoryEnd end = await new Story(app, (stage, _) =>
        {
            stages.Add(stage);
            return Task.CompletedTask;
        }).RunAsync();

        Assert.DoesNotContain(end.Figures.Concat(end.Mails), line => !line.IsEqual);
        Assert.Equal(Story.Stages, stages);
        Assert.Equal(35, end.Figures.Single(line => line.Figure == "Participants").Said);
        Assert.Equal(14, end.Figures.Single(line => line.Figure == "Economies that attended").Said);
        Assert.StartsWith("409: Nominations closed.", end.LateAnswer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_is_equal_only_when_everybody_who_speaks_says_the_same()
    {
        FigureLine line = new("Participants", 35, 35, 35, 35);

        Assert.True(line.IsEqual);
        Assert.True((line with { Actual = null, Said = null }).IsEqual);
        Assert.False((line with { Actual = 34 }).IsEqual);
        Assert.False((line with { Said = 34 }).IsEqual);
        Assert.False((line with { Stored = 34 }).IsEqual);
        Assert.False((line with { Received = 34 }).IsEqual);
    }
}
