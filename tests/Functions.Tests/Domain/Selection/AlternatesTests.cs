using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Selection;

public sealed class AlternatesTests
{
    private static readonly SelectionDecision[] Decisions =
    [
        Make("s-1", "fiji", Pool.Overseas, DecisionKind.Selected, 1),
        Make("a-1", "japan", Pool.Overseas, DecisionKind.Alternate, 1),
        Make("a-2", "fiji", Pool.Overseas, DecisionKind.Alternate, 2),
        Make("a-3", "fiji", Pool.Overseas, DecisionKind.Alternate, 3),
        Make("x-1", "fiji", Pool.Overseas, DecisionKind.NotSelected, 1) with { ReasonCode = SelectionReason.OverEconomyMaximum },
        Make("y-1", "fiji", Pool.Overseas, DecisionKind.Ineligible, 1),
        Make("l-1", "indonesia", Pool.Local, DecisionKind.Alternate, 1),
    ];

    [Fact]
    public void The_same_economys_lowest_number_comes_first() => Assert.Equal("a-2", Next("fiji", Pool.Overseas));

    [Fact]
    public void Then_whoever_stands_above_the_economys_maximum() => Assert.Equal("x-1", Next("fiji", Pool.Overseas, "a-2", "a-3"));

    [Fact]
    public void Then_the_lowest_number_of_the_pool() => Assert.Equal("a-1", Next("fiji", Pool.Overseas, "a-2", "a-3", "x-1"));

    [Fact]
    public void Another_economys_place_never_goes_above_a_maximum() => Assert.Null(Next("japan", Pool.Overseas, "a-1", "a-2", "a-3"));

    [Fact]
    public void An_economy_without_alternates_passes_its_place_to_the_pool() => Assert.Equal("a-1", Next("nepal", Pool.Overseas));

    [Fact]
    public void Who_was_offered_a_place_or_withdrew_is_skipped() => Assert.Equal("a-3", Next("fiji", Pool.Overseas, "a-2"));

    [Fact]
    public void Nobody_follows_from_the_other_pool_while_flow_is_off() => Assert.Null(Next("fiji", Pool.Overseas, "a-1", "a-2", "a-3", "x-1"));

    [Fact]
    public void The_other_pool_follows_last_where_flow_is_allowed()
    {
        SelectionRules rules = new(1, 1, new HashSet<string> { "indonesia" }, "seed", OverseasMayFlowToLocal: true);

        Assert.Equal("a-1", Alternates.Next(Decisions, "nepal", Pool.Overseas, new HashSet<string>(), rules)?.NominationId);
        Assert.Equal("l-1", Alternates.Next(Decisions, "nepal", Pool.Overseas, new HashSet<string> { "a-1", "a-2", "a-3" }, rules)?.NominationId);
        Assert.Null(Alternates.Next(Decisions, "indonesia", Pool.Local, new HashSet<string> { "l-1" }, rules));
    }

    [Fact]
    public void Promoting_until_nobody_is_left_never_takes_anyone_twice()
    {
        HashSet<string> taken = [];
        while (Alternates.Next(Decisions.Reverse(), "fiji", Pool.Overseas, taken) is { } next)
        {
            Assert.True(taken.Add(next.NominationId));
        }

        Assert.Equal(["a-1", "a-2", "a-3", "x-1"], taken.Order());
    }

    private static string? Next(string economy, Pool pool, params string[] unavailable) =>
        Alternates.Next(Decisions, economy, pool, unavailable.ToHashSet())?.NominationId;

    private static SelectionDecision Make(string id, string economy, Pool pool, DecisionKind kind, int order) => new(id, economy, pool, kind, order, "code", "Reason.");
}
