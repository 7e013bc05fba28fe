using System.Net;

namespace Azure.Messaging.ServiceBus;

// What concerns the network is kept and handed back, and has no effect here: there is none between client and broker.
public class ServiceBusClientOptions
{
    public Uri CustomEndpointAddress { get; set; }

    public bool EnableCrossEntityTransactions { get; set; }

    public string Identifier { get; set; }

    public ServiceBusRetryOptions RetryOptions { get; set; } = new();

    public ServiceBusTransportType TransportType { get; set; }

    public IWebProxy WebProxy { get; set; }
}

public class ServiceBusRetryOptions
{
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(0.8);

    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(1);

    public int MaxRetries { get; set; } = 3;

    public ServiceBusRetryMode Mode { get; set; } = ServiceBusRetryMode.Exponential;

    /// <summary>How long a receive waits that names no time of its own.</summary>
    public TimeSpan TryTimeout { get; set; } = TimeSpan.FromMinutes(1);
}

public class ServiceBusSenderOptions
{
    public string Identifier { get; set; }
}

public class ServiceBusReceiverOptions
{
    private int prefetchCount;

    public string Identifier { get; set; }

    public int PrefetchCount
    {
        get => prefetchCount;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            prefetchCount = value;
        }
    }

    public ServiceBusReceiveMode ReceiveMode { get; set; }

    public SubQueue SubQueue { get; set; }
}

public class CreateMessageBatchOptions
{
    public long? MaxSizeInBytes { get; set; }
}
