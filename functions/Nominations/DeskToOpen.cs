namespace Plenary.Nominations;

/// <summary>
/// A desk is to be opened, or to learn of a new version of its project. Posted to <c>open-desk</c> on circulation, after every
/// revision that moved the closing, and when an economy's post changed hands.
/// </summary>
/// <param name="Project">Project code.</param>
/// <param name="Economy">Economy id.</param>
/// <param name="Handover">The economy's people changed, by this change: where another is in post, the desk changes hands. Null otherwise.</param>
/// <param name="AtTicks">When a post begins or is over by its date; null for at once.</param>
public sealed record DeskToOpen(string Project, string Economy, string? Handover = null, long? AtTicks = null)
{
    /// <summary>For the outbox of whatever causes it.</summary>
    /// <param name="version">Of the project: each is told once.</param>
    public Infra.Outbox.Owed ToOwed(int version) => new(
        Shared.Queues.OpenDesk,
        $"desk-{Project}-{Infra.Tables.Keys.Escape(Economy)}-{version}{(Handover is null ? "" : $"-{Infra.Tables.Keys.Escape(Handover)}")}",
        Shared.Envelope.Write(this));
}
