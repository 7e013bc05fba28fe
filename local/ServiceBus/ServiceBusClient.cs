using Azure.Core;
using Plenary.Local;

namespace Azure.Messaging.ServiceBus;

public class ServiceBusClient : IAsyncDisposable
{
    private readonly string fullyQualifiedNamespace = string.Empty;
    private readonly ServiceBusClientOptions options = new();
    private bool closed;

    public ServiceBusClient(string connectionString)
        : this(connectionString, new ServiceBusClientOptions())
    {
    }

    public ServiceBusClient(string connectionString, ServiceBusClientOptions options)
        : this(ServiceBusConnectionStringProperties.Parse(connectionString).FullyQualifiedNamespace, options ?? new(), nameof(connectionString))
    {
    }

    public ServiceBusClient(string fullyQualifiedNamespace, TokenCredential credential)
        : this(fullyQualifiedNamespace, credential, new ServiceBusClientOptions())
    {
    }

    public ServiceBusClient(string fullyQualifiedNamespace, TokenCredential credential, ServiceBusClientOptions options)
        : this(fullyQualifiedNamespace, options ?? new(), nameof(fullyQualifiedNamespace))
    {
        ArgumentNullException.ThrowIfNull(credential);
    }

    /// <summary>For doubles in tests.</summary>
    protected ServiceBusClient()
    {
        Identifier = string.Empty;
    }

    private ServiceBusClient(string name, ServiceBusClientOptions options, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        fullyQualifiedNamespace = name;
        this.options = options;
        Identifier = string.IsNullOrEmpty(options.Identifier) ? $"{name}-{Guid.NewGuid()}" : options.Identifier;
    }

    public virtual string FullyQualifiedNamespace => fullyQualifiedNamespace;

    public virtual string Identifier { get; }

    public virtual bool IsClosed => closed;

    public ServiceBusTransportType TransportType => options.TransportType;

    internal TimeSpan TryTimeout => options.RetryOptions.TryTimeout;

    public virtual ServiceBusReceiver CreateReceiver(string queueName) => new(this, queueName, new ServiceBusReceiverOptions());

    public virtual ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options) =>
        new(this, queueName, options ?? new ServiceBusReceiverOptions());

    public virtual ServiceBusSender CreateSender(string queueOrTopicName) => new(this, queueOrTopicName);

    public virtual ServiceBusSender CreateSender(string queueOrTopicName, ServiceBusSenderOptions options) =>
        new(this, queueOrTopicName, options ?? new ServiceBusSenderOptions());

    public virtual ValueTask DisposeAsync()
    {
        closed = true;
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    public override string ToString() => $"{GetType().Name}({Identifier})";

    // Looked up at each use: a broker may be configured after its clients, or take another's place.
    internal BrokerQueue Queue(string name, string entityPath)
    {
        ObjectDisposedException.ThrowIf(closed, this);
        return Broker.Find(fullyQualifiedNamespace, entityPath).Queue(name);
    }
}
