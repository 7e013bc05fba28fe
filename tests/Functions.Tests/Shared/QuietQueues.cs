using Plenary.Infra.Bus;

namespace Plenary.Functions.Tests.Shared;

/// <summary>Queues that stand as a test says, and are empty otherwise.</summary>
internal sealed class QuietQueues : IQueueWatch
{
    public Dictionary<string, int> DeadLetters { get; } = [];

    public DateTimeOffset? OldestWaiting { get; set; }

    public Task<int> CountDeadLettersAsync(string queue, CancellationToken cancellation) => Task.FromResult(DeadLetters.GetValueOrDefault(queue));

    public Task<DateTimeOffset?> FindOldestWaitingAsync(string queue, CancellationToken cancellation) => Task.FromResult(OldestWaiting);
}
