#nullable enable

using System.Globalization;
using System.Runtime.Serialization;
using System.Text;
using Azure.Messaging.ServiceBus;

namespace Plenary.Local;

/// <summary>What a sender wrote, and its form in bytes: kept so in memory and in the store, and its length is the message's size.</summary>
internal sealed class BrokeredContent
{
    /// <summary>The application properties under which the real service tells why a message was dead-lettered.</summary>
    public const string ReasonProperty = "DeadLetterReason";

    /// <summary>See <see cref="ReasonProperty"/>.</summary>
    public const string DescriptionProperty = "DeadLetterErrorDescription";

    private const byte Version = 1;

    public required BinaryData Body { get; init; }

    public required Dictionary<string, object> Properties { get; init; }

    public string? MessageId { get; init; }

    public string? ContentType { get; init; }

    public string? CorrelationId { get; init; }

    public string? PartitionKey { get; init; }

    public string? ReplyTo { get; init; }

    public string? ReplyToSessionId { get; init; }

    public string? SessionId { get; init; }

    public string? Subject { get; init; }

    public string? To { get; init; }

    public string? TransactionPartitionKey { get; init; }

    public TimeSpan TimeToLive { get; init; } = TimeSpan.MaxValue;

    public DateTimeOffset ScheduledEnqueueTime { get; init; }

    public static BrokeredContent From(ServiceBusMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new BrokeredContent
        {
            Body = message.Body,
            Properties = new Dictionary<string, object>(message.ApplicationProperties, StringComparer.Ordinal),
            MessageId = message.MessageId,
            ContentType = message.ContentType,
            CorrelationId = message.CorrelationId,
            PartitionKey = message.PartitionKey,
            ReplyTo = message.ReplyTo,
            ReplyToSessionId = message.ReplyToSessionId,
            SessionId = message.SessionId,
            Subject = message.Subject,
            To = message.To,
            TransactionPartitionKey = message.TransactionPartitionKey,
            TimeToLive = message.TimeToLive,
            ScheduledEnqueueTime = message.ScheduledEnqueueTime,
        };
    }

    public static BrokeredContent Decode(byte[] bytes)
    {
        using BinaryReader reader = new(new MemoryStream(bytes, writable: false), Encoding.UTF8);
        byte version = reader.ReadByte();
        if (version != Version)
        {
            throw new InvalidDataException($"A stored message of version {version}; only {Version} is known.");
        }

        string? Text() => reader.ReadBoolean() ? reader.ReadString() : null;
        string? messageId = Text();
        string? contentType = Text();
        string? correlationId = Text();
        string? partitionKey = Text();
        string? replyTo = Text();
        string? replyToSessionId = Text();
        string? sessionId = Text();
        string? subject = Text();
        string? to = Text();
        string? transactionPartitionKey = Text();
        TimeSpan timeToLive = new(reader.ReadInt64());
        DateTimeOffset scheduled = new(reader.ReadInt64(), TimeSpan.Zero);
        int count = reader.Read7BitEncodedInt();
        Dictionary<string, object> properties = new(count, StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadString();
            properties[name] = ReadValue(reader);
        }

        return new BrokeredContent
        {
            MessageId = messageId,
            ContentType = contentType,
            CorrelationId = correlationId,
            PartitionKey = partitionKey,
            ReplyTo = replyTo,
            ReplyToSessionId = replyToSessionId,
            SessionId = sessionId,
            Subject = subject,
            To = to,
            TransactionPartitionKey = transactionPartitionKey,
            TimeToLive = timeToLive,
            ScheduledEnqueueTime = scheduled,
            Properties = properties,
            Body = BinaryData.FromBytes(reader.ReadBytes(reader.Read7BitEncodedInt())),
        };
    }

    public byte[] Encode()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        void Text(string? text)
        {
            writer.Write(text is not null);
            if (text is not null)
            {
                writer.Write(text);
            }
        }

        writer.Write(Version);
        Text(MessageId);
        Text(ContentType);
        Text(CorrelationId);
        Text(PartitionKey);
        Text(ReplyTo);
        Text(ReplyToSessionId);
        Text(SessionId);
        Text(Subject);
        Text(To);
        Text(TransactionPartitionKey);
        writer.Write(TimeToLive.Ticks);
        writer.Write(ScheduledEnqueueTime.UtcTicks);
        writer.Write7BitEncodedInt(Properties.Count);
        foreach ((string name, object value) in Properties)
        {
            writer.Write(name);
            WriteValue(writer, name, value);
        }

        ReadOnlyMemory<byte> body = Body.ToMemory();
        writer.Write7BitEncodedInt(body.Length);
        writer.Write(body.Span);
        writer.Flush();
        return stream.ToArray();
    }

    private static void WriteValue(BinaryWriter writer, string name, object value)
    {
        string Invariant(string? format = null) => ((IFormattable)value).ToString(format, CultureInfo.InvariantCulture);
        (char kind, string text) = value switch
        {
            string plain => ('s', plain),
            bool flag => ('b', flag ? "1" : "0"),
            byte => ('1', Invariant()),
            sbyte => ('2', Invariant()),
            short => ('3', Invariant()),
            ushort => ('4', Invariant()),
            int => ('i', Invariant()),
            uint => ('u', Invariant()),
            long => ('l', Invariant()),
            ulong => ('U', Invariant()),
            float => ('f', Invariant("R")),
            double => ('d', Invariant("R")),
            decimal => ('m', Invariant()),
            char letter => ('c', letter.ToString()),
            Guid => ('g', Invariant()),
            Uri uri => ('r', uri.OriginalString),
            DateTime => ('t', Invariant("O")),
            DateTimeOffset => ('o', Invariant("O")),
            TimeSpan span => ('p', span.Ticks.ToString(CultureInfo.InvariantCulture)),
            _ => throw new SerializationException(
                $"The application property '{name}' is of type {value?.GetType().FullName ?? "null"}, which a message cannot carry."),
        };
        writer.Write(kind);
        writer.Write(text);
    }

    private static object ReadValue(BinaryReader reader)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        char kind = reader.ReadChar();
        string text = reader.ReadString();
        return kind switch
        {
            's' => text,
            'b' => text == "1",
            '1' => byte.Parse(text, invariant),
            '2' => sbyte.Parse(text, invariant),
            '3' => short.Parse(text, invariant),
            '4' => ushort.Parse(text, invariant),
            'i' => int.Parse(text, invariant),
            'u' => uint.Parse(text, invariant),
            'l' => long.Parse(text, invariant),
            'U' => ulong.Parse(text, invariant),
            'f' => float.Parse(text, invariant),
            'd' => double.Parse(text, invariant),
            'm' => decimal.Parse(text, invariant),
            'c' => text[0],
            'g' => Guid.Parse(text, invariant),
            'r' => new Uri(text, UriKind.RelativeOrAbsolute),
            't' => DateTime.ParseExact(text, "O", invariant, DateTimeStyles.RoundtripKind),
            'o' => DateTimeOffset.ParseExact(text, "O", invariant),
            'p' => new TimeSpan(long.Parse(text, invariant)),
            _ => throw new InvalidDataException($"A stored property of the unknown kind '{kind}'."),
        };
    }
}
