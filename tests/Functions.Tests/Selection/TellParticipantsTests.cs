using Plenary.Domain;
using Plenary.Mail;
using Plenary.Notifications;
using Plenary.Selection;
using Plenary.Shared;

namespace Plenary.Functions.Tests.Selection;

public sealed class TellParticipantsTests
{
    private readonly SelectionRig rig = new(overseas: 4, local: 0, economies: 5, each: 2);

    [Fact]
    public async Task A_postponement_tells_who_accepted_and_whose_offer_is_open_and_nobody_else_however_often_it_is_told()
    {
        IReadOnlyList<OfferRecord> offers = await AnsweredAsync();
        Revise(project => project with { CalendarSequence = 1, Sessions = [.. project.Sessions.Select(session => session with { StartsAt = session.StartsAt.AddDays(30), EndsAt = session.EndsAt.AddDays(30) })] });

        await TellAsync(offers);
        await TellAsync(offers);

        Assert.Equal(
            [(SelectionMails.OfferChanged, 2), (SelectionMails.ParticipationChanged, 1)],
            (await MailsAsync()).CountBy(mail => mail.Kind).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)));
        await rig.AssertSoundAsync(isSettled: false);
    }

    [Fact]
    public async Task An_earlier_start_shortens_open_offers_once_and_they_run_out_with_it()
    {
        IReadOnlyList<OfferRecord> offers = await AnsweredAsync();
        DateTimeOffset start = rig.World.Clock.Now.AddDays(2);
        Revise(project => project with { CalendarSequence = 1, Sessions = [new ProjectSession(1, "Day 1", start, start.AddHours(8))] });

        await TellAsync(offers);
        await TellAsync(offers);

        OfferRecord[] open = [.. (await rig.OffersAsync()).Where(record => record.Offer.State == OfferState.Made)];
        Assert.All(open, record => Assert.Equal(start, record.Offer.ExpiresAt));
        await rig.World.RelayAsync(SelectionTable.Name);
        rig.World.Clock.Now = start;
        foreach (OfferRecord record in open)
        {
            string candidate = SelectionRig.Of(record);
            await rig.Whole.Expire.RunAsync(new OfferDue(rig.Project.Code.ToString(), candidate, record.Number, start.UtcTicks), default);
            Assert.Equal(OfferState.Expired, (await rig.OfferOfAsync(candidate)).Offer.State);
        }
    }

    [Fact]
    public async Task Cancelling_voids_every_open_offer_frees_its_place_and_promotes_nobody()
    {
        IReadOnlyList<OfferRecord> offers = await AnsweredAsync();
        Revise(project => project with { CalendarSequence = 1, State = ProjectState.Cancelled });

        await TellAsync(offers);
        await rig.DeliverAsync();
        await TellAsync(offers);

        IReadOnlyList<OfferRecord> after = await rig.OffersAsync();
        Assert.Equal(offers.Count, after.Count);
        Assert.Equal([OfferState.Accepted, OfferState.Declined, OfferState.Voided, OfferState.Voided], after.Select(record => record.Offer.State).Order());
        Assert.Equal(
            [(SelectionMails.OfferVoided, 2), (SelectionMails.ParticipationCancelled, 1)],
            (await MailsAsync()).CountBy(mail => mail.Kind).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)));
        await rig.AssertSoundAsync(isSettled: false);
        Assert.Equal("offer-voided-already", Assert.Single((await rig.AnswerAsync(SelectionRig.Of(after.First(record => record.Offer.State == OfferState.Voided)), OfferAnswer.Accept)).Refusals).Code);
    }

    /// <summary>Of four offers one is accepted, one declined (with nobody promoted yet) and two are open.</summary>
    private async Task<IReadOnlyList<OfferRecord>> AnsweredAsync()
    {
        await rig.OfferAsync();
        IReadOnlyList<OfferRecord> offers = await rig.OffersAsync();
        await rig.AnswerAsync(SelectionRig.Of(offers[0]), OfferAnswer.Accept);
        await rig.AnswerAsync(SelectionRig.Of(offers[1]), OfferAnswer.Decline);
        return offers;
    }

    private void Revise(Func<Project, Project> change) => rig.World.Projects.Add(change(rig.Project) with { Version = 2 });

    private Task TellAsync(IReadOnlyList<OfferRecord> offers) =>
        rig.Whole.Tell.RunAsync(new ProjectRevised(rig.Project.Code.ToString(), 2, [.. offers.Select(SelectionRig.Of)]), default);

    /// <summary>What would leave of the mails a revision owes, each once.</summary>
    private async Task<IReadOnlyList<MailOwed>> MailsAsync()
    {
        await rig.World.RelayAsync(SelectionTable.Name);
        return [.. rig.World.Sent<MailOwed>(Queues.SendMail)
            .Where(mail => mail.Kind is SelectionMails.OfferChanged or SelectionMails.ParticipationChanged or SelectionMails.OfferVoided or SelectionMails.ParticipationCancelled)
            .DistinctBy(mail => mail.Id)];
    }
}
