using Plenary.Access;
using Plenary.Domain;
using Plenary.Mail;
using Plenary.Selection;

namespace Plenary.Functions.Tests.Selection;

public sealed class SelectionMailsTests
{
    private readonly SelectionRig rig = new();

    private SelectionMails Mails => new(rig.World.Projects, rig.World.Nominations, rig.Whole.Table, rig.World.Registry, new Links(rig.World.Tables, World.Access()), World.Access(), World.Organisation);

    [Fact]
    public async Task An_offer_is_written_to_the_nominee_alone_with_a_link_of_its_own_and_the_last_moment_in_the_nominees_zone()
    {
        await rig.OfferAsync();
        OfferRecord offer = (await rig.OffersAsync())[0];

        MailDraft draft = Assert.IsType<MailDraft>((await ComposeAsync(SelectionMails.OfferMade, offer)).Draft);

        Assert.Equal($"{offer.NominationId}@example.org", draft.ToAddress);
        string zone = rig.World.Registry.Entries.Single(entry => entry.Economy.Id == offer.Economy).Economy.Zone;
        Assert.Contains(ProjectCalendar.LastMoment(offer.Offer.ExpiresAt, zone), draft.Body.Text, StringComparison.Ordinal);
        string token = draft.Body.Text.Split("https://plenary.example.org/l/")[1].Split('\n')[0];
        Link link = Assert.IsType<Link>(await new Links(rig.World.Tables, World.Access()).FindAsync(token, default));
        Assert.Equal((LinkPurpose.Offer, SelectionRig.Of(offer), offer.Number), (link.Purpose, link.Subject, link.Generation));
    }

    [Fact]
    public async Task Whoever_has_answered_by_the_time_of_sending_is_not_written_to()
    {
        await rig.OfferAsync();
        OfferRecord offer = (await rig.OffersAsync())[0];
        await rig.AnswerAsync(SelectionRig.Of(offer), OfferAnswer.Accept);

        Assert.Equal("already-answered", (await ComposeAsync(SelectionMails.OfferMade, offer)).NotOwed);
        Assert.Equal("already-answered", (await ComposeAsync(SelectionMails.OfferReminder, offer)).NotOwed);
    }

    [Fact]
    public async Task Whoever_gave_the_place_back_is_not_reminded_of_the_start()
    {
        await rig.OfferAsync();
        OfferRecord offer = (await rig.OffersAsync())[0];
        await rig.AnswerAsync(SelectionRig.Of(offer), OfferAnswer.Accept);
        Assert.NotNull((await ComposeAsync(SelectionMails.StartReminder, offer)).Draft);

        await rig.AnswerAsync(SelectionRig.Of(offer), OfferAnswer.Withdraw);

        Assert.Equal("no-longer-coming", (await ComposeAsync(SelectionMails.StartReminder, offer)).NotOwed);
    }

    [Fact]
    public async Task The_receipt_of_an_acceptance_brings_the_sessions_as_a_calendar_and_that_of_a_refusal_does_not()
    {
        await rig.OfferAsync();
        IReadOnlyList<OfferRecord> offers = await rig.OffersAsync();
        await rig.AnswerAsync(SelectionRig.Of(offers[0]), OfferAnswer.Accept);
        await rig.AnswerAsync(SelectionRig.Of(offers[1]), OfferAnswer.Decline);

        Assert.Equal("23-IP-10-GE-WSP-A.ics", Assert.Single((await ComposeAsync(SelectionMails.OfferReceipt, offers[0])).Draft?.Attachments ?? []).FileName);
        Assert.Empty((await ComposeAsync(SelectionMails.OfferReceipt, offers[1])).Draft?.Attachments ?? []);
    }

    [Fact]
    public async Task Giving_the_place_back_takes_the_sessions_out_of_that_persons_calendar_and_of_nobody_elses()
    {
        await rig.OfferAsync();
        IReadOnlyList<OfferRecord> offers = await rig.OffersAsync();
        await rig.AnswerAsync(SelectionRig.Of(offers[0]), OfferAnswer.Accept);
        await rig.AnswerAsync(SelectionRig.Of(offers[1]), OfferAnswer.Accept);
        await rig.AnswerAsync(SelectionRig.Of(offers[1]), OfferAnswer.Withdraw);

        Infra.Mail.MailAttachment kept = Assert.Single((await ComposeAsync(SelectionMails.OfferReceipt, offers[0])).Draft?.Attachments ?? []);
        Infra.Mail.MailAttachment gone = Assert.Single((await ComposeAsync(SelectionMails.OfferReceipt, offers[1])).Draft?.Attachments ?? []);

        Assert.Equal(("text/calendar; method=PUBLISH", "text/calendar; method=CANCEL"), (kept.Type, gone.Type));
        string[] before = System.Text.Encoding.UTF8.GetString(kept.Content).Split("\r\n");
        string[] after = System.Text.Encoding.UTF8.GetString(gone.Content).Split("\r\n");
        Assert.Equal(before.Where(line => line.StartsWith("UID:", StringComparison.Ordinal)), after.Where(line => line.StartsWith("UID:", StringComparison.Ordinal)));
        Assert.Contains("METHOD:CANCEL", after);
        Assert.Contains("SEQUENCE:1", after);
        Assert.DoesNotContain("STATUS:CONFIRMED", after);
    }

    [Fact]
    public async Task The_result_tells_an_officer_of_the_economys_own_nominees_and_of_no_other()
    {
        SelectionRecord approved = await rig.OfferAsync();
        MailOwed owed = new(rig.Project.Code.ToString(), SelectionMails.Result, "officer:fiji", "fiji", approved.Digest);

        MailDraft draft = Assert.IsType<MailDraft>((await Mails.ComposeAsync(owed, rig.World.Clock.Now, default)).Draft);

        Assert.Equal("officer@fiji.example.org", draft.ToAddress);
        Assert.All(Enumerable.Range(1, 4), rank => Assert.Contains($"Person fiji{rank:D2}", draft.Body.Text, StringComparison.Ordinal));
        Assert.DoesNotContain("Person nepal", draft.Body.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_cancelled_project_nothing_is_sent()
    {
        await rig.OfferAsync();
        OfferRecord offer = (await rig.OffersAsync())[0];
        rig.World.Projects.Add(rig.Project with { State = ProjectState.Cancelled });

        Assert.Equal("project-cancelled", (await ComposeAsync(SelectionMails.OfferMade, offer)).NotOwed);
    }

    [Fact]
    public async Task Reminders_of_the_start_composed_together_say_what_each_says_alone_and_read_the_offers_once()
    {
        await rig.OfferAsync();
        IReadOnlyList<OfferRecord> offers = await rig.OffersAsync();
        await rig.AnswerAsync(SelectionRig.Of(offers[0]), OfferAnswer.Accept);
        await rig.AnswerAsync(SelectionRig.Of(offers[1]), OfferAnswer.Accept);
        await rig.AnswerAsync(SelectionRig.Of(offers[1]), OfferAnswer.Withdraw);
        await rig.AnswerAsync(SelectionRig.Of(offers[2]), OfferAnswer.Accept);
        MailOwed[] owed = [.. offers.Select(SelectionRig.Of).Append("fiji/nobody")
            .Select(candidate => new MailOwed(rig.Project.Code.ToString(), SelectionMails.StartReminder, $"nominee:{candidate}", candidate, "1-7"))];
        int before = rig.World.Tables[SelectionTable.Name].RoundTrips;

        IReadOnlyList<Composition> together = await Mails.ComposeAllAsync(owed, rig.World.Clock.Now, default);

        Assert.Equal(1, rig.World.Tables[SelectionTable.Name].RoundTrips - before);
        Assert.Equal(2, together.Count(composition => composition.Draft is not null));
        foreach ((MailOwed mail, Composition composition) in owed.Zip(together))
        {
            Composition alone = await Mails.ComposeAsync(mail, rig.World.Clock.Now, default);
            Assert.Equal((alone.NotOwed, alone.Draft?.ToAddress, alone.Draft?.Body.Text), (composition.NotOwed, composition.Draft?.ToAddress, composition.Draft?.Body.Text));
        }
    }

    private Task<Composition> ComposeAsync(string kind, OfferRecord offer)
    {
        string candidate = SelectionRig.Of(offer);
        return Mails.ComposeAsync(new MailOwed(rig.Project.Code.ToString(), kind, $"nominee:{candidate}", candidate, "1"), rig.World.Clock.Now, default);
    }
}
