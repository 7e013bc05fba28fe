namespace Plenary.Infra.Bus;

/// <summary>A message as it lies in a queue, or among the dead letters of one.</summary>
/// <param name="Number">Given by the broker; unique within its queue.</param>
/// <param name="NotBefore">Null when it is not waiting for an instant.</param>
/// <param name="Reason">Why it is dead; null for one that is alive.</param>
/// <param name="Description">What the broker or the receiver added to the reason.</param>
public sealed record LyingMessage(
    string Queue,
    long Number,
    string Id,
    string Body,
    DateTimeOffset EnqueuedAt,
    DateTimeOffset? NotBefore,
    int Deliveries,
    string? Reason,
    string? Description);

/// <summary>Looks into queues, for operators.</summary>
public interface IQueues
{
    /// <summary>What lies there now, locked and scheduled messages included. Takes nothing away.</summary>
    /// <param name="dead">The dead letters of the queue in place of its living messages.</param>
    IAsyncEnumerable<LyingMessage> PeekAsync(string queue, bool dead, CancellationToken cancellation);

    /// <summary>
    /// Puts dead letters back into their queue, with the ids and bodies they had. Send, then settle: a crash in between leaves a message in
    /// both places, and whoever handles it must be able to take it twice anyway; the other order would lose it.
    /// </summary>
    /// <param name="numbers">Which, as <see cref="PeekAsync"/> numbered them; those that are gone by now are passed over.</param>
    /// <returns>How many were put back.</returns>
    Task<int> ReplayAsync(string queue, IReadOnlySet<long> numbers, CancellationToken cancellation);
}
