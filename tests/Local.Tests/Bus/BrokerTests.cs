using Azure.Messaging.ServiceBus;

namespace Plenary.Local.Tests.Bus;

/// <summary>What the broker promises, wherever it keeps its messages: each store runs all of these.</summary>
public abstract class BrokerTests : IAsyncLifetime
{
    private protected static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(60);
    private protected static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly List<Broker> brokers = [];

    private protected MovableClock Clock { get; } = new();

    private protected string Namespace { get; } = $"n{Guid.NewGuid():N}.servicebus.windows.net";

    private protected ServiceBusClient Client { get; private set; } = null!;

    private protected Broker Broker { get; private set; } = null!;

    public virtual async Task InitializeAsync()
    {
        Clock.Freeze();
        Broker = await ConfigureAsync(options => options);
        Client = new ServiceBusClient($"Endpoint=sb://{Namespace}/;SharedAccessKeyName=all;SharedAccessKey=c2VjcmV0PT0=");
    }

    public async Task DisposeAsync()
    {
        foreach (Broker broker in brokers)
        {
            await broker.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_message_arrives_as_it_was_sent()
    {
        Guid guid = Guid.NewGuid();
        DateTimeOffset instant = new(2023, 7, 31, 23, 59, 59, TimeSpan.FromHours(9));
        ServiceBusMessage sent = new("{\"version\":1}")
        {
            MessageId = "id-1",
            Subject = "subject",
            CorrelationId = "correlation",
            ContentType = "application/json",
            PartitionKey = "session",
            SessionId = "session",
            ReplyTo = "reply",
            To = "to",
            TimeToLive = TimeSpan.FromDays(2),
            ApplicationProperties =
            {
                ["text"] = "ภาษาไทย 🙂",
                ["flag"] = true,
                ["int"] = 7,
                ["long"] = long.MaxValue,
                ["double"] = 0.1,
                ["guid"] = guid,
                ["instant"] = instant,
                ["span"] = TimeSpan.FromMinutes(90),
            },
        };
        await Sender("q").SendMessageAsync(sent);

        ServiceBusReceivedMessage received = await ReceiveAsync("q");
        Assert.Equal("{\"version\":1}", received.Body.ToString());
        Assert.Equal(
            ("id-1", "subject", "correlation", "application/json", "session", "session", "reply", "to"),
            (received.MessageId, received.Subject, received.CorrelationId, received.ContentType, received.PartitionKey, received.SessionId,
                received.ReplyTo, received.To));
        Assert.Equal(TimeSpan.FromDays(2), received.TimeToLive);
        Assert.Equal(Clock.GetUtcNow(), received.EnqueuedTime);
        Assert.Equal(Clock.GetUtcNow() + TimeSpan.FromSeconds(30), received.LockedUntil);
        Assert.Equal(1, received.DeliveryCount);
        Assert.Equal(ServiceBusMessageState.Active, received.State);
        Assert.Equal(
            new Dictionary<string, object>(sent.ApplicationProperties),
            new Dictionary<string, object>(received.ApplicationProperties));

        ServiceBusMessage again = new(received);
        Assert.Equal(("id-1", "subject"), (again.MessageId, again.Subject));
        Assert.Equal(guid, again.ApplicationProperties["guid"]);
    }

    [Fact]
    public async Task Messages_come_in_the_order_of_their_sequence_numbers()
    {
        ServiceBusSender sender = Sender("q");
        await sender.SendMessagesAsync(Enumerable.Range(0, 10).Select(i => new ServiceBusMessage($"{i}")));
        await sender.SendMessageAsync(new ServiceBusMessage("10"));
        IReadOnlyList<ServiceBusReceivedMessage> received = await Receiver("q").ReceiveMessagesAsync(100, Long);
        Assert.Equal(Enumerable.Range(0, 11).Select(i => $"{i}"), received.Select(message => message.Body.ToString()));
        Assert.Equal(received.Select(message => message.SequenceNumber).Order(), received.Select(message => message.SequenceNumber));
        Assert.Equal(11, received.Select(message => message.SequenceNumber).Distinct().Count());
    }

    [Fact]
    public async Task A_locked_message_is_not_delivered_again_and_a_completed_one_is_gone()
    {
        await Sender("q").SendMessageAsync(new ServiceBusMessage("one"));
        ServiceBusReceiver receiver = Receiver("q");
        ServiceBusReceivedMessage message = await ReceiveAsync("q");
        Assert.Null(await receiver.ReceiveMessageAsync(Moment));
        await receiver.CompleteMessageAsync(message);
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(await receiver.ReceiveMessageAsync(Moment));
        Assert.True(Broker.IsIdle);
        await LockLostAsync(() => receiver.CompleteMessageAsync(message));
    }

    [Fact]
    public async Task A_lock_that_runs_out_gives_the_message_back_with_a_higher_count()
    {
        await Sender("q").SendMessageAsync(new ServiceBusMessage("one"));
        ServiceBusReceiver receiver = Receiver("q");
        ServiceBusReceivedMessage first = await ReceiveAsync("q");
        Clock.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        Assert.Null(await receiver.ReceiveMessageAsync(Moment));

        // The one who waits gets it when the lock ends.
        Task<ServiceBusReceivedMessage?> waiting = receiver.ReceiveMessageAsync(Long);
        Clock.Advance(TimeSpan.FromTicks(1));
        ServiceBusReceivedMessage second = (await waiting)!;
        Assert.Equal(2, second.DeliveryCount);
        Assert.Equal(first.SequenceNumber, second.SequenceNumber);
        Assert.NotEqual(first.LockToken, second.LockToken);
        await LockLostAsync(() => receiver.CompleteMessageAsync(first));
        await LockLostAsync(() => receiver.AbandonMessageAsync(first));
        await LockLostAsync(() => receiver.DeadLetterMessageAsync(first, "late"));
        await LockLostAsync(() => receiver.RenewMessageLockAsync(first));
        await receiver.CompleteMessageAsync(second);
    }

    [Fact]
    public async Task Renewal_makes_the_lock_hold_longer()
    {
        await Sender("q").SendMessageAsync(new ServiceBusMessage("one"));
        ServiceBusReceiver receiver = Receiver("q");
        ServiceBusReceivedMessage message = await ReceiveAsync("q");
        for (int i = 0; i < 5; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(20));
            await receiver.RenewMessageLockAsync(message);
            Assert.Equal(Clock.GetUtcNow() + TimeSpan.FromSeconds(30), message.LockedUntil);
        }

        Assert.Null(await receiver.ReceiveMessageAsync(Moment));
        await receiver.CompleteMessageAsync(message);
        Assert.True(Broker.IsIdle);
    }

    [Fact]
    public async Task An_abandoned_message_comes_again_at_once_with_what_was_changed()
    {
        await Sender("q").SendMessagesAsync([new ServiceBusMessage("one"), new ServiceBusMessage("two")]);
        ServiceBusReceiver receiver = Receiver("q");
        ServiceBusReceivedMessage first = await ReceiveAsync("q");
        await receiver.AbandonMessageAsync(first, new Dictionary<string, object> { ["attempt"] = 1 });
        ServiceBusReceivedMessage again = await ReceiveAsync("q");
        Assert.Equal("one", again.Body.ToString());
        Assert.Equal(2, again.DeliveryCount);
        Assert.Equal(1, again.ApplicationProperties["attempt"]);
        await LockLostAsync(() => receiver.CompleteMessageAsync(first));
    }

    [Fact]
    public async Task A_message_delivered_too_often_is_dead_lettered_with_the_reason()
    {
        await ConfigureAsync(options => options with { Queues = new Dictionary<string, QueueOptions> { ["Q"] = new() { MaxDeliveryCount = 3 } } });
        await Sender("q").SendMessageAsync(new ServiceBusMessage("poison") { MessageId = "p" });
        ServiceBusReceiver receiver = Receiver("q");
        for (int delivery = 1; delivery <= 3; delivery++)
        {
            ServiceBusReceivedMessage message = await ReceiveAsync("q");
            Assert.Equal(delivery, message.DeliveryCount);
            if (delivery == 2)
            {
                Clock.Advance(TimeSpan.FromMinutes(1));
            }
            else
            {
                await receiver.AbandonMessageAsync(message);
            }
        }

        Assert.Null(await receiver.ReceiveMessageAsync(Moment));
        ServiceBusReceivedMessage dead = await ReceiveAsync("q", SubQueue.DeadLetter);
        Assert.Equal("p", dead.MessageId);
        Assert.Equal("MaxDeliveryCountExceeded", dead.DeadLetterReason);
        Assert.Equal("Message could not be consumed after 3 delivery attempts.", dead.DeadLetterErrorDescription);
        await Receiver("q", SubQueue.DeadLetter).CompleteMessageAsync(dead);
        Assert.Equal(0, Broker.Counts().DeadLettered);
    }

    [Fact]
    public async Task A_message_is_dead_lettered_on_demand_with_reason_and_description()
    {
        await Sender("q").SendMessageAsync(new ServiceBusMessage("bad"));
        ServiceBusReceiver receiver = Receiver("q");
        ServiceBusReceivedMessage message = await ReceiveAsync("q");
        await receiver.DeadLetterMessageAsync(
            message, new Dictionary<string, object> { ["handler"] = "SendMail" }, "unknown-version", "Version 9 is not known.");
        Assert.Equal(new BrokerQueueCounts(0, 0, 0, 1, null), Broker.Counts().Queues["q"]);
        Assert.True(Broker.IsIdle);

        ServiceBusReceiver deadReceiver = Receiver("q", SubQueue.DeadLetter);
        Assert.Equal("unknown-version", (await deadReceiver.PeekMessageAsync())!.DeadLetterReason);
        ServiceBusReceivedMessage dead = await ReceiveAsync("q/$DeadLetterQueue");
        Assert.Equal(
            ("bad", "unknown-version", "Version 9 is not known.", (object)"SendMail"),
            (dead.Body.ToString(), dead.DeadLetterReason, dead.DeadLetterErrorDescription, dead.ApplicationProperties["handler"]));
        await Assert.ThrowsAsync<InvalidOperationException>(() => deadReceiver.DeadLetterMessageAsync(dead));

        // It waits there for as long as it takes.
        for (int i = 0; i < 15; i++)
        {
            await deadReceiver.AbandonMessageAsync(dead);
            dead = await ReceiveAsync("q", SubQueue.DeadLetter);
        }

        Assert.Equal("unknown-version", dead.DeadLetterReason);
    }

    [Fact]
    public async Task A_scheduled_message_comes_when_it_is_due_and_behind_those_already_there()
    {
        ServiceBusSender sender = Sender("q");
        DateTimeOffset due = Clock.GetUtcNow() + TimeSpan.FromDays(7);
        long number = await sender.ScheduleMessageAsync(new ServiceBusMessage("reminder"), due);
        await sender.SendMessageAsync(new ServiceBusMessage("later still") { ScheduledEnqueueTime = due + TimeSpan.FromDays(1) });
        Assert.Equal(new BrokerQueueCounts(0, 0, 2, 0, due), Broker.Counts().Queues["q"]);
        Assert.True(Broker.IsIdle);
        ServiceBusReceiver receiver = Receiver("q");
        ServiceBusReceivedMessage peeked = (await receiver.PeekMessageAsync())!;
        Assert.Equal((number, ServiceBusMessageState.Scheduled), (peeked.SequenceNumber, peeked.State));

        Task<ServiceBusReceivedMessage?> waiting = receiver.ReceiveMessageAsync(Long);
        Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.False(waiting.IsCompleted);
        Clock.Advance(TimeSpan.FromSeconds(1));
        ServiceBusReceivedMessage message = (await waiting)!;
        Assert.Equal("reminder", message.Body.ToString());
        Assert.Equal(due, message.EnqueuedTime);
        Assert.True(message.SequenceNumber > number);
        await receiver.CompleteMessageAsync(message);

        await sender.SendMessageAsync(new ServiceBusMessage("sent before"));
        Clock.Advance(TimeSpan.FromDays(1));
        IReadOnlyList<ServiceBusReceivedMessage> rest = await receiver.ReceiveMessagesAsync(2, Long);
        Assert.Equal(["sent before", "later still"], rest.Select(one => one.Body.ToString()));
    }

    [Fact]
    public async Task A_cancelled_message_never_comes()
    {
        ServiceBusSender sender = Sender("q");
        DateTimeOffset due = Clock.GetUtcNow() + TimeSpan.FromHours(1);
        IReadOnlyList<long> numbers = await sender.ScheduleMessagesAsync(
            [new ServiceBusMessage("1"), new ServiceBusMessage("2"), new ServiceBusMessage("3")], due);
        await sender.CancelScheduledMessagesAsync([numbers[0], numbers[2]]);
        Clock.MoveTo(due);
        IReadOnlyList<ServiceBusReceivedMessage> received = await Receiver("q").ReceiveMessagesAsync(3, Long);
        Assert.Equal(["2"], received.Select(message => message.Body.ToString()));

        foreach (long number in numbers)
        {
            ServiceBusException gone = await Assert.ThrowsAsync<ServiceBusException>(() => sender.CancelScheduledMessageAsync(number));
            Assert.Equal(ServiceBusFailureReason.MessageNotFound, gone.Reason);
        }
    }

    [Fact]
    public async Task Fifty_competing_receivers_lose_nothing_and_get_nothing_twice()
    {
        const int Messages = 3000;
        Dictionary<string, int> received = [];
        using CancellationTokenSource done = new();
        Task[] receivers = [.. Enumerable.Range(0, 50).Select(async i =>
        {
            ServiceBusReceiver receiver = Receiver("q");
            while (!done.IsCancellationRequested)
            {
                try
                {
                    foreach (ServiceBusReceivedMessage message in await receiver.ReceiveMessagesAsync(1 + (i % 3), Long, done.Token))
                    {
                        await Task.Yield();
                        await receiver.CompleteMessageAsync(message);
                        lock (received)
                        {
                            received[message.MessageId!] = received.GetValueOrDefault(message.MessageId!) + 1;
                            if (received.Count == Messages)
                            {
                                done.Cancel();
                            }
                        }
                    }
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        })];
        Task[] senders = [.. Enumerable.Range(0, 10).Select(async i =>
        {
            ServiceBusSender sender = Sender("q");
            for (int j = 0; j < Messages / 10; j += 2)
            {
                await sender.SendMessageAsync(new ServiceBusMessage("x") { MessageId = $"{i}-{j}" });
                await sender.SendMessagesAsync([new ServiceBusMessage("y") { MessageId = $"{i}-{j + 1}" }]);
            }
        })];
        await Task.WhenAll(senders);
        await Task.WhenAll(receivers).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(Messages, received.Count);
        Assert.All(received.Values, count => Assert.Equal(1, count));
        await Broker.WaitUntilIdleAsync().WaitAsync(Long);
        Assert.Equal(new BrokerQueueCounts(0, 0, 0, 0, null), Broker.Counts().Queues["q"]);
    }

    [Fact]
    public async Task Receiving_and_deleting_needs_no_settling()
    {
        await Sender("q").SendMessageAsync(new ServiceBusMessage("one"));
        ServiceBusReceiver receiver = Client.CreateReceiver(
            "q", new ServiceBusReceiverOptions { ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete });
        ServiceBusReceivedMessage message = (await receiver.ReceiveMessageAsync(Long))!;
        Assert.Equal("one", message.Body.ToString());
        await Assert.ThrowsAsync<InvalidOperationException>(() => receiver.CompleteMessageAsync(message));
        await Broker.WaitUntilIdleAsync().WaitAsync(Long);
        Assert.Equal(0, Broker.Counts().Locked);
    }

    [Fact]
    public async Task Peeking_goes_on_from_call_to_call_and_takes_nothing()
    {
        await Sender("q").SendMessagesAsync(Enumerable.Range(0, 5).Select(i => new ServiceBusMessage($"{i}")));
        ServiceBusReceiver receiver = Receiver("q");
        Assert.Equal(["0", "1", "2"], (await receiver.PeekMessagesAsync(3)).Select(message => message.Body.ToString()));
        Assert.Equal(["3", "4"], (await receiver.PeekMessagesAsync(3)).Select(message => message.Body.ToString()));
        Assert.Empty(await receiver.PeekMessagesAsync(3));
        Assert.Equal(["0"], (await receiver.PeekMessagesAsync(1, 0)).Select(message => message.Body.ToString()));
        Assert.Equal(5, Broker.Counts().Active);
    }

    [Fact]
    public async Task A_cancelled_receive_takes_no_message_with_it()
    {
        ServiceBusReceiver receiver = Receiver("q");
        using CancellationTokenSource cancelling = new();
        Task<ServiceBusReceivedMessage?> waiting = receiver.ReceiveMessageAsync(Long, cancelling.Token);
        await cancelling.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => waiting);
        await Sender("q").SendMessageAsync(new ServiceBusMessage("one"));
        Assert.Equal(1, (await ReceiveAsync("q")).DeliveryCount);
    }

    [Fact]
    public async Task A_message_that_outlives_its_time_is_dropped_or_dead_lettered()
    {
        await ConfigureAsync(options => options with
        {
            DefaultTimeToLive = TimeSpan.FromDays(14),
            Queues = new Dictionary<string, QueueOptions> { ["kept"] = new() { DeadLetteringOnMessageExpiration = true } },
        });
        foreach (string queue in (string[])["q", "kept"])
        {
            await Sender(queue).SendMessageAsync(new ServiceBusMessage("short") { TimeToLive = TimeSpan.FromMinutes(5) });
        }

        await Sender("q").SendMessageAsync(new ServiceBusMessage("long"));
        Clock.Advance(TimeSpan.FromMinutes(5));
        await WithinAsync(() => Broker.Counts().Queues["kept"].DeadLettered == 1 && Broker.Counts().Queues["q"].Active == 1);
        Assert.Equal("TTLExpiredException", (await ReceiveAsync("kept", SubQueue.DeadLetter)).DeadLetterReason);
        Assert.Equal(TimeSpan.FromDays(14), (await ReceiveAsync("q")).ExpiresAt - (Clock.GetUtcNow() - TimeSpan.FromMinutes(5)));
        Clock.Advance(TimeSpan.FromDays(14));
        await Broker.WaitUntilIdleAsync().WaitAsync(Long);
        Assert.Equal(new BrokerQueueCounts(0, 0, 0, 0, null), Broker.Counts().Queues["q"]);
    }

    [Fact]
    public async Task A_repeated_id_is_dropped_within_the_window_where_detection_is_on()
    {
        await ConfigureAsync(options => options with { DuplicateDetectionWindow = TimeSpan.FromMinutes(10) });
        ServiceBusSender sender = Sender("q");
        await sender.SendMessageAsync(new ServiceBusMessage("1") { MessageId = "a" });
        await sender.SendMessageAsync(new ServiceBusMessage("2") { MessageId = "a" });
        Assert.Equal(1, Broker.Counts().Active);
        Clock.Advance(TimeSpan.FromMinutes(10));
        await sender.SendMessageAsync(new ServiceBusMessage("3") { MessageId = "a" });
        Assert.Equal(2, Broker.Counts().Active);
    }

    [Fact]
    public async Task A_stopped_broker_takes_and_settles_nothing_and_goes_on_where_it_was()
    {
        ServiceBusSender sender = Sender("q");
        ServiceBusReceiver receiver = Receiver("q");
        await sender.SendMessagesAsync([new ServiceBusMessage("1"), new ServiceBusMessage("2")]);
        ServiceBusReceivedMessage first = await ReceiveAsync("q");
        Broker.Stop();
        ServiceBusException down = await Assert.ThrowsAsync<ServiceBusException>(() => sender.SendMessageAsync(new ServiceBusMessage("3")));
        Assert.Equal((ServiceBusFailureReason.ServiceCommunicationProblem, true), (down.Reason, down.IsTransient));
        await Assert.ThrowsAsync<ServiceBusException>(() => receiver.CompleteMessageAsync(first));
        Assert.Null(await receiver.ReceiveMessageAsync(Moment));
        Task<ServiceBusReceivedMessage?> waiting = receiver.ReceiveMessageAsync(Long);
        Broker.Start();
        Assert.Equal("2", (await waiting)!.Body.ToString());
        await receiver.CompleteMessageAsync(first);
    }

    [Fact]
    public async Task Each_message_can_be_made_to_come_several_times()
    {
        Broker.Redeliveries = 11;
        await Sender("q").SendMessageAsync(new ServiceBusMessage("one"));
        ServiceBusReceiver receiver = Receiver("q");
        for (int i = 1; i <= 12; i++)
        {
            ServiceBusReceivedMessage message = await ReceiveAsync("q");
            Assert.Equal(i, message.DeliveryCount);
            await receiver.CompleteMessageAsync(message);
        }

        Assert.Null(await receiver.ReceiveMessageAsync(Moment));
        Assert.True(Broker.IsIdle);
    }

    [Fact]
    public async Task The_order_can_be_disturbed_by_a_seed()
    {
        Broker.Reorder(17);
        await Sender("q").SendMessagesAsync(Enumerable.Range(0, 20).Select(i => new ServiceBusMessage($"{i:00}")));
        IReadOnlyList<ServiceBusReceivedMessage> received = await Receiver("q").ReceiveMessagesAsync(20, Long);
        string[] bodies = [.. received.Select(message => message.Body.ToString())];
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i:00}"), bodies.Order());
        Assert.NotEqual(bodies.Order(), bodies);
    }

    [Fact]
    public async Task All_locks_can_be_made_to_expire()
    {
        await Sender("q").SendMessagesAsync([new ServiceBusMessage("1"), new ServiceBusMessage("2")]);
        ServiceBusReceiver receiver = Receiver("q");
        IReadOnlyList<ServiceBusReceivedMessage> held = await receiver.ReceiveMessagesAsync(2, Long);
        Broker.ExpireLocks();
        await LockLostAsync(() => receiver.CompleteMessageAsync(held[0]));
        Assert.Equal(2, (await ReceiveAsync("q")).DeliveryCount);
    }

    [Fact]
    public async Task Idleness_can_be_waited_for()
    {
        ServiceBusSender sender = Sender("q");
        ServiceBusReceiver receiver = Receiver("q");
        await Broker.WaitUntilIdleAsync().WaitAsync(Long);
        await sender.SendMessageAsync(new ServiceBusMessage("1"));
        await sender.ScheduleMessageAsync(new ServiceBusMessage("2"), Clock.GetUtcNow() + TimeSpan.FromHours(1));
        Task idle = Broker.WaitUntilIdleAsync();
        Assert.False(idle.IsCompleted);
        ServiceBusReceivedMessage message = await ReceiveAsync("q");
        Assert.False(idle.IsCompleted);
        await receiver.CompleteMessageAsync(message);
        await idle.WaitAsync(Long);
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.False(Broker.IsIdle);
    }

    [Fact]
    public async Task What_is_too_large_is_refused()
    {
        ServiceBusSender sender = Sender("q");
        byte[] body = new byte[200 * 1024];
        new Random(1).NextBytes(body);
        await sender.SendMessageAsync(new ServiceBusMessage(body));
        Assert.Equal(body, (await ReceiveAsync("q")).Body.ToArray());

        ServiceBusException refused = await Assert.ThrowsAsync<ServiceBusException>(
            () => sender.SendMessageAsync(new ServiceBusMessage(new byte[256 * 1024])));
        Assert.Equal((ServiceBusFailureReason.MessageSizeExceeded, false), (refused.Reason, refused.IsTransient));

        using ServiceBusMessageBatch batch = await sender.CreateMessageBatchAsync();
        Assert.True(batch.TryAddMessage(new ServiceBusMessage(body)));
        Assert.False(batch.TryAddMessage(new ServiceBusMessage(body)));
        Assert.Equal(1, batch.Count);
        await sender.SendMessagesAsync(batch);
        Assert.Equal(1, Broker.Counts().Active);
    }

    [Fact]
    public async Task A_batch_of_many_messages_arrives_whole()
    {
        ServiceBusSender sender = Sender("q");
        using ServiceBusMessageBatch batch = await sender.CreateMessageBatchAsync();
        for (int i = 0; i < 1500; i++)
        {
            Assert.True(batch.TryAddMessage(new ServiceBusMessage($"{i}")));
        }

        await sender.SendMessagesAsync(batch);
        ServiceBusReceiver receiver = Receiver("q");
        List<string> bodies = [];
        while (bodies.Count < 1500)
        {
            bodies.AddRange((await receiver.ReceiveMessagesAsync(400, Long)).Select(message => message.Body.ToString()));
        }

        Assert.Equal(Enumerable.Range(0, 1500).Select(i => $"{i}"), bodies);
    }

    /// <summary>One more broker on the same messages, where the store outlives a broker; else an empty one.</summary>
    private protected async Task<Broker> ConfigureAsync(Func<BrokerOptions, BrokerOptions> change, string? name = null)
    {
        Broker broker = Configure(name ?? Namespace, change(new BrokerOptions { Clock = Clock }));
        brokers.Add(broker);
        await broker.OpenAsync();
        if (name is null)
        {
            Broker = broker;
        }

        return broker;
    }

    private protected abstract Broker Configure(string name, BrokerOptions options);

    private protected ServiceBusSender Sender(string queue) => Client.CreateSender(queue);

    private protected ServiceBusReceiver Receiver(string queue, SubQueue part = SubQueue.None) =>
        Client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = part });

    private protected async Task<ServiceBusReceivedMessage> ReceiveAsync(string queue, SubQueue part = SubQueue.None)
    {
        ServiceBusReceivedMessage? message = await Receiver(queue, part).ReceiveMessageAsync(Long);
        Assert.NotNull(message);
        return message;
    }

    private protected static async Task LockLostAsync(Func<Task> act)
    {
        ServiceBusException lost = await Assert.ThrowsAsync<ServiceBusException>(act);
        Assert.Equal(ServiceBusFailureReason.MessageLockLost, lost.Reason);
    }

    private protected static async Task WithinAsync(Func<bool> holds)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        for (int i = 0; i < 1500 && !holds(); i++)
        {
            await timer.WaitForNextTickAsync();
        }

        Assert.True(holds());
    }
}
