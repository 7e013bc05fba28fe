using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Plenary.Agenda;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Infra.Telemetry;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Functions.Tests.Agenda;

#pragma warning disable CA1001 // The export of this class has nothing to send to and holds nothing.
public sealed class TimerHealthTests
#pragma warning restore CA1001
{
    private readonly InMemoryTables tables = new();
    private readonly RecordingBus bus = new();
    private readonly FakeClock clock = new();
    private readonly TelemetryExport export = new(new ConfigurationBuilder().Build(), () => throw new InvalidOperationException("Nobody is to be asked who we are."));

    [Theory]
    [InlineData("0 * * * * *", 180)]
    [InlineData("0 */5 * * * *", 900)]
    [InlineData("0 0 3 * * *", 10_800)]
    public async Task Three_periods_without_a_run_are_unhealthy_and_not_a_second_less(string schedule, int seconds)
    {
        TimerHealth probe = Probe(schedule);
        await BeatAsync();

        clock.Advance(TimeSpan.FromSeconds(seconds));
        Assert.True((await probe.AskAsync(clock.Now, default)).IsHealthy);

        clock.Advance(TimeSpan.FromTicks(1));
        Assert.False((await probe.AskAsync(clock.Now, default)).IsHealthy);
    }

    [Fact]
    public async Task A_timer_that_never_ran_is_given_three_periods_too()
    {
        TimerHealth probe = Probe();

        Assert.True((await probe.AskAsync(clock.Now, default)).IsHealthy);
        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.False((await probe.AskAsync(clock.Now, default)).IsHealthy);
    }

    [Fact]
    public async Task A_run_that_fails_leaves_no_beat()
    {
        await BeatAsync();
        clock.Advance(TimeSpan.FromMinutes(1));

        await Assert.ThrowsAsync<InvalidOperationException>(() => KeepBeat(new BrokenMarkers(tables)).RunAsync(default));

        Assert.Equal(60, (await Probe().AskAsync(clock.Now, default)).Figures!["timerAge"]);
    }

    [Fact]
    public async Task What_could_not_be_handed_on_is_told_by_its_age()
    {
        bus.Refuses = (_, _) => true;
        await new Decisions(tables, bus, NullLogger<Decisions>.Instance, clock).CommitAsync(
            tables["Things"], new Batch("p").Insert(Row.Of(new RowKey("p", "thing"))).Owe(new Owed("q", "m", "{}")), clock.Now, default);
        clock.Advance(TimeSpan.FromMinutes(12));
        await BeatAsync();

        Assert.Equal(720, (await Probe().AskAsync(clock.Now, default)).Figures!["oldestOutboxRow"]);

        bus.Refuses = (_, _) => false;
        await BeatAsync();
        await BeatAsync();
        Assert.Equal(0, (await Probe().AskAsync(clock.Now, default)).Figures!["oldestOutboxRow"]);
    }

    private Task BeatAsync() => KeepBeat(tables).RunAsync(default);

    private KeepBeat KeepBeat(ITables store)
    {
        RunAgenda agenda = new(store, bus, new SweepOutbox(store, new RelayOutbox(store, bus, NullLogger<RelayOutbox>.Instance), NullLogger<SweepOutbox>.Instance), clock, NullLogger<RunAgenda>.Instance);
        return new KeepBeat(agenda, store, new CheckHealth([], clock, NullLogger<CheckHealth>.Instance), export, clock);
    }

    private TimerHealth Probe(string schedule = "0 * * * * *") => new(tables, Options.Create(new AgendaOptions { Schedule = schedule }), clock);

    private sealed class BrokenMarkers(ITables inner) : ITables
    {
        public ITable Get(string name) => name == OutboxNames.Markers ? throw new InvalidOperationException("No markers.") : inner.Get(name);

        public Task CreateAsync(IEnumerable<string> names, CancellationToken cancellation) => Task.CompletedTask;
    }
}
