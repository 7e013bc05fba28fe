using Plenary.Local;

namespace Azure.Messaging.ServiceBus;

public class ServiceBusMessage
{
    private const int LongestId = 128;

    private string messageId;
    private string partitionKey;
    private string sessionId;
    private string replyToSessionId;
    private string transactionPartitionKey;
    private TimeSpan? timeToLive;

    public ServiceBusMessage()
        : this(ReadOnlyMemory<byte>.Empty)
    {
    }

    public ServiceBusMessage(string body)
        : this(new BinaryData(body))
    {
    }

    public ServiceBusMessage(ReadOnlyMemory<byte> body)
        : this(BinaryData.FromBytes(body))
    {
    }

    public ServiceBusMessage(BinaryData body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Body = body;
    }

    /// <summary>The same message to be sent anew: without what the broker has added to it.</summary>
    public ServiceBusMessage(ServiceBusReceivedMessage receivedMessage)
    {
        ArgumentNullException.ThrowIfNull(receivedMessage);
        Body = receivedMessage.Body;
        ContentType = receivedMessage.ContentType;
        CorrelationId = receivedMessage.CorrelationId;
        messageId = receivedMessage.MessageId;
        partitionKey = receivedMessage.PartitionKey;
        ReplyTo = receivedMessage.ReplyTo;
        replyToSessionId = receivedMessage.ReplyToSessionId;
        ScheduledEnqueueTime = receivedMessage.ScheduledEnqueueTime;
        sessionId = receivedMessage.SessionId;
        Subject = receivedMessage.Subject;
        timeToLive = receivedMessage.TimeToLive == TimeSpan.MaxValue ? null : receivedMessage.TimeToLive;
        To = receivedMessage.To;
        transactionPartitionKey = receivedMessage.TransactionPartitionKey;
        foreach ((string name, object value) in receivedMessage.ApplicationProperties)
        {
            if (name is not (BrokeredContent.ReasonProperty or BrokeredContent.DescriptionProperty))
            {
                ApplicationProperties[name] = value;
            }
        }
    }

    public IDictionary<string, object> ApplicationProperties { get; } = new Dictionary<string, object>(StringComparer.Ordinal);

    public BinaryData Body { get; set; }

    public string ContentType { get; set; }

    public string CorrelationId { get; set; }

    public string MessageId
    {
        get => messageId;
        set
        {
            if (string.IsNullOrEmpty(value) || value.Length > LongestId)
            {
                throw new ArgumentException($"A message id has 1 to {LongestId} characters.", nameof(value));
            }

            messageId = value;
        }
    }

    public string PartitionKey
    {
        get => partitionKey;
        set
        {
            ThrowIfTooLong(value, nameof(value));
            if (sessionId is not null && value is not null && value != sessionId)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "A partition key beside a session id must equal it.");
            }

            partitionKey = value;
        }
    }

    public string ReplyTo { get; set; }

    public string ReplyToSessionId
    {
        get => replyToSessionId;
        set
        {
            ThrowIfTooLong(value, nameof(value));
            replyToSessionId = value;
        }
    }

    public DateTimeOffset ScheduledEnqueueTime { get; set; }

    public string SessionId
    {
        get => sessionId;
        set
        {
            ThrowIfTooLong(value, nameof(value));
            sessionId = value;
            if (partitionKey is not null && value is not null)
            {
                partitionKey = value;
            }
        }
    }

    public string Subject { get; set; }

    public TimeSpan TimeToLive
    {
        get => timeToLive ?? TimeSpan.MaxValue;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            timeToLive = value;
        }
    }

    public string To { get; set; }

    public string TransactionPartitionKey
    {
        get => transactionPartitionKey;
        set
        {
            ThrowIfTooLong(value, nameof(value));
            transactionPartitionKey = value;
        }
    }

    public override string ToString() => $"{{MessageId:{MessageId}}}";

    private static void ThrowIfTooLong(string value, string name)
    {
        if (value?.Length > LongestId)
        {
            throw new ArgumentOutOfRangeException(name, value, $"At most {LongestId} characters.");
        }
    }
}
