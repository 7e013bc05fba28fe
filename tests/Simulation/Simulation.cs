using Plenary.Support.Proof;

namespace Plenary.Simulation;

/// <summary>What came of a story.</summary>
/// <param name="Story">Every event, when it was asked for.</param>
/// <param name="Calls">On ports.</param>
/// <param name="Points">Every call on a port by its name, with how often it came.</param>
public sealed record SimulationResult(
    IReadOnlyList<Finding> Findings, IReadOnlyList<string> Story, int Calls, IReadOnlyDictionary<string, int> Points, IReadOnlyList<Fault> Struck, int Kills, IReadOnlyDictionary<string, int> Mails);

/// <summary>Plays a story in one process and checks what is left of it.</summary>
public static class Simulator
{
    /// <param name="isTelling">Writes the story down, which costs time.</param>
    /// <param name="weakness">Makes the stores less safe than they are.</param>
    public static SimulationResult Run(StoryPlan plan, bool isTelling = false, WeaknessKind? weakness = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        SynchronizationContext? before = SynchronizationContext.Current;

        // Whoever tests may have a context of their own: what is awaited inside must not go on there.
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return Play(plan, isTelling, weakness);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private static SimulationResult Play(StoryPlan plan, bool isTelling, WeaknessKind? weakness)
    {
        World world = new(plan.Seed, plan.Instances, TimeSpan.FromSeconds(plan.SkewSeconds), isTelling) { Weakness = weakness is { } kind ? new Weakness(kind) : null };
        foreach (string name in weakness is WeaknessKind.ETagsIgnored ? (string[])["Nominations", "Selections", "Mail", "Projects", "SurveyRights"] : [])
        {
            world.Tables[name].IgnoresETags = true;
        }

        world.BeginStep(plan.Faults.Where(fault => fault.Point is not null));
        Player player = new(plan, world);
        player.Play();
        Checker checker = new(plan, world, player);
        return new SimulationResult(
            checker.Check(), world.Story, world.Calls, world.Points, world.Struck, world.Kills, world.Mailbox.Taken.CountBy(mail => mail.Kind).ToDictionary());
    }
}
