#nullable enable

using Azure.Messaging.ServiceBus;

namespace Plenary.Local;

/// <summary>A message as handed to the broker: fixed at that moment, whatever its sender does to his own object later.</summary>
internal sealed record Outgoing(byte[] Payload, string? MessageId, TimeSpan TimeToLive, DateTimeOffset ScheduledEnqueueTime)
{
    public static Outgoing From(ServiceBusMessage message)
    {
        BrokeredContent content = BrokeredContent.From(message);
        return new Outgoing(content.Encode(), content.MessageId, content.TimeToLive, content.ScheduledEnqueueTime);
    }
}
