using Plenary.Local;

namespace Azure.Messaging.ServiceBus;

public sealed class ServiceBusMessageBatch : IDisposable
{
    private readonly List<Outgoing> messages = [];
    private readonly IList<ServiceBusMessage> store;
    private readonly Func<ServiceBusMessage, bool> mayAdd;
    private bool disposed;

    internal ServiceBusMessageBatch(long maxSizeInBytes)
    {
        MaxSizeInBytes = maxSizeInBytes;
    }

    internal ServiceBusMessageBatch(long maxSizeInBytes, IList<ServiceBusMessage> store, long size, Func<ServiceBusMessage, bool> mayAdd)
        : this(maxSizeInBytes)
    {
        this.store = store;
        this.mayAdd = mayAdd;
        SizeInBytes = size;
    }

    public int Count => store?.Count ?? messages.Count;

    public long MaxSizeInBytes { get; }

    public long SizeInBytes { get; private set; }

    internal IReadOnlyList<Outgoing> Messages => messages;

    public void Dispose() => disposed = true;

    /// <summary>False: it does not fit any more, and the batch is as it was.</summary>
    public bool TryAddMessage(ServiceBusMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        ObjectDisposedException.ThrowIf(disposed, this);
        if (store is not null)
        {
            if (mayAdd is null || !mayAdd(message))
            {
                return false;
            }

            store.Add(message);
            return true;
        }

        Outgoing outgoing = Outgoing.From(message);
        if (SizeInBytes + outgoing.Payload.Length > MaxSizeInBytes)
        {
            return false;
        }

        SizeInBytes += outgoing.Payload.Length;
        messages.Add(outgoing);
        return true;
    }
}
