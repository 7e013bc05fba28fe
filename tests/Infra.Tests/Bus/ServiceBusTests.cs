using System.Globalization;
using Azure.Messaging.ServiceBus;
using Plenary.Infra.Bus;

namespace Plenary.Infra.Tests.Bus;

#pragma warning disable CA1001 // The fake client holds no connection to dispose of.
public sealed class ServiceBusTests
#pragma warning restore CA1001
{
    private readonly FakeClient client = new();

    [Fact]
    public async Task One_message_goes_out_with_its_id_and_schedule()
    {
        DateTimeOffset later = new(2023, 7, 31, 12, 0, 0, TimeSpan.Zero);

        await SendAsync(new BusMessage("id", "{}", later));

        ServiceBusMessage sent = Assert.Single(Assert.Single(client.Calls));
        Assert.Equal(("id", "{}", "application/json", later), (sent.MessageId, sent.Body.ToString(), sent.ContentType, sent.ScheduledEnqueueTime));
    }

    [Fact]
    public async Task Nothing_to_send_is_no_call()
    {
        await SendAsync();

        Assert.Empty(client.Calls);
    }

    [Theory]
    [InlineData(100, new[] { 100 })]
    [InlineData(101, new[] { 100, 1 })]
    [InlineData(250, new[] { 100, 100, 50 })]
    public async Task Many_messages_go_out_a_hundred_to_a_call(int count, int[] calls)
    {
        await SendAsync([.. Messages(count)]);

        Assert.Equal(calls, client.Calls.Select(call => call.Count));
        Assert.Equal(count, client.Calls.SelectMany(call => call).Select(message => message.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task A_batch_that_is_full_by_size_goes_out_and_another_begins()
    {
        client.FitsIntoABatch = 3;

        await SendAsync([.. Messages(7)]);

        Assert.Equal([3, 3, 1], client.Calls.Select(call => call.Count));
    }

    [Fact]
    public async Task A_message_that_fits_into_no_batch_is_named()
    {
        client.FitsIntoABatch = 0;

        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync([.. Messages(2)]));

        Assert.Contains("m0", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_longer_than_the_broker_takes_becomes_its_hash()
    {
        string id = new('x', 129);

        await SendAsync(new BusMessage(id, "{}"));
        await SendAsync(new BusMessage(id, "{}"));
        await SendAsync(new BusMessage(id + "y", "{}"));

        string[] ids = [.. client.Calls.Select(call => call[0].MessageId)];
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
        Assert.All(ids, one => Assert.Equal(64, one.Length));
    }

    [Fact]
    public async Task A_message_carries_the_trace_of_what_caused_it_and_none_when_nothing_is_traced()
    {
        await SendAsync(new BusMessage("a", "{}", Trace: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
        await SendAsync(new BusMessage("b", "{}"));

        Assert.Equal(
            [("Diagnostic-Id", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")],
            client.Calls[0][0].ApplicationProperties.Select(property => (property.Key, (string)property.Value)).Order());
        Assert.Empty(client.Calls[1][0].ApplicationProperties);
    }

    [Fact]
    public async Task A_queue_is_looked_at_without_taking_anything()
    {
        DateTimeOffset since = new(2023, 7, 31, 12, 0, 0, TimeSpan.Zero);
        client.Waiting["q"] =
        [
            ServiceBusModelFactory.ServiceBusReceivedMessage(enqueuedTime: since.AddDays(-1), serviceBusMessageState: ServiceBusMessageState.Scheduled),
            ServiceBusModelFactory.ServiceBusReceivedMessage(enqueuedTime: since),
            ServiceBusModelFactory.ServiceBusReceivedMessage(enqueuedTime: since.AddMinutes(1)),
        ];
        client.Waiting["q/$DeadLetterQueue"] = [ServiceBusModelFactory.ServiceBusReceivedMessage(enqueuedTime: since.AddDays(-2))];
        Infra.Bus.ServiceBus subject = new(client);

        for (int looks = 0; looks < 2; looks++)
        {
            Assert.Equal(since, await subject.FindOldestWaitingAsync("q", default));
            Assert.Equal(1, await subject.CountDeadLettersAsync("q", default));
        }

        Assert.Equal(2, client.Receivers);
        Assert.Null(await subject.FindOldestWaitingAsync("empty", default));
    }

    private static IEnumerable<BusMessage> Messages(int count) =>
        Enumerable.Range(0, count).Select(number => new BusMessage($"m{number.ToString(CultureInfo.InvariantCulture)}", "{}"));

    private Task SendAsync(params BusMessage[] messages) => new Infra.Bus.ServiceBus(client).SendAsync("q", messages, default);

    private sealed class FakeClient : ServiceBusClient
    {
        public List<IReadOnlyList<ServiceBusMessage>> Calls { get; } = [];

        public int FitsIntoABatch { get; set; } = 1000;

        public Dictionary<string, IReadOnlyList<ServiceBusReceivedMessage>> Waiting { get; } = [];

        public int Receivers { get; private set; }

        public override ServiceBusSender CreateSender(string queueOrTopicName) => new FakeSender(this);

        public override ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options)
        {
            Receivers++;
            return new FakeReceiver(Waiting.GetValueOrDefault(options.SubQueue == SubQueue.DeadLetter ? $"{queueName}/$DeadLetterQueue" : queueName) ?? []);
        }
    }

    /// <summary>Knows how to be looked into, and nothing else.</summary>
    private sealed class FakeReceiver(IReadOnlyList<ServiceBusReceivedMessage> messages) : ServiceBusReceiver
    {
        public override Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(
            int maxMessages, long? fromSequenceNumber = null, CancellationToken cancellationToken = default) =>
            Task.FromResult<IReadOnlyList<ServiceBusReceivedMessage>>([.. messages.Take(maxMessages).Skip(fromSequenceNumber is null ? int.MaxValue : 0)]);
    }

    private sealed class FakeSender(FakeClient owner) : ServiceBusSender
    {
        private List<ServiceBusMessage> batched = [];

        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            owner.Calls.Add([message]);
            return Task.CompletedTask;
        }

        public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default)
        {
            List<ServiceBusMessage> store = [];
            batched = store;
            return ValueTask.FromResult(ServiceBusModelFactory.ServiceBusMessageBatch(0, store, tryAddCallback: _ => store.Count < owner.FitsIntoABatch));
        }

        public override Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default)
        {
            if (batched.Count > 0)
            {
                owner.Calls.Add(batched);
            }

            return Task.CompletedTask;
        }
    }
}
