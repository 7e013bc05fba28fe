using System.Runtime.CompilerServices;
using Azure.Messaging.ServiceBus;

namespace Plenary.Infra.Bus;

/// <inheritdoc cref="IQueues" />
public sealed class ServiceBusQueues(ServiceBusClient client) : IQueues
{
    private const int PageSize = 100;

    /// <summary>When nothing comes for so long, nothing more is free to be taken: what is left is held by somebody else.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async IAsyncEnumerable<LyingMessage> PeekAsync(string queue, bool dead, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using ServiceBusReceiver receiver = Receiver(queue, dead);
        while (await receiver.PeekMessagesAsync(PageSize, cancellationToken: cancellation) is { Count: > 0 } page)
        {
            foreach (ServiceBusReceivedMessage message in page)
            {
                yield return new LyingMessage(
                    queue,
                    message.SequenceNumber,
                    message.MessageId,
                    message.Body.ToString(),
                    message.EnqueuedTime,
                    message.State == ServiceBusMessageState.Scheduled ? message.ScheduledEnqueueTime : null,
                    message.DeliveryCount,
                    message.DeadLetterReason,
                    message.DeadLetterErrorDescription);
            }
        }
    }

    public async Task<int> ReplayAsync(string queue, IReadOnlySet<long> numbers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        await using ServiceBusReceiver receiver = Receiver(queue, dead: true);
        await using ServiceBusSender sender = client.CreateSender(queue);
        HashSet<long> left = [.. numbers];
        List<ServiceBusReceivedMessage> others = [];
        while (left.Count > 0 && await receiver.ReceiveMessagesAsync(PageSize, Patience, cancellation) is { Count: > 0 } page)
        {
            foreach (ServiceBusReceivedMessage message in page)
            {
                if (!left.Remove(message.SequenceNumber))
                {
                    // Kept locked until the end: given back at once, it would be the next to come.
                    others.Add(message);
                    continue;
                }

                await sender.SendMessageAsync(Again(message), cancellation);
                await receiver.CompleteMessageAsync(message, cancellation);
            }
        }

        foreach (ServiceBusReceivedMessage message in others)
        {
            await receiver.AbandonMessageAsync(message, cancellationToken: CancellationToken.None);
        }

        return numbers.Count - left.Count;
    }

    /// <summary>The same message, with the trace it came with; why it died stays behind.</summary>
    private static ServiceBusMessage Again(ServiceBusReceivedMessage dead)
    {
        ServiceBusMessage again = new(dead.Body) { MessageId = dead.MessageId, ContentType = dead.ContentType };
        foreach ((string name, object value) in dead.ApplicationProperties.Where(property => !property.Key.StartsWith("DeadLetter", StringComparison.Ordinal)))
        {
            again.ApplicationProperties[name] = value;
        }

        return again;
    }

    private ServiceBusReceiver Receiver(string queue, bool dead) =>
        client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = dead ? SubQueue.DeadLetter : SubQueue.None });
}
