using Plenary.Domain;
using Plenary.Nominations;
using Plenary.Selection;
using Plenary.Shared;

namespace Plenary.Functions.Tests.Selection;

/// <summary>What becomes of a place that a participant gave back while economies may name replacements until 10 August.</summary>
public sealed class FillPlaceTests
{
    [Fact]
    public async Task An_alternate_of_the_same_economy_comes_first()
    {
        SelectionRig rig = await OfferAsync(each: 2);
        OfferRecord former = await WithdrawAsync(rig);

        OfferRecord next = (await rig.OffersAsync()).Single(record => record.Offer.State == OfferState.Made && record.Offer.Place == former.Offer.Place);
        Assert.Equal(former.Economy, next.Economy);
        Assert.Empty(rig.World.Sent<VacancyToOpen>(Queues.OpenVacancy));
    }

    [Fact]
    public async Task Without_one_the_place_is_kept_for_the_economy_and_goes_to_whom_it_names_once()
    {
        SelectionRig rig = await OfferAsync(each: 1);
        OfferRecord former = await WithdrawAsync(rig);
        VacancyToOpen vacancy = Assert.Single(rig.World.Sent<VacancyToOpen>(Queues.OpenVacancy));
        Assert.Equal((former.Economy, former.NominationId, former.Offer.Place.ToString(), former.Offer.Pool), (vacancy.Economy, vacancy.Former, vacancy.Place, vacancy.Pool));
        Assert.DoesNotContain(await rig.OffersAsync(), record => record.Offer.State == OfferState.Made && record.Offer.Place == former.Offer.Place);
        rig.World.Nominations.Add(2, former.Economy);
        string named = $"{former.Economy.Replace("-", "", StringComparison.Ordinal)}02";

        await FillAsync(rig, former, named);
        await FillAsync(rig, former, named);
        await FillAsync(rig, former, null);
        await rig.DeliverAsync();

        OfferRecord offer = await rig.OfferOfAsync(CandidateId.Of(former.Economy, named));
        Assert.Equal((OfferState.Made, former.Offer.Place, former.Offer.Pool), (offer.Offer.State, offer.Offer.Place, offer.Offer.Pool));
        await rig.AssertSoundAsync(isSettled: false);
    }

    [Fact]
    public async Task Naming_nobody_gives_it_to_the_pools_next_alternate_once()
    {
        SelectionRig rig = await OfferAsync(each: 1);
        OfferRecord former = await WithdrawAsync(rig);

        await FillAsync(rig, former, null);
        await FillAsync(rig, former, null);
        await rig.DeliverAsync();

        OfferRecord next = (await rig.OffersAsync()).Single(record => record.Offer.State == OfferState.Made && record.Offer.Place == former.Offer.Place);
        Assert.NotEqual(former.Economy, next.Economy);
        await rig.AssertSoundAsync();
    }

    [Fact]
    public async Task After_the_date_and_for_places_that_were_never_taken_the_pool_follows_at_once()
    {
        SelectionRig rig = await OfferAsync(each: 1);
        OfferRecord declined = (await rig.OffersAsync())[1];
        await rig.AnswerAsync(SelectionRig.Of(declined), OfferAnswer.Decline);
        await rig.DeliverAsync();
        rig.World.Clock.Now = new DateTimeOffset(2023, 8, 10, 15, 0, 0, TimeSpan.Zero);
        await WithdrawAsync(rig);

        Assert.Empty(rig.World.Sent<VacancyToOpen>(Queues.OpenVacancy));
        await rig.AssertSoundAsync();
    }

    /// <summary>Two overseas places for five economies; the first is accepted.</summary>
    private static async Task<SelectionRig> OfferAsync(int each)
    {
        SelectionRig rig = new(overseas: 2, local: 0, economies: 6, each: each, settings: new ProjectSettings { ReplacementsUntil = new DateOnly(2023, 8, 10) });
        await rig.OfferAsync();
        await rig.AnswerAsync(SelectionRig.Of((await rig.OffersAsync())[0]), OfferAnswer.Accept);
        return rig;
    }

    private static async Task<OfferRecord> WithdrawAsync(SelectionRig rig)
    {
        OfferRecord former = (await rig.OffersAsync()).First(record => record.Offer.State == OfferState.Accepted);
        await rig.AnswerAsync(SelectionRig.Of(former), OfferAnswer.Withdraw);
        await rig.DeliverAsync();
        return former;
    }

    private static Task FillAsync(SelectionRig rig, OfferRecord former, string? named) =>
        rig.Whole.Fill.RunAsync(new PlaceToFill(rig.Project.Code.ToString(), former.Offer.Place.ToString(), former.Economy, former.NominationId, named), default);
}
