using System.Text.RegularExpressions;

namespace Plenary.Deploy.Tests;

/// <summary>Who may do what. A line more or less here is a decision; roles.bicep says why for each.</summary>
public sealed partial class BicepRolesTests
{
    private const string File = "modules/roles.bicep";

    [Fact]
    public void The_roles_are_exactly_those_the_code_needs() =>
        Assert.Equal(
            [
                "dataStorage operatorsGroupId storageBlobDataContributor",
                "dataStorage operatorsGroupId storageTableDataContributor",
                "dataStorage principalId storageBlobDataContributor",
                "dataStorage principalId storageTableDataContributor",
                "hostStorage principalId storageBlobDataOwner",
                "insights principalId monitoringMetricsPublisher",
                "keyVault principalId keyVaultSecretsUser",
                "serviceBus operatorsGroupId serviceBusDataReceiver",
                "serviceBus operatorsGroupId serviceBusDataSender",
                "serviceBus principalId serviceBusDataReceiver",
                "serviceBus principalId serviceBusDataSender",
            ],
            BicepFacts.Resources(File)
                .Where(resource => resource.GetProperty("type").GetString() == "Microsoft.Authorization/roleAssignments")
                .Select(resource => NameOf().Match(BicepFacts.Expression(resource.GetProperty("value").GetProperty("name"))))
                .Select(name => $"{name.Groups["scope"]} {name.Groups["principal"]} {name.Groups["role"]}")
                .Order(StringComparer.Ordinal));

    [Fact]
    public void Every_role_is_the_one_that_Azure_knows_under_its_id() =>
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["storageBlobDataOwner"] = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
                ["storageBlobDataContributor"] = "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
                ["storageTableDataContributor"] = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
                ["serviceBusDataReceiver"] = "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0",
                ["serviceBusDataSender"] = "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39",
                ["keyVaultSecretsUser"] = "4633458b-17de-408a-b874-0445c86b69e6",
                ["monitoringMetricsPublisher"] = "3913510d-42f4-4e42-8a64-420c390055eb",
            },
            BicepFacts.Variable(File, "roleIds").EnumerateObject().ToDictionary(role => role.Name, role => BicepFacts.Text(role.Value)));

    [Fact]
    public void Nothing_else_assigns_roles() =>
        Assert.Equal(
            [File],
            BicepFacts.Files.Where(file => BicepFacts.Resources(file).Any(resource => resource.GetProperty("type").GetString() == "Microsoft.Authorization/roleAssignments")));

    [Fact]
    public void Operators_get_theirs_only_where_there_are_operators() =>
        Assert.All(
            BicepFacts.Resources(File).Where(resource => !resource.GetProperty("isExisting").GetBoolean()),
            resource => Assert.Equal(
                resource.GetProperty("name").GetString()!.StartsWith("operators", StringComparison.Ordinal) ? "(!empty(operatorsGroupId))" : null,
                resource.GetProperty("condition").GetString()));

    [GeneratedRegex(@"^guid\((?<scope>\w+)\.id, (?<principal>\w+), roleIds\.(?<role>\w+)\)$")]
    private static partial Regex NameOf();
}
