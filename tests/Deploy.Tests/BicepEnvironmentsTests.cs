using System.Text.Json;
using System.Text.RegularExpressions;

namespace Plenary.Deploy.Tests;

/// <summary>What each environment's parameter file makes of the templates.</summary>
public sealed class BicepEnvironmentsTests
{
    private static readonly string[] Environments = ["dev", "prod", "test"];

    /// <summary>Of Azure's rules on names: length, letters, and where the name lives. uniqueString gives 13 lower-case letters and digits.</summary>
    private static readonly Dictionary<string, string> Rules = new()
    {
        ["identity"] = "^[a-z0-9][a-z0-9_-]{2,127}$",
        ["hostStorage"] = "^[a-z0-9]{3,24}$",
        ["dataStorage"] = "^[a-z0-9]{3,24}$",
        ["serviceBus"] = "^[a-z](?!.*(-sb|-mgmt|--)$)[a-z0-9-]{4,48}[a-z0-9]$",
        ["keyVault"] = "^(?!.*--)[a-z][a-z0-9-]{1,22}[a-z0-9]$",
        ["functionPlan"] = "^[a-z0-9-]{1,40}$",
        // The host's id is the first 32 characters of the app's name; longer names could share it.
        ["functionApp"] = "^[a-z0-9][a-z0-9-]{0,30}[a-z0-9]$",
        ["workspace"] = "^[a-z0-9][a-z0-9-]{2,61}[a-z0-9]$",
        ["insights"] = "^[a-z0-9_.()-]{1,260}$",
        ["network"] = "^[a-z0-9][a-z0-9_.-]{0,62}[a-z0-9_]$",
    };

    public static TheoryData<string> EachEnvironment => [.. Environments];

    [Fact]
    public void There_is_a_parameter_file_for_each_environment_and_no_other() =>
        Assert.Equal(Environments, BicepFacts.Files.Where(file => file.EndsWith(".bicepparam", StringComparison.Ordinal)).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(EachEnvironment))]
    public void Every_name_is_within_the_rules_of_Azure(string environment)
    {
        Dictionary<string, string> names = NamesIn(environment);

        Assert.Equal(Rules.Keys.Order(StringComparer.Ordinal), names.Keys.Order(StringComparer.Ordinal));
        Assert.All(names, name => Assert.Matches(Rules[name.Key], name.Value));
    }

    [Fact]
    public void No_name_is_used_by_two_environments()
    {
        string[][] names = [.. Environments.Select(environment => NamesIn(environment).Values.Distinct().ToArray())];

        Assert.Equal(names.Sum(one => one.Length), names.SelectMany(one => one).Distinct().Count());
    }

    [Fact]
    public void Tables_containers_and_queues_are_named_within_the_rules_of_Azure()
    {
        Assert.All(BicepFacts.Texts(BicepFacts.Param("main.bicep", "tableNames")), name => Assert.Matches("^[A-Za-z][A-Za-z0-9]{2,62}$", name));
        Assert.All(BicepFacts.Texts(BicepFacts.Param("main.bicep", "queueNames")), name => Assert.Matches("^[a-z0-9][a-z0-9-]{0,258}[a-z0-9]$", name));
        Assert.All(
            ["documentContainer", "selectionContainer", "packageContainer"],
            name => Assert.Matches("^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", BicepFacts.Text(BicepFacts.Param("main.bicep", name))));
    }

    [Theory]
    [InlineData("dev", false, true, false)]
    [InlineData("test", false, true, true)]
    [InlineData("prod", true, false, true)]
    public void Only_production_is_private_and_only_production_delivers_mail(string environment, bool isPrivate, bool isSandbox, bool isWatched)
    {
        string file = $"environments/{environment}.bicepparam";

        Assert.Equal(environment, BicepFacts.Text(BicepFacts.Param(file, "environmentName")));
        Assert.Equal(isPrivate, BicepFacts.Param(file, "privateNetworking").GetBoolean());
        Assert.Equal(isSandbox, BicepFacts.Param(file, "mailSandbox").GetBoolean());
        Assert.Equal(isWatched, BicepFacts.Param(file, "alertsEnabled").GetBoolean());
    }

    [Theory]
    [MemberData(nameof(EachEnvironment))]
    public void Secrets_come_from_whoever_deploys(string environment)
    {
        JsonElement[] secrets = [.. BicepFacts.File("main.bicep").GetProperty("params").EnumerateArray().Where(param => param.GetProperty("isSecure").GetBoolean())];

        Assert.Equal(3, secrets.Length);
        Assert.All(secrets, secret => Assert.StartsWith(
            "readEnvironmentVariable('PLENARY_",
            BicepFacts.Expression(BicepFacts.Param($"environments/{environment}.bicepparam", BicepFacts.Text(secret.GetProperty("name")))),
            StringComparison.Ordinal));
    }

    private static Dictionary<string, string> NamesIn(string environment) => BicepFacts.Variable("main.bicep", "names").EnumerateObject().ToDictionary(
        name => name.Name,
        name => Regex.Replace(
            BicepFacts.Text(name.Value),
            @"\$\{(\w+)\}",
            match => match.Groups[1].Value switch
            {
                "environmentName" => environment,
                "unique" => "a1b2c3d4e5f6g",
                string other => throw new InvalidOperationException($"{name.Name} is made of {other}, which this test does not know."),
            }));
}
