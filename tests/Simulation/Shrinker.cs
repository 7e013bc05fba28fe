using System.Diagnostics;
using Plenary.Support.Proof;

namespace Plenary.Simulation;

/// <summary>Makes a broken story small: takes faults and steps away as long as the same promise stays broken.</summary>
public static class Shrinker
{
    private const int MostLines = 120;

    /// <returns>The finding of the smallest story found within the time, told line by line.</returns>
    public static Finding Shrink(StoryPlan plan, Finding finding, WeaknessKind? weakness = null, TimeSpan? atMost = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(finding);
        Stopwatch watch = Stopwatch.StartNew();
        TimeSpan most = atMost ?? TimeSpan.FromSeconds(20);
        StoryPlan smallest = plan;
        bool isSmaller = true;
        while (isSmaller && watch.Elapsed < most)
        {
            isSmaller = false;
            foreach (StoryPlan smaller in Smaller(smallest))
            {
                if (watch.Elapsed > most)
                {
                    break;
                }

                if (FindSame(smaller, finding, weakness) is not null)
                {
                    smallest = smaller;
                    isSmaller = true;
                    break;
                }
            }
        }

        SimulationResult told = Simulator.Run(smallest, isTelling: true, weakness);
        Finding last = told.Findings.FirstOrDefault(one => one.Invariant == finding.Invariant) ?? finding;
        return last with { Story = [.. Head(smallest), .. Pick(told.Story, last.What)] };
    }

    private static IEnumerable<string> Head(StoryPlan plan) =>
    [
        $"seed {plan.Seed}: {string.Join(", ", plan.Economies)}; {plan.OverseasPlaces} + {plan.LocalPlaces} places; {plan.Instances} instances, clocks within {plan.SkewSeconds} s",
        .. plan.Steps.Select(step => $"step {step}"),
        .. plan.Faults.Select(fault => $"fault {fault}"),
    ];

    /// <summary>What people see, and every call that has to do with what is wrong.</summary>
    private static IEnumerable<string> Pick(IReadOnlyList<string> story, string what)
    {
        string[] tokens = [.. what.Split([' ', '/', ',', '|', '.'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length == 5 && word.All(char.IsAsciiDigit))];
        string[] picked = [.. story.Where(line =>
            line.Contains("fault", StringComparison.Ordinal) || line.Contains(" step ", StringComparison.Ordinal) || line.Contains("killed", StringComparison.Ordinal) ||
            line.Contains("dead-lettered", StringComparison.Ordinal) || tokens.Any(token => line.Contains($".{token}", StringComparison.Ordinal)))];
        return picked.Length > 0 ? picked.Take(MostLines) : story.TakeLast(MostLines);
    }

    private static Finding? FindSame(StoryPlan plan, Finding finding, WeaknessKind? weakness) =>
        Simulator.Run(plan, weakness: weakness).Findings.FirstOrDefault(one => one.Invariant == finding.Invariant);

    private static IEnumerable<StoryPlan> Smaller(StoryPlan plan)
    {
        foreach (Fault fault in plan.Faults)
        {
            yield return plan with { Faults = [.. plan.Faults.Where(one => one != fault)] };
        }

        if (plan.SkewSeconds > 0)
        {
            yield return plan with { SkewSeconds = 0 };
        }

        // The first two steps make the project; everything else may go, several at a time first.
        for (int size = Math.Max(1, (plan.Steps.Count - 2) / 2); size >= 1; size /= 2)
        {
            for (int start = 2; start < plan.Steps.Count; start += size)
            {
                yield return plan with { Steps = [.. plan.Steps.Where((_, index) => index < start || index >= start + size)] };
            }
        }
    }
}
