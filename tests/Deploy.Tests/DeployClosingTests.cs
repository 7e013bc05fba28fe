namespace Plenary.Deploy.Tests;

/// <summary>From two hours before a closing to one hour after it nothing is deployed.</summary>
public sealed class DeployClosingTests : IDisposable
{
    private static readonly DateTimeOffset Closing = new(2023, 11, 30, 15, 0, 0, TimeSpan.Zero);

    private readonly StandIn azure = new();

    [Theory]
    [InlineData(-7201, true)]
    [InlineData(-7200, false)]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(3600, false)]
    [InlineData(3601, true)]
    public async Task The_window_has_these_edges(int seconds, bool isDeployed)
    {
        azure.Now = Closing.AddSeconds(seconds);
        Played played = await azure.Closing("23-IP-10-GE-WSP-A", Closing, Closing).DeployAsync("--yes");

        Assert.Equal(isDeployed, played.Exit == 0);
        Assert.Equal(isDeployed, played.Has("az deployment group create"));
        Assert.Equal(!isDeployed, played.Complained.Contains("Nominations close about now: 23-IP-10-GE-WSP-A", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2023-11-30T07:59:59Z", true)]
    [InlineData("2023-11-30T08:00:00Z", false)]
    [InlineData("2023-11-30T22:00:00Z", false)]
    [InlineData("2023-12-01T09:00:00Z", false)]
    [InlineData("2023-12-01T09:00:01Z", true)]
    public async Task Where_economies_close_one_after_the_other_the_window_lasts_from_the_first_to_the_last(string now, bool isDeployed)
    {
        azure.Now = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);
        azure.Closing("23-IP-10-GE-WSP-A", new(2023, 11, 30, 10, 0, 0, TimeSpan.Zero), new(2023, 12, 1, 8, 0, 0, TimeSpan.Zero));
        Played played = await azure.DeployAsync("--yes");

        Assert.Equal(isDeployed, played.Exit == 0);
    }

    [Fact]
    public async Task Going_back_waits_for_the_closing_too()
    {
        azure.Now = Closing;
        Played played = await azure.Closing("23-IP-10-GE-WSP-A", Closing, Closing).DeployAsync("--yes", "--version", StandIn.Before);

        Assert.Equal(1, played.Exit);
        Assert.False(played.Has("az functionapp"));
    }

    [Fact]
    public async Task The_option_deploys_all_the_same()
    {
        azure.Now = Closing;
        Played played = await azure.Closing("23-IP-10-GE-WSP-A", Closing, Closing).DeployAsync("--yes", "--during-closing");

        Assert.Equal(0, played.Exit);
    }

    [Fact]
    public async Task When_nobody_can_tell_it_is_refused()
    {
        Played played = await azure.When("az storage entity query*", fails: 1, complains: "AuthorizationFailure").DeployAsync("--yes");

        Assert.Equal(1, played.Exit);
        Assert.Contains("--during-closing", played.Complained, StringComparison.Ordinal);
        Assert.False(played.Has("az deployment group create"));
    }

    [Theory]
    [InlineData("plenary-dev-abc", false)]
    [InlineData("", true)]
    public async Task A_group_without_tags_is_deployed_to_only_where_no_app_is(string app, bool isDeployed)
    {
        azure.With("PLENARY_SENDGRID_API_KEY", StandIn.Key).With("PLENARY_LINK_PEPPER", "pepper-pepper-pepper-pepper-pepper");
        Played played = await azure.When("az group show*", "\n\n\n\n\n").When("az functionapp list*", app).DeployAsync("--yes");

        Assert.Equal(isDeployed, played.Exit == 0);
        Assert.Equal(!isDeployed, played.Complained.Contains("not the tags of its last deployment", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Closings_are_known_even_after_a_deployment_that_failed()
    {
        azure.Now = Closing;
        azure.When("az deployment group show*");
        Played played = await azure.Closing("23-IP-10-GE-WSP-A", Closing, Closing).DeployAsync("--yes");

        Assert.Equal(1, played.Exit);
        Assert.Contains("Nominations close about now", played.Complained, StringComparison.Ordinal);
    }

    public void Dispose() => azure.Dispose();
}
