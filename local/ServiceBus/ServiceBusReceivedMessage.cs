using System.Collections.ObjectModel;
using Plenary.Local;

namespace Azure.Messaging.ServiceBus;

public class ServiceBusReceivedMessage
{
    private readonly BrokeredContent content;

    internal ServiceBusReceivedMessage(BrokeredContent content)
    {
        this.content = content;
        TimeToLive = content.TimeToLive;
        ApplicationProperties = new ReadOnlyDictionary<string, object>(content.Properties);
    }

    public IReadOnlyDictionary<string, object> ApplicationProperties { get; }

    public BinaryData Body => content.Body;

    public string ContentType => content.ContentType;

    public string CorrelationId => content.CorrelationId;

    public string DeadLetterErrorDescription => Property(BrokeredContent.DescriptionProperty);

    public string DeadLetterReason => Property(BrokeredContent.ReasonProperty);

    public string DeadLetterSource { get; internal init; }

    /// <summary>Starts at 1.</summary>
    public int DeliveryCount { get; internal init; }

    public long EnqueuedSequenceNumber { get; internal init; }

    public DateTimeOffset EnqueuedTime { get; internal init; }

    public DateTimeOffset ExpiresAt => TimeToLive < DateTimeOffset.MaxValue - EnqueuedTime
        ? EnqueuedTime + TimeToLive
        : DateTimeOffset.MaxValue;

    public DateTimeOffset LockedUntil { get; internal set; }

    public string LockToken => LockTokenGuid.ToString();

    // What was sent without an id stays without one.
    public string MessageId => content.MessageId;

    public string PartitionKey => content.PartitionKey;

    public string ReplyTo => content.ReplyTo;

    public string ReplyToSessionId => content.ReplyToSessionId;

    public DateTimeOffset ScheduledEnqueueTime => content.ScheduledEnqueueTime;

    public long SequenceNumber { get; internal init; }

    public string SessionId => content.SessionId;

    public ServiceBusMessageState State { get; internal init; }

    public string Subject => content.Subject;

    public TimeSpan TimeToLive { get; internal init; }

    public string To => content.To;

    public string TransactionPartitionKey => content.TransactionPartitionKey;

    internal Guid LockTokenGuid { get; init; }

    public override string ToString() => $"{{MessageId:{MessageId}}}";

    private string Property(string name) => content.Properties.TryGetValue(name, out object value) ? value as string : null;
}
