using Microsoft.Extensions.Logging;
using Plenary.Infra.Bus;
using Plenary.Infra.Mail;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Functions.Tests.Mail;

public sealed class SendMailTests
{
    private readonly MailRig rig = new();

    [Fact]
    public async Task An_owed_mail_is_sent_to_one_person_with_tags_that_find_its_intent_again()
    {
        await rig.RunAsync();

        OutgoingMail mail = Assert.Single(rig.Provider.Accepted);
        Assert.Equal(("officer@example.org", "An Officer", "Nominations"), (mail.ToAddress, mail.ToName, mail.Subject));
        Assert.Equal(["nomination-receipt"], mail.Categories);
        Assert.Equal(
            new Dictionary<string, string> { ["intent"] = MailRig.Owed.Id, ["project"] = MailRig.Project, ["kind"] = "nomination-receipt", ["subject"] = "n-1" },
            mail.Tags);
        Assert.Contains("Please nominate.", mail.Text, StringComparison.Ordinal);
        Assert.Contains("<p>Please nominate.</p>", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("List-Unsubscribe", mail.Headers.Keys);
    }

    [Fact]
    public async Task The_ledger_says_sent_with_the_providers_id_and_the_language_written()
    {
        await rig.RunAsync();

        MailIntent intent = await rig.IntentAsync();
        Assert.Equal((MailState.Sent, 1, "message-1", "en"), (intent.State, intent.Attempts, intent.ProviderMessageId, intent.Language));
        Assert.Equal(rig.Clock.Now, intent.SentAt);
        Assert.False(intent.PossibleDuplicate);
        Assert.Empty(rig.Bus.Sent);
    }

    [Fact]
    public async Task A_mail_costs_the_ledger_two_transactions()
    {
        await rig.RunAsync();

        Assert.Equal(2, rig.Tables[MailTable.Name].RoundTrips);
    }

    [Fact]
    public async Task The_ledger_holds_neither_addresses_nor_words()
    {
        await rig.RunAsync();
        await rig.TellAsync(rig.Event("delivered"));

        Row row = await rig.Tables[MailTable.Name].ScanAllAsync(default).SingleAsync();
        string all = string.Join(' ', row.Values.Values);
        Assert.DoesNotContain("example.org", all, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Officer", all, StringComparison.Ordinal);
        Assert.DoesNotContain("nominate.", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fifty_deliveries_of_the_message_send_one_mail()
    {
        for (int delivery = 0; delivery < 50; delivery++)
        {
            await rig.RunAsync();
        }

        Assert.Single(rig.Provider.Accepted);
    }

    [Fact]
    public async Task Deliveries_at_the_same_time_send_one_mail()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(rig.RunAsync)));
        await rig.PumpAsync();

        Assert.Single(rig.Provider.Accepted);
        Assert.Equal(MailState.Sent, (await rig.IntentAsync()).State);
    }

    [Fact]
    public async Task Two_delivery_attempts_of_an_overdue_retry_send_one_mail()
    {
        rig.Provider.Answers.Enqueue(FakeProvider.Later());
        await rig.RunAsync();
        rig.Clock.Advance(TimeSpan.FromMinutes(2));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(rig.RunAsync)));

        Assert.Single(rig.Provider.Accepted);
    }

    [Fact]
    public async Task What_is_no_longer_owed_is_skipped_with_its_code()
    {
        rig.Composer.NotOwed = "already-answered";

        await rig.RunAsync();
        rig.Composer.NotOwed = null;
        await rig.RunAsync();

        MailIntent intent = await rig.IntentAsync();
        Assert.Equal((MailState.Skipped, "already-answered"), (intent.State, intent.Code));
        Assert.Empty(rig.Provider.Calls);
    }

    [Fact]
    public async Task A_kind_that_nobody_composes_is_for_the_dead_letters_and_leaves_no_claim()
    {
        MailOwed strange = MailRig.Owed with { Kind = "unheard-of" };

        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.Send.RunAsync(strange, default));

        Assert.Null(await rig.Ledger.FindAsync(strange.Project, strange.Id, default));
    }

    [Fact]
    public void Two_slices_cannot_compose_the_same_kind() =>
        Assert.Throws<ArgumentException>(() => new MailComposers([new FakeComposer("a"), new FakeComposer("b", "a")]));

    [Fact]
    public async Task When_composing_fails_the_next_delivery_tries_at_once()
    {
        rig.Composer.FailuresLeft = 2;

        await Assert.ThrowsAsync<TimeoutException>(rig.RunAsync);
        await Assert.ThrowsAsync<TimeoutException>(rig.RunAsync);
        await rig.RunAsync();

        Assert.Single(rig.Provider.Accepted);
        Assert.False((await rig.IntentAsync()).PossibleDuplicate);
    }

    [Fact]
    public async Task Put_off_mail_is_tried_again_after_1_2_5_15_30_and_then_every_60_minutes()
    {
        foreach (int _ in Enumerable.Range(0, 8))
        {
            rig.Provider.Answers.Enqueue(FakeProvider.Later());
        }

        await rig.RunAsync();
        await rig.PumpAsync();

        double[] gaps = [.. rig.Provider.Calls.Zip(rig.Provider.Calls.Skip(1), (one, next) => (next - one).TotalMinutes)];
        Assert.Equal([1, 2, 5, 15, 30, 60, 60, 60], gaps);
        Assert.Single(rig.Provider.Accepted);
        Assert.Equal(MailState.Sent, (await rig.IntentAsync()).State);
    }

    [Fact]
    public async Task No_attempt_is_made_before_the_time_the_provider_asks_for()
    {
        rig.Provider.Answers.Enqueue(FakeProvider.Later(TimeSpan.FromMinutes(42)));
        DateTimeOffset start = rig.Clock.Now;
        await rig.RunAsync();
        rig.Clock.Advance(TimeSpan.FromMinutes(41));

        await rig.RunAsync();
        Assert.Single(rig.Provider.Calls);

        await rig.PumpAsync();
        Assert.Equal([start, start.AddMinutes(42)], rig.Provider.Calls);
    }

    [Fact]
    public async Task After_72_hours_of_being_put_off_the_mail_fails_visibly()
    {
        foreach (int _ in Enumerable.Range(0, 200))
        {
            rig.Provider.Answers.Enqueue(FakeProvider.Later());
        }

        DateTimeOffset start = rig.Clock.Now;
        await rig.RunAsync();
        await rig.PumpAsync();

        MailIntent intent = await rig.IntentAsync();
        Assert.Equal((MailState.Failed, "provider-unavailable"), (intent.State, intent.Code));
        Assert.InRange(rig.Clock.Now - start, TimeSpan.FromHours(72), TimeSpan.FromHours(73));
    }

    [Fact]
    public async Task A_provider_that_was_down_for_a_day_costs_no_mail()
    {
        DateTimeOffset end = rig.Clock.Now.AddDays(1);
        rig.Provider.During = _ =>
        {
            if (rig.Clock.Now < end)
            {
                rig.Provider.Answers.Enqueue(FakeProvider.Later());
            }

            return Task.CompletedTask;
        };
        rig.Provider.Answers.Enqueue(FakeProvider.Later());

        await rig.RunAsync();
        await rig.PumpAsync();

        Assert.Single(rig.Provider.Accepted);
    }

    [Fact]
    public async Task A_refused_mail_fails_at_once_and_is_not_tried_again()
    {
        rig.Provider.Answers.Enqueue(new MailAnswer(MailAnswerKind.Refused, null, 400));

        await rig.RunAsync();
        await rig.RunAsync();

        MailIntent intent = await rig.IntentAsync();
        Assert.Equal((MailState.Failed, "refused-400"), (intent.State, intent.Code));
        Assert.Single(rig.Provider.Calls);
        Assert.Contains(rig.Log.Lines, line => line.Level == LogLevel.Error);
    }

    [Fact]
    public async Task A_refused_key_is_an_error_in_the_log_and_a_retry_in_fifteen_minutes()
    {
        rig.Provider.Answers.Enqueue(new MailAnswer(MailAnswerKind.Unauthorized, null, 401));
        DateTimeOffset start = rig.Clock.Now;

        await rig.RunAsync();
        Assert.Equal((MailState.Queued, "key-refused"), ((await rig.IntentAsync()).State, (await rig.IntentAsync()).Code));
        Assert.Contains(rig.Log.Lines, line => line.Level == LogLevel.Error && line.Line.Contains("401", StringComparison.Ordinal));
        await rig.PumpAsync();

        Assert.Equal([start, start.AddMinutes(15)], rig.Provider.Calls);
        Assert.Equal(MailState.Sent, (await rig.IntentAsync()).State);
    }

    [Fact]
    public async Task A_lost_answer_waits_ten_minutes_and_is_tried_once_more_as_a_possible_duplicate()
    {
        rig.Provider.Answers.Enqueue(FakeProvider.Lost);
        DateTimeOffset start = rig.Clock.Now;

        await rig.RunAsync();
        Assert.Equal(MailState.Unknown, (await rig.IntentAsync()).State);
        await rig.PumpAsync();

        Assert.Equal([start, start.AddMinutes(10)], rig.Provider.Calls);
        MailIntent intent = await rig.IntentAsync();
        Assert.Equal((MailState.Sent, true), (intent.State, intent.PossibleDuplicate));
    }

    [Fact]
    public async Task A_lost_answer_is_settled_by_a_delivery_event_without_another_mail()
    {
        rig.Provider.Answers.Enqueue(FakeProvider.Lost);
        await rig.RunAsync();
        await rig.TellAsync(rig.Event("delivered", 30));

        await rig.PumpAsync();

        Assert.Single(rig.Provider.Calls);
        MailIntent intent = await rig.IntentAsync();
        Assert.Equal((MailState.Delivered, false), (intent.State, intent.PossibleDuplicate));
    }

    [Fact]
    public async Task Two_lost_answers_are_never_followed_by_a_third_attempt()
    {
        rig.Provider.Answers.Enqueue(FakeProvider.Lost);
        rig.Provider.Answers.Enqueue(FakeProvider.Lost);

        await rig.RunAsync();
        await rig.PumpAsync();
        rig.Clock.Advance(TimeSpan.FromDays(1));
        await rig.RunAsync();

        Assert.Equal(2, rig.Provider.Calls.Count);
        Assert.Equal((MailState.Unknown, true), ((await rig.IntentAsync()).State, (await rig.IntentAsync()).PossibleDuplicate));
    }

    [Fact]
    public async Task After_a_lost_answer_being_put_off_still_leads_to_only_one_more_mail()
    {
        rig.Provider.Answers.Enqueue(FakeProvider.Lost);
        rig.Provider.Answers.Enqueue(FakeProvider.Later());
        rig.Provider.Answers.Enqueue(FakeProvider.Lost);

        await rig.RunAsync();
        await rig.PumpAsync();

        Assert.Equal(2, rig.Provider.Accepted.Count);
        Assert.Equal((MailState.Unknown, true), ((await rig.IntentAsync()).State, (await rig.IntentAsync()).PossibleDuplicate));
    }

    [Fact]
    public async Task A_lost_answer_about_a_mail_no_longer_owed_stays_unknown_and_is_not_sent_again()
    {
        rig.Provider.Answers.Enqueue(FakeProvider.Lost);
        await rig.RunAsync();
        rig.Composer.NotOwed = "already-answered";

        await rig.PumpAsync();
        rig.Composer.NotOwed = null;
        await rig.RunAsync();

        Assert.Single(rig.Provider.Calls);
        MailIntent intent = await rig.IntentAsync();
        Assert.Equal((MailState.Unknown, "already-answered", false), (intent.State, intent.Code, intent.PossibleDuplicate));
    }

    [Fact]
    public async Task An_event_that_overtakes_the_answer_is_not_undone_by_it()
    {
        rig.Provider.During = _ => rig.TellAsync(rig.Event("processed", 0), rig.Event("delivered", 1));

        await rig.RunAsync();

        MailIntent intent = await rig.IntentAsync();
        Assert.Equal((MailState.Delivered, "message-1"), (intent.State, intent.ProviderMessageId));
    }

    [Fact]
    public async Task A_message_that_arrives_while_another_is_being_worked_on_looks_again_when_the_claim_is_old()
    {
        rig.Provider.During = _ =>
        {
            rig.Provider.During = _ => Task.CompletedTask;
            return rig.RunAsync();
        };

        await rig.RunAsync();

        (string queue, BusMessage wake) = Assert.Single(rig.Bus.Sent);
        Assert.Equal((Queues.SendMail, rig.Clock.Now.AddMinutes(10)), (queue, wake.NotBefore));
        await rig.PumpAsync();
        Assert.Single(rig.Provider.Accepted);
    }

    [Fact]
    public async Task Messages_about_a_retry_have_ids_that_follow_from_the_intent_and_the_attempt()
    {
        rig.Provider.Answers.Enqueue(FakeProvider.Later());
        rig.Provider.Answers.Enqueue(FakeProvider.Later());

        await rig.RunAsync();
        await rig.PumpAsync();

        Assert.Equal([$"mail-{MailRig.Owed.Id}-1", $"mail-{MailRig.Owed.Id}-2"], rig.Bus.Ids(Queues.SendMail));
        Assert.All(rig.Bus.Sent, sent => Assert.Equal(Envelope.Write(MailRig.Owed), sent.Message.Body));
    }

    [Fact]
    public async Task An_early_wake_up_asks_again_under_another_id_since_the_broker_may_drop_a_repeat()
    {
        rig.Provider.Answers.Enqueue(FakeProvider.Later());
        await rig.RunAsync();
        rig.Clock.Advance(TimeSpan.FromSeconds(58));

        await rig.RunAsync();

        Assert.Equal(2, rig.Bus.Ids(Queues.SendMail).Distinct().Count());
        await rig.PumpAsync();
        Assert.Single(rig.Provider.Accepted);
    }

    [Fact]
    public async Task Copies_of_a_message_about_a_waiting_mail_ask_for_one_wake_up_between_them()
    {
        rig.Provider.Answers.Enqueue(FakeProvider.Later());
        rig.Provider.Answers.Enqueue(FakeProvider.Later(TimeSpan.FromMinutes(5)));
        await rig.RunAsync();
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await rig.RunAsync();
        Assert.Equal(2, rig.Bus.Sent.Count);

        for (int copy = 0; copy < 50; copy++)
        {
            await rig.RunAsync();
        }

        Assert.Equal(3, rig.Bus.Sent.Count);
        await rig.PumpAsync();
        Assert.Single(rig.Provider.Accepted);
        Assert.Equal(3, rig.Bus.Sent.Count);
    }

    [Fact]
    public async Task A_copy_that_comes_while_composing_fails_does_not_keep_the_claim()
    {
        rig.Composer.FailuresLeft = 1;
        rig.Composer.During = () =>
        {
            rig.Composer.During = () => Task.CompletedTask;
            return rig.RunAsync();
        };
        await Assert.ThrowsAsync<TimeoutException>(rig.RunAsync);
        await rig.RunAsync();
        Assert.Single(rig.Provider.Accepted);
        Assert.False((await rig.IntentAsync()).PossibleDuplicate);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public async Task Killed_at_any_call_the_mail_is_neither_lost_nor_silently_doubled(bool afterEffect, bool eventsArrive)
    {
        foreach (string history in (string[])["plain", "put off", "answer lost"])
        {
            for (int at = 1; ; at++)
            {
                MailRig one = new();
                if (history is not "plain")
                {
                    one.Provider.Answers.Enqueue(history is "put off" ? FakeProvider.Later() : FakeProvider.Lost);
                }

                CrashPoints points = new(at, afterEffect);
                await LiveAsync(one, points, eventsArrive);

                string where = $"{history}, killed {(afterEffect ? "after" : "before")} call {at} of {points.Calls}";
                MailIntent intent = await one.IntentAsync();
                Assert.True(one.Provider.Accepted.Count >= 1, $"{where}: lost, {intent.State}");
                Assert.True(one.Provider.Accepted.Count <= (eventsArrive ? 1 : 2), $"{where}: sent {one.Provider.Accepted.Count} times");
                Assert.True(one.Provider.Accepted.Count == 1 || intent.PossibleDuplicate, $"{where}: doubled without a word");
                Assert.True(intent.State is MailState.Sent or MailState.Delivered or MailState.Unknown, $"{where}: {intent.State}");
                Assert.True(intent.LookAgainAt is null, $"{where}: never settled");
                if (!points.HasCrashed)
                {
                    Assert.True(at > 3, "The crash points were never reached.");
                    break;
                }
            }
        }
    }

    /// <summary>A broker that delivers a message until it was dealt with, and a provider that tells what it delivered.</summary>
    private static async Task LiveAsync(MailRig rig, CrashPoints points, bool eventsArrive)
    {
        SendMail subject = rig.SendOver(points.Around(rig.Tables), points.Around(rig.Bus), points.Around(rig.Provider));
        List<BusMessage> waiting = [new BusMessage("first", Envelope.Write(MailRig.Owed))];
        int seen = 0;
        int told = 0;
        for (int deliveries = 0; waiting.Count > 0; deliveries++)
        {
            Assert.True(deliveries < 100, "The mail never settles.");
            BusMessage next = waiting.MinBy(message => message.NotBefore ?? DateTimeOffset.MinValue)!;
            rig.Clock.Now = next.NotBefore > rig.Clock.Now ? next.NotBefore.Value : rig.Clock.Now;
            try
            {
                await subject.RunAsync(Envelope.Read<MailOwed>(next.Body), default);
                waiting.Remove(next);
            }
            catch (CrashException)
            {
                points.Restart();
            }

            if (eventsArrive && told < rig.Provider.Accepted.Count)
            {
                told = rig.Provider.Accepted.Count;
                await rig.TellAsync(rig.Event("delivered", 5));
            }

            waiting.AddRange(rig.Bus.Sent.Skip(seen).Select(sent => sent.Message));
            seen = rig.Bus.Sent.Count;
        }
    }
}
