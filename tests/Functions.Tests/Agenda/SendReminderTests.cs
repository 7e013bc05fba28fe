using Plenary.Agenda;
using Plenary.Infra.Bus;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Functions.Tests.Agenda;

public sealed class SendReminderTests
{
    private const string Project = "23-IP-10-GE-WSP-A";

    private readonly InMemoryTables tables = new();
    private readonly RecordingBus bus = new();
    private readonly FakeClock clock = new();
    private readonly FakeLadder ladder = new();
    private readonly RecordingLogger<SendReminder> log = new();

    private ReminderDue Step => new(Project, Ladders.Closing, "", -7, clock.Now.AddDays(7).UtcTicks);

    [Fact]
    public async Task Everyone_who_still_owes_is_written_to_and_the_step_is_noted()
    {
        ladder.Answer = new Reminding([Mail("japan"), Mail("fiji")]);

        await RunAsync(Step);

        (string queue, BusMessage message) = Assert.Single(bus.Sent);
        Assert.Equal(Queues.SendMail, queue);
        Assert.Equal([Mail("japan"), Mail("fiji")], MailsOwed.Read(message.Body));
        Assert.Equal([new ReminderTaken(Step, clock.Now, null, 2)], await new Reminders(tables).ListAsync(Project, default));
    }

    [Theory]
    [InlineData("too-late", "skipped: too late")]
    [InlineData("anchor-moved", "skipped: anchor moved")]
    public async Task A_void_step_writes_to_nobody_and_says_why(string code, string logged)
    {
        ladder.Answer = Reminding.Skip(code);

        await RunAsync(Step);

        Assert.Empty(bus.Sent);
        Assert.Contains(log.Lines, line => line.Line.Contains(logged, StringComparison.Ordinal));
        Assert.Equal([new ReminderTaken(Step, clock.Now, code, 0)], await new Reminders(tables).ListAsync(Project, default));
    }

    [Fact]
    public async Task After_a_downtime_only_the_latest_step_that_is_due_is_taken()
    {
        ladder.Answer = new Reminding([Mail("japan")]);
        DateTimeOffset closing = clock.Now.AddDays(3);
        ReminderDue[] steps = [.. ReminderDue.Plan(Project, Ladders.Closing, "", [-1, -14, -7], closing, clock.Now.AddDays(-30))
            .Select(owed => Envelope.Read<ReminderDue>(owed.Body))];

        foreach (ReminderDue step in steps.Where(step => step.DueAt() <= clock.Now))
        {
            await RunAsync(step);
        }

        Assert.Equal([-14, -7, -1], steps.Select(step => step.Days));
        Assert.Single(bus.Sent);
        Assert.Equal([("superseded", -14), (null, -7)], (await new Reminders(tables).ListAsync(Project, default)).Select(taken => (taken.Skipped, taken.Step.Days)).OrderBy(taken => taken.Days));
    }

    [Fact]
    public async Task A_step_is_taken_once_so_that_who_comes_later_never_gets_a_past_reminder()
    {
        ladder.Answer = new Reminding([Mail("japan")]);
        ReminderDue step = Step;
        await RunAsync(step);
        clock.Advance(TimeSpan.FromHours(1));
        ladder.Answer = new Reminding([Mail("japan"), Mail("fiji")]);

        await RunAsync(step);

        Assert.Single(bus.Sent);
    }

    [Fact]
    public async Task When_the_anchor_moves_the_same_day_of_the_ladder_is_another_step()
    {
        ladder.Answer = new Reminding([Mail("japan")]);

        await RunAsync(Step);
        await RunAsync(Step with { AnchorTicks = clock.Now.AddDays(30).UtcTicks });

        Assert.Equal(2, (await new Reminders(tables).ListAsync(Project, default)).Count);
    }

    [Fact]
    public async Task A_ladder_that_nobody_stands_behind_is_for_the_dead_letters() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(Step with { Ladder = "unheard-of" }));

    [Fact]
    public async Task The_slice_is_asked_with_the_time_of_now()
    {
        await RunAsync(Step);

        Assert.Equal(clock.Now, ladder.AskedAt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_call_nobody_is_forgotten(bool afterEffect)
    {
        ladder.Answer = new Reminding([Mail("japan"), Mail("fiji")]);
        for (int at = 1; ; at++)
        {
            InMemoryTables store = new();
            RecordingBus broker = new();
            CrashPoints points = new(at, afterEffect);
            for (int delivery = 0; delivery < 2; delivery++)
            {
                try
                {
                    await Subject(points.Around(store), points.Around(broker)).RunAsync(Step, default);
                }
                catch (CrashException)
                {
                    points.Restart();
                }
            }

            Assert.Equal([Mail("japan"), Mail("fiji")], broker.Sent.SelectMany(sent => MailsOwed.Read(sent.Message.Body)).Distinct());
            Assert.Single(broker.Ids(Queues.SendMail).Distinct());
            Assert.Single(await new Reminders(store).ListAsync(Project, default));
            if (!points.HasCrashed)
            {
                Assert.True(at > 3, "The crash points were never reached.");
                return;
            }
        }
    }

    private static MailOwed Mail(string economy) => new(Project, "closing-reminder", $"officer:{economy}", economy, "-7");

    private Task RunAsync(ReminderDue step) => Subject(tables, bus).RunAsync(step, default);

    private SendReminder Subject(ITables store, IBus broker) => new([ladder], store, broker, clock, log);

    private sealed class FakeLadder : IRemind
    {
        public string Ladder => Ladders.Closing;

        public Reminding Answer { get; set; } = new([]);

        public DateTimeOffset? AskedAt { get; private set; }

        public Task<Reminding> WhoStillOwesAsync(ReminderDue step, DateTimeOffset now, CancellationToken cancellation)
        {
            AskedAt = now;
            return Task.FromResult(Answer);
        }
    }
}
