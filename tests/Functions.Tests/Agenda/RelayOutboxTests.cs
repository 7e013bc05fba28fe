using Microsoft.Extensions.Logging.Abstractions;
using Plenary.Agenda;
using Plenary.Infra.Bus;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Support;

namespace Plenary.Functions.Tests.Agenda;

public sealed class RelayOutboxTests
{
    private static readonly string Place = OutboxNames.Place("Things", "P|japan");

    private readonly InMemoryTables tables = new();
    private readonly RecordingBus bus = new();
    private readonly FakeClock clock = new();

    [Fact]
    public async Task What_is_due_goes_to_the_bus_and_the_rest_to_the_agenda()
    {
        await OweAsync(new Owed("a", "1", "x"), new Owed("b", "2", "y", clock.Now), new Owed("b", "3", "z", clock.Now.AddTicks(1)));

        Assert.Equal(3, await Subject(tables, bus).RunAsync(Place, clock.Now, default));

        Assert.Equal([("a", new BusMessage("1", "x")), ("b", new BusMessage("2", "y"))], bus.Sent);
        Row planned = await tables[AgendaTable.Name].ScanAllAsync(default).SingleAsync();
        Assert.Equal(new Owed("b", "3", "z", clock.Now.AddTicks(1)), AgendaTable.FromRow(planned));
        Assert.Equal(["thing"], await LeftAsync());
    }

    [Fact]
    public async Task An_empty_outbox_is_one_query()
    {
        Assert.Equal(0, await Subject(tables, bus).RunAsync(Place, clock.Now, default));

        Assert.Equal(1, tables["Things"].RoundTrips);
        Assert.Equal(0, tables[AgendaTable.Name].RoundTrips);
        Assert.Empty(bus.Calls);
    }

    [Fact]
    public async Task The_outbox_of_another_partition_is_left_alone()
    {
        await OweAsync(new Owed("a", "1", "x"));

        Assert.Equal(0, await Subject(tables, bus).RunAsync(OutboxNames.Place("Things", "P"), clock.Now, default));

        Assert.Empty(bus.Sent);
    }

    [Fact]
    public async Task Two_decisions_that_owe_the_same_step_plan_it_once()
    {
        Owed same = new("b", "3", "z", clock.Now.AddDays(1));
        await OweAsync(same);
        await OweAsync(same);

        await Subject(tables, bus).RunAsync(Place, clock.Now, default);

        Assert.Equal(1, await tables[AgendaTable.Name].ScanAllAsync(default).CountAsync());
        Assert.DoesNotContain(await LeftAsync(), row => row.StartsWith(Owed.RowPrefix, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hundreds_of_messages_are_handed_on_in_transactions_of_a_hundred()
    {
        for (int decision = 0; decision < 5; decision++)
        {
            await OweAsync([.. Enumerable.Range(0, 50).Select(number => new Owed("a", $"{decision}-{number}", "x", number % 2 == 0 ? null : clock.Now.AddDays(1)))]);
        }

        Assert.Equal(250, await Subject(tables, bus).RunAsync(Place, clock.Now, default));

        Assert.Equal(125, bus.Ids("a").Distinct().Count());
        Assert.Equal(125, await tables[AgendaTable.Name].ScanAllAsync(default).CountAsync());
        Assert.DoesNotContain(await LeftAsync(), row => row.StartsWith(Owed.RowPrefix, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_that_the_broker_refuses_keeps_its_row_while_the_others_go()
    {
        bus.Refuses = (_, message) => message.Id == "2";
        await OweAsync(new Owed("a", "1", "x"), new Owed("a", "2", "y"), new Owed("a", "3", "z"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => Subject(tables, bus).RunAsync(Place, clock.Now, default));

        Assert.Equal(["1", "3"], bus.Ids("a").Order());
        Assert.Single(await LeftAsync(), row => row.StartsWith(Owed.RowPrefix, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Things")]
    [InlineData("a|b|c")]
    public async Task A_place_that_is_none_is_for_the_dead_letters(string place) =>
        await Assert.ThrowsAsync<FormatException>(() => Subject(tables, bus).RunAsync(place, clock.Now, default));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_crash_at_any_call_repeats_but_never_loses(bool afterEffect)
    {
        int reached = 0;
        for (int at = 1; ; at++)
        {
            InMemoryTables store = new();
            RecordingBus broker = new();
            CrashPoints points = new(at, afterEffect);
            await OweAsync(store, [.. Enumerable.Range(0, 90).Select(number => new Owed("a", $"{number}", "x", number % 3 == 0 ? clock.Now.AddDays(1) : null))]);

            try
            {
                await Subject(points.Around(store), points.Around(broker)).RunAsync(Place, clock.Now, default);
            }
            catch (CrashException)
            {
                points.Restart();
                await Subject(points.Around(store), points.Around(broker)).RunAsync(Place, clock.Now, default);
            }

            Assert.Equal(60, broker.Ids("a").Distinct().Count());
            Assert.Equal(30, await store[AgendaTable.Name].ScanAllAsync(default).CountAsync());
            Assert.Equal(["thing"], await store["Things"].ScanAllAsync(default).Select(row => row.Key.Row).ToListAsync());
            if (!points.HasCrashed)
            {
                Assert.Equal(4, reached);
                return;
            }

            reached++;
        }
    }

    private static RelayOutbox Subject(ITables store, IBus broker) => new(store, broker, NullLogger<RelayOutbox>.Instance);

    private Task OweAsync(params Owed[] owed) => OweAsync(tables, owed);

    private static async Task OweAsync(InMemoryTables store, Owed[] owed)
    {
        Batch batch = new Batch("P|japan").Upsert(Row.Of(new RowKey("P|japan", "thing"))).Owe(owed);
        Assert.True((await store["Things"].CommitAsync(batch, default)).IsDone);
    }

    private async Task<List<string>> LeftAsync() => await tables["Things"].ScanAllAsync(default).Select(row => row.Key.Row).ToListAsync();
}
