namespace Plenary.Local.Tests.Clock;

public sealed class MovableClockTests
{
    private static readonly DateTimeOffset Start = new(2023, 7, 3, 9, 0, 0, TimeSpan.Zero);

    private readonly MovableClock clock = new();

    public MovableClockTests()
    {
        clock.Freeze();
        clock.MoveTo(Start);
    }

    [Fact]
    public void A_frozen_clock_stands_still_and_can_be_moved()
    {
        Assert.Equal(Start, clock.GetUtcNow());
        clock.Advance(TimeSpan.FromDays(28));
        Assert.Equal(Start.AddDays(28), clock.GetUtcNow());
        clock.MoveTo(Start.AddDays(-1));
        Assert.Equal(Start.AddDays(-1), clock.GetUtcNow());
    }

    [Fact]
    public void A_clock_set_going_goes_on_from_where_it_stood()
    {
        FrozenMachine machine = new(Start);
        MovableClock moved = new(machine);
        moved.Freeze();
        machine.Now += TimeSpan.FromHours(3);
        Assert.Equal(Start, moved.GetUtcNow());
        moved.Run();
        Assert.Equal(Start, moved.GetUtcNow());
        machine.Now += TimeSpan.FromSeconds(5);
        Assert.Equal(Start.AddSeconds(5), moved.GetUtcNow());
    }

    [Fact]
    public void Timers_that_are_passed_fire_before_the_move_returns_in_due_order()
    {
        List<string> fired = [];
        using ITimer late = clock.CreateTimer(_ => fired.Add("late"), null, TimeSpan.FromHours(2), Timeout.InfiniteTimeSpan);
        using ITimer early = clock.CreateTimer(_ => fired.Add("early"), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        using ITimer never = clock.CreateTimer(_ => fired.Add("never"), null, TimeSpan.FromHours(4), Timeout.InfiniteTimeSpan);

        clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.Empty(fired);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(["early"], fired);
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(["early", "late"], fired);
    }

    [Fact]
    public void A_repeating_timer_that_is_passed_many_times_fires_once_and_goes_on_from_there()
    {
        int fired = 0;
        using ITimer timer = clock.CreateTimer(_ => fired++, null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        clock.Advance(TimeSpan.FromDays(365));
        Assert.Equal(1, fired);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, fired);
    }

    [Fact]
    public void Moving_back_leaves_a_timer_the_time_it_had_still_to_wait()
    {
        int fired = 0;
        using ITimer timer = clock.CreateTimer(_ => fired++, null, TimeSpan.FromMinutes(10), Timeout.InfiniteTimeSpan);
        clock.Advance(TimeSpan.FromMinutes(4));
        clock.Advance(TimeSpan.FromDays(-30));
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(0, fired);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, fired);
    }

    [Fact]
    public void A_disposed_or_stopped_timer_never_fires()
    {
        int fired = 0;
        ITimer disposed = clock.CreateTimer(_ => fired++, null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
        using ITimer stopped = clock.CreateTimer(_ => fired++, null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        using ITimer ender = clock.CreateTimer(_ => disposed.Dispose(), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        Assert.True(stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, fired);
        Assert.False(disposed.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public async Task A_timer_fires_as_real_time_runs()
    {
        clock.Run();
        TaskCompletionSource fired = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ITimer timer = clock.CreateTimer(_ => fired.SetResult(), null, TimeSpan.FromMilliseconds(30), Timeout.InfiniteTimeSpan);
        await fired.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.True(clock.GetUtcNow() >= Start.AddMilliseconds(30));
    }

    [Fact]
    public async Task A_timer_due_at_once_fires_on_a_frozen_clock()
    {
        TaskCompletionSource fired = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ITimer timer = clock.CreateTimer(_ => fired.SetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        await fired.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Delays_end_when_the_clock_passes_them()
    {
        Task delay = Task.Delay(TimeSpan.FromDays(3), clock);
        clock.Advance(TimeSpan.FromDays(2));
        Assert.False(delay.IsCompleted);
        clock.Advance(TimeSpan.FromDays(1));
        await delay.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Timestamps_follow_the_clock()
    {
        long before = clock.GetTimestamp();
        clock.Advance(TimeSpan.FromMinutes(90));
        Assert.Equal(TimeSpan.FromMinutes(90), clock.GetElapsedTime(before));
    }

    [Fact]
    public void Every_move_is_told_after_its_timers_have_fired()
    {
        List<string> events = [];
        clock.Moved += (_, moved) => events.Add($"{moved.From:HH:mm} to {moved.To:HH:mm}");
        using ITimer timer = clock.CreateTimer(_ => events.Add("timer"), null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
        clock.Advance(TimeSpan.FromMinutes(5));
        clock.MoveTo(Start);
        Assert.Equal(["timer", "09:00 to 09:05", "09:05 to 09:00"], events);
    }

    [Fact]
    public void A_restored_clock_goes_on_at_the_moved_time()
    {
        Assert.Equal(Start, MovableClock.Restore(clock.Save()).GetUtcNow());

        clock.Run();
        MovableClock running = MovableClock.Restore(clock.Save());
        Assert.False(running.IsFrozen);
        Assert.InRange(running.GetUtcNow(), Start, clock.GetUtcNow());
    }

    [Fact]
    public async Task Many_threads_may_set_timers_while_the_clock_is_moved()
    {
        int fired = 0;
        Task[] setters = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 500; i++)
            {
                clock.CreateTimer(_ => Interlocked.Increment(ref fired), null, TimeSpan.FromSeconds(1 + (i % 50)), Timeout.InfiniteTimeSpan);
            }
        }))];
        Task setting = Task.WhenAll(setters);
        while (!setting.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        await setting;
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(4000, fired);
    }

    private sealed class FrozenMachine(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
