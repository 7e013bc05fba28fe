using System.Collections.Concurrent;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace Plenary.Local;

/// <summary>The embedded broker behind the connection string of the setting <c>ServiceBusConnection</c>.</summary>
internal sealed class HostBus
{
    public const string Setting = "ServiceBusConnection";

    private readonly ConcurrentDictionary<string, ServiceBusClient> clients = new(StringComparer.Ordinal);
    private readonly IConfiguration settings;
    private readonly Broker broker;

    public HostBus(IConfiguration settings, HostStorage storage, MovableClock clock)
    {
        this.settings = settings;
        string host = ServiceBusConnectionStringProperties.Parse(ConnectionOf(Setting)).FullyQualifiedNamespace;
        broker = Broker.Configure(host, new BrokerOptions
        {
            Clock = clock,
            Store = storage.ConnectionString is { } text ? new TableServiceClient(text) : null,
            TablePrefix = storage.Prefix,
        });
    }

    /// <summary>Where no setting says otherwise. Each prefix is a namespace of its own, so that hosts in one process keep apart.</summary>
    public static string DefaultConnection(IConfiguration settings) =>
        $"Endpoint=sb://{(settings["Local:Prefix"] ?? "local").ToLowerInvariant()}.servicebus/;" +
        "SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true;";

    public ServiceBusClient ClientOf(FunctionEntry entry)
    {
        string name = ((ServiceBusTriggerAttribute)entry.Trigger).Connection ?? Setting;
        return clients.GetOrAdd(ConnectionOf(name), text => new ServiceBusClient(text));
    }

    public Task OpenAsync(CancellationToken cancellation) => broker.OpenAsync(cancellation);

    public BrokerCounts Counts() => broker.Counts();

    public async Task CloseAsync()
    {
        foreach (ServiceBusClient client in clients.Values)
        {
            await client.DisposeAsync();
        }

        await broker.DisposeAsync();
    }

    private string ConnectionOf(string setting) => settings[setting] is { Length: > 0 } text
        ? text
        : throw new InvalidOperationException($"The setting '{setting}' has no value: give it a Service Bus connection string.");
}
