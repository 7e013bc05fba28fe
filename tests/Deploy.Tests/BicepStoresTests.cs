using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Plenary.Infra.Outbox;
using Plenary.Shared;

namespace Plenary.Deploy.Tests;

/// <summary>What the code keeps and posts to is there in Azure, and nothing else is.</summary>
public sealed class BicepStoresTests
{
    /// <summary>What each slice says that it needs, from its own line of the composition root.</summary>
    private static IReadOnlyList<NeededStores> Needed { get; } = ReadNeeded();

    /// <summary>Parameters of main.bicep: where bicep/deploy keeps what it deployed.</summary>
    private static readonly string[] OfTheDeployment = ["versionContainer"];

    private static string[] DataContainers
    {
        get
        {
            JsonElement data = BicepFacts.File("modules/storage.bicep").GetProperty("modules").EnumerateArray().Single(module => module.GetProperty("name").GetString() == "data");
            return [.. data.GetProperty("params").GetProperty("containerNames").EnumerateArray().Select(BicepFacts.Expression)];
        }
    }

    private static string[] QueueNames => BicepFacts.Texts(BicepFacts.Param("main.bicep", "queueNames"));

    [Fact]
    public void Every_table_is_provisioned_and_no_other() =>
        AssertSame(
            Needed.SelectMany(one => one.Tables).Append(OutboxNames.Markers).Distinct(),
            BicepFacts.Texts(BicepFacts.Param("main.bicep", "tableNames")));

    [Fact]
    public void Every_container_is_provisioned_and_no_other() =>
        AssertSame(
            Needed.SelectMany(one => one.Containers).Distinct(),
            DataContainers.Except(OfTheDeployment).Select(name => BicepFacts.Text(BicepFacts.Param("main.bicep", name))));

    [Fact]
    public void Every_queue_is_provisioned_and_no_other() =>
        AssertSame(
            typeof(Queues).GetFields().Where(field => field.IsLiteral && field.Name != nameof(Queues.Connection)).Select(field => (string)field.GetRawConstantValue()!),
            QueueNames);

    [Fact]
    public void Every_queue_has_exactly_one_function_that_reads_it() =>
        AssertSame(
            QueueNames,
            typeof(FrontMiddleware).Assembly.GetTypes().SelectMany(type => type.GetMethods()).SelectMany(method => method.GetParameters())
                .Select(parameter => parameter.GetCustomAttribute<ServiceBusTriggerAttribute>()?.QueueName)
                .OfType<string>());

    [Fact]
    public void A_queue_table_container_or_schedule_is_written_once()
    {
        string[] names =
        [
            .. QueueNames,
            .. BicepFacts.Texts(BicepFacts.Param("main.bicep", "tableNames")),
            .. DataContainers.Append("packageContainer").Append("agendaSchedule").Select(name => BicepFacts.Text(BicepFacts.Param("main.bicep", name))),
        ];

        Assert.All(names, name => Assert.Equal((name, 1), (name, BicepFacts.CountLiterals(name))));
    }

    [Fact]
    public void A_lock_is_longer_than_any_handler_and_shorter_than_its_renewal()
    {
        JsonElement queue = BicepFacts.Resources("modules/serviceBus.bicep").Single(one => one.GetProperty("name").GetString() == "queues").GetProperty("value").GetProperty("properties");

        TimeSpan held = System.Xml.XmlConvert.ToTimeSpan(BicepFacts.Text(queue.GetProperty("lockDuration")));
        Assert.InRange(held, TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(5));
        Assert.InRange(queue.GetProperty("maxDeliveryCount").GetInt32(), 10, 2000);
    }

    private static List<NeededStores> ReadNeeded()
    {
        ServiceCollection services = new();
        foreach (MethodInfo add in typeof(FrontMiddleware).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Services", StringComparison.Ordinal) && type is { IsAbstract: true, IsSealed: true })
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(method => method.GetParameters() is [var only] && only.ParameterType == typeof(IServiceCollection)))
        {
            add.Invoke(null, [services]);
        }

        return [.. services.Select(service => service.ImplementationInstance).OfType<NeededStores>()];
    }

    private static void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual) =>
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
}
