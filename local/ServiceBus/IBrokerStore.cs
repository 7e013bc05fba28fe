#nullable enable

using Azure;

namespace Plenary.Local;

/// <summary>Where a broker keeps its messages: one row for each, written in groups.</summary>
internal interface IBrokerStore
{
    /// <summary>False: nothing outlives the process and no other process is there.</summary>
    bool IsShared { get; }

    Task OpenAsync(CancellationToken cancellation);

    Task<IReadOnlyList<string>> ListQueuesAsync(CancellationToken cancellation);

    IAsyncEnumerable<StoredMessage> ReadAsync(string queue, CancellationToken cancellation);

    /// <summary>The first of so many numbers that no process has had before.</summary>
    Task<long> AllocateAsync(string queue, int count, CancellationToken cancellation);

    /// <summary>
    /// Carries out the writes, all of different rows, and says for each what became of it. Never throws: where
    /// the store cannot be reached the outcome says so.
    /// </summary>
    ValueTask<IReadOnlyList<WriteOutcome>> CommitAsync(string queue, IReadOnlyList<Write> writes);

    /// <summary>Shows that this process lives; answers with a mark of each other one, which changes as long as it lives.</summary>
    Task<IReadOnlyDictionary<string, string>> BeatAsync(string instance, CancellationToken cancellation);

    Task LeaveAsync(string instance, CancellationToken cancellation);
}

internal enum WriteKind
{
    Insert,
    Update,
    Delete,
}

internal enum WriteResult
{
    Stored,

    /// <summary>Another process has changed or removed the row.</summary>
    Lost,

    /// <summary>The store did not answer; whether the write took place is not known.</summary>
    Failed,
}

/// <summary>
/// With the tag of the row as stored now; or, where the write was lost, with the row another process left (null: it is gone).
/// </summary>
internal readonly record struct WriteOutcome(WriteResult Result, ETag ETag = default, StoredMessage? Current = null, Exception? Error = null);

/// <summary>What changes in the life of a message. Due is null once it has been enqueued.</summary>
internal sealed record Standing(
    long Sequence,
    bool Dead,
    DateTimeOffset? Due,
    DateTimeOffset Enqueued,
    int Deliveries,
    DateTimeOffset LockedUntil,
    Guid Token,
    string? Reason,
    string? Description);

internal sealed record StoredMessage(long Id, byte[] Payload, Standing Standing, ETag ETag);

/// <summary>
/// Without a payload, an update leaves the stored one as it is. Applied is called with the outcome while the queue's
/// gate is held.
/// </summary>
internal sealed record Write(WriteKind Kind, Entry Entry, byte[]? Payload, Standing? Standing, Action<WriteOutcome> Applied)
{
    public long Id => Entry.Id;

    // Read when the group is put together: an earlier write of the same row may just have changed it.
    public ETag ETag => Entry.ETag;
}
