using FsCheck;
using FsCheck.Fluent;
using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Selection;

/// <summary>What holds for every selection, tried on a few hundred made-up ones each.</summary>
public sealed class RoundRobinSelectionPropertyTests
{
    private static readonly string[] Economies = ["fiji", "indonesia", "japan", "lao-pdr", "mongolia", "nepal", "sri-lanka", "turkiye"];

    private static readonly Gen<Candidate[]> AnyCandidates =
        from list in (
            from economy in Gen.Elements(Economies)
            from rank in Gen.Choose(1, 9)
            from fails in Gen.Choose(0, 9)
            select (economy, rank, code: fails == 0 ? "documents-missing" : null)).ListOf()
        select list.Select((one, index) => new Candidate($"n-{index:000}", one.economy, one.rank, one.code)).ToArray();

    private static readonly Gen<SelectionRules> AnyRules =
        from overseas in Gen.Choose(0, 25)
        from local in Gen.Choose(0, 8)
        from hosts in Gen.SubListOf(["indonesia", "japan"])
        from cap in Gen.Choose(0, 5)
        from toLocal in Gen.Elements(true, false)
        from toOverseas in Gen.Elements(true, false)
        from seed in Gen.Choose(0, 1000)
        select new SelectionRules(overseas, local, hosts.ToHashSet(), $"seed-{seed}", cap == 0 ? null : cap, null, toLocal, toOverseas);

    private static readonly Gen<(SelectionRules Rules, Candidate[] Candidates, int Shuffle)> AnyCase =
        from rules in AnyRules
        from candidates in AnyCandidates
        from shuffle in Gen.Choose(0, int.MaxValue - 1)
        select (rules, candidates, shuffle);

    [Fact]
    public void Places_are_never_exceeded_in_total_nor_in_a_pool_without_flow() => Check((rules, candidates, _) =>
    {
        SelectionResult result = RoundRobinSelection.Select(rules, candidates);
        Assert.True(Selected(result).Count() <= rules.OverseasPlaces + rules.LocalPlaces);
        Assert.True(rules.LocalMayFlowToOverseas || Selected(result).Count(decision => decision.Pool == Pool.Overseas) <= rules.OverseasPlaces);
        Assert.True(rules.OverseasMayFlowToLocal || Selected(result).Count(decision => decision.Pool == Pool.Local) <= rules.LocalPlaces);
        Assert.True(Selected(result).Select(decision => decision.Place!.Value).Distinct().Count() == Selected(result).Count());
        Assert.All(Selected(result), decision => Assert.InRange(decision.Place!.Value.Number, 1, rules.PlacesOf(decision.Place.Value.Pool)));
    });

    [Fact]
    public void No_place_stays_empty_while_an_alternate_of_the_pool_waits() => Check((rules, candidates, _) =>
    {
        SelectionResult result = RoundRobinSelection.Select(rules, candidates);
        Assert.True(result.Overseas.Unused == 0 || result.Overseas.Alternates == 0);
        Assert.True(result.Local.Unused == 0 || result.Local.Alternates == 0);
    });

    [Fact]
    public void Nobody_is_passed_over_for_a_worse_ranked_nominee_of_the_same_economy() => Check((rules, candidates, _) =>
    {
        Dictionary<string, Candidate> byId = candidates.ToDictionary(candidate => candidate.NominationId);
        foreach (IGrouping<string, SelectionDecision> economy in RoundRobinSelection.Select(rules, candidates).Decisions
            .Where(decision => decision.Kind != DecisionKind.Ineligible)
            .GroupBy(decision => decision.Economy))
        {
            // Better kinds and lower numbers may never go to worse ranks.
            List<int> ranks = [.. economy.OrderBy(decision => decision.Kind).ThenBy(decision => decision.Order).Select(decision => byId[decision.NominationId].Rank)];
            Assert.Equal(ranks.Order(), ranks);
        }
    });

    [Fact]
    public void No_economy_holds_more_than_its_maximum_even_after_every_promotion() => Check((rules, candidates, _) =>
    {
        IEnumerable<SelectionDecision> possible = RoundRobinSelection.Select(rules, candidates).Decisions.Where(decision => decision.Kind <= DecisionKind.Alternate);
        Assert.All(possible.GroupBy(decision => decision.Economy), economy => Assert.True(economy.Count() <= (rules.PerEconomyMaximum ?? int.MaxValue)));
    });

    [Fact]
    public void Places_of_a_pool_differ_by_at_most_one_between_economies_that_still_have_alternates() => Check((rules, candidates, _) =>
    {
        foreach (IGrouping<Pool, SelectionDecision> pool in RoundRobinSelection.Select(rules, candidates).Decisions.GroupBy(decision => decision.Pool))
        {
            HashSet<string> waiting = [.. pool.Where(decision => decision.Kind == DecisionKind.Alternate).Select(decision => decision.Economy)];
            List<int> held = [.. waiting.Select(economy => pool.Count(decision => decision.Economy == economy && decision.Kind == DecisionKind.Selected))];
            Assert.True(held.Count == 0 || held.Max() - held.Min() <= 1);
        }
    });

    [Fact]
    public void Shuffling_the_nominations_changes_nothing() => Check((rules, candidates, shuffle) =>
    {
        Candidate[] shuffled = [.. candidates];
        new Random(shuffle).Shuffle(shuffled);
        SelectionResult first = RoundRobinSelection.Select(rules, candidates);
        SelectionResult second = RoundRobinSelection.Select(rules, shuffled);
        Assert.Equal(first.Decisions, second.Decisions);
        Assert.Equal(first.EconomyOrder, second.EconomyOrder);
    });

    [Fact]
    public void Everybody_has_exactly_one_reason_and_the_sums_match() => Check((rules, candidates, _) =>
    {
        SelectionResult result = RoundRobinSelection.Select(rules, candidates);
        Assert.Equal(candidates.Select(candidate => candidate.NominationId).Order(), result.Decisions.Select(decision => decision.NominationId).Order());
        Assert.All(result.Decisions, decision => Assert.True(decision.ReasonCode.Length > 0 && decision.Reason.Length > 0));
        foreach (PoolArithmetic sums in new[] { result.Overseas, result.Local })
        {
            Assert.Equal(sums.Candidates, sums.Selected + sums.Alternates + sums.NotSelected + sums.Ineligible);
            Assert.Equal(sums.Places + sums.FlowedIn - sums.FlowedOut, sums.Selected + sums.Unused);
            foreach (DecisionKind kind in Enum.GetValues<DecisionKind>())
            {
                int count = kind switch { DecisionKind.Selected => sums.Selected, DecisionKind.Alternate => sums.Alternates, DecisionKind.NotSelected => sums.NotSelected, _ => sums.Ineligible };
                Assert.Equal(Enumerable.Range(1, count), result.Decisions.Where(decision => decision.Pool == sums.Pool && decision.Kind == kind).Select(decision => decision.Order));
            }
        }

        Assert.Equal(result.Overseas.FlowedIn, result.Local.FlowedOut);
        Assert.Equal(result.Local.FlowedIn, result.Overseas.FlowedOut);
    });

    private static IEnumerable<SelectionDecision> Selected(SelectionResult result) => result.Decisions.Where(decision => decision.Kind == DecisionKind.Selected);

    private static void Check(Action<SelectionRules, Candidate[], int> property) =>
        Prop.ForAll(AnyCase.ToArbitrary(), drawn => property(drawn.Rules, drawn.Candidates, drawn.Shuffle)).QuickCheckThrowOnFailure();
}
