using Microsoft.Extensions.Logging;
using Plenary.Infra.Bus;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Support;

namespace Plenary.Infra.Tests.Outbox;

public sealed class DecisionsTests
{
    private readonly InMemoryTables tables = new();
    private readonly RecordingBus bus = new();
    private readonly FakeClock clock = new();
    private readonly RecordingLogger<Decisions> log = new();

    private InMemoryTable Markers => tables[OutboxNames.Markers];

    [Fact]
    public async Task A_decision_that_owes_marks_its_partition_and_asks_for_a_relay()
    {
        Batch batch = Deciding("a", new Owed("q", "m-1", "{}"), new Owed("q", "m-2", "{}"));

        Assert.True((await CommitAsync(Subject(), batch)).IsDone);

        Row marker = await Markers.ScanAllAsync(default).SingleAsync();
        Assert.Equal("Things|P=7Cjapan", marker.Text("Place"));
        (string queue, BusMessage message) = Assert.Single(bus.Sent);
        Assert.Equal((OutboxNames.RelayQueue, $"relay-{batch.OperationId}", "Things|P=7Cjapan"), (queue, message.Id, message.Body));
        Assert.Equal(
            [new Owed("q", "m-1", "{}"), new Owed("q", "m-2", "{}")],
            await tables["Things"].ListAsync("P|japan", KeyRange.StartingWith(Owed.RowPrefix), default).Select(Owed.FromRow).ToListAsync());
    }

    [Fact]
    public async Task A_decision_that_owes_nothing_costs_nothing_more()
    {
        Assert.True((await CommitAsync(Subject(), Deciding("a"))).IsDone);

        Assert.Equal(0, Markers.RoundTrips);
        Assert.Empty(bus.Calls);
        Assert.Equal(1, tables["Things"].RoundTrips);
    }

    [Fact]
    public async Task A_partition_is_marked_once_in_five_minutes()
    {
        Decisions subject = Subject();
        clock.Now = new DateTimeOffset(2023, 7, 3, 8, 0, 0, TimeSpan.Zero);
        await CommitAsync(subject, Deciding("a", new Owed("q", "1", "{}")));
        clock.Now = clock.Now.AddMinutes(5).AddTicks(-1);
        await CommitAsync(subject, Deciding("b", new Owed("q", "2", "{}")));
        Assert.Equal(1, Markers.RoundTrips);

        clock.Now = clock.Now.AddTicks(1);
        await CommitAsync(subject, Deciding("c", new Owed("q", "3", "{}")));
        Assert.Equal(2, Markers.RoundTrips);
    }

    [Fact]
    public async Task A_broker_that_is_down_does_not_undo_the_decision()
    {
        bus.Refuses = (_, _) => true;

        Assert.True((await CommitAsync(Subject(), Deciding("a", new Owed("q", "1", "{}")))).IsDone);

        Assert.Equal(1, await Markers.ScanAllAsync(default).CountAsync());
        Assert.Contains(log.Lines, line => line.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task A_decision_in_conflict_asks_for_nothing()
    {
        await CommitAsync(Subject(), Deciding("a"));

        CommitResult result = await CommitAsync(Subject(), Deciding("a", new Owed("q", "1", "{}")));

        Assert.False(result.IsDone);
        Assert.Empty(bus.Sent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_call_what_was_decided_is_either_marked_or_not_decided(bool afterEffect)
    {
        for (int at = 1; ; at++)
        {
            InMemoryTables store = new();
            CrashPoints points = new(at, afterEffect);
            ITables crashing = points.Around(store);
            try
            {
                await new Decisions(crashing, points.Around(bus), log, clock)
                    .CommitAsync(crashing.Get("Things"), Deciding("a", new Owed("q", "1", "{}")), clock.Now, default);
            }
            catch (CrashException)
            {
            }

            bool decided = await store["Things"].ScanAllAsync(default).AnyAsync();
            bool marked = await store[OutboxNames.Markers].ScanAllAsync(default).AnyAsync();
            Assert.True(marked || !decided, $"Killed at call {at}: owed and not marked.");
            if (!points.HasCrashed)
            {
                Assert.Equal(4, at);
                return;
            }
        }
    }

    [Fact]
    public void Owed_messages_come_back_with_their_due_time() =>
        Assert.Equal(
            new Owed("q", "id", "{}", clock.Now),
            Owed.FromRow(new Owed("q", "id", "{}", clock.Now.ToOffset(TimeSpan.FromHours(9))).ToRow("p", "op", 1)));

    [Theory]
    [InlineData("Things", "P|japan")]
    [InlineData("T", "")]
    [InlineData("T", "a=b%c")]
    public void A_place_comes_back_as_table_and_partition(string table, string partition) =>
        Assert.Equal((table, partition), OutboxNames.ReadPlace(OutboxNames.Place(table, partition)));

    private static Batch Deciding(string thing, params Owed[] owed) =>
        new Batch("P|japan").Insert(Row.Of(new RowKey("P|japan", thing), ("Name", thing))).Owe(owed);

    private Decisions Subject() => new(tables, bus, log, clock);

    private Task<CommitResult> CommitAsync(Decisions subject, Batch batch) => subject.CommitAsync(tables["Things"], batch, clock.Now, default);
}
