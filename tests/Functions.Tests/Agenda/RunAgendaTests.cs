using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Plenary.Agenda;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Support;

namespace Plenary.Functions.Tests.Agenda;

public sealed class RunAgendaTests
{
    private readonly InMemoryTables tables = new();
    private readonly RecordingBus bus = new();
    private readonly FakeClock clock = new();
    private readonly RecordingLogger<RunAgenda> log = new();
    private readonly RecordingLogger<SweepOutbox> sweepLog = new();

    private InMemoryTable Agenda => tables[AgendaTable.Name];

    [Fact]
    public async Task What_is_due_now_is_posted_and_what_is_due_a_tick_later_waits()
    {
        await PlanAsync(("now", clock.Now), ("later", clock.Now.AddTicks(1)));

        await RunAsync();

        Assert.Equal(["now"], bus.Ids("q"));
        Assert.Equal(["later"], await LeftAsync());
    }

    [Fact]
    public async Task Overdue_items_are_posted_however_old_they_are()
    {
        await PlanAsync(("ancient", clock.Now.AddYears(-3)), ("old", clock.Now.AddDays(-1)));

        await RunAsync();

        Assert.Equal(["ancient", "old"], bus.Ids("q"));
        Assert.Empty(await LeftAsync());
    }

    [Fact]
    public async Task A_run_with_nothing_due_costs_one_query_of_the_agenda_and_one_of_the_markers()
    {
        await PlanAsync(("later", clock.Now.AddDays(1)));
        int before = Agenda.RoundTrips;

        await RunAsync();

        Assert.Equal(1, Agenda.RoundTrips - before);
        Assert.Equal(1, tables[OutboxNames.Markers].RoundTrips);
        Assert.Empty(bus.Calls);
    }

    [Fact]
    public async Task Thousands_of_items_go_out_in_batches_and_are_deleted_a_hundred_at_a_time()
    {
        await PlanAsync([.. Enumerable.Range(0, 2_500).Select(number => (number.ToString("D4", CultureInfo.InvariantCulture), clock.Now))]);
        int before = Agenda.RoundTrips;

        await RunAsync();

        Assert.Equal(2_500, bus.Ids("q").Distinct().Count());
        Assert.Equal([1000, 1000, 500], bus.Calls);
        Assert.Equal(3 + 25, Agenda.RoundTrips - before); // Three pages, twenty-five transactions.
        Assert.Empty(await LeftAsync());
    }

    [Fact]
    public async Task An_item_that_the_broker_refuses_stops_no_other_and_is_tried_again()
    {
        bus.Refuses = (_, message) => message.Id == "0421";
        await PlanAsync([.. Enumerable.Range(0, 1_000).Select(number => (number.ToString("D4", CultureInfo.InvariantCulture), clock.Now))]);

        await RunAsync();

        Assert.Equal(999, bus.Ids("q").Distinct().Count());
        Assert.Equal(["0421"], await LeftAsync());
        Assert.Contains(log.Lines, line => line.Level == LogLevel.Error && line.Line.Contains("0421", StringComparison.Ordinal));

        bus.Refuses = (_, _) => false;
        await RunAsync();
        Assert.Contains("0421", bus.Ids("q"));
        Assert.Empty(await LeftAsync());
    }

    [Fact]
    public async Task A_queue_in_trouble_keeps_no_other_queue_waiting_and_is_not_hammered()
    {
        bus.Refuses = (queue, _) => queue == "broken";
        Batch batch = new(AgendaTable.Partition);
        for (int number = 0; number < 50; number++)
        {
            batch.Upsert(AgendaTable.ToRow(new Owed("broken", $"b{number}", "{}", clock.Now)));
        }

        batch.Upsert(AgendaTable.ToRow(new Owed("q", "good", "{}", clock.Now)));
        await Agenda.CommitAsync(batch, default);

        await RunAsync();

        Assert.Equal(["good"], bus.Ids("q"));
        Assert.Equal(50, (await LeftAsync()).Count);
        Assert.True(bus.Calls.Count < 20, $"{bus.Calls.Count} calls");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_crash_at_any_call_repeats_but_never_loses(bool afterEffect)
    {
        for (int at = 1; ; at++)
        {
            InMemoryTables store = new();
            RecordingBus broker = new();
            await store[AgendaTable.Name].CommitAsync(Planned(Enumerable.Range(0, 60).Select(number => ($"{number}", clock.Now))), default);
            CrashPoints points = new(at, afterEffect);
            try
            {
                await Subject(points.Around(store), points.Around(broker)).RunAsync(default);
            }
            catch (CrashException)
            {
                points.Restart();
                await Subject(points.Around(store), points.Around(broker)).RunAsync(default);
            }

            Assert.Equal(60, broker.Ids("q").Distinct().Count());
            Assert.Equal(0, await store[AgendaTable.Name].ScanAllAsync(default).CountAsync());
            if (!points.HasCrashed)
            {
                Assert.True(at > 3, "The crash points were never reached.");
                return;
            }
        }
    }

    [Fact]
    public async Task Two_instances_that_run_the_same_occurrence_leave_nothing_behind()
    {
        await PlanAsync([.. Enumerable.Range(0, 300).Select(number => ($"{number}", clock.Now))]);

        await Task.WhenAll(RunAsync(), RunAsync(), RunAsync());

        Assert.Equal(300, bus.Ids("q").Distinct().Count());
        Assert.Empty(await LeftAsync());
    }

    [Fact]
    public async Task Rows_that_another_instance_has_deleted_meanwhile_do_not_keep_the_others()
    {
        await PlanAsync(("a", clock.Now), ("b", clock.Now), ("c", clock.Now));
        List<Row> read = await Agenda.ScanAllAsync(default).ToListAsync();
        await Agenda.DeleteAllAsync([read[0]], default);

        await Agenda.DeleteAllAsync(read, default);

        Assert.Empty(await LeftAsync());
    }

    [Fact]
    public async Task A_row_that_was_written_again_meanwhile_stays()
    {
        await PlanAsync(("a", clock.Now), ("b", clock.Now));
        List<Row> read = await Agenda.ScanAllAsync(default).ToListAsync();
        await PlanAsync(("a", clock.Now));

        await Agenda.DeleteAllAsync(read, default);

        Assert.Equal(["a"], await LeftAsync());
    }

    [Fact]
    public async Task The_outbox_is_swept_even_when_the_agenda_fails()
    {
        await DecideAsync("P", new Owed("q", "owed", "{}"));
        bus.Refuses = (_, _) => false;
        clock.Advance(TimeSpan.FromMinutes(10));
        RunAgenda subject = new(new BrokenAgenda(tables), bus, Sweep(tables, bus), clock, log);

        await Assert.ThrowsAsync<InvalidOperationException>(() => subject.RunAsync(default));

        Assert.Contains("owed", bus.Ids("q"));
    }

    [Fact]
    public async Task What_a_decision_owes_is_found_by_the_sweep_when_the_broker_was_down()
    {
        bus.Refuses = (_, _) => true;
        await DecideAsync("P", new Owed("q", "owed", "{}"), new Owed("q", "for-later", "{}", clock.Now.AddDays(1)));
        bus.Refuses = (_, _) => false;

        clock.Advance(TimeSpan.FromMinutes(6));
        await RunAsync();

        Assert.Equal(["owed"], bus.Ids("q"));
        Assert.Equal(["for-later"], await LeftAsync());
        Assert.Equal(0, await tables["Things"].ScanAllAsync(default).CountAsync(row => row.Key.Row.StartsWith(Owed.RowPrefix, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Markers_go_when_they_are_ten_minutes_old_and_their_outbox_is_empty()
    {
        clock.Now = new DateTimeOffset(2023, 7, 3, 8, 2, 0, TimeSpan.Zero);
        await DecideAsync("P", new Owed("q", "owed", "{}"));

        clock.Now = new DateTimeOffset(2023, 7, 3, 8, 9, 59, TimeSpan.Zero);
        await RunAsync();
        await RunAsync();
        Assert.Equal(1, await tables[OutboxNames.Markers].ScanAllAsync(default).CountAsync());

        clock.Now = new DateTimeOffset(2023, 7, 3, 8, 10, 0, TimeSpan.Zero);
        await RunAsync();
        Assert.Equal(0, await tables[OutboxNames.Markers].ScanAllAsync(default).CountAsync());
    }

    [Fact]
    public async Task A_marker_stays_while_its_outbox_cannot_be_relayed()
    {
        await DecideAsync("P", new Owed("q", "stuck", "{}"));
        await DecideAsync("Z", new Owed("q", "fine", "{}"));
        bus.Refuses = (_, message) => message.Id == "stuck";
        clock.Advance(TimeSpan.FromDays(2));

        await RunAsync();
        await RunAsync();

        Assert.Contains("fine", bus.Ids("q"));
        Assert.Equal(1, await tables[OutboxNames.Markers].ScanAllAsync(default).CountAsync());
        Assert.Contains(sweepLog.Lines, line => line.Level == LogLevel.Error);

        bus.Refuses = (_, _) => false;
        await RunAsync();
        await RunAsync();
        Assert.Contains("stuck", bus.Ids("q"));
        Assert.Equal(0, await tables[OutboxNames.Markers].ScanAllAsync(default).CountAsync());
    }

    [Fact]
    public async Task A_decision_that_took_long_to_arrive_is_marked_by_the_clock_and_not_by_its_receipt()
    {
        DateTimeOffset received = clock.Now;
        clock.Advance(TimeSpan.FromMinutes(30));
        Batch batch = new Batch("P").Owe(new Owed("q", "owed", "{}"));

        await new Decisions(tables, bus, NullLogger<Decisions>.Instance, clock).CommitAsync(tables["Things"], batch, received, default);

        Row marker = await tables[OutboxNames.Markers].ScanAllAsync(default).SingleAsync();
        Assert.Equal(clock.Now, OutboxNames.BucketOf(marker.Key));
    }

    private static Batch Planned(IEnumerable<(string Id, DateTimeOffset At)> items)
    {
        Batch batch = new(AgendaTable.Partition);
        foreach ((string id, DateTimeOffset at) in items)
        {
            batch.Upsert(AgendaTable.ToRow(new Owed("q", id, "{}", at)));
        }

        return batch;
    }

    private async Task PlanAsync(params (string Id, DateTimeOffset At)[] items)
    {
        foreach ((string Id, DateTimeOffset At)[] chunk in items.Chunk(100))
        {
            await Agenda.CommitAsync(Planned(chunk), default);
        }
    }

    private async Task DecideAsync(string partition, params Owed[] owed)
    {
        Func<string, Infra.Bus.BusMessage, bool> before = bus.Refuses;
        bus.Refuses = (_, _) => true;
        await new Decisions(tables, bus, NullLogger<Decisions>.Instance, clock)
            .CommitAsync(tables["Things"], new Batch(partition).Insert(Row.Of(new RowKey(partition, "thing"))).Owe(owed), clock.Now, default);
        bus.Refuses = before;
        bus.Calls.Clear();
    }

    private async Task<List<string>> LeftAsync() =>
        await Agenda.ScanAllAsync(default).Select(row => row.Text("MessageId")).ToListAsync();

    private Task<Backlog> RunAsync() => Subject(tables, bus).RunAsync(default);

    private RunAgenda Subject(ITables store, Infra.Bus.IBus broker) => new(store, broker, Sweep(store, broker), clock, log);

    private SweepOutbox Sweep(ITables store, Infra.Bus.IBus broker) =>
        new(store, new RelayOutbox(store, broker, NullLogger<RelayOutbox>.Instance), sweepLog);

    private sealed class BrokenAgenda(ITables inner) : ITables
    {
        public ITable Get(string name) => name == AgendaTable.Name ? throw new InvalidOperationException("No agenda.") : inner.Get(name);

        public Task CreateAsync(IEnumerable<string> names, CancellationToken cancellation) => Task.CompletedTask;
    }
}
