namespace Plenary.Infra.Bus;

/// <param name="Id">Deterministic: a repeat carries the same id.</param>
/// <param name="NotBefore">Null: at once.</param>
/// <param name="Trace">The <c>traceparent</c> of what caused it; null: of what is being done now.</param>
public sealed record BusMessage(string Id, string Body, DateTimeOffset? NotBefore = null, string? Trace = null);

/// <summary>Sends; receiving is the host's work.</summary>
public interface IBus
{
    /// <summary>All are stored by the broker when this returns. Sent in as few calls as size allows.</summary>
    Task SendAsync(string queue, IReadOnlyCollection<BusMessage> messages, CancellationToken cancellation);
}

/// <summary>How queues stand, by looking without taking: the right to listen is enough.</summary>
public interface IQueueWatch
{
    /// <summary>More dead letters than this are not told apart.</summary>
    const int MostCounted = 100;

    Task<int> CountDeadLettersAsync(string queue, CancellationToken cancellation);

    /// <returns>When the message that has waited longest became due; null when none of the first waits.</returns>
    Task<DateTimeOffset?> FindOldestWaitingAsync(string queue, CancellationToken cancellation);
}
