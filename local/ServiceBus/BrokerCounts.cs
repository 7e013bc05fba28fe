#nullable enable

namespace Plenary.Local;

/// <summary>
/// Locked are those received and not settled yet, in this process or, as far as it knows, in another. Without a next
/// scheduled instant nothing is scheduled.
/// </summary>
public sealed record BrokerQueueCounts(int Active, int Locked, int Scheduled, int DeadLettered, DateTimeOffset? NextScheduled);

/// <summary>A snapshot, queue by queue; each queue is consistent in itself.</summary>
public sealed record BrokerCounts(IReadOnlyDictionary<string, BrokerQueueCounts> Queues)
{
    public int Active => Queues.Values.Sum(queue => queue.Active);

    public int Locked => Queues.Values.Sum(queue => queue.Locked);

    public int Scheduled => Queues.Values.Sum(queue => queue.Scheduled);

    public int DeadLettered => Queues.Values.Sum(queue => queue.DeadLettered);

    public DateTimeOffset? NextScheduled => Queues.Values.Min(queue => queue.NextScheduled);
}
