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
            from score in Gen.Choose(-4, 20)
            select (economy, rank, code: fails == 0 ? "documents-missing" : null, score: score < 0 ? (decimal?)null : score / 2m)).ListOf()
        select list.Select((one, index) => new Candidate($"n-{index:000}", one.economy, one.rank, one.code, one.score)).ToArray();

    private static readonly Gen<SelectionRules> AnyRules =
        from overseas in Gen.Choose(0, 25)
        from local in Gen.Choose(0, 8)
        from hosts in Gen.SubListOf(["indonesia", "japan"])
        from cap in Gen.Choose(0, 5)
        from least in Gen.Choose(0, cap == 0 ? 4 : cap)
        from toLocal in Gen.Elements(true, false)
        from toOverseas in Gen.Elements(true, false)
        from seed in Gen.Choose(0, 1000)
        from use in Gen.Elements(Enum.GetValues<ScoreUse>())
        select new SelectionRules(
            overseas, local, hosts.ToHashSet(), $"seed-{seed}", cap == 0 ? null : cap, least == 0 ? null : least, toLocal, toOverseas,
            use == ScoreUse.Informs ? null : new ScoringPlan([new ScorePhase("Relevance", 1)], use));

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
    public void Nobody_is_passed_over_for_a_nominee_of_the_same_economy_who_stands_behind_by_score_where_it_decides_and_then_by_rank() => Check((rules, candidates, _) =>
    {
        Dictionary<string, Candidate> byId = candidates.ToDictionary(candidate => candidate.NominationId);
        foreach (IGrouping<string, SelectionDecision> economy in RoundRobinSelection.Select(rules, candidates).Decisions
            .Where(decision => decision.Kind != DecisionKind.Ineligible)
            .GroupBy(decision => decision.Economy))
        {
            // Better kinds and lower numbers may never go to those behind.
            List<(decimal, int)> standing =
            [
                .. economy.OrderBy(decision => decision.Kind).ThenBy(decision => decision.Order).Select(decision => byId[decision.NominationId])
                    .Select(candidate => (rules.Scoring is { OrdersEconomies: true } ? -(candidate.Score ?? -1) : 0, candidate.Rank)),
            ];
            Assert.Equal(standing.Order(), standing);
        }
    });

    [Fact]
    public void No_economy_holds_more_than_its_maximum_whoever_gives_a_place_back_and_whoever_follows() => Check((rules, candidates, shuffle) =>
    {
        SelectionResult result = RoundRobinSelection.Select(rules, candidates);
        Random random = new(shuffle);
        List<SelectionDecision> holding = [.. result.Decisions.Where(decision => decision.Kind == DecisionKind.Selected)];
        HashSet<string> offered = [.. holding.Select(decision => decision.NominationId)];
        while (holding.Count > 0)
        {
            Assert.All(holding.GroupBy(decision => decision.Economy), economy => Assert.InRange(economy.Count(), 1, rules.PerEconomyMaximum ?? int.MaxValue));
            int at = random.Next(holding.Count);
            SelectionDecision former = holding[at];
            holding.RemoveAt(at);
            if (Alternates.Next(result.Decisions, former.Economy, former.Pool, offered, rules) is { } next)
            {
                Assert.True(offered.Add(next.NominationId));
                holding.Add(next);

                // Nobody of the economy is left out while another's nominee follows.
                Assert.True(next.Economy == former.Economy || result.Decisions.All(decision =>
                    decision.Economy != former.Economy || decision.Kind == DecisionKind.Ineligible || offered.Contains(decision.NominationId)));
            }
        }
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
    public void Every_economy_holds_what_it_is_sure_of_and_a_nominee_more_of_another_takes_nothing_from_that() => Check((rules, candidates, shuffle) =>
    {
        string other = Economies[shuffle % Economies.Length];
        foreach (Candidate[] nominated in (Candidate[][])[candidates, [.. candidates, new Candidate("n-more", other, (shuffle % 9) + 1)]])
        {
            SelectionResult result = RoundRobinSelection.Select(rules, nominated);
            foreach (string economy in Economies)
            {
                Pool pool = rules.PoolOf(economy);
                int eligible = nominated.Count(candidate => candidate.Economy == economy && candidate.IneligibleCode is null);
                int assured = rules.AssuredMinimum(pool, Economies.Count(one => rules.PoolOf(one) == pool));
                Assert.True(Selected(result).Count(decision => decision.Economy == economy) >= Math.Min(eligible, assured), $"{economy} is sure of {assured} and has {eligible} nominees.");
            }
        }
    });

    [Fact]
    public void Whoever_is_below_the_minimum_though_enough_were_nominated_is_listed_and_only_when_the_places_were_too_few() => Check((rules, candidates, _) =>
    {
        SelectionResult result = RoundRobinSelection.Select(rules, candidates);
        foreach (PoolArithmetic sums in new[] { result.Overseas, result.Local })
        {
            IGrouping<string, Candidate>[] economies = [.. candidates.Where(candidate => candidate.IneligibleCode is null && rules.PoolOf(candidate.Economy) == sums.Pool).GroupBy(candidate => candidate.Economy)];
            int least = rules.PerEconomyMinimum ?? 0;
            string[] below = [.. economies.Where(economy => Selected(result).Count(decision => decision.Economy == economy.Key) < least).Select(economy => economy.Key).Order(StringComparer.Ordinal)];
            Assert.Equal(below, sums.EconomiesBelowMinimum);
            Assert.True(
                economies.Sum(economy => Math.Min(least, economy.Count())) > rules.PlacesOf(sums.Pool) ||
                economies.Where(economy => economy.Count() >= least).All(economy => !below.Contains(economy.Key)));
        }
    });

    [Fact]
    public void The_reasons_add_up_to_the_arithmetic_of_the_places() => Check((rules, candidates, _) =>
    {
        SelectionResult result = RoundRobinSelection.Select(rules, candidates);
        foreach (PoolArithmetic sums in new[] { result.Overseas, result.Local })
        {
            Dictionary<string, int> codes = result.Decisions.Where(decision => decision.Pool == sums.Pool).CountBy(decision => decision.ReasonCode).ToDictionary();
            Assert.Equal(sums.FlowedIn, codes.GetValueOrDefault(SelectionReason.OnUnusedPlaces));
            Assert.Equal(sums.Places - sums.FlowedOut - sums.Unused, codes.GetValueOrDefault(SelectionReason.WithinPlaces));
            Assert.Equal(sums.Alternates, codes.GetValueOrDefault(SelectionReason.PlacesFilled));
            Assert.Equal(sums.NotSelected, codes.GetValueOrDefault(SelectionReason.OverEconomyMaximum));
            Assert.Equal(sums.Ineligible, codes.GetValueOrDefault("documents-missing"));
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
        Assert.Equal(first.ComputeDigest(), second.ComputeDigest());
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
