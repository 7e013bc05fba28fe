#nullable enable

using Azure;

namespace Plenary.Local;

/// <summary>Keeps nothing: the queues' own memory is all there is.</summary>
internal sealed class MemoryBrokerStore : IBrokerStore
{
    private static readonly IReadOnlyDictionary<string, string> Nobody = new Dictionary<string, string>();

    public bool IsShared => false;

    public Task OpenAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task<IReadOnlyList<string>> ListQueuesAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<string>>([]);

    public async IAsyncEnumerable<StoredMessage> ReadAsync(
        string queue,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        yield break;
    }

    public Task<long> AllocateAsync(string queue, int count, CancellationToken cancellation) => Task.FromResult(1L);

    public ValueTask<IReadOnlyList<WriteOutcome>> CommitAsync(string queue, IReadOnlyList<Write> writes) =>
        ValueTask.FromResult<IReadOnlyList<WriteOutcome>>([.. writes.Select(_ => new WriteOutcome(WriteResult.Stored, ETag.All))]);

    public Task<IReadOnlyDictionary<string, string>> BeatAsync(string instance, CancellationToken cancellation) => Task.FromResult(Nobody);

    public Task LeaveAsync(string instance, CancellationToken cancellation) => Task.CompletedTask;
}
