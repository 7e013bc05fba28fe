using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Plenary.Infra;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Deploy.Tests;

/// <summary>What the code reads, what the sample for one machine sets, and what Azure sets, are one list.</summary>
public sealed class BicepSettingsTests
{
    /// <summary>Connection strings and the making of stores: for one machine.</summary>
    private static readonly string[] OnlyOnOneMachine =
        ["Azure:StorageConnectionString", "Azure:ServiceBusConnectionString", "Azure:CreateStores", "Azure:Prefix"];

    /// <summary>Endpoints and the identity that reaches them.</summary>
    private static readonly string[] OnlyInAzure = ["Azure:TablesEndpoint", "Azure:BlobsEndpoint", "Azure:ServiceBusNamespace", "Azure:ClientId"];

    /// <summary>Not read by the app: the host's, and the key with which the mailbox signs events. Flex Consumption takes the runtime's name elsewhere.</summary>
    private static readonly string[] OfOthersInTheSample =
        ["FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage", "AzureWebJobsDisableHomepage", Queues.Connection, "Local:WebhookPrivateKey"];

    private static readonly string[] OfOthersInAzure =
    [
        "AzureWebJobsStorage:blobServiceUri", "AzureWebJobsStorage:credential", "AzureWebJobsStorage:clientId", "AzureWebJobsDisableHomepage",
        $"{Queues.Connection}:fullyQualifiedNamespace", $"{Queues.Connection}:credential", $"{Queues.Connection}:clientId",
        "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    ];

    private static JsonElement Settings => BicepFacts.Variable("modules/functionApp.bicep", "settings");

    private static IEnumerable<string> Provisioned => Settings.EnumerateObject().Select(setting => setting.Name.Replace("__", ":", StringComparison.Ordinal));

    private static IEnumerable<string> Sample => JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "local.settings.sample.json")))
        .RootElement.GetProperty("Values").EnumerateObject().Select(setting => setting.Name);

    /// <summary>Options classes, and what stands between percent signs in triggers.</summary>
    private static IEnumerable<string> Read =>
        new[] { typeof(FrontMiddleware).Assembly, typeof(InfraServices).Assembly }.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type.GetField("Section") is { IsLiteral: true })
            .SelectMany(type => type.GetProperties().Where(property => property.CanWrite).Select(property => $"{type.GetField("Section")!.GetRawConstantValue()}:{property.Name}"))
            .Concat(NamedByTriggers)
            .Distinct();

    private static IEnumerable<string> NamedByTriggers => typeof(FrontMiddleware).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods()).SelectMany(method => method.GetParameters())
        .SelectMany(parameter => new[] { parameter.GetCustomAttribute<TimerTriggerAttribute>()?.Schedule, parameter.GetCustomAttribute<ServiceBusTriggerAttribute>()?.QueueName })
        .OfType<string>()
        .Where(name => name.StartsWith('%'))
        .Select(name => name.Trim('%'));

    [Fact]
    public void Azure_sets_every_setting_that_the_code_reads_and_no_other() =>
        AssertSame(Read.Except(OnlyOnOneMachine), Provisioned.Except(OfOthersInAzure));

    [Fact]
    public void The_sample_sets_every_setting_that_the_code_reads_and_no_other() =>
        AssertSame(Read.Except(OnlyInAzure), Sample.Except(OfOthersInTheSample));

    [Fact]
    public void Azure_sets_exactly_what_the_host_needs()
    {
        AssertSame(OfOthersInAzure, Provisioned.Except(Read));
        Assert.Contains("Agenda:Schedule", NamedByTriggers);
    }

    [Fact]
    public void Every_connection_that_a_trigger_names_is_reached_by_identity()
    {
        IEnumerable<string?> connections = typeof(FrontMiddleware).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods()).SelectMany(method => method.GetParameters())
            .Select(parameter => parameter.GetCustomAttribute<ServiceBusTriggerAttribute>()?.Connection)
            .OfType<string>()
            .Distinct();

        Assert.All(connections, connection => Assert.Equal("managedidentity", BicepFacts.Text(Settings.GetProperty($"{connection}__credential"))));
        Assert.Equal("managedidentity", BicepFacts.Text(Settings.GetProperty("AzureWebJobsStorage__credential")));
    }

    [Fact]
    public void Only_the_mail_key_and_the_peppers_come_from_the_vault() =>
        Assert.Equal(
            ["Access__LinkPepper", "Access__LinkPepperBefore", "SendGrid__ApiKey"],
            Settings.EnumerateObject()
                .Where(setting => setting.Value.ValueKind == JsonValueKind.Object && BicepFacts.Expression(setting.Value).EndsWith("Reference", StringComparison.Ordinal))
                .Select(setting => setting.Name)
                .Order(StringComparer.Ordinal));

    private static void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual) =>
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
}
