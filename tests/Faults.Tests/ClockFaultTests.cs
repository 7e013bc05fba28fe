using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Plenary.Agenda;
using Plenary.Closing;
using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Journey.Tests;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Faults.Tests;

/// <summary>Cut-offs, clocks and timers.</summary>
public sealed class ClockFaultTests
{
    [Fact]
    public Task F11_a_submission_is_in_time_up_to_the_last_tick_and_not_at_the_closing_itself() => new CutOff().HoldsAsync(60);

    [Fact]
    public async Task F11_a_body_that_arrives_over_the_closing_counts_from_its_headers_and_one_that_starts_at_it_is_late()
    {
        const string Code = "23-IP-21-GE-WSP-A";
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(Code));
        string token = await stage.DeskTokenAsync(Code, "japan");
        await stage.App.AdvanceToAsync(Stage.Closing.AddMilliseconds(-1));

        using HttpClient client = new(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) });
        Uri address = new(stage.App.Address, $"/api/projects/{Code}/economies/japan/nominations");
        using SlowBody body = new("""{"name":"Slow Upload","email":"slow@agency.example.org","nationality":"Japan","position":"Officer","organisation":"Agency","sector":"government","yearsOfExperience":"7","statement":"Writes forms.","rank":1}""");
        Task<HttpResponseMessage> sending = client.SendAsync(Request(address, token, body, "slow"));
        await body.Started;
        (await client.PostAsync(new Uri(stage.App.Address, "/local/clock"), new StringContent($$"""{"to":"{{Stage.Closing.AddMinutes(5):O}}"}""", Encoding.UTF8, "application/json"))).EnsureSuccessStatusCode();
        body.Finish();
        Assert.Equal(HttpStatusCode.Created, (await sending).StatusCode);
        (HttpStatusCode late, _) = await stage.NominateAsync(Code, "japan", "Too Late", token: token, rank: 2);
        Assert.Equal(HttpStatusCode.Conflict, late);
    }

    [Fact]
    public Task F12_while_the_closing_moves_each_request_is_judged_by_the_closing_it_read() => new MovingClosing().HoldsAsync(60);

    [Fact]
    public Task F13_at_every_clock_change_of_twelve_zones_a_local_time_is_one_instant_and_the_officer_is_told() => new ClockChanges().HoldsAsync(ClockChanges.Zones.Length * 3);

    [Fact]
    public Task F14_instances_that_disagree_about_the_time_stay_within_their_disagreement() => new Skews().HoldsAsync(30);

    [Fact]
    public Task F15_a_timer_that_fires_early_closes_nothing_early() => new EarlyTimer().HoldsAsync(20);

    [Fact]
    public Task F16_a_timer_that_missed_any_number_of_occurrences_is_made_good_by_one_run() => new MissedTimer().HoldsAsync(4);

    [Fact]
    public async Task F16_health_tells_of_a_timer_that_stays_away_within_three_periods()
    {
        await using Plant plant = new();
        await plant.OpenAsync();
        await plant.UseAsync((KeepBeat timer) => timer.RunAsync(default));
        Assert.True(await IsHealthyAsync(plant));
        plant.Clock.Advance(TimeSpan.FromMinutes(3).Add(TimeSpan.FromSeconds(1)));
        Assert.False(await IsHealthyAsync(plant));
        await plant.UseAsync((KeepBeat timer) => timer.RunAsync(default));
        Assert.True(await IsHealthyAsync(plant));

        static Task<bool> IsHealthyAsync(Plant plant) => plant.UseAsync(async (IEnumerable<IHealthProbe> probes) =>
            (await probes.Single(probe => probe.Name == "timer").AskAsync(plant.Clock.Now, default)).IsHealthy);
    }

    [Fact]
    public Task F17_two_instances_on_the_same_occurrence_write_to_nobody_twice() => new TwoTimers().HoldsAsync(12);

    [Fact]
    public Task F18_the_closing_killed_at_each_of_its_calls_is_finished_once_by_the_repeat() => new KilledClosing().HoldsAsync(KilledClosing.Points * 2);

    private static HttpRequestMessage Request(Uri address, string token, HttpContent body, string key)
    {
        HttpRequestMessage request = new(HttpMethod.Post, address) { Content = body };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Idempotency-Key", key);
        request.Headers.ExpectContinue = true;
        return request;
    }

    /// <summary>Sends its first half when it is asked for, then waits to be told.</summary>
    private sealed class SlowBody : HttpContent
    {
        private readonly byte[] content;
        private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SlowBody(string text)
        {
            content = Encoding.UTF8.GetBytes(text);
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
            Headers.ContentLength = content.Length;
        }

        public Task Started => started.Task;

        public void Finish() => finish.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            // Asked for by the app's server as the app begins to read: the headers have come, and with them the time was taken.
            await stream.WriteAsync(content.AsMemory(0, content.Length / 2));
            await stream.FlushAsync();
            started.SetResult();
            await finish.Task;
            await stream.WriteAsync(content.AsMemory(content.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = content.Length;
            return true;
        }
    }
}

/// <summary>A closing in each of twelve zones; submissions at the second, the millisecond and the tick around it.</summary>
public sealed class CutOff() : Scenario("F11", "submissions around the closing in twelve zones", 100_000, "I3")
{
    private static readonly long[] Offsets =
        [-TimeSpan.TicksPerSecond, -TimeSpan.TicksPerMillisecond, -1, 0, 1, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerSecond];

    public override string Unit => "submissions";

    public override int CasesPerRun => 28;

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        string zone = ClockChanges.Zones[seed % ClockChanges.Zones.Length];
        DateOnly day = new DateOnly(2023, 7, 5).AddDays(Draw(new Random(seed), 26));
        await using Plant plant = new();
        await plant.OpenAsync(text: notification => notification with { Closing = day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture) }, choices: [("closingPolicy", zone)]);

        // Worked out anew: the day is over when the wall shows the next one for the first time.
        DateTimeOffset closes = FirstInstantOf(day.AddDays(1), zone);
        int[] order = [.. Enumerable.Range(0, Offsets.Length * Plant.Economies.Length)];
        new Random(seed).Shuffle(order);
        List<int> expected = [];
        foreach (int number in order)
        {
            long offset = Offsets[number / Plant.Economies.Length];
            Outcome<Receipt> outcome = await plant.NominateAsync(Plant.Economies[number % Plant.Economies.Length], number, receivedAt: closes.AddTicks(offset));
            Assert.True(outcome.IsRefused == offset >= 0, $"{zone} {day}: {offset} ticks from the closing was {(outcome.IsRefused ? "refused" : "accepted")}.");
            Assert.True(!outcome.IsRefused || outcome.Refusals[0].Code == "nominations-closed");
            if (offset < 0)
            {
                expected.Add(number);
            }
        }

        await plant.AssertNominationsAsync(expected.Count);
        story.Add(zone);
    }

    private static DateTimeOffset FirstInstantOf(DateOnly day, string zone)
    {
        TimeZoneInfo found = TimeZoneInfo.FindSystemTimeZoneById(zone);
        DateTimeOffset at = new(day.AddDays(-1).ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(14));
        while (DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, found).DateTime) < day)
        {
            at = at.AddMinutes(15);
        }

        return at.ToUniversalTime();
    }
}

/// <summary>The closing moves at a call of its own within a nomination that is under way.</summary>
public sealed class MovingClosing() : Scenario("F12", "closing moved earlier or later within a request", 1000, "I3")
{
    public override string Unit => "interleavings";

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        Random random = new(seed);
        bool isEarlier = seed % 2 == 0;
        int at = Draw(random, 6);
        await using Plant plant = new();
        await plant.OpenAsync();
        plant.Clock.Now = new DateTimeOffset(2023, 7, isEarlier ? 24 : 31, 15, 0, 0, TimeSpan.Zero).AddSeconds(Draw(random, 7200) - 3600);
        DateTimeOffset received = plant.Clock.Now;

        // A day's revision is issued and handed to the desk while the request waits at a call.
        await using Plant other = new(beside: plant);
        MovesOnce move = new(at, () => Task.Run(async () =>
        {
            await other.IssueAsync(
                notification => notification with { Closing = isEarlier ? "24 July 2023" : "7 August 2023" }, choices: [(ProjectChoices.ReopenField, "yes")]);
            await other.PumpAsync();
        }).GetAwaiter().GetResult());
        if (!isEarlier || received < new DateTimeOffset(2023, 7, 24, 15, 0, 0, TimeSpan.Zero))
        {
            plant.Gate = move;
        }
        else
        {
            // A closing in the past is not issued: the move comes an hour before the request instead.
            plant.Clock.Now = new DateTimeOffset(2023, 7, 24, 14, 0, 0, TimeSpan.Zero);
            await other.IssueAsync(notification => notification with { Closing = "24 July 2023" });
            await other.PumpAsync();
            plant.Clock.Now = received;
        }

        story.Add($"received at {received:u}, moved {(isEarlier ? "earlier" : "later")} at call {at}");
        Outcome<Receipt> outcome = await plant.NominateAsync("japan", 1, receivedAt: received, rank: seed % 3 == 0 ? "1" : "");
        plant.Gate = null;
        Desk now = (await plant.Tables.Get(NominationTable.Name).FindAsync(NominationTable.GateKey(plant.Project, "japan"), default))?.Body<Desk>() ?? throw new InvalidOperationException("No desk.");

        // It may have read the gate before or after the move; nothing else could have decided.
        DateTimeOffset[] read = [now.ClosesAt, Plant.Closing];
        if (outcome.IsRefused)
        {
            Assert.Contains(read, closing => received >= closing);
            Assert.Equal("nominations-closed", outcome.Refusals[0].Code);
        }
        else
        {
            Assert.Contains(read, closing => received < closing);
        }

        // Whatever comes after the move is judged by the new closing alone.
        Outcome<Receipt> after = await plant.NominateAsync("thailand", 2, receivedAt: now.ClosesAt);
        Assert.True(after.IsRefused);
        Assert.False((await plant.NominateAsync("thailand", 2, receivedAt: now.ClosesAt.AddTicks(-1))).IsRefused);
    }

    private sealed class MovesOnce(int at, Action move) : ICallGate
    {
        private int calls;

        public Action? Enter(string call)
        {
            if (calls++ == at)
            {
                move();
            }

            return null;
        }
    }
}

/// <summary>Every clock change of three years in zones of all kinds: northern, southern, half hours, none, whole days skipped.</summary>
public sealed class ClockChanges() : Scenario("F13", "every clock change of 12 zones in 3 years", 12 * 2 * 3, "I3")
{
    public static readonly string[] Zones =
    [
        "Asia/Tokyo", "Asia/Jakarta", "Asia/Tehran", "Asia/Kathmandu", "Europe/Istanbul", "Europe/London", "America/New_York", "America/Santiago",
        "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Apia", "Africa/Casablanca",
    ];

    public override string Unit => "zone years";

    protected override Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        string zone = Zones[seed % Zones.Length];
        int year = 2021 + (seed / Zones.Length % 3);
        TimeZoneInfo found = TimeZoneInfo.FindSystemTimeZoneById(zone);
        DateTimeOffset at = new(year, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (TimeSpan before = found.GetUtcOffset(at); at.Year == year; at = at.AddMinutes(30))
        {
            TimeSpan after = found.GetUtcOffset(at);
            if (after != before)
            {
                story.Add($"{zone} {at:u}: {before} to {after}");
                AssertChange(zone, at, before, after);
                before = after;
            }
        }

        // Every midnight of the year is one instant, each a day after the last, and shown as the last second before it.
        DateTimeOffset? yesterday = null;
        for (DateOnly day = new(year, 1, 1); day.Year == year; day = day.AddDays(1))
        {
            ClosingInstant closing = ProjectCalendar.EndOf(day, zone);
            Assert.True(yesterday is null || closing.At - yesterday is { TotalHours: >= 22 and <= 26 }, $"{zone} {day}");
            Assert.Contains(":59", ProjectCalendar.LastMoment(closing.At, zone), StringComparison.Ordinal);
            Assert.Equal(closing.Adjustment == Adjustment.Missing ? day.AddDays(1) : day, ProjectCalendar.DateIn(closing.At.AddTicks(closing.Adjustment == Adjustment.Missing ? 0 : -1), zone));
            yesterday = closing.At;
        }

        return Task.CompletedTask;
    }

    private static void AssertChange(string zone, DateTimeOffset at, TimeSpan before, TimeSpan after)
    {
        TimeSpan jump = after - before;
        DateTime wallBefore = (at + before).DateTime;
        if (jump > TimeSpan.Zero)
        {
            // The middle of what the clock skips: moved forward by as much as is skipped.
            DateTime missing = DateTime.SpecifyKind(wallBefore + (jump / 2), DateTimeKind.Unspecified);
            (DateTimeOffset instant, Adjustment adjustment) = ProjectCalendar.ToInstant(missing, zone);
            Assert.Equal((at + (jump / 2), Adjustment.Missing), (instant, adjustment));
        }
        else
        {
            // The middle of what the clock shows twice: the first of the two.
            DateTime twice = DateTime.SpecifyKind(wallBefore + (jump / 2), DateTimeKind.Unspecified);
            (DateTimeOffset instant, Adjustment adjustment) = ProjectCalendar.ToInstant(twice, zone);
            Assert.Equal((at + (jump / 2), Adjustment.Ambiguous), (instant, adjustment));
        }

        foreach (int hours in (int[])[-3, 3])
        {
            DateTimeOffset beside = at.AddHours(hours);
            DateTime wall = DateTime.SpecifyKind((beside + (hours < 0 ? before : after)).DateTime, DateTimeKind.Unspecified);
            Assert.Equal((beside, Adjustment.None), ProjectCalendar.ToInstant(wall, zone));
        }
    }
}

/// <summary>One instance five seconds ahead, one five behind, and a clock that jumps back a minute, over the closing and the mails.</summary>
public sealed class Skews() : Scenario("F14", "clocks 5 s ahead and behind, jumping back 60 s", 500, "I2 I3 I6")
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        Random random = new(seed);
        await using Plant ahead = new(skew: Bound);
        await ahead.OpenAsync();
        await using Plant behind = new(beside: ahead, skew: -Bound);
        FakeClock clock = ahead.Clock;
        clock.Now = Plant.Closing.AddSeconds(-20);
        List<int> accepted = [];
        DateTimeOffset highest = clock.Now;
        for (int number = 1; number <= 30; number++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(Draw(random, 3000)));
            highest = clock.Now > highest ? clock.Now : highest;
            if (number == 20)
            {
                story.Add($"the clock jumps back from {clock.Now:O}");
                clock.Advance(TimeSpan.FromSeconds(-60));
            }

            Plant instance = Draw(random, 2) == 0 ? ahead : behind;
            bool isOpen = !(await instance.NominateAsync(Plant.Economies[number % 4], number)).IsRefused;
            story.Add($"{clock.Now:O} at {(instance == ahead ? "+5" : "-5")}: {(isOpen ? "accepted" : "refused")}");
            Assert.Equal(instance.OwnNow < Plant.Closing, isOpen);
            Assert.True(isOpen || clock.Now >= Plant.Closing - Bound, "Refused before the bound.");
            Assert.True(!isOpen || clock.Now < Plant.Closing + Bound, "Accepted after the bound.");
            if (isOpen)
            {
                accepted.Add(number);
            }

            if (Draw(random, 3) == 0)
            {
                await (Draw(random, 2) == 0 ? ahead : behind).PumpAsync();
            }

            if (Draw(random, 6) == 0)
            {
                await (Draw(random, 2) == 0 ? ahead : behind).TickAsync();
            }
        }

        clock.Now = clock.Now > highest ? clock.Now : highest;
        await ahead.AdvanceToAsync(Plant.Closing.AddMinutes(30));
        await ahead.AssertNominationsAsync(accepted.Count);
        await ahead.AssertMailsAsync();
        Nominee[] stored = [.. (await ahead.RowsAsync(NominationTable.Name, "nominee-")).Select(row => row.Body<Nominee>())];
        Assert.Equal(accepted.Count, stored.Select(nominee => nominee.Reference).Distinct().Count());
        Assert.Equal(accepted.Count, stored.Select(nominee => nominee.Id).Distinct().Count());
        ClosedNominations closed = Assert.Single(await ahead.RowsAsync(ClosingTable.Name), row => row.Values.ContainsKey("ClosedTicks")).Body<ClosedNominations>();
        Assert.True(closed.Submitted <= accepted.Count);
    }
}

/// <summary>The timer comes up to a second before the minute of the closing, and the message it would have posted comes early too.</summary>
public sealed class EarlyTimer() : Scenario("F15", "timer early by 1 to 999 ms", 100, "I3")
{
    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        int early = 1 + (seed * 53 % 999);
        await using Plant plant = new();
        await plant.OpenAsync();
        Plant.Good(await plant.NominateAsync("japan", 1));
        await plant.AdvanceToAsync(Plant.Closing.AddMinutes(-1));
        plant.Clock.Now = Plant.Closing.AddMilliseconds(-early);
        await plant.TickAsync();
        await plant.PumpAsync();
        Assert.DoesNotContain(await plant.RowsAsync(ClosingTable.Name), row => row.Values.ContainsKey("ClosedTicks"));
        Assert.True(Plant.Good(await plant.NominateAsync("japan", 2)).IsNew, "Refused although it was open.");

        // An instance whose clock is ahead has posted it already: this one waits until it is true.
        await using Plant ahead = new(beside: plant, skew: TimeSpan.FromSeconds(1));
        await ahead.TickAsync();
        HeldMessage announced = Assert.Single(plant.Bus.Waiting, message => message.Queue == Queues.CloseNominations);
        Task closing = plant.DeliverAsync(announced);
        Assert.False(closing.IsCompleted, "It closed early.");
        plant.Clock.Now = Plant.Closing;
        await closing;
        await plant.AdvanceToAsync(Plant.Closing.AddMinutes(5));
        Row closed = Assert.Single(await plant.RowsAsync(ClosingTable.Name), row => row.Values.ContainsKey("ClosedTicks"));
        Assert.True(DateTimeOffset.Parse(closed.Text("NoticedAt"), CultureInfo.InvariantCulture) >= Plant.Closing);
        Assert.Equal(2, closed.Body<ClosedNominations>().Submitted);
    }
}

/// <summary>The timer stays away for 1, 10, 1,000 or 30,000 minutes over everything that falls due, then runs once.</summary>
public sealed class MissedTimer() : Scenario("F16", "1, 10, 1,000 and 30,000 occurrences missed", 4, "I9 I13")
{
    private static readonly int[] Missed = [1, 10, 1_000, 30_000];

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        int missed = Missed[seed % Missed.Length];
        story.Add($"{missed} missed");
        await using Plant plant = new();
        await plant.OpenAsync();
        Plant.Good(await plant.NominateAsync("japan", 1));
        DateTimeOffset back = Plant.Closing.AddSeconds(30);
        await plant.AdvanceToAsync(back.AddMinutes(-missed));
        await plant.AdvanceToAsync(back, timerRuns: false);

        // No timer was needed to be closed, nor for what the requests themselves owed.
        Assert.True((await plant.NominateAsync("japan", 2)).IsRefused);
        Assert.DoesNotContain(await plant.RowsAsync(ClosingTable.Name), row => row.Values.ContainsKey("ClosedTicks"));
        await plant.TickAsync();
        await plant.PumpAsync();

        Assert.Contains(await plant.RowsAsync(ClosingTable.Name), row => row.Values.ContainsKey("ClosedTicks"));
        await plant.AdvanceToAsync(back.AddMinutes(15));
        await plant.AssertMailsAsync();

        // Reminders before the closing are useless after it: each step is taken or skipped with a word, none comes late.
        Assert.All(plant.Provider.Taken.Where(mail => mail.Kind == NominationMails.Reminder), mail => Assert.True(mail.At < Plant.Closing));
        // 14, 7 and 1 days before, and 48 and 4 hours; 168 hours are the seven days.
        Assert.Equal(5, (await plant.RowsAsync(ReminderTable.Name)).Count(row => row.Text("Ladder") == Ladders.Closing));
        foreach (IGrouping<string, TakenMail> person in plant.Provider.Taken.Where(mail => mail.Kind == NominationMails.Reminder).GroupBy(mail => mail.To))
        {
            Assert.InRange(person.Count(), 0, 3);
        }
    }
}

/// <summary>Two instances run every occurrence at the same time, on threads of their own, and each takes messages of both.</summary>
public sealed class TwoTimers() : Scenario("F17", "two instances run each occurrence together", 1000, "I5 I6 I13")
{
    public override string Unit => "occurrences";

    public override int CasesPerRun => 5;

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        await using Plant one = new();
        await one.OpenAsync();
        for (int number = 1; number <= 8; number++)
        {
            Plant.Good(await one.NominateAsync(Plant.Economies[number % 3], number));
        }

        await using Plant two = new(beside: one);
        foreach (DateTimeOffset at in (DateTimeOffset[])[Plant.Closing.AddDays(-14), Plant.Closing.AddDays(-7), Plant.Closing.AddDays(-1), Plant.Closing, Plant.Closing.AddMinutes(12)])
        {
            one.Clock.Now = at;
            await Task.WhenAll(Task.Run(one.TickAsync, cancellation), Task.Run(two.TickAsync, cancellation));
            await Task.WhenAll(Task.Run(() => one.PumpAsync(4), cancellation), Task.Run(() => two.PumpAsync(4), cancellation));
        }

        await one.AdvanceToAsync(Plant.Closing.AddMinutes(40));
        await one.AssertMailsAsync();
        Assert.Equal(one.Provider.Taken.Count, one.Provider.Taken.Select(mail => mail.Intent).Distinct().Count());
        Assert.Single(one.Provider.Taken, mail => mail.Kind == ClosingSummary.Kind);
        Assert.All(one.Provider.Taken.Where(mail => mail.Kind == NominationMails.Reminder).GroupBy(mail => (mail.To, mail.At.Date)), group => Assert.Single(group));
        Assert.Single(await one.RowsAsync(ClosingTable.Name), row => row.Text("Action") == "nominations-closed");
    }
}

/// <summary>From the tick of the closing to its summary, killed at each call; nominations there are 1 to 40.</summary>
public sealed class KilledClosing() : Scenario("F18", "closing killed at each of its calls", 500, "I3 I5 I9")
{
    public static int Points { get; } = CountAsync().GetAwaiter().GetResult();

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        int at = (seed % Points) + 1;
        story.Add($"killed {(seed / Points % 2 == 0 ? "before" : "after")} call {at} of {Points}");
        int count = 1 + (seed * 13 % 40);
        await using Plant plant = await ReadyAsync(count);
        CrashPoints points = new(at, seed / Points % 2 == 1);
        plant.Gate = points;
        try
        {
            await plant.TickAsync();
            await plant.PumpAsync();
        }
        catch (CrashException)
        {
            points.Restart();
            await plant.RestartAsync();
        }

        Assert.True(points.HasCrashed);
        plant.Gate = null;
        await plant.AdvanceToAsync(Plant.Closing.AddMinutes(30));
        Row[] before = [.. await plant.RowsAsync(ClosingTable.Name)];
        ClosedNominations closed = Assert.Single(before, row => row.Values.ContainsKey("ClosedTicks")).Body<ClosedNominations>();
        Assert.Equal(count, closed.Submitted);
        Assert.Single(before, row => row.Text("Action") == "nominations-closed");
        await plant.AssertMailsAsync();
        Assert.InRange(plant.Provider.Taken.Count(mail => mail.Kind == ClosingSummary.Kind), 1, 2);

        // A second run changes nothing.
        await plant.UseAsync((CloseNominations close) => close.RunAsync(new NominationsDue(plant.Code, Plant.Closing.UtcTicks), default));
        Assert.Equal(before.Select(row => (row.Key, row.ETag)), (await plant.RowsAsync(ClosingTable.Name)).Select(row => (row.Key, row.ETag)));
    }

    private static async Task<Plant> ReadyAsync(int count)
    {
        Plant plant = new();
        await plant.OpenAsync();
        for (int number = 1; number <= count; number++)
        {
            Plant.Good(await plant.NominateAsync(Plant.Economies[number % 4], number));
        }

        await plant.AdvanceToAsync(Plant.Closing.AddMinutes(-1));
        plant.Clock.Now = Plant.Closing;
        return plant;
    }

    private static async Task<int> CountAsync()
    {
        await using Plant plant = await ReadyAsync(3);
        CrashPoints points = new(int.MaxValue, false);
        plant.Gate = points;
        await plant.TickAsync();
        await plant.PumpAsync();
        return points.Calls;
    }
}
