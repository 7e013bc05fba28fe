using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Azure.Messaging.ServiceBus;
using Plenary.Infra.Telemetry;

namespace Plenary.Infra.Bus;

/// <summary>Over Azure Service Bus.</summary>
public sealed class ServiceBus(ServiceBusClient client) : IBus, IQueueWatch
{
    /// <summary>Messages scheduled for later lie among those that wait.</summary>
    private const int MostPassedOver = 32;

    private readonly ConcurrentDictionary<string, ServiceBusSender> senders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Queue, SubQueue Part), ServiceBusReceiver> receivers = new();

    public async Task SendAsync(string queue, IReadOnlyCollection<BusMessage> messages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (messages.Count == 0)
        {
            return;
        }

        ServiceBusSender sender = senders.GetOrAdd(queue, client.CreateSender);
        if (messages.Count == 1)
        {
            await sender.SendMessageAsync(ToMessage(messages.First()), cancellation);
            return;
        }

        ServiceBusMessageBatch batch = await sender.CreateMessageBatchAsync(cancellation);
        try
        {
            foreach (BusMessage message in messages)
            {
                if (batch.Count < 100 && batch.TryAddMessage(ToMessage(message)))
                {
                    continue;
                }

                await sender.SendMessagesAsync(batch, cancellation);
                batch.Dispose();
                batch = await sender.CreateMessageBatchAsync(cancellation);
                if (!batch.TryAddMessage(ToMessage(message)))
                {
                    throw new InvalidOperationException($"Message {message.Id} does not fit into an empty batch.");
                }
            }

            await sender.SendMessagesAsync(batch, cancellation);
        }
        finally
        {
            batch.Dispose();
        }
    }

    public async Task<int> CountDeadLettersAsync(string queue, CancellationToken cancellation) =>
        (await PeekAsync(queue, SubQueue.DeadLetter, IQueueWatch.MostCounted, cancellation)).Count;

    public async Task<DateTimeOffset?> FindOldestWaitingAsync(string queue, CancellationToken cancellation) =>
        (await PeekAsync(queue, SubQueue.None, MostPassedOver, cancellation)).FirstOrDefault(message => message.State == ServiceBusMessageState.Active)?.EnqueuedTime;

    /// <summary>The broker takes 128 characters; a longer id becomes its hash, which is as deterministic.</summary>
    private static string Fit(string id) => id.Length <= 128 ? id : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    private static ServiceBusMessage ToMessage(BusMessage message)
    {
        ServiceBusMessage sent = new(message.Body) { MessageId = Fit(message.Id), ContentType = "application/json" };
        if (message.NotBefore is { } instant)
        {
            sent.ScheduledEnqueueTime = instant;
        }

        if ((message.Trace ?? Traces.Current) is { } trace)
        {
            sent.ApplicationProperties[Traces.Parent] = trace;
            sent.ApplicationProperties[Traces.DiagnosticId] = trace;
        }

        return sent;
    }

    private Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekAsync(string queue, SubQueue part, int most, CancellationToken cancellation) =>
        receivers.GetOrAdd((queue, part), key => client.CreateReceiver(key.Queue, new ServiceBusReceiverOptions { SubQueue = key.Part }))
            .PeekMessagesAsync(most, fromSequenceNumber: 0, cancellation);
}
