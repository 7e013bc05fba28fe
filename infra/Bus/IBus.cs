namespace Plenary.Infra.Bus;

/// <param name="Id">Deterministic: a repeat carries the same id.</param>
/// <param name="NotBefore">Null: at once.</param>
public sealed record BusMessage(string Id, string Body, DateTimeOffset? NotBefore = null);

/// <summary>Sends; receiving is the host's work.</summary>
public interface IBus
{
    /// <summary>All are stored by the broker when this returns. Sent in as few calls as size allows.</summary>
    Task SendAsync(string queue, IReadOnlyCollection<BusMessage> messages, CancellationToken cancellation);
}
