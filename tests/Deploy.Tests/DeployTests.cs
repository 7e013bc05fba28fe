using Plenary.Support;

namespace Plenary.Deploy.Tests;

/// <summary>bicep/deploy against commands that play Azure.</summary>
public sealed class DeployTests : IDisposable
{
    private const string What = """
        {"changes":[
          {"resourceId":"/subscriptions/s/resourceGroups/rg-plenary-dev/providers/Microsoft.Web/sites/plenary-dev-abc","changeType":"Modify",
           "delta":[{"path":"properties.siteConfig","propertyChangeType":"Modify","children":[{"path":"appSettings","propertyChangeType":"Array","children":[{"path":"3","propertyChangeType":"Create","after":"confidential"}]}]}]},
          {"resourceId":"/subscriptions/s/resourceGroups/rg-plenary-dev/providers/Microsoft.Insights/components/same","changeType":"NoChange"}]}
        """;

    private const string WhatWithDeletion = """
        {"changes":[{"resourceId":"/subscriptions/s/resourceGroups/rg-plenary-dev/providers/Microsoft.ServiceBus/namespaces/n/queues/send-mail","changeType":"Delete"}]}
        """;

    private readonly StandIn azure = new();

    [Fact]
    public async Task All_goes_well_from_the_question_to_the_way_back()
    {
        Played played = await azure.When("az deployment group what-if*", What).RunAsync("bicep/deploy", ["dev"], "y\n");

        Assert.True(played.Exit == 0, played.Everything);
        string[] inOrder =
        [
            "az version", "az account show", "az group show", "az storage entity query", "az rest", "az deployment group what-if", "az deployment group create",
            "az deployment group show", "az tag update", "az storage blob list", "dotnet publish", "zip", "az storage blob upload", "az functionapp deployment source config-zip",
            "az functionapp function list", "curl", "az functionapp config appsettings list", "az tag update",
        ];
        int at = -1;
        foreach (string call in inOrder)
        {
            at = Enumerable.Range(at + 1, played.Calls.Count - at - 1).First(i => played.Calls[i].StartsWith(call, StringComparison.Ordinal));
        }

        Assert.Contains("modify Microsoft.Web/sites/plenary-dev-abc", played.Said, StringComparison.Ordinal);
        Assert.Contains("create properties.siteConfig.appSettings.3", played.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("components/same", played.Said, StringComparison.Ordinal);
        Assert.Contains($"Version {StandIn.Version} runs in 'dev': https://{StandIn.Host}", played.Said, StringComparison.Ordinal);
        Assert.EndsWith($"To go back: bicep/deploy dev --version {StandIn.Before}\n", played.Said, StringComparison.Ordinal);
        Assert.Contains(played.Calls, call => call.StartsWith("az tag update", StringComparison.Ordinal) && call.Contains($"version={StandIn.Version}", StringComparison.Ordinal));
        Assert.Contains(played.Calls, call => call.StartsWith("dotnet publish", StringComparison.Ordinal) && call.EndsWith("-p:AzurePackages=nuget", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("n\n")]
    [InlineData("")]
    [InlineData("yes please\n")]
    public async Task Anything_but_yes_changes_nothing(string typed)
    {
        Played played = await azure.RunAsync("bicep/deploy", ["dev"], typed);

        Assert.Equal(1, played.Exit);
        Assert.Contains("nothing was changed", played.Complained, StringComparison.Ordinal);
        AssertUntouched(played);
    }

    [Fact]
    public async Task Not_even_the_group_is_made_unasked()
    {
        Played played = await azure.Empty().RunAsync("bicep/deploy", ["dev"], "n\n");

        Assert.Equal(1, played.Exit);
        AssertUntouched(played);
    }

    [Fact]
    public async Task Without_Azure_CLI_the_remedy_is_told_and_all_other_problems_with_it()
    {
        Played played = await azure.Without("az").Without("zip").DeployAsync("--yes");

        Assert.Equal(1, played.Exit);
        Assert.Contains("az is not installed", played.Complained, StringComparison.Ordinal);
        Assert.Contains("zip is not installed", played.Complained, StringComparison.Ordinal);
        Assert.Contains("learn.microsoft.com/cli/azure/install-azure-cli", played.Complained, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2.59.0", false)]
    [InlineData("2.9.1", false)]
    [InlineData("2.60.0", true)]
    [InlineData("3.0.0", true)]
    public async Task An_old_Azure_CLI_is_told_to_upgrade(string version, bool isTaken)
    {
        Played played = await azure.When("az version*", version).DeployAsync("--yes");

        Assert.Equal(isTaken, played.Exit == 0);
        Assert.Equal(!isTaken, played.Complained.Contains("az upgrade", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("9.0.308", false)]
    [InlineData("10.0.100-rc.2.25502.107", true)]
    public async Task The_SDK_must_be_of_version_10(string version, bool isTaken)
    {
        Played played = await azure.When("dotnet --version", version).DeployAsync("--yes");

        Assert.Equal(isTaken, played.Exit == 0);
        Assert.Equal(!isTaken, played.Complained.Contains("The .NET SDK is", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_is_not_logged_in_is_told_how()
    {
        Played played = await azure.When("az account show*", fails: 1, complains: "ERROR: Please run 'az login' to setup account.").DeployAsync("--yes");

        Assert.Equal(1, played.Exit);
        Assert.Contains("Run: az login", played.Complained, StringComparison.Ordinal);
        AssertUntouched(played);
    }

    [Fact]
    public async Task Another_subscription_is_refused_with_the_command_that_changes_it()
    {
        Played played = await azure.When("az account show*", "99999999-0000-0000-0000-000000000000").DeployAsync("--yes");

        Assert.Equal(1, played.Exit);
        Assert.Contains($"Run: az account set --subscription {StandIn.Subscription}", played.Complained, StringComparison.Ordinal);
        AssertUntouched(played);
    }

    [Fact]
    public async Task Values_of_the_example_and_an_old_SDK_are_told_at_once()
    {
        string example = File.ReadAllText(Path.Combine(Repository.Root, "bicep", "environments", "dev.bicepparam"));
        Played played = await azure.Write("bicep/environments/dev.bicepparam", example).When("dotnet --version", "9.0.100").DeployAsync("--yes");

        Assert.Equal(1, played.Exit);
        Assert.Contains("signInClientId", played.Complained, StringComparison.Ordinal);
        Assert.Contains("mailFromAddress", played.Complained, StringComparison.Ordinal);
        Assert.Contains("mailWebhookPublicKey", played.Complained, StringComparison.Ordinal);
        Assert.Contains("The .NET SDK is 9.0.100", played.Complained, StringComparison.Ordinal);
        AssertUntouched(played);
    }

    [Fact]
    public async Task An_environment_nobody_knows_is_refused()
    {
        Played played = await azure.RunAsync("bicep/deploy", ["staging", "--yes"], "");

        Assert.Equal(1, played.Exit);
        Assert.Contains("Known: dev", played.Complained, StringComparison.Ordinal);
        Assert.Empty(played.Calls);
    }

    [Theory]
    [InlineData]
    [InlineData("dev", "--force")]
    [InlineData("dev", "test")]
    [InlineData("dev", "--version")]
    public async Task A_wrong_command_shows_how_it_is_written(params string[] words)
    {
        Played played = await azure.RunAsync("bicep/deploy", words, "");

        Assert.Equal(2, played.Exit);
        Assert.Contains("bicep/deploy ENV [options]", played.Complained, StringComparison.Ordinal);
        Assert.Empty(played.Calls);
    }

    [Fact]
    public async Task Secrets_missing_in_vault_and_environment_are_asked_for_before_anything_changes()
    {
        Played played = await azure.When("az rest*").DeployAsync("--yes");

        Assert.Equal(1, played.Exit);
        Assert.Contains("PLENARY_SENDGRID_API_KEY", played.Complained, StringComparison.Ordinal);
        Assert.Contains("PLENARY_LINK_PEPPER", played.Complained, StringComparison.Ordinal);
        AssertUntouched(played);
    }

    [Fact]
    public async Task A_first_deployment_makes_the_group_and_has_nothing_to_go_back_to()
    {
        Played played = await azure.Empty().With("PLENARY_SENDGRID_API_KEY", StandIn.Key).With("PLENARY_LINK_PEPPER", "pepper-pepper-pepper-pepper-pepper").DeployAsync("--yes");

        Assert.True(played.Exit == 0, played.Everything);
        Assert.True(played.Has("az group create --name rg-plenary-dev --location japaneast"));
        Assert.False(played.Has("az storage entity query"));
        Assert.False(played.Has("az keyvault secret show"));
        Assert.EndsWith("There is no version before this one.\n", played.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vault_deleted_with_its_group_is_taken_back_with_its_secrets()
    {
        Played played = await azure.Empty().When("az keyvault list-deleted*", "pl-dev-abc").DeployAsync("--yes");

        Assert.True(played.Exit == 0, played.Everything);
        Assert.True(played.Has("az keyvault recover --name pl-dev-abc --resource-group rg-plenary-dev"));
    }

    [Fact]
    public async Task Deletions_stop_it_even_when_nobody_is_asked()
    {
        Played played = await azure.When("az deployment group what-if*", WhatWithDeletion).DeployAsync("--yes");

        Assert.Equal(1, played.Exit);
        Assert.Contains("This would DELETE", played.Said, StringComparison.Ordinal);
        Assert.Contains("Microsoft.ServiceBus/namespaces/n/queues/send-mail", played.Said, StringComparison.Ordinal);
        Assert.Contains("--allow-deletions", played.Complained, StringComparison.Ordinal);
        AssertUntouched(played);
    }

    [Theory]
    [InlineData("delete\ny\n", 0)]
    [InlineData("y\ny\n", 1)]
    [InlineData("delete\nn\n", 1)]
    public async Task Deletions_are_allowed_by_the_word_and_then_by_the_question(string typed, int exit)
    {
        Played played = await azure.When("az deployment group what-if*", WhatWithDeletion).RunAsync("bicep/deploy", ["dev"], typed);

        Assert.Equal(exit, played.Exit);
        Assert.Equal(exit == 0, played.Has("az deployment group create"));
    }

    [Fact]
    public async Task Deletions_are_allowed_by_the_option()
    {
        Played played = await azure.When("az deployment group what-if*", WhatWithDeletion).DeployAsync("--yes", "--allow-deletions");

        Assert.Equal(0, played.Exit);
    }

    [Fact]
    public async Task Fresh_roles_are_waited_for_with_a_line_of_progress()
    {
        azure.When("az storage blob list*", fails: 1, complains: "You do not have the required permissions needed to perform this operation.", times: 4);
        Played played = await azure.DeployAsync("--yes");

        Assert.Equal(0, played.Exit);
        Assert.Equal(5, played.Count("az storage blob list"));
        Assert.Contains("Roles on pldatadevabc: not yet, waited 45 s of 300 s.", played.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Roles_that_never_come_stop_it_after_five_minutes()
    {
        DateTimeOffset before = azure.Now;
        Played played = await azure.When("az storage blob list*", fails: 1, complains: "403 Forbidden").DeployAsync("--yes");

        Assert.Equal(1, played.Exit);
        Assert.Equal(TimeSpan.FromMinutes(5), azure.Now - before);
        Assert.Contains("operatorsGroupId", played.Complained, StringComparison.Ordinal);
        Assert.False(played.Has("dotnet publish"));
    }

    [Fact]
    public async Task Another_fault_is_not_waited_out()
    {
        Played played = await azure.When("az storage blob list*", fails: 1, complains: "ERROR: The account does not exist.").DeployAsync("--yes");

        Assert.Equal(1, played.Exit);
        Assert.False(played.Has("sleep"));
        Assert.Contains("The account does not exist.", played.Complained, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ERROR: An error occured during deployment. Status Code: 503, Details: Site Unavailable")]
    [InlineData("ERROR: An error occured during deployment. Status Code: 403, Details: ")]
    public async Task A_zip_deployment_that_is_refused_at_first_is_repeated(string complaint)
    {
        Played played = await azure.When("az functionapp deployment source config-zip*", fails: 1, complains: complaint, times: 3).DeployAsync("--yes");

        Assert.Equal(0, played.Exit);
        Assert.Equal(4, played.Count("az functionapp deployment source config-zip"));
    }

    [Fact]
    public async Task A_zip_deployment_refused_for_ever_ends_with_the_way_back()
    {
        Played played = await azure.When("az functionapp deployment source config-zip*", fails: 1, complains: "Status Code: 503, Details: Site Unavailable").DeployAsync("--yes");

        Assert.Equal(1, played.Exit);
        Assert.Contains($"bicep/deploy dev --version {StandIn.Before}", played.Complained, StringComparison.Ordinal);
        Assert.False(played.Has("az functionapp function list"));
        AssertNotTagged(played);
    }

    [Fact]
    public async Task A_build_that_fails_deploys_nothing()
    {
        Played played = await azure.When("dotnet publish*", fails: 1, complains: "error CS1002: ; expected").DeployAsync("--yes");

        Assert.NotEqual(0, played.Exit);
        Assert.False(played.Has("az storage blob upload"));
        Assert.False(played.Has("az functionapp deployment"));
    }

    [Fact]
    public async Task A_function_that_appears_late_is_waited_for()
    {
        azure.When("az functionapp function list*", StandIn.Served(StandIn.FunctionsOfTheAssembly.Skip(1)), times: 2);
        Played played = await azure.DeployAsync("--yes");

        Assert.Equal(0, played.Exit);
        Assert.Contains($"All {StandIn.FunctionsOfTheAssembly.Count} functions of the code are there", played.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_missing_and_another_unexpected_are_named_with_the_way_back()
    {
        azure.When("az functionapp function list*", StandIn.Served(StandIn.FunctionsOfTheAssembly.Where(name => name != "RunAgenda").Append("CloseRounds")));
        Played played = await azure.DeployAsync("--yes");

        Assert.Equal(1, played.Exit);
        Assert.Contains("missing: RunAgenda", played.Complained, StringComparison.Ordinal);
        Assert.Contains("unexpected: CloseRounds", played.Complained, StringComparison.Ordinal);
        Assert.Contains($"bicep/deploy dev --version {StandIn.Before}", played.Complained, StringComparison.Ordinal);
        AssertNotTagged(played);
    }

    [Fact]
    public async Task A_server_without_any_function_fails()
    {
        Played played = await azure.When("az functionapp function list*").DeployAsync("--yes");

        Assert.Equal(1, played.Exit);
        Assert.Contains("missing: RunAgenda", played.Complained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readiness_is_given_time_and_then_counts()
    {
        Played played = await azure.When("curl*/health/ready", "503", times: 3).DeployAsync("--yes");
        Assert.Equal(0, played.Exit);

        using StandIn never = new();
        Played failed = await never.When("curl*/health/ready", "503").DeployAsync("--yes");
        Assert.Equal(1, failed.Exit);
        Assert.Contains("FAILED  health", failed.Said, StringComparison.Ordinal);
        AssertNotTagged(failed);
    }

    [Theory]
    [InlineData("curl*/secretariat/registry", "200", "FAILED  nobody is let in")]
    [InlineData("curl*/secretariat", "200", "FAILED  nobody is let in")]
    [InlineData("curl*/admin/host/status", "200", "FAILED  nobody is let in")]
    [InlineData("curl*api.sendgrid.com/v3/mail/send", "401", "FAILED  a test mail")]
    [InlineData("curl*api.sendgrid.com/v3/mail/send", "400", "FAILED  a test mail")]
    [InlineData("curl*api.sendgrid.com/v3/mail/send", "000", "FAILED  a test mail")]
    public async Task A_smoke_test_that_fails_is_named_and_the_others_are_still_made(string call, string status, string failure)
    {
        Played played = await azure.When(call, status, headers: StandIn.HeadersOfTheCode).DeployAsync("--yes");

        Assert.Equal(1, played.Exit);
        Assert.Contains(failure, played.Said, StringComparison.Ordinal);
        Assert.Contains("ok      security headers", played.Said, StringComparison.Ordinal);
        Assert.Contains($"bicep/deploy dev --version {StandIn.Before}", played.Complained, StringComparison.Ordinal);
        AssertNotTagged(played);
    }

    [Fact]
    public async Task Every_header_of_the_code_is_looked_for_and_in_its_exact_words()
    {
        string[] weakened = [.. StandIn.HeadersOfTheCode.Select(header => header + "; but")];
        Played played = await azure.When($"curl*https://{StandIn.Host}/", "200", headers: weakened).DeployAsync("--yes");

        Assert.Equal(1, played.Exit);
        Assert.All(StandIn.HeadersOfTheCode, header => Assert.Contains($"GET / lacks the header {header}\n", played.Complained, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_key_is_on_no_command_line_and_in_no_output()
    {
        Played played = await azure.DeployAsync("--yes");

        Assert.Equal(0, played.Exit);
        Assert.Equal($"header = \"Authorization: Bearer {StandIn.Key}\"\n", azure.Read("given-to-curl"));
        Assert.DoesNotContain(StandIn.Key, played.Everything, StringComparison.Ordinal);
        Assert.Contains(played.Calls, call => call.StartsWith("curl", StringComparison.Ordinal) && call.Contains("--config -", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_may_not_read_the_key_is_told_that_no_test_mail_was_sent()
    {
        Played played = await azure.When("az keyvault secret show*", fails: 1, complains: "(Forbidden) Caller is not authorized").DeployAsync("--yes");

        Assert.Equal(0, played.Exit);
        Assert.Contains("not done: a test mail in sandbox mode", played.Said, StringComparison.Ordinal);
        Assert.DoesNotContain(played.Calls, call => call.Contains("sendgrid.com", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Going_back_puts_the_kept_package_in_place_and_leaves_the_resources()
    {
        Played played = await azure.RunAsync("bicep/deploy", ["dev", "--version", StandIn.Before], "y\n");

        Assert.True(played.Exit == 0, played.Everything);
        Assert.True(played.Has("az storage blob download"));
        Assert.True(played.Has("az functionapp function list"));
        Assert.False(played.Has("az deployment group"));
        Assert.False(played.Has("dotnet publish"));
        Assert.Contains(played.Calls, call => call.StartsWith("az tag update", StringComparison.Ordinal) && call.Contains($"version={StandIn.Before}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_version_that_was_never_kept_is_refused()
    {
        Played played = await azure.When("az storage blob download*", fails: 1, complains: "The specified blob does not exist.").DeployAsync("--yes", "--version", "nonsense");

        Assert.Equal(1, played.Exit);
        Assert.Contains("There is no version nonsense", played.Complained, StringComparison.Ordinal);
        Assert.False(played.Has("az functionapp"));
    }

    [Fact]
    public async Task A_dry_run_calls_nothing()
    {
        Played played = await azure.DeployAsync("--dry-run");

        Assert.Equal(0, played.Exit);
        Assert.Empty(played.Calls);
    }

    public void Dispose() => azure.Dispose();

    private static void AssertUntouched(Played played)
    {
        Assert.False(played.Has("az deployment group create"));
        Assert.False(played.Has("az group create"));
        Assert.False(played.Has("az tag"));
        Assert.False(played.Has("az functionapp"));
    }

    private static void AssertNotTagged(Played played) =>
        Assert.DoesNotContain(played.Calls, call => call.StartsWith("az tag update", StringComparison.Ordinal) && call.Contains(" version=", StringComparison.Ordinal));
}
