using System.Text.Json;
using Plenary.Infra.Bus;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Support;

namespace Plenary.Functions.Tests.Mail;

public sealed class SendSomeMailsTests
{
    private readonly MailRig rig = new();

    [Fact]
    public async Task Ten_mails_owed_together_cost_the_ledger_one_claim_and_a_mark_each()
    {
        await rig.Send.RunAsync(MailRig.Some(10), default);

        Assert.Equal(10, rig.Provider.Accepted.Count);
        Assert.Equal(11, rig.Tables[MailTable.Name].RoundTrips);
        Assert.All(await rig.IntentsAsync(), intent => Assert.Equal((MailState.Sent, 1, false), (intent.State, intent.Attempts, intent.PossibleDuplicate)));
    }

    [Fact]
    public async Task A_message_that_comes_again_sends_nothing_again()
    {
        await rig.Send.RunAsync(MailRig.Some(10), default);
        await rig.Send.RunAsync(MailRig.Some(10), default);

        Assert.Equal(10, rig.Provider.Accepted.Count);
    }

    [Fact]
    public async Task Those_that_were_taken_up_before_are_left_out_and_the_others_leave()
    {
        await rig.Send.RunAsync(MailRig.Some(3)[1], default);

        await rig.Send.RunAsync(MailRig.Some(3), default);

        Assert.Equal(["n-1", "n-2", "n-3"], rig.Provider.Accepted.Select(mail => mail.Tags["subject"]).Order());
    }

    [Fact]
    public async Task Every_mail_is_marked_before_the_next_one_leaves()
    {
        List<int> marked = [];
        rig.Provider.During = async _ => marked.Add((await rig.IntentsAsync()).Count(intent => intent.State is MailState.Sent));

        await rig.Send.RunAsync(MailRig.Some(4), default);

        Assert.Equal([0, 1, 2, 3], marked);
    }

    [Fact]
    public async Task When_composing_fails_every_claim_is_given_back_and_the_next_delivery_sends_at_once()
    {
        rig.Composer.FailuresLeft = 1;
        await Assert.ThrowsAsync<TimeoutException>(() => rig.Send.RunAsync(MailRig.Some(5), default));
        Assert.All(await rig.IntentsAsync(), intent => Assert.Equal((MailState.Queued, 0), (intent.State, intent.Attempts)));

        await rig.Send.RunAsync(MailRig.Some(5), default);

        Assert.Equal(5, rig.Provider.Accepted.Count);
        Assert.All(await rig.IntentsAsync(), intent => Assert.False(intent.PossibleDuplicate));
    }

    [Fact]
    public async Task One_that_cannot_be_composed_keeps_none_of_the_others_back()
    {
        await rig.Send.RunAsync(MailRig.Some(3)[2], default);
        rig.Composer.FailuresLeft = 1;

        await Assert.ThrowsAsync<TimeoutException>(() => rig.Send.RunAsync(MailRig.Some(3), default));

        Assert.Equal(["n-2", "n-3"], rig.Provider.Accepted.Select(mail => mail.Tags["subject"]).Order());
    }

    [Fact]
    public async Task What_was_read_long_ago_is_read_again_before_the_next_mail_leaves()
    {
        rig.Provider.During = _ =>
        {
            // The provider is slow, and meanwhile everybody has acted.
            rig.Clock.Advance(TimeSpan.FromSeconds(15));
            rig.Composer.NotOwed = "already-answered";
            return Task.CompletedTask;
        };

        await rig.Send.RunAsync(MailRig.Some(3), default);

        Assert.Equal("n-1", Assert.Single(rig.Provider.Accepted).Tags["subject"]);
        Assert.Equal(2, (await rig.IntentsAsync()).Count(intent => intent is { State: MailState.Skipped, Code: "already-answered" }));
    }

    [Fact]
    public async Task One_that_is_put_off_is_woken_by_itself()
    {
        rig.Provider.Answers.Enqueue(FakeProvider.Later());

        await rig.Send.RunAsync(MailRig.Some(3), default);
        Assert.Equal("n-1", Assert.Single(MailsOwed.Read(Assert.Single(rig.Bus.Sent).Message.Body)).Subject);
        await rig.PumpAsync();

        Assert.Equal(3, rig.Provider.Accepted.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_call_everybody_is_written_to_and_only_the_one_in_doubt_perhaps_twice(bool afterEffect)
    {
        for (int at = 1; ; at++)
        {
            MailRig own = new();
            CrashPoints points = new(at, afterEffect);
            try
            {
                await own.SendOver(points.Around(own.Tables), points.Around(own.Bus), own.Provider).RunAsync(MailRig.Some(4), default);
            }
            catch (CrashException)
            {
                // As wanted.
            }

            // The broker brings it again at once, and what waits for the end of a doubt wakes it.
            await own.Send.RunAsync(MailRig.Some(4), default);
            await own.PumpAsync();

            IEnumerable<IGrouping<string, string>> copies = own.Provider.Accepted.Select(mail => mail.Tags["subject"]).GroupBy(subject => subject);
            Assert.Equal(4, copies.Count());
            Assert.True(copies.Count(some => some.Count() > 1) <= 1);
            Assert.All(copies, some => Assert.InRange(some.Count(), 1, 2));
            if (!points.HasCrashed)
            {
                Assert.True(at > 4, "The crash points were never reached.");
                return;
            }
        }
    }

    [Fact]
    public async Task A_claim_whose_answer_was_lost_is_still_ours()
    {
        await rig.SendOver(new SilentTables(rig.Tables), rig.Bus, rig.Provider).RunAsync(MailRig.Some(3), default);

        Assert.Equal(3, rig.Provider.Accepted.Count);
        Assert.All(await rig.IntentsAsync(), intent => Assert.Equal(MailState.Sent, intent.State));
    }

    [Fact]
    public void Mails_travel_in_groups_of_one_kind_and_the_same_mails_make_the_same_messages()
    {
        MailOwed[] owed = [.. MailRig.Some(21), MailRig.Owed with { Kind = "another" }, MailRig.Some(1)[0]];

        IReadOnlyList<BusMessage> messages = MailsOwed.ToMessages(owed);

        Assert.Equal([10, 10, 1, 1], messages.Select(message => MailsOwed.Read(message.Body).Count));
        Assert.Equal(messages.Select(message => message.Id), MailsOwed.ToMessages(owed).Select(message => message.Id));
        Assert.Equal($"mail-{MailRig.Some(21)[20].Id}", messages[2].Id);
        Assert.Equal(owed.DistinctBy(mail => mail.Id), messages.SelectMany(message => MailsOwed.Read(message.Body)));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"v":1,"kind":"MailForgotten","message":{}}""")]
    [InlineData("""{"v":1,"kind":"MailsOwed","message":{}}""")]
    [InlineData("""{"v":9,"kind":"MailsOwed","message":{"mails":[]}}""")]
    public void What_nobody_can_read_is_refused(string body) => Assert.Throws<JsonException>(() => MailsOwed.Read(body));

    /// <summary>A store that writes and tells no ETag, as after a lost answer.</summary>
    private sealed class SilentTables(ITables inner) : ITables
    {
        public ITable Get(string name) => new SilentTable(inner.Get(name));

        public Task CreateAsync(IEnumerable<string> names, CancellationToken cancellation) => inner.CreateAsync(names, cancellation);
    }

    private sealed class SilentTable(ITable inner) : ITable
    {
        public string Name => inner.Name;

        public Task<Row?> FindAsync(RowKey key, CancellationToken cancellation) => inner.FindAsync(key, cancellation);

        public IAsyncEnumerable<Row> ListAsync(string partition, KeyRange rows, CancellationToken cancellation, int pageSize = 1000) => inner.ListAsync(partition, rows, cancellation, pageSize);

        public IAsyncEnumerable<Row> ListPartitionsAsync(KeyRange partitions, KeyRange rows, CancellationToken cancellation) => inner.ListPartitionsAsync(partitions, rows, cancellation);

        public IAsyncEnumerable<Row> ScanAllAsync(CancellationToken cancellation) => inner.ScanAllAsync(cancellation);

        public async Task<CommitResult> CommitAsync(Batch batch, CancellationToken cancellation) => await inner.CommitAsync(batch, cancellation) with { ETags = null };
    }
}
