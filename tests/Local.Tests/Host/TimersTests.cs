using System.Net;
using Plenary.Local.TestApp;
using Plenary.Support;

namespace Plenary.Local.Tests.Host;

public sealed class TimersTests
{
    private static readonly string[] OnceAtTheFirstMinute = ["tick 2023-07-03T09:01 pastDue=False last= next="];

    [Fact]
    public async Task A_timer_runs_when_the_clock_reaches_its_occurrence_and_not_before()
    {
        await using RunningHost host = await RunningHost.StartAsync(typeof(TimerFunctions));
        host.Clock.Advance(TimeSpan.FromSeconds(29));
        await host.IdleAsync();
        Assert.Empty(host.Notes);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await host.IdleAsync();
        Assert.Equal(OnceAtTheFirstMinute, host.Notes);
    }

    [Fact]
    public async Task The_schedule_status_is_null_until_a_run_is_recorded()
    {
        await using RunningHost host = await RunningHost.StartAsync(typeof(TimerFunctions));
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        await host.IdleAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.IdleAsync();
        Assert.Equal(
            [.. OnceAtTheFirstMinute, "tick 2023-07-03T09:02 pastDue=False last=2023-07-03T09:01 next=2023-07-03T09:02"], host.Notes);
    }

    [Fact]
    public async Task Many_missed_occurrences_collapse_into_one_past_due_run()
    {
        await using RunningHost host = await RunningHost.StartAsync(typeof(TimerFunctions));
        host.Clock.Advance(TimeSpan.FromDays(30));
        await host.IdleAsync();
        Assert.Equal(["tick 2023-08-02T09:00 pastDue=True last= next="], host.Notes);
    }

    [Fact]
    public async Task A_clock_set_back_starts_the_timer_afresh()
    {
        await using RunningHost host = await RunningHost.StartAsync(typeof(TimerFunctions));
        host.Clock.MoveTo(RunningHost.Start.AddYears(-3));
        await host.IdleAsync();
        Assert.Empty(host.Notes);

        // The timer wakes on a thread of its own: each minute is another chance, and only the first may be missed.
        for (int minute = 0; minute < 3; minute++)
        {
            host.Clock.Advance(TimeSpan.FromMinutes(1));
            await host.IdleAsync();
        }

        Assert.InRange(host.Notes.Count, 2, 3);
    }

    [Fact]
    public async Task An_occurrence_missed_while_no_process_ran_runs_once_past_due_at_the_next_start()
    {
        Azurite azurite = await Azurite.SharedAsync();
        (string, string)[] settings = [("AzureWebJobsStorage", azurite.ConnectionString), ("Local:Prefix", Azurite.Unique("Timers"))];
        await using (RunningHost first = await RunningHost.StartAsync(typeof(TimerFunctions), settings))
        {
            first.Clock.Advance(TimeSpan.FromSeconds(30));
            await first.IdleAsync();
            Assert.Single(first.Notes);
        }

        await using RunningHost second = await RunningHost.StartAsync([typeof(TimerFunctions)], RunningHost.Start.AddHours(3), settings);
        await second.IdleAsync();
        Assert.Equal(["tick 2023-07-03T12:00 pastDue=True last=2023-07-03T09:01 next=2023-07-03T09:02"], second.Notes);
    }

    [Fact]
    public async Task A_changed_schedule_skips_a_missed_run_silently()
    {
        Azurite azurite = await Azurite.SharedAsync();
        (string, string)[] settings = [("AzureWebJobsStorage", azurite.ConnectionString), ("Local:Prefix", Azurite.Unique("Timers"))];
        await using (RunningHost first = await RunningHost.StartAsync(typeof(TimerFunctions), settings))
        {
            first.Clock.Advance(TimeSpan.FromSeconds(30));
            await first.IdleAsync();
        }

        await using RunningHost second = await RunningHost.StartAsync(
            [typeof(TimerFunctions)], RunningHost.Start.AddHours(3), [.. settings, ("Test:Schedule", "0 30 * * * *")]);
        await second.IdleAsync();
        Assert.Empty(second.Notes);
        second.Clock.Advance(TimeSpan.FromMinutes(30));
        await second.IdleAsync();
        Assert.Equal(["tick 2023-07-03T12:30 pastDue=False last= next="], second.Notes);
    }

    [Fact]
    public async Task Two_hosts_on_one_account_run_each_occurrence_once()
    {
        Azurite azurite = await Azurite.SharedAsync();
        (string, string)[] settings = [("AzureWebJobsStorage", azurite.ConnectionString), ("Local:Prefix", Azurite.Unique("Timers"))];
        await using RunningHost one = await RunningHost.StartAsync(typeof(TimerFunctions), settings);
        await using RunningHost two = await RunningHost.StartAsync(typeof(TimerFunctions), settings);
        const int Minutes = 10;
        for (int minute = 0; minute < Minutes; minute++)
        {
            await Task.WhenAll(
                Task.Run(() => one.Clock.Advance(TimeSpan.FromMinutes(1))),
                Task.Run(() => two.Clock.Advance(TimeSpan.FromMinutes(1))));
            await Task.WhenAll(one.IdleAsync(), two.IdleAsync());
        }

        string[] runs = [.. one.Notes.Concat(two.Notes).Select(note => note.Split(' ')[1])];
        Assert.Equal(Minutes, runs.Length);
        Assert.Equal(Minutes, runs.Distinct().Count());
    }

    [Fact]
    public async Task A_claim_whose_holder_has_died_gives_way_when_it_runs_out()
    {
        Azurite azurite = await Azurite.SharedAsync();
        string prefix = Azurite.Unique("Timers");
        TableTimerStore store = new(new HostTable(azurite.ConnectionString, prefix));
        DateTimeOffset due = RunningHost.Start.AddSeconds(30);
        TimerRecord dead = new(
            due.AddMinutes(-1), due, RunningHost.Start, "a process that died", MovableClock.Machine.GetUtcNow().AddSeconds(1), null);
        Assert.NotNull(await store.WriteAsync("Tick", dead, CancellationToken.None));
        await using RunningHost host = await RunningHost.StartAsync(
            typeof(TimerFunctions), ("AzureWebJobsStorage", azurite.ConnectionString), ("Local:Prefix", prefix));
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        await host.IdleAsync();
        Assert.Single(host.Notes);
    }

    [Fact]
    public async Task A_process_that_is_told_to_be_alone_waits_for_no_claim()
    {
        Azurite azurite = await Azurite.SharedAsync();
        string prefix = Azurite.Unique("Timers");
        TableTimerStore store = new(new HostTable(azurite.ConnectionString, prefix));
        DateTimeOffset due = RunningHost.Start.AddSeconds(30);
        TimerRecord dead = new(
            due.AddMinutes(-1), due, RunningHost.Start, "a process that died", MovableClock.Machine.GetUtcNow().AddHours(1), null);
        Assert.NotNull(await store.WriteAsync("Tick", dead, CancellationToken.None));
        await using RunningHost host = await RunningHost.StartAsync(
            typeof(TimerFunctions), ("AzureWebJobsStorage", azurite.ConnectionString), ("Local:Prefix", prefix), ("Local:SoleProcess", "true"));
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        await host.IdleAsync();
        Assert.Single(host.Notes);
    }

    [Fact]
    public async Task A_timer_can_run_when_the_host_starts()
    {
        await using RunningHost host = await RunningHost.StartAsync(typeof(EagerTimerFunctions));
        await host.Seen.NextAsync();
        await host.IdleAsync();
        Assert.Equal(["eager"], host.Notes);
    }

    [Fact]
    public async Task A_timer_that_fails_is_tried_again_as_its_policy_says_and_its_next_occurrence_still_comes()
    {
        await using RunningHost host = await RunningHost.StartAsync(typeof(FailingTimerFunctions));
        host.Clock.Freeze();
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        for (int attempt = 0; attempt < 3; attempt++)
        {
            await host.Seen.NextAsync();
            using System.Text.Json.JsonDocument waiting = await host.GetJsonAsync("/local/idle?wait=0.3");
            host.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        await host.IdleAsync();
        Assert.Equal(["try 0 of 2", "try 1 of 2", "try 2 of 2"], host.Notes);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.Seen.NextAsync();
        Assert.Equal("try 0 of 2", host.Notes[3]);
    }

    [Fact]
    public async Task The_admin_interface_runs_a_timer_once_with_the_master_key_only()
    {
        await using RunningHost host = await RunningHost.StartAsync(typeof(TimerFunctions));
        Assert.Equal(HttpStatusCode.Unauthorized, await RunAsync(host, "Tick", "{}", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await RunAsync(host, "Tick", "{}", RunningHost.FunctionKey));
        Assert.Equal(HttpStatusCode.NotFound, await RunAsync(host, "Nobody", "{}", RunningHost.MasterKey));
        Assert.Equal(HttpStatusCode.BadRequest, await RunAsync(host, "Tick", "", RunningHost.MasterKey));
        Assert.Empty(host.Notes);
        Assert.Equal(HttpStatusCode.Accepted, await RunAsync(host, "Tick", "{}", RunningHost.MasterKey));
        await host.IdleAsync();
        Assert.Single(host.Notes);
    }

    [Theory]
    [InlineData("0 0 9 * * *", "2023-07-03T09:00:00Z", "2023-07-04T09:00:00Z")]
    [InlineData("*/5 * * * *", "2023-07-03T08:59:59Z", "2023-07-03T09:00:00Z")]
    [InlineData("00:10:00", "2023-07-03T09:00:30Z", "2023-07-03T09:10:30Z")]
    public void A_schedule_is_cron_of_five_or_six_fields_in_UTC_or_an_interval(string text, string instant, string next) =>
        Assert.Equal(Instant(next), Schedule.Parse("X", text).After(Instant(instant)));

    internal static async Task<HttpStatusCode> RunAsync(RunningHost host, string function, string body, string? key)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"/admin/functions/{function}")
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
        }

        using HttpResponseMessage response = await host.Client.SendAsync(request);
        return response.StatusCode;
    }

    private static DateTimeOffset Instant(string text) =>
        DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
