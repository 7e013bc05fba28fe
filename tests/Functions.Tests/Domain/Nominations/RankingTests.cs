using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Nominations;

public sealed class RankingTests
{
    [Theory]
    [InlineData(new int[0], 5, 1)]
    [InlineData(new[] { 1, 2 }, 5, 3)]
    [InlineData(new[] { 1, 3 }, 5, 4)]
    [InlineData(new[] { 1, 3, 5 }, 5, 2)]
    public void A_newcomer_comes_last_or_into_the_first_gap(int[] taken, int most, int expected)
    {
        Assert.True(Ranking.NextFree(taken, most).TryGet(out int rank));
        Assert.Equal(expected, rank);
    }

    [Fact]
    public void A_full_list_takes_nobody() => Assert.Equal("nominees-full", Ranking.NextFree([1, 2], 2).Refusals[0].Code);

    [Fact]
    public void Numbers_with_gaps_become_an_order()
    {
        Assert.True(Ranking.FromNumbers([("a", "30"), ("b", " 2 "), ("c", "7")]).TryGet(out string[]? order));
        Assert.Equal(["b", "c", "a"], order);
    }

    [Fact]
    public void Every_number_that_cannot_be_used_is_named()
    {
        Outcome<string[]> outcome = Ranking.FromNumbers([("a", "1"), ("b", "1"), ("c", ""), ("d", "-2"), ("e", "one")]);

        Assert.Equal(["rank-b", "rank-c", "rank-d", "rank-e"], outcome.Refusals.Select(refusal => refusal.Field));
    }

    [Theory]
    [InlineData("b", -1, new[] { "b", "a", "c" })]
    [InlineData("b", 1, new[] { "a", "c", "b" })]
    [InlineData("a", -1, new[] { "a", "b", "c" })]
    [InlineData("c", 1, new[] { "a", "b", "c" })]
    [InlineData("x", 1, new[] { "a", "b", "c" })]
    public void One_step_moves_two_neighbours(string id, int by, string[] expected) => Assert.Equal(expected, Ranking.Move(["a", "b", "c"], id, by));
}
