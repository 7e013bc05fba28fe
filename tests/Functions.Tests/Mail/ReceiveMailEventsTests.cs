using Plenary.Mail;

namespace Plenary.Functions.Tests.Mail;

public sealed class ReceiveMailEventsTests
{
    private readonly MailRig rig = new();

    [Theory]
    [InlineData("delivered", MailState.Delivered)]
    [InlineData("deferred", MailState.Deferred)]
    [InlineData("bounce", MailState.Bounced)]
    [InlineData("dropped", MailState.Dropped)]
    [InlineData("spamreport", MailState.Complained)]
    [InlineData("processed", MailState.Sent)]
    [InlineData("open", MailState.Sent)]
    [InlineData("whatever-comes-next", MailState.Sent)]
    public async Task An_event_moves_a_sent_mail_to_its_state(string name, MailState state)
    {
        await rig.RunAsync();

        await rig.TellAsync(rig.Event(name, 5));

        Assert.Equal(state, (await rig.IntentAsync()).State);
    }

    [Theory]
    [InlineData("officer:japan", "japan")]
    [InlineData("endorser:japan/n-1", "japan")]
    [InlineData("reviewer:n-1", null)]
    public async Task What_did_not_arrive_is_listed_for_its_economy_until_it_does(string person, string? economy)
    {
        MailOwed owed = MailRig.Owed with { Person = person };
        await rig.Send.RunAsync(owed, default);
        Assert.Equal(economy, owed.Economy);

        await rig.TellAsync(rig.Event("bounce", 5) with { Intent = owed.Id });
        await rig.TellAsync(rig.Event("bounce", 5) with { Intent = owed.Id });
        Assert.Equal(economy is null ? [] : [(owed.Kind, person, MailState.Bounced, rig.Clock.Now.AddSeconds(5))], await ListAsync("japan"));
        Assert.Empty(await ListAsync("jap"));
        Assert.Single(await rig.IntentsAsync());

        await rig.TellAsync(rig.Event("delivered", 6) with { Intent = owed.Id });
        Assert.Empty(await ListAsync("japan"));

        async Task<IEnumerable<(string, string, MailState, DateTimeOffset)>> ListAsync(string of) =>
            (await rig.Ledger.ListUndeliveredAsync(MailRig.Project, of, default)).Select(mail => (mail.Kind, mail.Person, mail.State, mail.At));
    }

    [Fact]
    public async Task Whatever_the_order_the_end_is_the_same()
    {
        MailEvent[] events =
        [
            rig.Event("processed", 1), rig.Event("deferred", 2), rig.Event("deferred", 3), rig.Event("delivered", 4), rig.Event("bounce", 9, code: "bounce-5.1.1"),
        ];
        Random random = new(7);
        for (int round = 0; round < 200; round++)
        {
            MailRig one = new();
            await one.RunAsync();
            MailEvent[] shuffled = [.. events];
            random.Shuffle(shuffled);
            foreach (MailEvent happened in shuffled)
            {
                await one.TellAsync(happened);
            }

            MailIntent intent = await one.IntentAsync();
            Assert.Equal((MailState.Bounced, "bounce-5.1.1"), (intent.State, intent.Code));
        }
    }

    [Fact]
    public async Task Between_delivered_and_bounced_the_later_event_counts()
    {
        await rig.RunAsync();

        await rig.TellAsync(rig.Event("bounce", 5));
        await rig.TellAsync(rig.Event("delivered", 4));
        Assert.Equal(MailState.Bounced, (await rig.IntentAsync()).State);

        await rig.TellAsync(rig.Event("delivered", 6));
        Assert.Equal(MailState.Delivered, (await rig.IntentAsync()).State);
    }

    [Fact]
    public async Task A_second_bounce_is_the_later_event_even_where_a_delivery_in_between_comes_last()
    {
        await rig.RunAsync();

        await rig.TellAsync(rig.Event("bounce", 2));
        await rig.TellAsync(rig.Event("bounce", 8));
        await rig.TellAsync(rig.Event("delivered", 5));

        Assert.Equal(MailState.Bounced, (await rig.IntentAsync()).State);
    }

    [Fact]
    public async Task A_deferral_that_comes_late_does_not_go_back()
    {
        await rig.RunAsync();
        await rig.TellAsync(rig.Event("delivered", 5));

        await rig.TellAsync(rig.Event("deferred", 60));

        Assert.Equal(MailState.Delivered, (await rig.IntentAsync()).State);
    }

    [Fact]
    public async Task Forty_six_copies_of_an_event_write_once()
    {
        await rig.RunAsync();
        await rig.TellAsync(rig.Event("delivered", 5));
        string? etag = (await rig.Ledger.FindAsync(MailRig.Project, MailRig.Owed.Id, default))!.Row.ETag;

        for (int copy = 0; copy < 46; copy++)
        {
            await rig.TellAsync(rig.Event("delivered", 5));
        }

        Assert.Equal(etag, (await rig.Ledger.FindAsync(MailRig.Project, MailRig.Owed.Id, default))!.Row.ETag);
    }

    [Fact]
    public async Task Events_of_intents_that_the_ledger_does_not_hold_are_passed_over()
    {
        await rig.RunAsync();

        await rig.TellAsync(rig.Event("delivered") with { Intent = new string('0', 32) }, rig.Event("delivered", 5));

        Assert.Equal(MailState.Delivered, (await rig.IntentAsync()).State);
        Assert.Equal(1, await rig.Tables[MailTable.Name].ScanAllAsync(default).CountAsync());
    }

    [Fact]
    public async Task Hundreds_of_events_in_one_batch_all_find_their_intent()
    {
        List<MailOwed> owed = [.. Enumerable.Range(0, 200).Select(number => MailRig.Owed with { Subject = $"n-{number}" })];
        foreach (MailOwed one in owed)
        {
            await rig.Send.RunAsync(one, default);
        }

        await rig.TellAsync([.. owed.SelectMany(one => new[] { rig.Event("processed", 1) with { Intent = one.Id }, rig.Event("delivered", 2) with { Intent = one.Id } })]);

        Assert.Equal([new MailCount("nomination-receipt", MailState.Delivered, 200)], await rig.Ledger.CountAsync(MailRig.Project, default));
    }

    [Fact]
    public async Task Batches_at_the_same_time_lose_none_of_each_others_news()
    {
        await rig.RunAsync();

        await Task.WhenAll(Enumerable.Range(1, 10).Select(second => Task.Run(() => rig.TellAsync(rig.Event("deferred", second)))));

        Assert.Equal(10, (await rig.IntentAsync()).History.Count(line => line.What == "deferred"));
    }

    [Fact]
    public async Task The_history_stays_short()
    {
        await rig.RunAsync();

        for (int second = 0; second < 100; second++)
        {
            await rig.TellAsync(rig.Event("deferred", second));
        }

        Assert.Equal(20, (await rig.IntentAsync()).History.Count);
    }

    [Fact]
    public async Task An_event_shows_that_a_mail_given_up_had_arrived()
    {
        rig.Provider.Answers.Enqueue(FakeProvider.Lost);
        rig.Provider.Answers.Enqueue(FakeProvider.Lost);
        await rig.RunAsync();
        await rig.PumpAsync();

        await rig.TellAsync(rig.Event("delivered", 5));

        Assert.Equal(MailState.Delivered, (await rig.IntentAsync()).State);
    }

    [Fact]
    public async Task The_ledger_lists_and_counts_one_project_only()
    {
        await rig.RunAsync();
        rig.Provider.Answers.Enqueue(new Infra.Mail.MailAnswer(Infra.Mail.MailAnswerKind.Refused, null, 400));
        await rig.Send.RunAsync(MailRig.Owed with { Subject = "n-2" }, default);
        await rig.Send.RunAsync(MailRig.Owed with { Project = "23-IP-11-GE-WSP-A" }, default);

        Assert.Equal(2, await rig.Ledger.ListAsync(MailRig.Project, default).CountAsync());
        Assert.Equal(
            [new MailCount("nomination-receipt", MailState.Sent, 1), new MailCount("nomination-receipt", MailState.Failed, 1)],
            await rig.Ledger.CountAsync(MailRig.Project, default));
    }
}
