namespace Plenary.Nominations;

/// <summary>
/// A desk is to be opened, or to learn of a new version of its project. Posted to <c>open-desk</c> on circulation, after every
/// revision that moved the closing, and when an economy's post changed hands.
/// </summary>
/// <param name="Project">Project code.</param>
/// <param name="Economy">Economy id.</param>
/// <param name="Handover">An id of the hand-over: all personal links of this desk die once and the new officer is written to. Null otherwise.</param>
public sealed record DeskToOpen(string Project, string Economy, string? Handover = null)
{
    /// <summary>For the outbox of whatever causes it.</summary>
    /// <param name="version">Of the project: each is told once.</param>
    public Infra.Outbox.Owed ToOwed(int version) => new(
        Shared.Queues.OpenDesk,
        $"desk-{Project}-{Infra.Tables.Keys.Escape(Economy)}-{version}{(Handover is null ? "" : $"-{Infra.Tables.Keys.Escape(Handover)}")}",
        Shared.Envelope.Write(this));
}
