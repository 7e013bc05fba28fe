using Plenary.Infra.Outbox;
using Plenary.Shared;

namespace Plenary.Access;

/// <summary>Somebody else speaks for an economy from now on: every personal link of the one before is to die, and the new one is to be written to.</summary>
/// <param name="Handover">Names this very change, so that it happens once.</param>
public sealed record OfficerChanged(string Economy, string Handover)
{
    /// <summary>What a change of an economy's people owes: nothing while mail goes to the same address as before.</summary>
    public static IEnumerable<Owed> Between(RegistryEntry before, RegistryEntry after, string handover, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        DateOnly today = DateOnly.FromDateTime(now.UtcDateTime);
        if (before.ContactOn(today)?.Email is { } address && after.ContactOn(today)?.Email != address)
        {
            OfficerChanged message = new(after.Economy.Id, handover);
            yield return new Owed(Queues.HandOverDesks, $"handover-{message.Economy}-{handover}", Envelope.Write(message));
        }
    }
}
