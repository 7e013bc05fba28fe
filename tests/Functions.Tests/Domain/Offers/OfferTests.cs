using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Offers;

public sealed class OfferTests
{
    private static readonly DateTimeOffset Made = new(2023, 8, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Expiry = Made.AddDays(3);
    private static readonly SelectionDecision Decision = new("n-1", "fiji", Pool.Overseas, DecisionKind.Selected, 7, "selected-within-places", "Reason.");

    [Fact]
    public void An_answer_one_tick_before_expiry_counts()
    {
        Offer accepted = Value(Open().Accept(Expiry.AddTicks(-1)));

        Assert.Equal(OfferState.Accepted, accepted.State);
        Assert.Equal(Expiry.AddTicks(-1), accepted.SettledAt);
        Assert.True(accepted.HoldsPlace);
    }

    [Fact]
    public void An_answer_at_the_instant_of_expiry_is_too_late()
    {
        Assert.Equal("offer-expired", Code(Open().Accept(Expiry)));
        Assert.Equal("offer-expired", Code(Open().Decline(Expiry)));
        Assert.False(Open().IsOpenAt(Expiry));
    }

    [Fact]
    public void It_expires_at_its_instant_and_not_before()
    {
        Assert.Equal("offer-still-open", Code(Open().Expire(Expiry.AddTicks(-1))));

        Offer expired = Value(Open().Expire(Expiry.AddDays(5)));
        Assert.Equal(OfferState.Expired, expired.State);
        Assert.Equal(Expiry, expired.SettledAt);
        Assert.False(expired.HoldsPlace);
    }

    [Fact]
    public void A_second_answer_is_refused_and_names_the_first()
    {
        Offer declined = Value(Open().Decline(Made.AddHours(1), "On mission."));

        Outcome<Offer> again = declined.Accept(Made.AddHours(2));
        Assert.Equal("offer-answered-already", Code(again));
        Assert.Contains("declined", again.Refusals[0].Reason, StringComparison.Ordinal);
        Assert.Equal("On mission.", declined.Note);
    }

    [Fact]
    public void A_participant_may_give_an_accepted_place_back_but_not_a_declined_one()
    {
        Offer accepted = Value(Open().Accept(Made.AddHours(1)));
        Offer declined = Value(Open().Decline(Made.AddHours(1)));

        Assert.False(Value(accepted.Withdraw(Expiry.AddDays(1), "Ill.")).HoldsPlace);
        Assert.Equal("offer-answered-already", Code(declined.Withdraw(Made.AddHours(2))));
    }

    [Fact]
    public void Nothing_happens_to_a_withdrawn_offer_any_more()
    {
        Offer withdrawn = Value(Open().Withdraw(Made.AddHours(1)));

        Assert.Equal("offer-withdrawn-already", Code(withdrawn.Accept(Made.AddHours(2))));
        Assert.Equal("offer-withdrawn-already", Code(withdrawn.Expire(Expiry)));
        Assert.Equal("offer-withdrawn-already", Code(withdrawn.Withdraw(Expiry)));
    }

    [Fact]
    public void An_offer_that_would_expire_at_once_is_not_made()
    {
        Assert.Equal("offer-expiry-past", Code(Offer.Make(Decision, new PlaceName(Pool.Overseas, 7), Made, Made)));
        Assert.Equal("offer-not-selected", Code(Offer.Make(Decision with { Kind = DecisionKind.NotSelected }, new PlaceName(Pool.Overseas, 7), Made, Expiry)));
    }

    [Fact]
    public void Places_are_named_for_good()
    {
        Assert.Equal("place-overseas-07", new PlaceName(Pool.Overseas, 7).ToString());
        Assert.Equal("place-local-120", new PlaceName(Pool.Local, 120).ToString());
        Assert.Equal(["place-local-01", "place-local-02"], PlaceName.AllOf(Pool.Local, 2).Select(place => place.ToString()));
    }

    [Theory]
    [InlineData("place-overseas-07", true)]
    [InlineData("place-local-120", true)]
    [InlineData("place-overseas-7", false)]
    [InlineData("place-overseas-007", false)]
    [InlineData("place-overseas-00", false)]
    [InlineData("place-moon-01", false)]
    [InlineData("place-local--1", false)]
    [InlineData(null, false)]
    public void Only_the_written_form_of_a_place_is_read(string? text, bool isRead)
    {
        Assert.Equal(isRead, PlaceName.TryParse(text, out PlaceName place));
        Assert.Equal(isRead ? text : new PlaceName().ToString(), place.ToString());
    }

    private static Offer Open() => Value(Offer.Make(Decision, new PlaceName(Pool.Overseas, 7), Made, Expiry));

    private static T Value<T>(Outcome<T> outcome) => outcome.TryGet(out T? value) ? value : throw new Xunit.Sdk.XunitException(string.Join(' ', outcome.Refusals));

    private static string Code<T>(Outcome<T> outcome) => Assert.Single(outcome.Refusals).Code;
}
