#nullable enable

using Azure.Data.Tables;

namespace Plenary.Local;

/// <summary>How queues behave; the defaults are those of the real service.</summary>
public record QueueOptions
{
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A message delivered so often without being settled is dead-lettered.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>Longest life of a message; one sent with a longer life is shortened to it.</summary>
    public TimeSpan DefaultTimeToLive { get; init; } = TimeSpan.MaxValue;

    /// <summary>False: a message that outlives its time is dropped.</summary>
    public bool DeadLetteringOnMessageExpiration { get; init; }

    /// <summary>
    /// A second message with an id seen within this time is accepted and dropped. Null: off. Remembered by this
    /// process only: neither a restart nor another process on the same store knows of it.
    /// </summary>
    public TimeSpan? DuplicateDetectionWindow { get; init; }
}

/// <summary>One broker; as a record of <see cref="QueueOptions"/> it holds what queues without an own entry get.</summary>
public sealed record BrokerOptions : QueueOptions
{
    /// <summary>Times locks, schedules and lives of messages. Processes on one store must agree on it.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Null: messages live in memory and end with the process.</summary>
    public TableServiceClient? Store { get; init; }

    /// <summary>Letters and digits; the table is named <c>{prefix}Broker</c>.</summary>
    public string TablePrefix { get; init; } = "local";

    /// <summary>By queue name, without regard to case.</summary>
    public IReadOnlyDictionary<string, QueueOptions> Queues { get; init; } = new Dictionary<string, QueueOptions>();
}
