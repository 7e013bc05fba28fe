using System.Runtime.CompilerServices;
using Plenary.Local;

namespace Azure.Messaging.ServiceBus;

public class ServiceBusReceiver : IAsyncDisposable
{
    private const string DeadLetterSuffix = "/$deadletterqueue";

    private readonly ServiceBusClient client;
    private readonly string queueName = string.Empty;
    private readonly bool dead;
    private readonly CancellationTokenSource closing = new();
    private long lastPeeked;

    /// <summary>For doubles in tests.</summary>
    protected ServiceBusReceiver()
    {
        EntityPath = string.Empty;
        Identifier = string.Empty;
    }

    protected internal ServiceBusReceiver(ServiceBusClient client, string queueName, ServiceBusReceiverOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrWhiteSpace(queueName);
        ArgumentNullException.ThrowIfNull(options);
        this.client = client;
        bool namesDeadLetters = queueName.EndsWith(DeadLetterSuffix, StringComparison.OrdinalIgnoreCase);
        this.queueName = namesDeadLetters ? queueName[..^DeadLetterSuffix.Length] : queueName;
        dead = namesDeadLetters || options.SubQueue == SubQueue.DeadLetter;
        EntityPath = dead ? this.queueName + "/$DeadLetterQueue" : queueName;
        PrefetchCount = options.PrefetchCount;
        ReceiveMode = options.ReceiveMode;
        Identifier = string.IsNullOrEmpty(options.Identifier) ? $"{EntityPath}-{Guid.NewGuid()}" : options.Identifier;
    }

    public virtual string EntityPath { get; }

    public virtual string FullyQualifiedNamespace => client?.FullyQualifiedNamespace ?? string.Empty;

    public virtual string Identifier { get; }

    public virtual bool IsClosed => closing.IsCancellationRequested;

    /// <summary>Kept and without effect: the broker lives in the process, there is nothing to fetch ahead.</summary>
    public virtual int PrefetchCount { get; }

    public virtual ServiceBusReceiveMode ReceiveMode { get; }

    public virtual async Task AbandonMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object> propertiesToModify = null,
        CancellationToken cancellationToken = default) =>
        await Locked(message).AbandonAsync(message.LockTokenGuid, propertiesToModify, cancellationToken);

    public virtual async Task CloseAsync(CancellationToken cancellationToken = default) => await closing.CancelAsync();

    public virtual async Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        await Locked(message).CompleteAsync(message.LockTokenGuid, cancellationToken);

    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object> propertiesToModify = null,
        CancellationToken cancellationToken = default) =>
        DeadLetterAsync(message, propertiesToModify, null, null, cancellationToken);

    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        string deadLetterReason,
        string deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default) =>
        DeadLetterAsync(message, null, deadLetterReason, deadLetterErrorDescription, cancellationToken);

    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object> propertiesToModify,
        string deadLetterReason,
        string deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default) =>
        DeadLetterAsync(message, propertiesToModify, deadLetterReason, deadLetterErrorDescription, cancellationToken);

    public virtual async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Null: there is none. Without a number, each call goes on behind the one before.</summary>
    public virtual async Task<ServiceBusReceivedMessage> PeekMessageAsync(
        long? fromSequenceNumber = null,
        CancellationToken cancellationToken = default) =>
        await PeekMessagesAsync(1, fromSequenceNumber, cancellationToken) is [var message, ..] ? message : null;

    public virtual async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(
        int maxMessages,
        long? fromSequenceNumber = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessages, 1);
        IReadOnlyList<ServiceBusReceivedMessage> found =
            await Queue().PeekAsync(dead, maxMessages, fromSequenceNumber ?? lastPeeked + 1, cancellationToken);
        if (found.Count > 0)
        {
            lastPeeked = found[^1].SequenceNumber;
        }

        return found;
    }

    /// <summary>Null: none came in time.</summary>
    public virtual async Task<ServiceBusReceivedMessage> ReceiveMessageAsync(
        TimeSpan? maxWaitTime = null,
        CancellationToken cancellationToken = default) =>
        await ReceiveMessagesAsync(1, maxWaitTime, cancellationToken) is [var message, ..] ? message : null;

    /// <summary>Waits for the first message only; the list is empty when none came in time.</summary>
    public virtual async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveMessagesAsync(
        int maxMessages,
        TimeSpan? maxWaitTime = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessages, 1);
        if (maxWaitTime is { } wait)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(wait, TimeSpan.Zero, nameof(maxWaitTime));
        }

        BrokerQueue queue = Queue();
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing.Token);
        try
        {
            return await queue.ReceiveAsync(
                dead, ReceiveMode, maxMessages, maxWaitTime ?? client?.TryTimeout ?? TimeSpan.FromMinutes(1), either.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new TaskCanceledException("The receive was cancelled.", null, cancellationToken);
        }
    }

    public virtual async IAsyncEnumerable<ServiceBusReceivedMessage> ReceiveMessagesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            ServiceBusReceivedMessage message = await ReceiveMessageAsync(null, cancellationToken);
            if (message is not null)
            {
                yield return message;
            }
        }
    }

    public virtual async Task RenewMessageLockAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        message.LockedUntil = await Locked(message).RenewAsync(message.LockTokenGuid, cancellationToken);

    public override string ToString() => $"{GetType().Name}({Identifier})";

    private async Task DeadLetterAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object> propertiesToModify,
        string reason,
        string description,
        CancellationToken cancellation)
    {
        BrokerQueue queue = Locked(message);
        if (dead)
        {
            throw new InvalidOperationException("A message of the dead-letter queue cannot be dead-lettered.");
        }

        await queue.DeadLetterAsync(message.LockTokenGuid, reason, description, propertiesToModify, cancellation);
    }

    private BrokerQueue Locked(ServiceBusReceivedMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        BrokerQueue queue = Queue();
        return ReceiveMode == ServiceBusReceiveMode.PeekLock
            ? queue
            : throw new InvalidOperationException("The operation is only supported in 'PeekLock' receive mode.");
    }

    private BrokerQueue Queue()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        return (client ?? throw new InvalidOperationException("This double has no client.")).Queue(queueName, EntityPath);
    }
}
