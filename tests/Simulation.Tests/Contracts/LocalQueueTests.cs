using Azure.Messaging.ServiceBus;
using Plenary.Infra.Bus;
using Plenary.Local;

namespace Plenary.Simulation.Tests.Contracts;

/// <summary>The broker of local/, through the client that also speaks to the real one.</summary>
public sealed class LocalQueueTests : QueueContract, IAsyncLifetime
{
    /// <summary>Of real time, in which a message that could come would have come.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(60);

    private readonly MovableClock clock = new();
    private readonly Broker broker;
    private readonly ServiceBusReceiver receiver;
    private readonly ServiceBus bus;

    public LocalQueueTests()
    {
        clock.Freeze();
        string name = $"n{Guid.NewGuid():N}.servicebus.windows.net";
        broker = Broker.Configure(name, new BrokerOptions { Clock = clock });
        ServiceBusClient client = new($"Endpoint=sb://{name}/;SharedAccessKeyName=all;SharedAccessKey=c2VjcmV0PT0=");
        receiver = client.CreateReceiver(Queue);
        bus = new ServiceBus(client);
    }

    protected override IQueueWatch Watch => bus;

    protected override DateTimeOffset Now => clock.GetUtcNow();

    public Task InitializeAsync() => broker.OpenAsync();

    public async Task DisposeAsync()
    {
        await receiver.DisposeAsync();
        await broker.DisposeAsync();
    }

    protected override Task SendAsync(params BusMessage[] messages) => bus.SendAsync(Queue, messages, default);

    protected override async Task<Delivery?> ReceiveAsync() =>
        await receiver.ReceiveMessageAsync(Moment) is { } message ? new Delivery(message.Body.ToString(), message.DeliveryCount, message) : null;

    protected override Task CompleteAsync(Delivery delivery) => receiver.CompleteMessageAsync(TokenOf(delivery));

    protected override Task AbandonAsync(Delivery delivery) => receiver.AbandonMessageAsync(TokenOf(delivery));

    protected override Task DieAsync(Delivery delivery) => Task.CompletedTask;

    protected override Task PassAsync(TimeSpan time)
    {
        clock.Advance(time);
        return Task.CompletedTask;
    }

    private static ServiceBusReceivedMessage TokenOf(Delivery delivery) => (ServiceBusReceivedMessage)delivery.Token;
}
