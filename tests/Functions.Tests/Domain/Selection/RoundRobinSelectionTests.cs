using System.Diagnostics;
using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Selection;

public sealed class RoundRobinSelectionTests
{
    private const string Seed = "23-IP-10-GE-WSP-A";

    private static readonly SelectionRules Example = new(38, 12, new HashSet<string> { "indonesia" }, Seed);

    [Fact]
    public void The_thirty_ninth_overseas_nominee_becomes_alternate_one()
    {
        SelectionResult result = RoundRobinSelection.Select(Example, Nominate(("fiji", 13), ("japan", 13), ("nepal", 13), ("indonesia", 12)));

        Assert.Equal(38, result.Overseas.Selected);
        SelectionDecision alternate = Assert.Single(result.Decisions, decision => decision.Kind == DecisionKind.Alternate);
        Assert.Equal(Pool.Overseas, alternate.Pool);
        Assert.Equal(1, alternate.Order);
        Assert.Equal(SelectionReason.PlacesFilled, alternate.ReasonCode);
        Assert.Contains("38 overseas places were filled", alternate.Reason, StringComparison.Ordinal);
        Assert.Contains("round 13", alternate.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Three_unused_local_places_stay_empty_while_flow_is_off()
    {
        SelectionResult result = RoundRobinSelection.Select(Example, Nominate(("fiji", 30), ("japan", 30), ("indonesia", 9)));

        Assert.Equal(9, result.Local.Selected);
        Assert.Equal(3, result.Local.Unused);
        Assert.Equal(38, result.Overseas.Selected);
        Assert.Equal(22, result.Overseas.Alternates);
    }

    [Fact]
    public void Unused_local_places_go_overseas_when_the_notification_allows_it()
    {
        SelectionRules rules = Example with { LocalMayFlowToOverseas = true };

        SelectionResult result = RoundRobinSelection.Select(rules, Nominate(("fiji", 30), ("japan", 30), ("indonesia", 9)));

        Assert.Equal(41, result.Overseas.Selected);
        Assert.Equal(3, result.Overseas.FlowedIn);
        Assert.Equal(3, result.Local.FlowedOut);
        Assert.Equal(0, result.Local.Unused);
        SelectionDecision last = result.Decisions.Single(decision => decision is { Kind: DecisionKind.Selected, Pool: Pool.Overseas, Order: 41 });
        Assert.Equal(SelectionReason.OnUnusedPlaces, last.ReasonCode);
        Assert.Equal("place-local-12", last.Place.ToString());
    }

    [Fact]
    public void Nobody_holds_a_place_twice_when_places_flow()
    {
        SelectionRules rules = Example with { OverseasMayFlowToLocal = true, LocalMayFlowToOverseas = true };

        SelectionResult result = RoundRobinSelection.Select(rules, Nominate(("fiji", 5), ("indonesia", 60)));

        List<PlaceName> held = [.. result.Decisions.Where(decision => decision.Kind == DecisionKind.Selected).Select(decision => decision.Place!.Value)];
        Assert.Equal(50, held.Count);
        Assert.Equal(50, held.Distinct().Count());
    }

    [Fact]
    public void Each_economy_receives_one_place_before_any_receives_two()
    {
        SelectionRules rules = Example with { OverseasPlaces = 4 };

        SelectionResult result = RoundRobinSelection.Select(rules, Nominate(("fiji", 10), ("japan", 1), ("nepal", 1)));

        Assert.Equal(
            ["fiji", "fiji", "japan", "nepal"],
            result.Decisions.Where(decision => decision.Kind == DecisionKind.Selected).Select(decision => decision.Economy).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nominees_over_the_maximum_of_their_economy_are_not_selected_and_told_the_number()
    {
        SelectionRules rules = Example with { PerEconomyMaximum = 2 };

        SelectionResult result = RoundRobinSelection.Select(rules, Nominate(("fiji", 4)));

        Assert.Equal(2, result.Overseas.Selected);
        Assert.Equal(0, result.Overseas.Alternates);
        List<SelectionDecision> over = [.. result.Decisions.Where(decision => decision.Kind == DecisionKind.NotSelected)];
        Assert.Equal(["fiji-00003", "fiji-00004"], over.Select(decision => decision.NominationId));
        Assert.All(over, decision => Assert.Equal(SelectionReason.OverEconomyMaximum, decision.ReasonCode));
        Assert.Contains("at most 2 places", over[0].Reason, StringComparison.Ordinal);
        Assert.Equal(36, result.Overseas.Unused);
    }

    [Fact]
    public void An_ineligible_nominee_takes_no_turn_and_keeps_the_code_of_the_rule()
    {
        List<Candidate> candidates = Nominate(("fiji", 3));
        candidates[0] = candidates[0] with { IneligibleCode = "nationality-not-eligible" };

        SelectionResult result = RoundRobinSelection.Select(Example with { PerEconomyMaximum = 2 }, candidates);

        SelectionDecision out1 = Assert.Single(result.Decisions, decision => decision.Kind == DecisionKind.Ineligible);
        Assert.Equal("nationality-not-eligible", out1.ReasonCode);
        Assert.Equal(2, result.Overseas.Selected);
    }

    [Fact]
    public void An_economy_below_the_declared_minimum_is_listed()
    {
        SelectionRules rules = Example with { OverseasPlaces = 3, PerEconomyMinimum = 2 };

        SelectionResult result = RoundRobinSelection.Select(rules, Nominate(("fiji", 2), ("japan", 2)));

        Assert.Single(result.Overseas.EconomiesBelowMinimum);
    }

    [Fact]
    public void Nobody_nominated_gives_an_empty_result_with_all_places_unused()
    {
        SelectionResult result = RoundRobinSelection.Select(Example, []);

        Assert.Empty(result.Decisions);
        Assert.Equal(38, result.Overseas.Unused);
        Assert.Equal(12, result.Local.Unused);
    }

    [Fact]
    public void The_order_of_economies_is_fixed_by_the_seed_and_not_by_who_nominates()
    {
        IReadOnlyList<string> all = RoundRobinSelection.OrderEconomies(Seed, ["fiji", "japan", "nepal", "mongolia", "thailand", "vietnam"]);
        IReadOnlyList<string> some = RoundRobinSelection.OrderEconomies(Seed, ["vietnam", "fiji", "nepal"]);

        Assert.Equal(all.Where(some.Contains), some);
        // The same as: printf 'round-robin-1|23-IP-10-GE-WSP-A|fiji' | sha256sum, and so on, sorted. A change needs a new rule version.
        Assert.Equal(["vietnam", "mongolia", "japan", "fiji", "thailand", "nepal"], all);
        Assert.NotEqual(all, RoundRobinSelection.OrderEconomies("24-CL-03-GE-TRC-A", all));
    }

    [Fact]
    public void The_digest_names_the_decisions_and_nothing_else()
    {
        List<Candidate> candidates = Nominate(("fiji", 3), ("japan", 2));
        string digest = RoundRobinSelection.Select(Example, candidates).ComputeDigest();
        candidates.Reverse();

        Assert.Equal(digest, RoundRobinSelection.Select(Example, candidates).ComputeDigest());
        Assert.NotEqual(digest, RoundRobinSelection.Select(Example with { OverseasPlaces = 4 }, candidates).ComputeDigest());
    }

    [Fact]
    public void A_what_if_names_who_gains_and_who_loses_a_place()
    {
        List<Candidate> candidates = Nominate(("fiji", 3), ("japan", 1));
        SelectionRules rules = Example with { OverseasPlaces = 3 };

        IReadOnlyList<SelectionMove> moves = SelectionResult.Compare(
            RoundRobinSelection.Select(rules, candidates),
            RoundRobinSelection.Select(rules with { PerEconomyMaximum = 1 }, candidates));

        Assert.Equal(["fiji-00002"], moves.Where(move => move.LosesPlace).Select(move => move.NominationId));
        Assert.DoesNotContain(moves, move => move.GainsPlace);
    }

    [Theory]
    [InlineData(-1, 12, null, null, Seed, "places-invalid")]
    [InlineData(38, 10_001, null, null, Seed, "places-invalid")]
    [InlineData(38, 12, 0, null, Seed, "economy-maximum-invalid")]
    [InlineData(38, 12, 2, 3, Seed, "economy-minimum-invalid")]
    [InlineData(38, 12, null, null, " ", "draw-seed-missing")]
    public void Rules_that_make_no_sense_say_why(int overseas, int local, int? maximum, int? minimum, string seed, string code)
    {
        SelectionRules rules = new(overseas, local, new HashSet<string>(), seed, maximum, minimum);

        Assert.Equal([code], rules.FindProblems().Select(problem => problem.Code));
        Assert.Throws<ArgumentException>(() => RoundRobinSelection.Select(rules, []));
    }

    [Fact]
    public void A_nomination_given_twice_is_a_mistake_of_the_caller()
    {
        Candidate candidate = new("n-1", "fiji", 1);

        Assert.Throws<ArgumentException>(() => RoundRobinSelection.Select(Example, [candidate, candidate]));
    }

    [Fact]
    public void A_hundred_thousand_nominees_do_not_take_quadratic_time()
    {
        List<Candidate> candidates = [];
        Random random = new(7);
        for (int index = 0; index < 100_000; index++)
        {
            candidates.Add(new Candidate($"n-{index:000000}", $"economy-{random.Next(200)}", random.Next(1000), index % 17 == 0 ? "late" : null));
        }

        TimeSpan best = TimeSpan.MaxValue;
        for (int run = 0; run < 3 && best > TimeSpan.FromSeconds(15); run++)
        {
            Stopwatch watch = Stopwatch.StartNew();
            Assert.Equal(100_000, RoundRobinSelection.Select(Example, candidates).Decisions.Count);
            best = watch.Elapsed < best ? watch.Elapsed : best;
        }

        // A quarter of a second of work; limit and repeats leave room for a machine that does ten other things, and none for a quadratic rule.
        Assert.InRange(best, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    private static List<Candidate> Nominate(params (string Economy, int Count)[] economies) =>
        [.. economies.SelectMany(economy => Enumerable.Range(1, economy.Count).Select(rank => new Candidate($"{economy.Economy}-{rank:00000}", economy.Economy, rank)))];
}
