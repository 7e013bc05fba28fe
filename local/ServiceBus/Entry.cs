#nullable enable

using Azure;
using Azure.Messaging.ServiceBus;

namespace Plenary.Local;

internal enum EntryState
{
    /// <summary>A write of it is under way; nobody else may touch it.</summary>
    Busy,
    Scheduled,
    Ready,
    Locked,

    /// <summary>Locked by another process, as far as this one knows.</summary>
    Elsewhere,
    Gone,
}

/// <summary>One message in the memory of its queue, guarded by the queue's gate.</summary>
internal sealed class Entry(long id, byte[] payload)
{
    /// <summary>Its number when it was sent, and its row in the store. A scheduled message gets a new sequence number when it falls due, but keeps this.</summary>
    public long Id { get; } = id;

    public byte[] Payload { get; set; } = payload;

    public EntryState State { get; set; }

    public ETag ETag { get; set; }

    public long Sequence { get; set; } = id;

    public bool Dead { get; set; }

    public DateTimeOffset? Due { get; set; }

    public DateTimeOffset Enqueued { get; set; }

    public DateTimeOffset ExpiresAt { get; set; } = DateTimeOffset.MaxValue;

    public TimeSpan TimeToLive { get; set; } = TimeSpan.MaxValue;

    public int Deliveries { get; set; }

    public DateTimeOffset LockedUntil { get; set; }

    public Guid Token { get; set; }

    public string? Reason { get; set; }

    public string? Description { get; set; }

    /// <summary>How often a completion of it was ignored on a test's demand.</summary>
    public int Repeats { get; set; }

    /// <summary>Deliveries that count towards the dead-letter queue.</summary>
    public int Attempts => Deliveries - Repeats;

    /// <summary>The queue's count of changes when this one last changed here.</summary>
    public long Touched { get; set; }

    public Standing Standing => new(Sequence, Dead, Due, Enqueued, Deliveries, LockedUntil, Token, Reason, Description);

    public static int CompareSequence(Entry left, Entry right) =>
        left.Sequence.CompareTo(right.Sequence) is var bySequence and not 0 ? bySequence : left.Id.CompareTo(right.Id);

    public StoredMessage AsStored() => new(Id, Payload, Standing, ETag);

    public void Take(Standing standing)
    {
        Sequence = standing.Sequence;
        Dead = standing.Dead;
        Due = standing.Due;
        Enqueued = standing.Enqueued;
        Deliveries = standing.Deliveries;
        LockedUntil = standing.LockedUntil;
        Token = standing.Token;
        Reason = standing.Reason;
        Description = standing.Description;
    }

    public void SetLife(TimeSpan timeToLive)
    {
        TimeToLive = timeToLive;
        ExpiresAt = Due is null && timeToLive < DateTimeOffset.MaxValue - Enqueued ? Enqueued + timeToLive : DateTimeOffset.MaxValue;
    }

    public ServiceBusReceivedMessage ToReceived(bool locked)
    {
        BrokeredContent content = BrokeredContent.Decode(Payload);
        if (Dead && Reason is not null)
        {
            content.Properties[BrokeredContent.ReasonProperty] = Reason;
        }

        if (Dead && Description is not null)
        {
            content.Properties[BrokeredContent.DescriptionProperty] = Description;
        }

        return new ServiceBusReceivedMessage(content)
        {
            DeliveryCount = Deliveries,
            EnqueuedSequenceNumber = Id,
            EnqueuedTime = Enqueued,
            LockedUntil = locked ? LockedUntil : default,
            LockTokenGuid = locked ? Token : Guid.Empty,
            SequenceNumber = Sequence,
            State = State == EntryState.Scheduled ? ServiceBusMessageState.Scheduled : ServiceBusMessageState.Active,
            TimeToLive = TimeToLive,
        };
    }
}
