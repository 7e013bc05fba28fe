using Plenary.Infra.Bus;

namespace Plenary.Simulation.Tests.Contracts;

/// <summary>The broker on which stories are played.</summary>
public sealed class SimulatedQueueTests : QueueContract
{
    private readonly Stage stage = new();

    protected override IQueueWatch Watch => stage.App.Bus;

    protected override DateTimeOffset Now => stage.World.Now;

    protected override Task SendAsync(params BusMessage[] messages) => stage.CallAsync(async app =>
    {
        await app.Bus.SendAsync(Queue, messages, default);
        return true;
    });

    protected override Task<Delivery?> ReceiveAsync() =>
        Task.FromResult(stage.World.Broker.Receive(stage.App) is { } message ? new Delivery(message.Body, message.Deliveries, message) : null);

    protected override Task CompleteAsync(Delivery delivery)
    {
        stage.World.Broker.Complete((WaitingMessage)delivery.Token);
        return Task.CompletedTask;
    }

    protected override Task AbandonAsync(Delivery delivery)
    {
        stage.World.Broker.Abandon((WaitingMessage)delivery.Token);
        return Task.CompletedTask;
    }

    protected override Task DieAsync(Delivery delivery)
    {
        stage.World.Broker.Forsake(stage.App);
        return Task.CompletedTask;
    }

    protected override Task PassAsync(TimeSpan time)
    {
        stage.World.RunUntil(stage.World.Now + time);
        return Task.CompletedTask;
    }

    protected override Task<T> Looked<T>(Func<IQueueWatch, Task<T>> look) => stage.CallAsync(_ => look(Watch));
}
