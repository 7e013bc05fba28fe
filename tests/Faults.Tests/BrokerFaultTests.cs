using System.Globalization;
using Plenary.Agenda;
using Plenary.Closing;
using Plenary.Domain;
using Plenary.Infra.Bus;
using Plenary.Journey.Tests;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Selection;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Faults.Tests;

/// <summary>What a broker may do to messages, and what happens between a decision and its messages.</summary>
public sealed class BrokerFaultTests
{
    [Fact]
    public Task F19_killed_between_the_decision_the_relay_and_its_mark_the_sweep_finishes_within_five_minutes() => new KilledRelay().HoldsAsync(KilledRelay.Points * 2);

    [Fact]
    public Task F20_every_message_of_a_projects_life_delivered_fifty_times_in_any_order_changes_nothing() => new FiftyDeliveries().HoldsAsync(3);

    [Fact]
    public async Task F20_the_app_under_a_broker_that_redelivers_and_reorders_sends_each_mail_once()
    {
        const string Code = "23-IP-22-GE-WSP-A";
        await using Stage stage = await Stage.StartAsync();
        await stage.BrokerAsync(new { redeliveries = 9, reorder = 7 });
        await stage.OpenProjectAsync(new NotificationText(Code));
        await stage.NominateAllAsync(Code, "japan", "Akira Satou", "Botan Itou");
        await stage.NominateAllAsync(Code, "indonesia", "Eka Putrawan");
        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(1));
        await stage.SelectAsync(Code);

        Assert.Empty(await stage.FindDoubledMailsAsync());
        Assert.Equal(3, (await stage.Mailbox.CountAsync())["nomination-receipt"]);
        Assert.Equal(3, (await stage.Mailbox.CountAsync())["offer-made"]);
        await stage.AssertLedgerSettledAsync(Code);
    }

    [Fact]
    public Task F21_a_lock_lost_in_the_midst_of_any_handler_repeats_it_to_the_same_end() => new LostLocks().HoldsAsync(20);

    [Fact]
    public Task F22_poison_among_good_messages_ends_in_dead_letters_and_blocks_nothing() => new Poison().HoldsAsync(3);

    [Theory]
    [InlineData(5)]
    [InlineData(24 * 60)]
    public Task F23_a_broker_down_for_minutes_or_a_day_delays_and_loses_nothing(int minutes) => new BrokerDown(minutes).HoldsAsync(4);

    [Fact]
    public async Task F23_the_app_takes_nominations_while_its_broker_is_down_for_a_day()
    {
        const string Code = "23-IP-23-GE-WSP-A";
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(Code));
        string token = await stage.DeskTokenAsync(Code, "japan");
        await stage.BrokerAsync(new { running = false });
        (System.Net.HttpStatusCode status, _) = await stage.NominateAsync(Code, "japan", "Akira Satou", token: token);
        Assert.Equal(System.Net.HttpStatusCode.Created, status);
        await stage.MoveOnlyAsync(stage.App.Now.AddHours(24));
        await stage.BrokerAsync(new { running = true });
        await stage.App.AdvanceToAsync(stage.App.Now.AddHours(24).AddMinutes(5));
        Assert.Equal(1, (await stage.Mailbox.CountAsync())["nomination-receipt"]);
        await stage.AssertLedgerSettledAsync(Code);
    }
}

/// <summary>From one decision to its mail, killed at each call after the decision.</summary>
public sealed class KilledRelay() : Scenario("F19", "relay killed at each of its calls", 500, "I5 I6 I9")
{
    public static int Points { get; } = CountAsync().GetAwaiter().GetResult();

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        int at = (seed % Points) + 1;
        story.Add($"killed {(seed / Points % 2 == 0 ? "before" : "after")} call {at} of {Points}");
        await using Plant plant = new();
        await plant.OpenAsync();
        DateTimeOffset decided = plant.Clock.Now;
        CrashPoints points = new(at, seed / Points % 2 == 1);
        plant.Gate = points;
        try
        {
            await plant.NominateAsync("japan", 1);
            await plant.PumpAsync();
        }
        catch (CrashException)
        {
            points.Restart();
            await plant.RestartAsync();
        }

        plant.Gate = null;

        // Nobody comes back: no request, no repeat. What was decided is finished all the same.
        bool isDecided = (await plant.RowsAsync(NominationTable.Name, "nominee-")).Count == 1;
        await plant.AdvanceToAsync(decided.AddMinutes(5));
        MailIntent? receipt = (await plant.LedgerAsync()).SingleOrDefault(intent => intent.Owed.Kind == NominationMails.Receipt);
        Assert.Equal(isDecided, receipt is not null);

        // A mail whose sending broke off waits ten minutes for news; any other has left within five.
        Assert.True(receipt is null or { State: MailState.Sent } or { State: MailState.Sending }, receipt?.State.ToString());
        await plant.AdvanceToAsync(decided.AddMinutes(30));
        await plant.AssertMailsAsync();
    }

    private static async Task<int> CountAsync()
    {
        await using Plant plant = new();
        await plant.OpenAsync();
        CrashPoints points = new(int.MaxValue, false);
        plant.Gate = points;
        await plant.NominateAsync("japan", 1);
        await plant.PumpAsync();
        return points.Calls;
    }
}

/// <summary>A project from circulation to confirmed places; each message fifty times, at random, two consumers at once, copies spread over days.</summary>
public sealed class FiftyDeliveries() : Scenario("F20", "each message 50 times, reordered, two consumers", 50, "I2 I4 I6 I7 I13")
{
    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        Random random = new(seed);
        await using Plant plant = new();
        plant.Bus.Disorder = random;
        plant.Bus.Copies = 50;
        await plant.OpenAsync();
        await plant.SelectAsync(each: 2);
        for (int answers = 0; answers < 6 && (await plant.OffersAsync()).FirstOrDefault(record => record.Offer.State == OfferState.Made) is { } open; answers++)
        {
            string candidate = CandidateId.Of(open.Economy, open.NominationId);
            Plant.Good(await plant.AnswerAsync(candidate, answers % 2 == 0 ? OfferAnswer.Decline : OfferAnswer.Accept));
            await plant.PumpAsync(atOnce: 2);
            await plant.AssertPlacesAsync(2, 1);
        }

        // Copies that were late: the very same messages again, a month of them.
        plant.Bus.Copies = 1;
        foreach (MailIntent intent in await plant.LedgerAsync())
        {
            for (int day = 0; day < 30; day++)
            {
                await plant.Bus.SendAsync(Queues.SendMail, [new BusMessage($"late-{day}", Envelope.Write(intent.Owed), plant.Clock.Now.AddDays(day))], cancellation);
            }
        }

        await plant.AdvanceToAsync(plant.Clock.Now.AddDays(31));
        story.Add($"{plant.Bus.Delivered} deliveries");
        await plant.AssertPlacesAsync(2, 1);
        await plant.AssertMailsAsync();
        Assert.Equal(plant.Provider.Taken.Count, plant.Provider.Taken.Select(mail => mail.Intent).Distinct().Count());
        Assert.Single(await plant.RowsAsync(ClosingTable.Name), row => row.Text("Action") == "nominations-closed");
    }
}

/// <summary>The process dies nine times in the midst of whatever it does, each time at another call, and the messages it held come again.</summary>
public sealed class LostLocks() : Scenario("F21", "locks lost at random calls of every handler", 200 * 10, "I6 I10")
{
    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        Random random = new(seed);
        await using Plant plant = new();
        await plant.OpenAsync();
        await plant.SelectAsync(each: 2);
        OfferRecord open = (await plant.OffersAsync())[0];
        Plant.Good(await plant.AnswerAsync(CandidateId.Of(open.Economy, open.NominationId), OfferAnswer.Decline));
        for (int death = 1; death <= 9; death++)
        {
            CrashPoints points = new(1 + Draw(random, 12), Draw(random, 2) == 0);
            plant.Gate = points;
            try
            {
                await plant.PumpAsync();
            }
            catch (CrashException)
            {
                story.Add($"death {death} at call {points.Calls}");
                points.Restart();
                await plant.RestartAsync();
            }
        }

        plant.Gate = null;
        await plant.AdvanceToAsync(plant.Clock.Now.AddMinutes(40));
        await plant.AssertPlacesAsync(2, 1);
        Assert.Equal(4, (await plant.OffersAsync()).Count);
        await plant.AssertMailsAsync();
    }
}

/// <summary>Ten kinds of poison among a thousand good messages.</summary>
public sealed class Poison() : Scenario("F22", "10 kinds of poison among 1,000 good messages", 100, "I10")
{
    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        Random random = new(seed);
        await using Plant plant = new();
        await plant.OpenAsync();
        plant.Bus.Disorder = random;
        MailOwed good = new(plant.Code, CirculationMail.Kind, "officer:japan", plant.Code, "0");
        string written = Envelope.Write(good);
        (string Queue, string Body)[] poison =
        [
            (Queues.SendMail, "{ not json"),
            (Queues.SendMail, ""),
            (Queues.SendMail, "null"),
            (Queues.SendMail, written.Replace("\"v\":1", "\"v\":2", StringComparison.Ordinal)),
            (Queues.SendMail, written.Replace("MailOwed", "MailForgotten", StringComparison.Ordinal)),
            (Queues.SendMail, Envelope.Write(good with { Kind = "nobody-writes-this" })),
            (Queues.CloseNominations, written),
            (Queues.RelayOutbox, "no|such|place"),
            (Queues.SendReminder, Envelope.Write(new ReminderDue(plant.Code, "no-ladder", "", -1, Plant.Closing.UtcTicks))),
            (Queues.OpenDesk, new string('x', 300_000)),
        ];
        int ledger = (await plant.LedgerAsync()).Count;
        List<(string Queue, BusMessage Message)> all =
        [
            .. Enumerable.Range(0, 1000).Select(number => (Queues.SendMail, new BusMessage($"good-{number}", Envelope.Write(good with { Version = $"poisoned-{number}" })))),
            .. poison.Select((one, number) => (one.Queue, new BusMessage($"poison-{number}", one.Body))),
        ];
        foreach ((string queue, BusMessage message) in all)
        {
            await plant.Bus.SendAsync(queue, [message], cancellation);
        }

        await plant.PumpAsync(atOnce: 4);

        // Good ones are all done: sent, or skipped since their version is none of now.
        Assert.Equal(Enumerable.Range(0, 10).Select(number => $"poison-{number}"), plant.Bus.DeadLetters.Select(dead => dead.Id).Order());
        Assert.All(plant.Bus.DeadLetters, dead => Assert.NotEmpty(dead.Why));
        IReadOnlyList<MailIntent> intents = await plant.LedgerAsync();
        Assert.Equal(ledger + 1000, intents.Count(intent => intent.Owed.Kind == CirculationMail.Kind));

        // A replay of the dead letters changes nothing.
        int taken = plant.Provider.Taken.Count;
        HeldMessage[] dead = [.. plant.Bus.DeadLetters];
        plant.Bus.DeadLetters.Clear();
        foreach (HeldMessage message in dead)
        {
            await plant.Bus.SendAsync(message.Queue, [new BusMessage(message.Id, message.Body)], cancellation);
        }

        await plant.PumpAsync();
        Assert.Equal(10, plant.Bus.DeadLetters.Count);
        Assert.Equal(taken, plant.Provider.Taken.Count);
    }
}

/// <summary>The broker takes nothing and delivers nothing for a while, over nominations and reminders; it remembers no ids.</summary>
public sealed class BrokerDown(int minutes) : Scenario("F23", string.Create(CultureInfo.InvariantCulture, $"broker down {minutes} minutes"), 100, "I5 I9")
{
    public BrokerDown()
        : this(24 * 60)
    {
    }

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        Random random = new(seed);
        await using Plant plant = new();
        await plant.OpenAsync();
        await plant.AdvanceToAsync(Plant.Closing.AddDays(-7).AddMinutes(-1 - Draw(random, 120)));
        plant.Bus.IsDown = true;
        DateTimeOffset back = plant.Clock.Now.AddMinutes(minutes);
        for (int number = 1; number <= 6; number++)
        {
            Assert.True(Plant.Good(await plant.NominateAsync(Plant.Economies[number % 4], number)).IsNew);
            DateTimeOffset next = plant.Clock.Now.AddMinutes(minutes / 7.0);
            for (; plant.Clock.Now < next; plant.Clock.Now = plant.Clock.Now.AddMinutes(Math.Max(1, minutes / 50)))
            {
                await plant.TickAsync();
            }
        }

        plant.Clock.Now = plant.Clock.Now > back ? plant.Clock.Now : back;
        Assert.Empty(plant.Bus.Waiting);
        plant.Bus.IsDown = false;
        DateTimeOffset up = plant.Clock.Now;
        await plant.AdvanceToAsync(up.AddMinutes(5));
        Assert.Equal(6, plant.Provider.Taken.Count(mail => mail.Kind == NominationMails.Receipt));
        await plant.AdvanceToAsync(Plant.Closing.AddMinutes(30));
        await plant.AssertMailsAsync();
        Assert.Equal(plant.Provider.Taken.Count, plant.Provider.Taken.Select(mail => mail.Intent).Distinct().Count());
    }
}
