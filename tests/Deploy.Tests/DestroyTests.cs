namespace Plenary.Deploy.Tests;

/// <summary>bicep/destroy against commands that play Azure.</summary>
public sealed class DestroyTests : IDisposable
{
    private readonly StandIn azure = new();

    [Theory]
    [InlineData("")]
    [InlineData("y\n")]
    [InlineData("prod\n")]
    [InlineData("DEV\n")]
    [InlineData("rg-plenary-dev\n")]
    public async Task Any_word_but_the_name_removes_nothing(string typed)
    {
        Played played = await DestroyAsync(typed);

        Assert.Equal(1, played.Exit);
        Assert.Contains("nothing was removed", played.Complained, StringComparison.Ordinal);
        Assert.False(played.Has("az group delete"));
        Assert.False(played.Has("az keyvault purge"));
    }

    [Fact]
    public async Task What_would_be_lost_is_told_before_the_name_is_asked()
    {
        Played played = await DestroyAsync("");

        Assert.Contains("plenary-dev-abc", played.Said, StringComparison.Ordinal);
        Assert.Contains("every project, nomination", played.Said, StringComparison.Ordinal);
        Assert.Contains("plenary backup", played.Said, StringComparison.Ordinal);
        Assert.EndsWith("Type the environment's name to remove it for good: ", played.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_protected_vault_stays_and_what_that_means_is_told()
    {
        Played played = await DestroyAsync("dev\n");

        Assert.Equal(0, played.Exit);
        Assert.True(played.Has("az group delete --name rg-plenary-dev --yes"));
        Assert.False(played.Has("az keyvault purge"));
        Assert.Contains("takes it back", played.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unprotected_vault_is_purged_so_that_its_name_is_free()
    {
        azure.When("az keyvault show *");
        Played played = await DestroyAsync("dev\n");

        Assert.Equal(0, played.Exit);
        Assert.True(played.Has("az keyvault purge --name pl-dev-abc --location japaneast"));
    }

    [Fact]
    public async Task Another_subscription_is_refused()
    {
        azure.When("az account show*", "99999999-0000-0000-0000-000000000000");
        Played played = await DestroyAsync("dev\n");

        Assert.Equal(1, played.Exit);
        Assert.False(played.Has("az group delete"));
    }

    [Fact]
    public async Task Nothing_there_is_told()
    {
        azure.Empty();
        Played played = await DestroyAsync("dev\n");

        Assert.Equal(1, played.Exit);
        Assert.Contains("nothing to remove", played.Complained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_option_answers_for_you()
    {
        Played played = await azure.RunAsync("bicep/destroy", ["dev", "--yes"], "dev\n");

        Assert.Equal(2, played.Exit);
        Assert.Empty(played.Calls);
    }

    [Fact]
    public async Task A_dry_run_calls_nothing()
    {
        Played played = await azure.RunAsync("bicep/destroy", ["dev", "--dry-run"], "");

        Assert.Equal(0, played.Exit);
        Assert.Empty(played.Calls);
        Assert.Contains("az group delete --name rg-plenary-dev --yes", played.Said, StringComparison.Ordinal);
    }

    public void Dispose() => azure.Dispose();

    private Task<Played> DestroyAsync(string typed) => azure.RunAsync("bicep/destroy", ["dev"], typed);
}
