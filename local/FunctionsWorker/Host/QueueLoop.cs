using System.Globalization;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Plenary.Local;

/// <summary>
/// Feeds one queue function: takes messages under lock, keeps the locks while the function runs, completes them when it
/// returns and abandons them at once when it throws.
/// </summary>
internal sealed partial class QueueLoop(
    FunctionEntry entry, ServiceBusClient client, HostJson hostJson, MovableClock clock, Runs runs, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly bool completes = CompletesItself(entry) ?? hostJson.AutoCompleteMessages;

    /// <summary>Ends when the host takes no more work and the last message in hand is settled.</summary>
    public async Task RunAsync()
    {
        CancellationToken stopping = runs.Stopping;
        int most = Math.Max(1, hostJson.MaxConcurrentCalls);
        using SemaphoreSlim slots = new(most);
        await using ServiceBusReceiver receiver = client.CreateReceiver(entry.QueueName ?? "");
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await slots.WaitAsync(stopping);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            int free = 1;
            while (free < most && slots.Wait(0, CancellationToken.None))
            {
                free++;
            }

            IReadOnlyList<ServiceBusReceivedMessage> messages = await ReceiveAsync(receiver, free, stopping);
            foreach (ServiceBusReceivedMessage message in messages)
            {
                _ = HandleAsync(receiver, message, slots);
            }

            if (free > messages.Count)
            {
                slots.Release(free - messages.Count);
            }
        }

        for (int i = 0; i < most; i++)
        {
            await slots.WaitAsync(CancellationToken.None);
        }
    }

    /// <summary>What the attribute says, where it says anything.</summary>
    private static bool? CompletesItself(FunctionEntry entry) => entry.TriggerParameter.CustomAttributes
        .Where(attribute => attribute.AttributeType == typeof(ServiceBusTriggerAttribute))
        .SelectMany(attribute => attribute.NamedArguments)
        .Where(argument => argument.MemberName == nameof(ServiceBusTriggerAttribute.AutoCompleteMessages))
        .Select(argument => (bool?)argument.TypedValue.Value)
        .FirstOrDefault();

    /// <summary>As they reach a real worker: everything but plain text is JSON text.</summary>
    private static Dictionary<string, object?> PropertiesOf(ServiceBusReceivedMessage message)
    {
        string properties = JsonSerializer.Serialize(message.ApplicationProperties);
        return new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["MessageId"] = message.MessageId,
            ["DeliveryCount"] = message.DeliveryCount.ToString(CultureInfo.InvariantCulture),
            ["SequenceNumber"] = message.SequenceNumber.ToString(CultureInfo.InvariantCulture),
            ["EnqueuedTimeUtc"] = JsonSerializer.Serialize(message.EnqueuedTime.UtcDateTime),
            ["ExpiresAtUtc"] = JsonSerializer.Serialize(message.ExpiresAt.UtcDateTime),
            ["LockToken"] = message.LockToken,
            ["ContentType"] = message.ContentType,
            ["CorrelationId"] = message.CorrelationId,
            ["Subject"] = message.Subject,
            ["ReplyTo"] = message.ReplyTo,
            ["To"] = message.To,
            ["DeadLetterSource"] = message.DeadLetterSource,
            ["ApplicationProperties"] = properties,
            ["UserProperties"] = properties,
        };
    }

    private async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveAsync(
        ServiceBusReceiver receiver, int most, CancellationToken stopping)
    {
        try
        {
            return await receiver.ReceiveMessagesAsync(most, LongestWait, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return [];
        }
#pragma warning disable CA1031 // A broker that is out of reach must not end the listener: it goes on when the broker is back.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.ReceiveFailed(log, fault, entry.QueueName);
            await Task.Delay(Pause, MovableClock.Machine, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return [];
        }
    }

    private async Task HandleAsync(ServiceBusReceiver receiver, ServiceBusReceivedMessage message, SemaphoreSlim slots)
    {
        using IDisposable piece = runs.Begin();
        try
        {
            await Task.Yield();
            ServiceBusMessageActions actions = new(receiver);
            bool done;
            using (CancellationTokenSource ended = new())
            {
                Task renewing = RenewAsync(receiver, message, ended.Token);
                done = await TryRunAsync(message, actions);
                await ended.CancelAsync();
                await renewing;
            }

            await SettleAsync(receiver, message, actions, done);
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task<bool> TryRunAsync(ServiceBusReceivedMessage message, ServiceBusMessageActions actions)
    {
        try
        {
            string body = message.Body.ToString();
            await runs.RunInScopeAsync((services, cancellation) => new Invocation(entry, services, cancellation)
            {
                Input = body,
                Message = message,
                MessageActions = actions,
                TriggerProperties = PropertiesOf(message),
            });
            return true;
        }
#pragma warning disable CA1031 // Whatever a function throws sends the message back to the queue, as in the real host.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.RunFailed(log, fault, entry.Name, message.MessageId, message.DeliveryCount);
            return false;
        }
    }

    private async Task SettleAsync(
        ServiceBusReceiver receiver, ServiceBusReceivedMessage message, ServiceBusMessageActions actions, bool done)
    {
        if (actions.HasSettled)
        {
            return;
        }

        try
        {
            if (!done)
            {
                await receiver.AbandonMessageAsync(message);
            }
            else if (completes)
            {
                await receiver.CompleteMessageAsync(message);
            }
        }
#pragma warning disable CA1031 // The lock runs out and the message comes again: nothing else can be done here.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.SettleFailed(log, fault, entry.Name, message.MessageId);
        }
    }

    private async Task RenewAsync(ServiceBusReceiver receiver, ServiceBusReceivedMessage message, CancellationToken ended)
    {
        DateTimeOffset until = clock.GetUtcNow() + hostJson.MaxAutoLockRenewal;
        try
        {
            while (true)
            {
                DateTimeOffset now = clock.GetUtcNow();
                TimeSpan left = message.LockedUntil - now;
                await Task.Delay(left > TimeSpan.FromSeconds(1) ? left / 2 : TimeSpan.FromMilliseconds(500), clock, ended);
                if (clock.GetUtcNow() > until)
                {
                    return;
                }

                await receiver.RenewMessageLockAsync(message, ended);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The function has ended.
        }
#pragma warning disable CA1031 // A lost lock shows when the message is settled.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.RenewalFailed(log, fault, entry.Name, message.MessageId);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Function} failed for message {MessageId}, delivery {DeliveryCount}.")]
        public static partial void RunFailed(ILogger log, Exception fault, string function, string? messageId, int deliveryCount);

        [LoggerMessage(2, LogLevel.Warning, "Nothing could be received from {Queue}; trying again.")]
        public static partial void ReceiveFailed(ILogger log, Exception fault, string? queue);

        [LoggerMessage(3, LogLevel.Warning, "Message {MessageId} could not be settled after {Function}; it will come again.")]
        public static partial void SettleFailed(ILogger log, Exception fault, string function, string? messageId);

        [LoggerMessage(4, LogLevel.Warning, "The lock of message {MessageId} could not be renewed while {Function} ran.")]
        public static partial void RenewalFailed(ILogger log, Exception fault, string function, string? messageId);
    }
}
