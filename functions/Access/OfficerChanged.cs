using System.Globalization;
using Plenary.Infra.Outbox;
using Plenary.Shared;

namespace Plenary.Access;

/// <summary>
/// The people of an economy changed, or a day came on which a post begins or is over: where somebody else speaks for it now, every personal link of
/// the one before is to die, and the new one is to be written to.
/// </summary>
/// <param name="Handover">Names this very change, so that it happens once.</param>
/// <param name="AtTicks">When it is true; null for at once. Clocks differ, so whoever acts on it waits for this instant.</param>
public sealed record OfficerChanged(string Economy, string Handover, long? AtTicks = null)
{
    /// <summary>
    /// What a change of an economy's people owes: nothing while posts, addresses and dates stay what they were; otherwise a look at its desks now, and
    /// one at every instant still to come at which a post begins or is over. These are hints: a desk compares who holds it with who is in post.
    /// </summary>
    /// <param name="before">Null for an economy that was not there.</param>
    public static IEnumerable<Owed> Between(RegistryEntry? before, RegistryEntry after, string handover, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(after);
        if (before is not null && before.Economy.Zone == after.Economy.Zone && PostsOf(before).SequenceEqual(PostsOf(after)))
        {
            yield break;
        }

        if (before is not null)
        {
            yield return new OfficerChanged(after.Economy.Id, handover).ToOwed();
        }

        foreach (DateTimeOffset at in after.ChangesAfter(now))
        {
            yield return new OfficerChanged(after.Economy.Id, string.Create(CultureInfo.InvariantCulture, $"{handover}-{at.UtcTicks}"), at.UtcTicks).ToOwed();
        }
    }

    private static IEnumerable<(OfficerRole, string, DateOnly?, DateOnly?)> PostsOf(RegistryEntry entry) =>
        entry.Officers.Select(officer => (officer.Role, officer.Email, officer.From, officer.Until));

    private Owed ToOwed() =>
        new(Queues.HandOverDesks, $"handover-{Economy}-{Handover}", Envelope.Write(this), AtTicks is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null);
}
