using System.Collections.Concurrent;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace Plenary.Local;

/// <summary>
/// The embedded brokers: one for each namespace that a setting names. Which settings hold connection strings is known from
/// the triggers; two more are the usual ones.
/// </summary>
internal sealed class HostBus
{
    public const string Setting = "ServiceBusConnection";
    public const string ProductSetting = "Azure:ServiceBusConnectionString";

    private readonly ConcurrentDictionary<string, ServiceBusClient> clients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Broker> brokers = new(StringComparer.OrdinalIgnoreCase);
    private readonly IConfiguration settings;
    private readonly bool isSole;

    public HostBus(IConfiguration settings, FunctionCatalog catalog, HostStorage storage, MovableClock clock)
    {
        this.settings = settings;
        isSole = storage.IsSole;
        TableServiceClient? store = storage.ConnectionString is { } text ? new TableServiceClient(text) : null;
        foreach (string name in catalog.All.Where(entry => entry.QueueName is not null).Select(SettingOf)
            .Concat([ProductSetting, Setting]).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            string host = ServiceBusConnectionStringProperties.Parse(ConnectionOf(name)).FullyQualifiedNamespace;
            if (!brokers.ContainsKey(host))
            {
                brokers[host] = Broker.Configure(host, new BrokerOptions
                {
                    Clock = clock,
                    Store = store,
                    TablePrefix = brokers.Count == 0 ? storage.Prefix : $"{storage.Prefix}{brokers.Count}",
                });
            }
        }
    }

    /// <summary>Where no setting says otherwise. Each prefix is a namespace of its own, so that hosts in one process keep apart.</summary>
    public static string DefaultConnection(IConfiguration settings) =>
        $"Endpoint=sb://{(settings["Local:Prefix"] ?? "local").ToLowerInvariant()}.servicebus/;" +
        "SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true;";

    public IReadOnlyCollection<Broker> Brokers => brokers.Values;

    public ServiceBusClient ClientOf(FunctionEntry entry) =>
        clients.GetOrAdd(ConnectionOf(SettingOf(entry)), text => new ServiceBusClient(text));

    /// <summary>Reads what an earlier process has left; the first broker is the one the functions listen to.</summary>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        Broker broker = brokers.Values.First();
        await broker.OpenAsync(cancellation);
        if (isSole)
        {
            broker.ExpireLocks();
        }
    }

    public IReadOnlyList<BrokerCounts> Counts() => [.. brokers.Values.Select(broker => broker.Counts())];

    public async Task CloseAsync()
    {
        foreach (ServiceBusClient client in clients.Values)
        {
            await client.DisposeAsync();
        }

        foreach (Broker broker in brokers.Values)
        {
            await broker.DisposeAsync();
        }
    }

    private static string SettingOf(FunctionEntry entry) => ((ServiceBusTriggerAttribute)entry.Trigger).Connection ?? "AzureWebJobsServiceBus";

    private string ConnectionOf(string setting) => settings[setting] is { Length: > 0 } text
        ? text
        : throw new InvalidOperationException($"The setting '{setting}' has no value: give it a Service Bus connection string.");
}
