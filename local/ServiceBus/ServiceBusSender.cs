using Plenary.Local;

namespace Azure.Messaging.ServiceBus;

public class ServiceBusSender : IAsyncDisposable
{
    private readonly ServiceBusClient client;
    private bool closed;

    /// <summary>For doubles in tests.</summary>
    protected ServiceBusSender()
    {
        EntityPath = string.Empty;
        Identifier = string.Empty;
    }

    protected internal ServiceBusSender(ServiceBusClient client, string queueOrTopicName)
        : this(client, queueOrTopicName, new ServiceBusSenderOptions())
    {
    }

    protected internal ServiceBusSender(ServiceBusClient client, string queueOrTopicName, ServiceBusSenderOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrWhiteSpace(queueOrTopicName);
        ArgumentNullException.ThrowIfNull(options);
        this.client = client;
        EntityPath = queueOrTopicName;
        Identifier = string.IsNullOrEmpty(options.Identifier) ? $"{queueOrTopicName}-{Guid.NewGuid()}" : options.Identifier;
    }

    public virtual string EntityPath { get; }

    public virtual string FullyQualifiedNamespace => client?.FullyQualifiedNamespace ?? string.Empty;

    public virtual string Identifier { get; }

    public virtual bool IsClosed => closed;

    public virtual async Task CancelScheduledMessageAsync(long sequenceNumber, CancellationToken cancellationToken = default) =>
        await Queue().CancelAsync([sequenceNumber], cancellationToken);

    public virtual async Task CancelScheduledMessagesAsync(IEnumerable<long> sequenceNumbers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sequenceNumbers);
        await Queue().CancelAsync([.. sequenceNumbers], cancellationToken);
    }

    public virtual Task CloseAsync(CancellationToken cancellationToken = default)
    {
        closed = true;
        return Task.CompletedTask;
    }

    public virtual ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default) =>
        CreateMessageBatchAsync(new CreateMessageBatchOptions(), cancellationToken);

    public virtual ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(
        CreateMessageBatchOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(closed, this);
        cancellationToken.ThrowIfCancellationRequested();
        long size = options.MaxSizeInBytes ?? Broker.LargestMessage;
        return size is < 1 or > Broker.LargestMessage
            ? throw new ArgumentOutOfRangeException(nameof(options), size, $"A batch holds at most {Broker.LargestMessage} bytes.")
            : ValueTask.FromResult(new ServiceBusMessageBatch(size));
    }

    public virtual async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    public virtual async Task<long> ScheduleMessageAsync(
        ServiceBusMessage message,
        DateTimeOffset scheduledEnqueueTime,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return (await ScheduleMessagesAsync([message], scheduledEnqueueTime, cancellationToken))[0];
    }

    public virtual async Task<IReadOnlyList<long>> ScheduleMessagesAsync(
        IEnumerable<ServiceBusMessage> messages,
        DateTimeOffset scheduledEnqueueTime,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        List<Outgoing> outgoing = [];
        foreach (ServiceBusMessage message in messages)
        {
            message.ScheduledEnqueueTime = scheduledEnqueueTime;
            outgoing.Add(Outgoing.From(message));
        }

        return await SendAsync(outgoing, cancellationToken);
    }

    public virtual Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return SendAsync([Outgoing.From(message)], cancellationToken);
    }

    public virtual Task SendMessagesAsync(IEnumerable<ServiceBusMessage> messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return SendAsync([.. messages.Select(message => Outgoing.From(message))], cancellationToken);
    }

    public virtual Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messageBatch);
        return SendAsync(messageBatch.Messages, cancellationToken);
    }

    public override string ToString() => $"{GetType().Name}({Identifier})";

    private async Task<IReadOnlyList<long>> SendAsync(IReadOnlyList<Outgoing> outgoing, CancellationToken cancellation)
    {
        BrokerQueue queue = Queue();
        long size = outgoing.Sum(message => (long)message.Payload.Length);
        if (size > Broker.LargestMessage)
        {
            throw new ServiceBusException(
                $"The message (or list of messages) has {size} bytes; at most {Broker.LargestMessage} are taken at once.",
                ServiceBusFailureReason.MessageSizeExceeded,
                EntityPath);
        }

        return outgoing.Count == 0 ? [] : await queue.SendAsync(outgoing, cancellation);
    }

    private BrokerQueue Queue()
    {
        ObjectDisposedException.ThrowIf(closed, this);
        return (client ?? throw new InvalidOperationException("This double has no client.")).Queue(EntityPath, EntityPath);
    }
}
