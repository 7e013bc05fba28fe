using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Plenary.Support;

namespace Plenary.Local.Tests.Bus;

public sealed class TableBrokerTests : BrokerTests
{
    private readonly string prefix = Azurite.Unique("bus");
    private TableServiceClient tables = null!;

    public override async Task InitializeAsync()
    {
        tables = new TableServiceClient((await Azurite.SharedAsync()).ConnectionString);
        await base.InitializeAsync();
    }

    [Fact]
    public async Task What_was_accepted_is_there_after_a_restart()
    {
        ServiceBusSender sender = Sender("q");
        ServiceBusReceiver receiver = Receiver("q");
        DateTimeOffset due = Clock.GetUtcNow() + TimeSpan.FromDays(1);
        await sender.SendMessagesAsync([new ServiceBusMessage("done"), new ServiceBusMessage("held"), new ServiceBusMessage("bad"), new ServiceBusMessage("waiting")]);
        long number = await sender.ScheduleMessageAsync(new ServiceBusMessage("scheduled"), due);
        long cancelled = await sender.ScheduleMessageAsync(new ServiceBusMessage("cancelled"), due);
        IReadOnlyList<ServiceBusReceivedMessage> received = await receiver.ReceiveMessagesAsync(3, Long);
        await receiver.CompleteMessageAsync(received[0]);
        await receiver.DeadLetterMessageAsync(received[2], "bad", "It is bad.");
        await sender.CancelScheduledMessageAsync(cancelled);

        await RestartAsync();
        Assert.Equal(new BrokerQueueCounts(1, 1, 1, 1, due), Broker.Counts().Queues["q"]);
        ServiceBusReceivedMessage waiting = await ReceiveAsync("q");
        Assert.Equal(("waiting", 1), (waiting.Body.ToString(), waiting.DeliveryCount));
        Assert.Null(await receiver.ReceiveMessageAsync(Moment));
        await LockLostAsync(() => receiver.CompleteMessageAsync(received[1]));
        await receiver.CompleteMessageAsync(waiting);
        Clock.Advance(TimeSpan.FromSeconds(30));
        ServiceBusReceivedMessage held = await ReceiveAsync("q");
        Assert.Equal(("held", 2), (held.Body.ToString(), held.DeliveryCount));
        await receiver.CompleteMessageAsync(held);
        ServiceBusReceivedMessage dead = await ReceiveAsync("q", SubQueue.DeadLetter);
        Assert.Equal(("bad", "bad", "It is bad."), (dead.Body.ToString(), dead.DeadLetterReason, dead.DeadLetterErrorDescription));

        await sender.SendMessageAsync(new ServiceBusMessage("new"));
        ServiceBusReceivedMessage fresh = await ReceiveAsync("q");
        Assert.True(fresh.SequenceNumber > number);
        await receiver.CompleteMessageAsync(fresh);
        Clock.MoveTo(due);
        Assert.Equal("scheduled", (await ReceiveAsync("q")).Body.ToString());
    }

    [Fact]
    public async Task What_fell_due_while_nothing_ran_comes_after_the_restart()
    {
        await Sender("q").ScheduleMessageAsync(new ServiceBusMessage("due"), Clock.GetUtcNow() + TimeSpan.FromHours(1));
        await Broker.DisposeAsync();
        Clock.Advance(TimeSpan.FromDays(100));
        await RestartAsync();
        Assert.Equal("due", (await ReceiveAsync("q")).Body.ToString());
    }

    [Fact]
    public async Task Deliveries_are_counted_over_restarts()
    {
        await Sender("q").SendMessageAsync(new ServiceBusMessage("poison"));
        for (int i = 1; i <= 10; i++)
        {
            Assert.Equal(i, (await ReceiveAsync("q")).DeliveryCount);
            await RestartAsync();
            Clock.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Equal("MaxDeliveryCountExceeded", (await ReceiveAsync("q", SubQueue.DeadLetter)).DeadLetterReason);
    }

    [Fact]
    public async Task A_cancellation_reaches_what_another_process_has_scheduled()
    {
        (ServiceBusClient other, Broker _) = await SecondAsync();
        await Sender("q").SendMessageAsync(new ServiceBusMessage("opens the queue here"));
        DateTimeOffset due = Clock.GetUtcNow() + TimeSpan.FromHours(1);
        long number = await other.CreateSender("q").ScheduleMessageAsync(new ServiceBusMessage("x"), due);
        await Sender("q").CancelScheduledMessageAsync(number);
        Clock.MoveTo(due);
        Assert.Equal("opens the queue here", (await ReceiveAsync("q")).Body.ToString());
        Assert.Null(await other.CreateReceiver("q").ReceiveMessageAsync(Moment));
    }

    [Fact]
    public async Task Two_brokers_on_one_store_deliver_each_others_messages_and_none_twice()
    {
        const int Messages = 600;
        (ServiceBusClient other, Broker second) = await SecondAsync();
        ServiceBusClient[] clients = [Client, other];
        Dictionary<string, int> received = [];
        using CancellationTokenSource done = new();
        Task[] receivers = [.. Enumerable.Range(0, 20).Select(async i =>
        {
            ServiceBusReceiver receiver = clients[i % 2].CreateReceiver("q");
            while (!done.IsCancellationRequested)
            {
                try
                {
                    foreach (ServiceBusReceivedMessage message in await receiver.ReceiveMessagesAsync(2, Long, done.Token))
                    {
                        await receiver.CompleteMessageAsync(message);
                        lock (received)
                        {
                            received[message.MessageId] = received.GetValueOrDefault(message.MessageId) + 1;
                            if (received.Count == 2 * Messages)
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
        await Task.WhenAll(clients.Select(async (client, i) =>
        {
            ServiceBusSender sender = client.CreateSender("q");
            for (int j = 0; j < Messages; j += 50)
            {
                await sender.SendMessagesAsync(Enumerable.Range(j, 50).Select(k => new ServiceBusMessage("x") { MessageId = $"{i}-{k}" }));
            }
        }));
        await Task.WhenAll(receivers).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.All(received.Values, count => Assert.Equal(1, count));
        await WithinAsync(() => Broker.IsIdle && second.IsIdle);
    }

    [Fact]
    public async Task A_lock_held_by_one_process_holds_for_the_other_and_its_end_frees_the_message()
    {
        await Sender("q").SendMessageAsync(new ServiceBusMessage("one"));
        ServiceBusReceivedMessage held = await ReceiveAsync("q");
        (ServiceBusClient other, Broker second) = await SecondAsync();
        ServiceBusReceiver receiver = other.CreateReceiver("q");
        Assert.Null(await receiver.ReceiveMessageAsync(Moment));
        Assert.Equal(1, second.Counts().Queues["q"].Locked);

        // Renewed here: the other sees, when the first lock would have ended, that it has not.
        Clock.Advance(TimeSpan.FromSeconds(20));
        await Receiver("q").RenewMessageLockAsync(held);
        Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Null(await receiver.ReceiveMessageAsync(Moment * 5));

        // Ended here: the one who comes first gets it, and the holder has lost it.
        Task<ServiceBusReceivedMessage> waiting = receiver.ReceiveMessageAsync(Long);
        Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(2, (await waiting).DeliveryCount);
        await LockLostAsync(() => Receiver("q").CompleteMessageAsync(held));
    }

    [Fact]
    public async Task The_locks_of_a_process_that_was_killed_can_be_made_to_expire()
    {
        await Sender("q").SendMessageAsync(new ServiceBusMessage("one"));
        ServiceBusReceivedMessage held = await ReceiveAsync("q");
        await RestartAsync();
        Assert.Equal(1, Broker.Counts().Locked);
        Broker.ExpireLocks();
        ServiceBusReceivedMessage again = await ReceiveAsync("q");
        Assert.Equal(2, again.DeliveryCount);
        await LockLostAsync(() => Receiver("q").CompleteMessageAsync(held));
        await Receiver("q").CompleteMessageAsync(again);
        Assert.True(Broker.IsIdle);
    }

    [Fact]
    public async Task A_receiver_waits_for_what_another_process_sends()
    {
        (ServiceBusClient other, Broker _) = await SecondAsync();
        Task<ServiceBusReceivedMessage> waiting = Receiver("q").ReceiveMessageAsync(Long);
        await other.CreateSender("q").SendMessageAsync(new ServiceBusMessage("from the other"));
        Assert.Equal("from the other", (await waiting).Body.ToString());
    }

    [Fact]
    public async Task An_unhurried_message_costs_two_writes_and_a_crowd_shares_them()
    {
        RequestCount count = new();
        TableClientOptions options = new();
        options.AddPolicy(count, HttpPipelinePosition.PerRetry);
        tables = new TableServiceClient((await Azurite.SharedAsync()).ConnectionString, options);
        await RestartAsync();
        ServiceBusSender sender = Sender("q");
        ServiceBusReceiver receiver = Receiver("q");
        Assert.Empty(await receiver.PeekMessagesAsync(1));

        int before = count.Messages;
        Task<ServiceBusReceivedMessage> waiting = receiver.ReceiveMessageAsync(Long);
        await sender.SendMessageAsync(new ServiceBusMessage("one"));
        await receiver.CompleteMessageAsync(await waiting);
        Assert.Equal(2, count.Messages - before);

        before = count.Messages;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => sender.SendMessageAsync(new ServiceBusMessage("x"))));
        IReadOnlyList<ServiceBusReceivedMessage> received = await receiver.ReceiveMessagesAsync(200, Long);
        await Task.WhenAll(received.Select(message => receiver.CompleteMessageAsync(message)));
        Assert.Equal(200, received.Count);
        Assert.InRange(count.Messages - before, 6, 60);
    }

    [Fact]
    public async Task Answers_that_get_lost_on_the_way_neither_lose_nor_double_a_message()
    {
        const int Messages = 200;
        LostAnswers lost = new();
        TableClientOptions options = new() { Retry = { Delay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(5), MaxRetries = 6 } };
        options.AddPolicy(lost, HttpPipelinePosition.PerRetry);
        tables = new TableServiceClient((await Azurite.SharedAsync()).ConnectionString, options);
        await RestartAsync();
        ServiceBusSender sender = Sender("q");
        ServiceBusReceiver receiver = Receiver("q");
        Task sending = Task.WhenAll(Enumerable.Range(0, Messages).Select(i => i % 2 == 0
            ? sender.SendMessageAsync(new ServiceBusMessage("x") { MessageId = $"{i}" })
            : sender.ScheduleMessageAsync(new ServiceBusMessage("x") { MessageId = $"{i}" }, Clock.GetUtcNow() + TimeSpan.FromHours(1))));
        List<string> received = [];
        while (received.Count < Messages)
        {
            if (received.Count == Messages / 2)
            {
                await sending;
                Clock.Advance(TimeSpan.FromHours(1));
            }

            IReadOnlyList<ServiceBusReceivedMessage> some = await receiver.ReceiveMessagesAsync(7, Long);
            Assert.NotEmpty(some);
            received.AddRange(some.Select(message => message.MessageId));
            await Task.WhenAll(some.Select(message => receiver.CompleteMessageAsync(message)));
        }

        Assert.Equal(Messages, received.Distinct().Count());
        Assert.True(Broker.IsIdle);
        Assert.True(lost.Count > 10, $"Only {lost.Count} answers were lost.");

        lost.Share = 0;
        await RestartAsync();
        Assert.Equal(new BrokerQueueCounts(0, 0, 0, 0, null), Broker.Counts().Queues["q"]);
    }

    [Fact]
    public async Task Queue_names_may_hold_slashes_and_differ_in_case()
    {
        await Sender("mail/Out Box").SendMessageAsync(new ServiceBusMessage("one"));
        await RestartAsync();
        Assert.Equal("one", (await ReceiveAsync("MAIL/out box")).Body.ToString());
    }

    [Fact]
    public async Task A_store_out_of_reach_is_told_as_a_transient_failure()
    {
        Azurite shortLived = await Azurite.StartAsync();
        tables = new TableServiceClient(shortLived.ConnectionString, new TableClientOptions { Retry = { MaxRetries = 0 } });
        await RestartAsync();
        await Sender("q").SendMessageAsync(new ServiceBusMessage("one"));
        ServiceBusReceivedMessage message = await ReceiveAsync("q");
        await shortLived.DisposeAsync();
        ServiceBusException down = await Assert.ThrowsAsync<ServiceBusException>(() => Sender("q").SendMessageAsync(new ServiceBusMessage("two")));
        Assert.Equal((ServiceBusFailureReason.ServiceCommunicationProblem, true), (down.Reason, down.IsTransient));
        down = await Assert.ThrowsAsync<ServiceBusException>(() => Receiver("q").CompleteMessageAsync(message));
        Assert.Equal(ServiceBusFailureReason.ServiceCommunicationProblem, down.Reason);
        down = await Assert.ThrowsAsync<ServiceBusException>(() => Sender("new").SendMessageAsync(new ServiceBusMessage("three")));
        Assert.Equal(ServiceBusFailureReason.ServiceCommunicationProblem, down.Reason);
    }

    private protected override Broker Configure(string name, BrokerOptions options) =>
        Broker.Configure(name, options with { Store = tables, TablePrefix = prefix });

    // The process ends without a word, and another takes its place.
    private async Task RestartAsync()
    {
        await Broker.DisposeAsync();
        await ConfigureAsync(options => options);
    }

    private async Task<(ServiceBusClient Client, Broker Broker)> SecondAsync()
    {
        string name = $"second-{Namespace}";
        Broker broker = await ConfigureAsync(options => options, name);
        return (new ServiceBusClient($"Endpoint=sb://{name}/"), broker);
    }

    // The service has done what it was asked, and the connection breaks before it can say so.
    private sealed class LostAnswers : HttpPipelinePolicy
    {
        private readonly Random random = new(4);

        public double Share { get; set; } = 0.25;

        public int Count { get; private set; }

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            await ProcessNextAsync(message, pipeline);
            lock (random)
            {
                if (random.NextDouble() < Share)
                {
                    Count++;
                    throw new IOException("The connection broke.");
                }
            }
        }
    }

    // Of the requests that carry messages: the signs of life come by the clock on the wall.
    private sealed class RequestCount : HttpPipelineSynchronousPolicy
    {
        private int messages;

        public int Messages => Volatile.Read(ref messages);

        public override void OnSendingRequest(HttpMessage message)
        {
            string address = message.Request.Uri.ToString();
            if (!address.Contains("processes", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref messages);
            }
        }
    }
}
