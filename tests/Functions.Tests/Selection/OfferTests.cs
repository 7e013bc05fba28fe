using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Selection;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Functions.Tests.Selection;

public sealed class OfferTests
{
    [Fact]
    public async Task Where_working_days_count_an_offer_ends_in_the_nominees_own_week_and_the_draft_of_its_notice_says_so()
    {
        SelectionRig rig = new(settings: new ProjectSettings { OfferStands = TimeSpan.FromDays(1), OffersCountWorkingDays = true });
        rig.World.Registry.Weekend("bangladesh", DayOfWeek.Friday, DayOfWeek.Saturday);
        rig.World.Registry.Weekend("vietnam", DayOfWeek.Saturday, DayOfWeek.Sunday);

        // Thursday, 17:00 in Dhaka and 18:00 in Hanoi.
        rig.World.Clock.Now = new DateTimeOffset(2023, 8, 3, 11, 0, 0, TimeSpan.Zero);
        await rig.ApproveAsync();
        SelectionNotices drafts = Assert.IsType<SelectionNotices>(await rig.Whole.Notices.RunAsync(rig.Project.Code, rig.World.Clock.Now, default));
        await rig.OfferAsync();

        foreach ((string candidate, int day, string zone) in ((string, int, string)[])[("bangladesh/bangladesh01", 6, "Asia/Dhaka"), ("vietnam/vietnam01", 4, "Asia/Ho_Chi_Minh")])
        {
            OfferRecord offer = await rig.OfferOfAsync(candidate);
            Assert.Equal(new DateTimeOffset(2023, 8, day, 11, 0, 0, TimeSpan.Zero), offer.Offer.ExpiresAt);
            Assert.Contains(
                ProjectCalendar.LastMoment(offer.Offer.ExpiresAt, zone),
                drafts.Offers.Single(draft => draft.ToAddress == $"{offer.NominationId}@example.org").Body.Text,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Everybody_selected_is_offered_the_place_and_told_and_every_economy_learns_the_result()
    {
        SelectionRig rig = new();

        SelectionRecord approved = await rig.OfferAsync();

        IReadOnlyList<OfferRecord> offers = await rig.OffersAsync();
        Assert.Equal(42, offers.Count);
        await rig.AssertSoundAsync();
        MailOwed[] made = [.. (await rig.World.OwedInAsync(SelectionTable.Name)).Where(owed => owed.Queue == Queues.SendMail).Select(owed => Envelope.Read<MailOwed>(owed.Body))];
        Assert.Equal(offers.Select(SelectionRig.Of).Order(StringComparer.Ordinal), made.Select(mail => mail.Subject).Order(StringComparer.Ordinal));
        MailOwed[] results = [.. rig.World.Sent<MailOwed>(Queues.SendMail)];
        Assert.Equal(20, results.Length);
        Assert.All(results, mail => Assert.Equal((SelectionMails.Result, $"officer:{mail.Subject}", approved.Digest), (mail.Kind, mail.Person, mail.Version)));
    }

    [Fact]
    public async Task Offers_are_made_side_by_side_so_that_no_place_waits_for_another()
    {
        SelectionRig rig = new();
        SelectionRecord approved = await rig.ApproveAsync();
        Meeting meeting = new(rig.World.Tables, SelectionTable.Name, guests: 10);

        await new SelectionRig.Running(rig.World, meeting, rig.World.Bus).MakeOffers.RunAsync(new SelectionApproved(rig.Project.Code.ToString(), approved.Digest), default);

        Assert.Equal(42, (await rig.OffersAsync()).Count);
        await rig.AssertSoundAsync();
    }

    [Fact]
    public async Task Making_offers_again_changes_no_offer_and_owes_no_mail_anew()
    {
        SelectionRig rig = new();
        SelectionRecord approved = await rig.OfferAsync();
        int rows = (await rig.World.RowsAsync(SelectionTable.Name)).Count;
        string[] mails = [.. rig.World.Bus.Ids(Queues.SendMail)];

        rig.World.Clock.Advance(TimeSpan.FromHours(1));
        await rig.Whole.MakeOffers.RunAsync(new SelectionApproved(rig.Project.Code.ToString(), approved.Digest), default);

        Assert.Equal(rows, (await rig.World.RowsAsync(SelectionTable.Name)).Count);
        Assert.Equal(mails.Order(StringComparer.Ordinal), rig.World.Bus.Ids(Queues.SendMail).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_offer_owes_its_expiry_and_the_reminders_still_to_come_to_the_agenda()
    {
        SelectionRig rig = new(overseas: 1, local: 0, economies: 2, each: 1);
        await rig.OfferAsync();

        await rig.World.RelayAsync(SelectionTable.Name);

        OfferRecord offer = Assert.Single(await rig.OffersAsync());
        Owed[] waiting = [.. (await rig.World.RowsAsync(AgendaTable.Name)).Select(AgendaTable.FromRow)];
        Assert.Equal(
            [(Queues.SendReminder, offer.Offer.ExpiresAt.AddDays(-2)), (Queues.SendReminder, offer.Offer.ExpiresAt.AddDays(-1)), (Queues.ExpireOffer, offer.Offer.ExpiresAt)],
            waiting.Select(owed => (owed.Queue, owed.DueAt!.Value)));
    }

    [Fact]
    public async Task An_offer_never_stands_beyond_the_start()
    {
        SelectionRig rig = new(settings: new ProjectSettings { OfferStands = TimeSpan.FromDays(60) });
        await rig.OfferAsync();

        Assert.All(await rig.OffersAsync(), record => Assert.Equal(rig.Project.StartsAt, record.Offer.ExpiresAt));
    }

    [Theory]
    [InlineData(ProjectState.Cancelled, -1)]
    [InlineData(ProjectState.Circulated, 0)]
    public async Task A_cancelled_project_or_one_that_has_begun_makes_no_offers(ProjectState state, int ticksAfterStart)
    {
        SelectionRig rig = new();
        SelectionRecord approved = await rig.ApproveAsync();
        rig.World.Projects.Add(rig.Project with { State = state });
        rig.World.Clock.Now = rig.Project.StartsAt.AddTicks(ticksAfterStart);

        await rig.Whole.MakeOffers.RunAsync(new SelectionApproved(rig.Project.Code.ToString(), approved.Digest), default);

        Assert.Empty(await rig.OffersAsync());
    }

    [Theory]
    [InlineData(OfferAnswer.Accept, OfferState.Accepted)]
    [InlineData(OfferAnswer.Decline, OfferState.Declined)]
    public async Task An_answer_settles_the_offer_and_officer_and_nominee_are_told(OfferAnswer answer, OfferState expected)
    {
        SelectionRig rig = new();
        await rig.OfferAsync();
        await rig.World.RelayAsync(SelectionTable.Name);
        OfferRecord offer = (await rig.OffersAsync())[0];

        Assert.True((await rig.AnswerAsync(SelectionRig.Of(offer), answer)).TryGet(out OfferRecord? after));

        Assert.Equal(expected, after.Offer.State);
        Assert.Equal(expected, (await rig.OfferOfAsync(SelectionRig.Of(offer))).Offer.State);
        MailOwed[] told = [.. (await rig.World.OwedInAsync(SelectionTable.Name)).Where(owed => owed.Queue == Queues.SendMail).Select(owed => Envelope.Read<MailOwed>(owed.Body))];
        Assert.Equal(
            [$"nominee:{SelectionRig.Of(offer)} offer-receipt", $"officer:{offer.Economy} offer-answered"],
            told.Select(mail => $"{mail.Person} {mail.Kind}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_same_answer_twice_is_one_answer()
    {
        SelectionRig rig = new();
        await rig.OfferAsync();
        string candidate = SelectionRig.Of((await rig.OffersAsync())[0]);
        await rig.AnswerAsync(candidate, OfferAnswer.Decline);
        int rows = (await rig.World.RowsAsync(SelectionTable.Name)).Count;

        Outcome<OfferRecord> again = await rig.AnswerAsync(candidate, OfferAnswer.Decline);

        Assert.False(again.IsRefused);
        Assert.Equal(rows, (await rig.World.RowsAsync(SelectionTable.Name)).Count);
    }

    [Theory]
    [InlineData(OfferAnswer.Accept, OfferAnswer.Decline)]
    [InlineData(OfferAnswer.Decline, OfferAnswer.Accept)]
    [InlineData(OfferAnswer.Decline, OfferAnswer.Withdraw)]
    public async Task Of_two_different_answers_the_first_counts(OfferAnswer first, OfferAnswer second)
    {
        SelectionRig rig = new();
        await rig.OfferAsync();
        string candidate = SelectionRig.Of((await rig.OffersAsync())[0]);
        await rig.AnswerAsync(candidate, first);
        OfferState state = (await rig.OfferOfAsync(candidate)).Offer.State;

        Assert.True((await rig.AnswerAsync(candidate, second)).IsRefused);

        Assert.Equal(state, (await rig.OfferOfAsync(candidate)).Offer.State);
    }

    [Fact]
    public async Task An_accepted_place_can_be_given_back_and_goes_to_the_next()
    {
        SelectionRig rig = new(overseas: 2, local: 0, economies: 3, each: 2);
        await rig.OfferAsync();
        OfferRecord offer = (await rig.OffersAsync())[0];
        await rig.AnswerAsync(SelectionRig.Of(offer), OfferAnswer.Accept);

        Assert.False((await rig.AnswerAsync(SelectionRig.Of(offer), OfferAnswer.Withdraw)).IsRefused);
        await rig.DeliverAsync();

        OfferRecord successor = Assert.Single(await rig.OffersAsync(), record => record.Offer.HoldsPlace && record.Offer.Place == offer.Offer.Place);
        Assert.Equal(offer.Economy, successor.Economy);
        await rig.AssertSoundAsync();
    }

    [Fact]
    public async Task The_last_tick_before_expiry_is_in_time_and_the_instant_of_expiry_is_not()
    {
        SelectionRig rig = new();
        await rig.OfferAsync();
        OfferRecord[] offers = [.. (await rig.OffersAsync()).Take(2)];
        rig.World.Clock.Now = offers[0].Offer.ExpiresAt.AddTicks(-1);
        Assert.False((await rig.AnswerAsync(SelectionRig.Of(offers[0]), OfferAnswer.Accept)).IsRefused);

        rig.World.Clock.Advance(TimeSpan.FromTicks(1));
        Outcome<OfferRecord> late = await rig.AnswerAsync(SelectionRig.Of(offers[1]), OfferAnswer.Accept);

        Assert.Equal("offer-expired", Assert.Single(late.Refusals).Code);
        Assert.Equal(OfferState.Made, (await rig.OfferOfAsync(SelectionRig.Of(offers[1]))).Offer.State);
    }

    [Fact]
    public async Task An_offer_nobody_made_is_not_found()
    {
        SelectionRig rig = new();
        await rig.OfferAsync();

        Assert.Equal("offer-not-found", Assert.Single((await rig.AnswerAsync("fiji/nobody", OfferAnswer.Accept)).Refusals).Code);
    }

    [Fact]
    public async Task Two_answers_at_once_leave_one_answer_and_a_sound_table()
    {
        SelectionRig rig = new();
        await rig.OfferAsync();
        string[] candidates = [.. (await rig.OffersAsync()).Select(SelectionRig.Of)];

        await Task.WhenAll(candidates.SelectMany(candidate => new[] { OfferAnswer.Accept, OfferAnswer.Decline, OfferAnswer.Accept }
            .Select(answer => Task.Run(() => rig.AnswerAsync(candidate, answer)))));

        Assert.All(await rig.OffersAsync(), record => Assert.Contains(record.Offer.State, new[] { OfferState.Accepted, OfferState.Declined }));
        await rig.AssertSoundAsync();
    }

    [Fact]
    public async Task An_offer_that_ran_out_is_settled_both_are_told_and_the_place_goes_on()
    {
        SelectionRig rig = new(overseas: 1, local: 0, economies: 2, each: 2);
        await rig.OfferAsync();
        await rig.World.RelayAsync(SelectionTable.Name);
        OfferRecord offer = Assert.Single(await rig.OffersAsync());
        OfferDue due = DueOf(rig, offer);
        rig.World.Clock.Now = offer.Offer.ExpiresAt;

        await rig.Whole.Expire.RunAsync(due, default);
        await rig.Whole.Expire.RunAsync(due, default);
        await rig.DeliverAsync();

        Assert.Equal(OfferState.Expired, (await rig.OfferOfAsync(due.Candidate)).Offer.State);
        Assert.Equal(2, (await rig.OffersAsync()).Count);
        Assert.Equal(2, rig.World.Sent<MailOwed>(Queues.SendMail).Where(mail => mail.Version == "1-Expired").DistinctBy(mail => mail.Id).Count());
        await rig.AssertSoundAsync();
    }

    [Theory]
    [InlineData(OfferAnswer.Accept)]
    [InlineData(OfferAnswer.Decline)]
    public async Task The_expiry_of_an_answered_offer_is_void(OfferAnswer answer)
    {
        SelectionRig rig = new();
        await rig.OfferAsync();
        OfferRecord offer = (await rig.OffersAsync())[0];
        Assert.True((await rig.AnswerAsync(SelectionRig.Of(offer), answer)).TryGet(out OfferRecord? answered));
        rig.World.Clock.Now = offer.Offer.ExpiresAt;

        await rig.Whole.Expire.RunAsync(DueOf(rig, offer), default);

        Assert.Equal(answered, await rig.OfferOfAsync(SelectionRig.Of(offer)));
    }

    [Fact]
    public async Task An_expiry_announced_by_a_clock_ahead_of_ours_waits_until_it_is_true_here()
    {
        SelectionRig rig = new();
        await rig.OfferAsync();
        OfferRecord offer = (await rig.OffersAsync())[0];
        rig.World.Clock.Now = offer.Offer.ExpiresAt.AddTicks(-1);

        Task expiring = rig.Whole.Expire.RunAsync(DueOf(rig, offer), default);
        Assert.Equal(OfferState.Made, (await rig.OfferOfAsync(SelectionRig.Of(offer))).Offer.State);
        rig.World.Clock.Advance(TimeSpan.FromTicks(1));
        await expiring;

        Assert.Equal(OfferState.Expired, (await rig.OfferOfAsync(SelectionRig.Of(offer))).Offer.State);
    }

    [Fact]
    public async Task An_expiry_of_another_instant_or_number_is_void()
    {
        SelectionRig rig = new();
        await rig.OfferAsync();
        OfferRecord offer = (await rig.OffersAsync())[0];
        rig.World.Clock.Now = offer.Offer.ExpiresAt;

        await rig.Whole.Expire.RunAsync(DueOf(rig, offer) with { Number = 2 }, default);
        await rig.Whole.Expire.RunAsync(DueOf(rig, offer) with { ExpiresTicks = offer.Offer.ExpiresAt.UtcTicks - 1 }, default);
        await rig.Whole.Expire.RunAsync(DueOf(rig, offer) with { Candidate = "fiji/nobody" }, default);

        Assert.Equal(OfferState.Made, (await rig.OfferOfAsync(SelectionRig.Of(offer))).Offer.State);
    }

    [Fact]
    public async Task Whoever_has_not_answered_is_reminded_and_nobody_else()
    {
        SelectionRig rig = new();
        await rig.OfferAsync();
        OfferRecord[] offers = [.. (await rig.OffersAsync()).Take(3)];
        await rig.AnswerAsync(SelectionRig.Of(offers[1]), OfferAnswer.Accept);
        await rig.AnswerAsync(SelectionRig.Of(offers[2]), OfferAnswer.Decline);
        rig.World.Clock.Now = offers[0].Offer.ExpiresAt.AddDays(-1);

        Reminding[] remindings = await Task.WhenAll(offers.Select(offer => rig.Whole.OfferReminders.WhoStillOwesAsync(StepOf(rig, offer), rig.World.Clock.Now, default)));

        Assert.Equal([$"nominee:{SelectionRig.Of(offers[0])}"], remindings.SelectMany(reminding => reminding.Mails).Select(mail => mail.Person));
        Assert.All(remindings, reminding => Assert.Null(reminding.Skipped));
    }

    [Fact]
    public async Task A_reminder_of_a_moved_expiry_or_after_it_is_skipped()
    {
        SelectionRig rig = new();
        await rig.OfferAsync();
        OfferRecord offer = (await rig.OffersAsync())[0];
        ReminderDue step = StepOf(rig, offer);

        Assert.Equal("anchor-moved", (await rig.Whole.OfferReminders.WhoStillOwesAsync(step with { AnchorTicks = step.AnchorTicks + 1 }, rig.World.Clock.Now, default)).Skipped);
        Assert.Equal("too-late", (await rig.Whole.OfferReminders.WhoStillOwesAsync(step, offer.Offer.ExpiresAt, default)).Skipped);
        Assert.Equal("anchor-moved", (await rig.Whole.OfferReminders.WhoStillOwesAsync(step with { Subject = "fiji/nobody" }, rig.World.Clock.Now, default)).Skipped);
    }

    [Fact]
    public async Task Participants_are_reminded_of_the_start_until_it_has_come_or_moved()
    {
        SelectionRig rig = new();
        await rig.OfferAsync();
        OfferRecord[] offers = [.. (await rig.OffersAsync()).Take(3)];
        await rig.AnswerAsync(SelectionRig.Of(offers[0]), OfferAnswer.Accept);
        await rig.AnswerAsync(SelectionRig.Of(offers[1]), OfferAnswer.Accept);
        await rig.AnswerAsync(SelectionRig.Of(offers[1]), OfferAnswer.Withdraw);
        StartReminders reminders = new(rig.World.Projects, rig.Whole.Read);
        ReminderDue step = new(rig.Project.Code.ToString(), Ladders.Start, "", -1, rig.Project.StartsAt.UtcTicks);

        Reminding reminding = await reminders.WhoStillOwesAsync(step, step.DueAt(), default);

        Assert.Equal([$"nominee:{SelectionRig.Of(offers[0])}"], reminding.Mails.Select(mail => mail.Person));
        Assert.Equal("too-late", (await reminders.WhoStillOwesAsync(step, rig.Project.StartsAt, default)).Skipped);
        Assert.Equal("anchor-moved", (await reminders.WhoStillOwesAsync(step with { AnchorTicks = 1 }, step.DueAt(), default)).Skipped);
    }

    [Fact]
    public async Task When_the_start_moves_by_79_days_reminders_not_yet_sent_move_and_those_sent_stay()
    {
        SelectionRig rig = new();
        await rig.OfferAsync();
        OfferRecord first = (await rig.OffersAsync())[0];
        await rig.AnswerAsync(SelectionRig.Of(first), OfferAnswer.Accept);
        StartReminders reminders = new(rig.World.Projects, rig.Whole.Read);
        DateTimeOffset planned = rig.World.Clock.Now;
        ReminderDue[] before = Plan(rig.Project, planned);
        MailOwed sent = Assert.Single((await reminders.WhoStillOwesAsync(before[0], before[0].DueAt(), default)).Mails);

        Project moved = rig.Project with
        {
            Version = 2,
            Sessions = [.. rig.Project.Sessions.Select(session => session with { StartsAt = session.StartsAt.AddDays(79), EndsAt = session.EndsAt.AddDays(79) })],
        };
        rig.World.Projects[moved.Code] = moved;
        ReminderDue[] after = Plan(moved, before[0].DueAt().AddHours(1));

        Assert.Equal("anchor-moved", (await reminders.WhoStillOwesAsync(before[1], before[1].DueAt(), default)).Skipped);
        Assert.Equal([moved.StartsAt.AddDays(-7), moved.StartsAt.AddDays(-1)], after.Select(step => step.DueAt()));
        MailOwed again = Assert.Single((await reminders.WhoStillOwesAsync(after[0], after[0].DueAt(), default)).Mails);
        Assert.NotEqual(sent.Id, again.Id);
        Assert.Equal(sent.Person, again.Person);

        static ReminderDue[] Plan(Project project, DateTimeOffset now) => [.. ReminderDue
            .Plan(project.Code.ToString(), Ladders.Start, "", project.Settings.StartReminderDays, project.StartsAt, now)
            .Select(owed => Envelope.Read<ReminderDue>(owed.Body))];
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_call_while_making_offers_a_repeat_makes_good_what_is_missing(bool afterEffect)
    {
        for (int at = 1; ; at++)
        {
            SelectionRig rig = new(overseas: 4, local: 2, economies: 4, each: 3);
            SelectionRecord approved = await rig.ApproveAsync();
            SelectionApproved message = new(rig.Project.Code.ToString(), approved.Digest);
            CrashPoints points = new(at, afterEffect);
            await DieAsync(() => rig.Over(points).MakeOffers.RunAsync(message, default));

            await rig.AssertSoundAsync();
            await rig.Whole.MakeOffers.RunAsync(message, default);
            await rig.DeliverAsync();

            Assert.Equal(6, (await rig.OffersAsync()).Count);
            await rig.AssertSoundAsync();
            Assert.Equal(6, rig.World.Sent<MailOwed>(Queues.SendMail).Where(mail => mail.Kind == SelectionMails.OfferMade).DistinctBy(mail => mail.Id).Count());
            Assert.Equal(4, rig.World.Sent<MailOwed>(Queues.SendMail).Where(mail => mail.Kind == SelectionMails.Result).DistinctBy(mail => mail.Id).Count());
            Assert.Equal(6, (await rig.World.RowsAsync(AgendaTable.Name)).Count(row => row.Text("Queue") == Queues.ExpireOffer));
            if (!points.HasCrashed)
            {
                Assert.True(at > 10, "The crash points were never reached.");
                return;
            }
        }
    }

    [Theory]
    [InlineData(false, OfferAnswer.Accept)]
    [InlineData(true, OfferAnswer.Accept)]
    [InlineData(false, OfferAnswer.Decline)]
    [InlineData(true, OfferAnswer.Decline)]
    public async Task Killed_at_any_call_while_answering_a_repeat_ends_with_one_answer(bool afterEffect, OfferAnswer answer)
    {
        for (int at = 1; ; at++)
        {
            SelectionRig rig = new(overseas: 2, local: 0, economies: 3, each: 2);
            await rig.OfferAsync();
            await rig.DeliverAsync();
            OfferRecord offer = (await rig.OffersAsync())[0];
            CrashPoints points = new(at, afterEffect);
            SelectionRig.Running dying = rig.Over(points);
            await DieAsync(() => dying.Answer.RunAsync(rig.Project.Code, SelectionRig.Of(offer), answer, rig.World.Clock.Now, default));
            await rig.AssertSoundAsync();

            Assert.False((await rig.AnswerAsync(SelectionRig.Of(offer), answer)).IsRefused);
            await rig.DeliverAsync();

            Assert.Equal(answer == OfferAnswer.Accept ? OfferState.Accepted : OfferState.Declined, (await rig.OfferOfAsync(SelectionRig.Of(offer))).Offer.State);
            Assert.Equal(answer == OfferAnswer.Accept ? 2 : 3, (await rig.OffersAsync()).Count);
            Assert.Equal(2, (await rig.OffersAsync()).Count(record => record.Offer.HoldsPlace));
            Assert.Equal(2, rig.World.Sent<MailOwed>(Queues.SendMail).Where(mail => mail.Kind is SelectionMails.OfferReceipt or SelectionMails.OfferAnswered).DistinctBy(mail => mail.Id).Count());
            await rig.AssertSoundAsync();
            if (!points.HasCrashed)
            {
                Assert.True(at > 2, "The crash points were never reached.");
                return;
            }
        }
    }

    private static OfferDue DueOf(SelectionRig rig, OfferRecord offer) =>
        new(rig.Project.Code.ToString(), SelectionRig.Of(offer), offer.Number, offer.Offer.ExpiresAt.UtcTicks);

    private static ReminderDue StepOf(SelectionRig rig, OfferRecord offer) =>
        new(rig.Project.Code.ToString(), Ladders.Offer, SelectionRig.Of(offer), -1, offer.Offer.ExpiresAt.UtcTicks);

    private static async Task DieAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (CrashException)
        {
            // As wanted.
        }
    }

    /// <summary>Lets nobody commit to one table before so many are there to.</summary>
    private sealed class Meeting(ITables inner, string table, int guests) : ITables
    {
        private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly int expected = guests;
        private int present;

        public ITable Get(string name) => name == table ? new Room(this, inner.Get(name)) : inner.Get(name);

        public Task CreateAsync(IEnumerable<string> names, CancellationToken cancellation) => inner.CreateAsync(names, cancellation);

        private sealed class Room(Meeting meeting, ITable inner) : ITable
        {
            public string Name => inner.Name;

            public Task<Row?> FindAsync(RowKey key, CancellationToken cancellation) => inner.FindAsync(key, cancellation);

            public IAsyncEnumerable<Row> ListAsync(string partition, KeyRange rows, CancellationToken cancellation, int pageSize = 1000) =>
                inner.ListAsync(partition, rows, cancellation, pageSize);

            public IAsyncEnumerable<Row> ListPartitionsAsync(KeyRange partitions, KeyRange rows, CancellationToken cancellation) =>
                inner.ListPartitionsAsync(partitions, rows, cancellation);

            public IAsyncEnumerable<Row> ScanAllAsync(CancellationToken cancellation) => inner.ScanAllAsync(cancellation);

            public async Task<CommitResult> CommitAsync(Batch batch, CancellationToken cancellation)
            {
                if (Interlocked.Increment(ref meeting.present) == meeting.expected)
                {
                    meeting.all.SetResult();
                }

                await meeting.all.Task.WaitAsync(TimeSpan.FromSeconds(10), cancellation);
                return await inner.CommitAsync(batch, cancellation);
            }
        }
    }
}
