using Plenary.Simulation.Scenarios;
using Plenary.Support.Proof;
using Xunit.Abstractions;

namespace Plenary.Simulation.Tests;

public sealed class SimulatorTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(21)]
    public void The_same_seed_is_the_same_story_to_the_byte(int seed)
    {
        SimulationResult first = Simulator.Run(StoryPlan.Draw(seed, 5), isTelling: true);
        SimulationResult second = Simulator.Run(StoryPlan.Draw(seed, 5), isTelling: true);

        Assert.Equal(first.Story, second.Story);
        Assert.Equal(first.Calls, second.Calls);
    }

    [Fact]
    public void Another_seed_is_another_story() => Assert.NotEqual(
        Simulator.Run(StoryPlan.Draw(1, 5), isTelling: true).Story, Simulator.Run(StoryPlan.Draw(2, 5), isTelling: true).Story);

    [Fact]
    public void The_journey_reaches_its_end()
    {
        SimulationResult result = Simulator.Run(StoryPlan.Journey(0));

        Assert.Empty(result.Findings);
        foreach (string kind in (string[])
            ["notification-circulated", "nomination-receipt", "nomination-withdrawn", "closing-summary", "selection-result", "offer-made", "offer-receipt", "start-reminder", "certificate-issued", "survey-invitation"])
        {
            Assert.True(result.Mails.ContainsKey(kind), $"No {kind} was sent.");
        }
    }

    [Fact]
    public async Task F34_two_hundred_lives_with_five_random_faults_keep_every_promise() => await HoldsAsync(new RandomFaults(), 200);

    [Fact]
    public async Task F10_of_five_hundred_racers_for_the_last_place_one_gets_it() => await HoldsAsync(new LastPlace(), 1);

    [Fact]
    public async Task F11_nothing_is_misjudged_at_the_closing() => await HoldsAsync(new Boundaries(), 3);

    [Fact]
    public async Task F01_killed_once_at_every_call_on_a_port_nothing_is_lost_or_doubled()
    {
        IReadOnlyList<string> points = EveryCrash.All;
        await HoldsAsync(new EveryCrash(), points.Count);
        output.WriteLine($"{points.Count} of {points.Count} calls on ports that the dry run lists: 100 %.");
    }

    /// <summary>Negative controls: a checker that cannot find anything proves nothing.</summary>
    [Theory]
    [InlineData(WeaknessKind.ETagsIgnored, "I")]
    [InlineData(WeaknessKind.OutboxDropped, "I5")]
    [InlineData(WeaknessKind.PlacesOverwritten, "I4")]
    public void A_store_less_safe_than_ours_is_found_out(WeaknessKind weakness, string invariant)
    {
        (StoryPlan Plan, Finding Finding) found = Enumerable.Range(0, 20)
            .Select(seed => weakness == WeaknessKind.PlacesOverwritten ? new LastPlace().Plan(seed) : new Redeliveries().Plan(seed))
            .Select(plan => (plan, Simulator.Run(plan, weakness: weakness).Findings.FirstOrDefault(finding => finding.Invariant.StartsWith(invariant, StringComparison.Ordinal))))
            .FirstOrDefault(pair => pair.Item2 is not null) is var (plan, finding) && finding is not null ? (plan, finding) : throw new InvalidOperationException($"Nobody noticed {weakness}.");

        Finding small = Shrinker.Shrink(found.Plan, found.Finding, weakness, TimeSpan.FromSeconds(3));

        Assert.Equal(found.Finding.Invariant, small.Invariant);
        Assert.NotEmpty(small.Story);
        output.WriteLine(small.ToString());
    }

    private async Task HoldsAsync(IFaultScenario scenario, int seeds)
    {
        int done = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, seeds), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (seed, cancellation) =>
        {
            Finding? finding = await scenario.RunAsync(seed, cancellation);
            Assert.True(finding is null, finding?.ToString());
            Interlocked.Increment(ref done);
        });
        output.WriteLine($"{scenario.Fault}, {scenario.Title}: {done * scenario.CasesPerRun} of {scenario.Asked} {scenario.Unit}.");
    }
}
