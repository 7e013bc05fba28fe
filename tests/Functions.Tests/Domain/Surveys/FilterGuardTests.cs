using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Surveys;

public sealed class FilterGuardTests
{
    private readonly FilterGuard guard = new();

    [Fact]
    public void A_second_filter_that_differs_by_one_person_is_refused()
    {
        Assert.False(guard.Allow(Enumerable.Range(0, 20)).IsRefused);
        Assert.Equal("survey-group-difference", Assert.Single(guard.Allow(Enumerable.Range(0, 19)).Refusals).Code);
        Assert.Equal("survey-group-difference", Assert.Single(guard.Allow(Enumerable.Range(0, 21)).Refusals).Code);
        Assert.False(guard.Allow(Enumerable.Range(0, 15)).IsRefused);
    }

    [Fact]
    public void What_was_refused_is_not_held_against_later_filters()
    {
        guard.Allow(Enumerable.Range(0, 20));
        guard.Allow(Enumerable.Range(0, 18));

        Assert.False(guard.Allow(Enumerable.Range(0, 14)).IsRefused);
    }

    [Fact]
    public void The_same_filter_may_be_looked_at_again()
    {
        Assert.False(guard.Allow(Enumerable.Range(0, 20)).IsRefused);
        Assert.False(guard.Allow(Enumerable.Range(0, 20).Reverse()).IsRefused);
    }

    [Fact]
    public void A_filter_with_four_answers_is_refused() => Assert.Equal("survey-group-small", Assert.Single(guard.Allow([1, 2, 3, 4]).Refusals).Code);
}
