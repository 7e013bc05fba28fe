using Plenary.Infra.Bus;

namespace Plenary.Functions.Tests.Shared;

/// <summary>Queues that stand as a test says, and are empty otherwise.</summary>
internal sealed class QuietQueues : IQueueWatch
{
    public Dictionary<string, QueueState> States { get; } = [];

    public Task<QueueState> LookAsync(string queue, CancellationToken cancellation) =>
        Task.FromResult(States.GetValueOrDefault(queue) ?? new QueueState(null, 0));
}
