using Plenary.Domain;
using Plenary.Selection;
using Plenary.Support;

namespace Plenary.Functions.Tests.Selection;

public sealed class PromoteAlternateTests
{
    [Fact]
    public async Task A_free_place_goes_to_the_same_economy_first_and_to_the_lowest_number_after_that()
    {
        SelectionRig rig = new(overseas: 2, local: 0, economies: 3, each: 2);
        await rig.OfferAsync();
        OfferRecord first = (await rig.OffersAsync())[0];

        await rig.AnswerAsync(SelectionRig.Of(first), OfferAnswer.Decline);
        await rig.DeliverAsync();
        OfferRecord sameEconomy = (await rig.OffersAsync()).Single(record => record.Offer.HoldsPlace && record.Offer.Place == first.Offer.Place);
        await rig.AnswerAsync(SelectionRig.Of(sameEconomy), OfferAnswer.Decline);
        await rig.DeliverAsync();
        OfferRecord next = (await rig.OffersAsync()).Single(record => record.Offer.HoldsPlace && record.Offer.Place == first.Offer.Place);

        Assert.Equal(first.Economy, sameEconomy.Economy);
        Assert.NotEqual(first.Economy, next.Economy);
        await rig.AssertSoundAsync();
    }

    [Fact]
    public async Task One_place_for_each_economy_stays_with_it_as_long_as_it_named_anybody_and_none_ever_holds_two()
    {
        SelectionRig rig = new(overseas: 3, local: 1, economies: 6, each: 3, settings: new ProjectSettings { PerEconomyMaximum = 1 });
        await rig.OfferAsync();
        string economy = (await rig.OffersAsync()).First(record => record.Offer.Pool == Pool.Overseas).Economy;
        List<string> held = [];
        for (int turn = 0; turn < 4; turn++)
        {
            OfferRecord[] holding = [.. (await rig.OffersAsync()).Where(record => record.Offer.HoldsPlace)];
            Assert.Equal(4, holding.Length);
            Assert.Equal(4, holding.DistinctBy(record => record.Economy).Count());
            OfferRecord place = turn < 3 ? holding.Single(record => record.Economy == economy) : holding[0];
            held.Add(place.Economy);
            await rig.AnswerAsync(SelectionRig.Of(place), OfferAnswer.Decline);
            await rig.DeliverAsync();
            await rig.AssertSoundAsync();
        }

        // Its three nominees one after the other; then the place is another economy's.
        Assert.Equal([economy, economy, economy], held[..3]);
        Assert.DoesNotContain(await rig.OffersAsync(), record => record.Economy == economy && record.Offer.HoldsPlace);
    }

    [Fact]
    public async Task Alternates_of_an_economy_that_is_left_out_are_passed_over()
    {
        SelectionRig rig = new(overseas: 1, local: 0, economies: 3, each: 2);
        await rig.OfferAsync();
        OfferRecord first = Assert.Single(await rig.OffersAsync());
        rig.World.Projects.Add(rig.Project with { Notification = rig.Project.Notification with { Participating = new ParticipatingEconomies(true, [], [first.Economy]) } });

        await rig.AnswerAsync(SelectionRig.Of(first), OfferAnswer.Decline);
        await rig.DeliverAsync();

        Assert.NotEqual(first.Economy, Assert.Single(await rig.OffersAsync(), record => record.Offer.HoldsPlace).Economy);
    }

    [Fact]
    public async Task Everyone_declining_ends_with_empty_places_and_nobody_asked_twice()
    {
        SelectionRig rig = new(overseas: 5, local: 3, economies: 6, each: 3);
        await rig.OfferAsync();
        for (OfferRecord[] open = [.. await rig.OffersAsync()]; open.Length > 0; open = [.. (await rig.OffersAsync()).Where(record => record.Offer.State == OfferState.Made)])
        {
            foreach (OfferRecord record in open)
            {
                await rig.AnswerAsync(SelectionRig.Of(record), OfferAnswer.Decline);
            }

            await rig.DeliverAsync();
        }

        IReadOnlyList<OfferRecord> offers = await rig.OffersAsync();
        Assert.Equal(18, offers.Count);
        Assert.All(offers, record => Assert.Equal(OfferState.Declined, record.Offer.State));
        Assert.Empty(await rig.World.RowsAsync(SelectionTable.Name, SelectionTable.PlacePrefix));
        Assert.Empty(await rig.Whole.Read.ListParticipantsAsync(rig.Project.Code, default));
    }

    [Fact]
    public async Task The_same_message_many_times_at_once_gives_the_place_once()
    {
        SelectionRig rig = new(overseas: 4, local: 0, economies: 5, each: 4);
        await rig.OfferAsync();
        OfferRecord first = (await rig.OffersAsync())[0];
        await rig.AnswerAsync(SelectionRig.Of(first), OfferAnswer.Decline);
        PlaceFreed freed = new(rig.Project.Code.ToString(), first.Offer.Place.ToString(), first.Economy, first.Offer.Pool);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => rig.Whole.Promote.RunAsync(freed, default))));

        Assert.Equal(5, (await rig.OffersAsync()).Count);
        await rig.AssertSoundAsync();
    }

    [Fact]
    public async Task A_hundred_declines_and_promotions_at_once_never_exceed_the_places_nor_pass_anybody_over()
    {
        SelectionRig rig = new(each: 6);
        await rig.OfferAsync();
        Random random = new(11);
        for (int wave = 0; wave < 2; wave++)
        {
            OfferRecord[] open = [.. (await rig.OffersAsync()).Where(record => record.Offer.State == OfferState.Made)];
            random.Shuffle(open);
            OfferRecord[] declining = [.. open.Take(34)];
            await Task.WhenAll(declining.Select(record => Task.Run(async () =>
            {
                Assert.False((await rig.AnswerAsync(SelectionRig.Of(record), OfferAnswer.Decline)).IsRefused);
                PlaceFreed freed = new(rig.Project.Code.ToString(), record.Offer.Place.ToString(), record.Economy, record.Offer.Pool);
                await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => rig.Whole.Promote.RunAsync(freed, default))));
            })));
            await rig.AssertSoundAsync();
        }

        await rig.DeliverAsync();
        await rig.AssertSoundAsync();
        Assert.Equal(38, (await rig.OffersAsync()).Count(record => record.Offer.HoldsPlace && record.Offer.Place.Pool == Pool.Overseas));
    }

    [Fact]
    public async Task Once_the_project_has_begun_nobody_moves_up()
    {
        SelectionRig rig = new(overseas: 1, local: 0, economies: 3, each: 2);
        await rig.OfferAsync();
        OfferRecord offer = Assert.Single(await rig.OffersAsync());
        await rig.AnswerAsync(SelectionRig.Of(offer), OfferAnswer.Accept);
        await rig.AnswerAsync(SelectionRig.Of(offer), OfferAnswer.Withdraw);
        rig.World.Clock.Now = rig.Project.StartsAt;

        await rig.DeliverAsync();

        Assert.Single(await rig.OffersAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Places_flow_to_the_other_pool_only_where_the_project_says_so(bool mayFlow)
    {
        SelectionRig rig = new(overseas: 2, local: 1, economies: 3, each: 1, settings: new ProjectSettings { LocalMayFlowToOverseas = mayFlow });
        rig.World.Nominations.Add(1, "zz-extra");
        await rig.OfferAsync();
        OfferRecord local = (await rig.OffersAsync()).Single(record => record.Offer.Pool == Pool.Local);

        await rig.AnswerAsync(SelectionRig.Of(local), OfferAnswer.Decline);
        await rig.DeliverAsync();

        Assert.Equal(mayFlow ? 4 : 3, (await rig.OffersAsync()).Count);
        await rig.AssertSoundAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_call_a_repeat_of_the_message_fills_the_place_once(bool afterEffect)
    {
        for (int at = 1; ; at++)
        {
            SelectionRig rig = new(overseas: 2, local: 0, economies: 3, each: 2);
            await rig.OfferAsync();
            OfferRecord first = (await rig.OffersAsync())[0];
            await rig.AnswerAsync(SelectionRig.Of(first), OfferAnswer.Decline);
            PlaceFreed freed = new(rig.Project.Code.ToString(), first.Offer.Place.ToString(), first.Economy, first.Offer.Pool);
            CrashPoints points = new(at, afterEffect);
            try
            {
                await rig.Over(points).Promote.RunAsync(freed, default);
            }
            catch (CrashException)
            {
                // As wanted.
            }

            await rig.Whole.Promote.RunAsync(freed, default);

            Assert.Equal(3, (await rig.OffersAsync()).Count);
            await rig.AssertSoundAsync();
            if (!points.HasCrashed)
            {
                Assert.True(at > 3, "The crash points were never reached.");
                return;
            }
        }
    }
}
