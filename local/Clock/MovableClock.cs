namespace Plenary.Local;

/// <summary>
/// The process's wall clock: the machine's time, or an instant at which it stands still, plus an offset.
/// Timers belong to clock time. Moving forwards past them fires them before the move returns, in the order in which
/// they fall due; a repeating timer that was passed several times fires once. Moving backwards leaves every timer the
/// time it still had to wait, so that no wait grows by the length of the jump: whoever waits for an
/// instant looks at the clock again when woken. Safe for use by many threads.
/// </summary>
public sealed class MovableClock : TimeProvider
{
    // The machine's time may be corrected while a timer waits, so no wait on it is longer than this.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly SortedSet<ClockTimer> waiting = new(Comparer<ClockTimer>.Create(ClockTimer.Compare));
    private readonly TimeProvider machine;
    private readonly ITimer alarm;
    private TimeSpan offset;
    private DateTimeOffset? frozenAt;
    private long order;

    public MovableClock()
        : this(Machine)
    {
    }

    /// <param name="machine">Real time; another one than <see cref="Machine"/> only in tests.</param>
    public MovableClock(TimeProvider machine)
        : this(machine, new ClockState(TimeSpan.Zero, null))
    {
    }

    private MovableClock(TimeProvider machine, ClockState state)
    {
        ArgumentNullException.ThrowIfNull(machine);
        this.machine = machine;
        offset = state.Offset;
        frozenAt = state.FrozenAt;
        using (ExecutionContext.SuppressFlow())
        {
            alarm = machine.CreateTimer(_ => FireDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>
    /// Raised after each move, when the timers it passed have fired; on the thread that moved the clock.
    /// </summary>
    public event EventHandler<ClockMovedEventArgs>? Moved;

    /// <summary>The machine's own time, for waits that no move may shorten or stretch (network, polling).</summary>
    public static TimeProvider Machine { get; } =
#pragma warning disable RS0030 // The one place that may name the system clock: every other part gets it, moved or not, from here.
        System;
#pragma warning restore RS0030

    public bool IsFrozen
    {
        get
        {
            lock (gate)
            {
                return frozenAt is not null;
            }
        }
    }

    /// <summary>UTC: the machine's own zone never counts.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The clock a saved one would be now.</summary>
    public static MovableClock Restore(ClockState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new MovableClock(Machine, state);
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return Now();
        }
    }

    /// <summary>Follows the clock, backwards too.</summary>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public ClockState Save()
    {
        lock (gate)
        {
            return new ClockState(offset, frozenAt);
        }
    }

    public void MoveTo(DateTimeOffset instant) => Move(_ => instant);

    /// <param name="by">Negative to go back.</param>
    public void Advance(TimeSpan by) => Move(now => now + by);

    /// <summary>Stands still until <see cref="Run"/>; it may still be moved.</summary>
    public void Freeze()
    {
        lock (gate)
        {
            frozenAt ??= machine.GetUtcNow();
            SetAlarm();
        }
    }

    /// <summary>Goes on from where it stands.</summary>
    public void Run()
    {
        lock (gate)
        {
            if (frozenAt is { } instant)
            {
                offset += instant - machine.GetUtcNow();
                frozenAt = null;
                SetAlarm();
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ClockTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private DateTimeOffset Now() => (frozenAt ?? machine.GetUtcNow()) + offset;

    private void Move(Func<DateTimeOffset, DateTimeOffset> target)
    {
        DateTimeOffset from;
        DateTimeOffset to;
        lock (gate)
        {
            from = Now();
            to = target(from).ToUniversalTime();
            offset += to - from;
            if (to < from)
            {
                foreach (ClockTimer timer in waiting)
                {
                    // All by the same step, so the order of the set stays as it is.
                    timer.Due += to - from;
                }
            }
        }

        FireDue();
        Moved?.Invoke(this, new ClockMovedEventArgs(from, to));
    }

    private void FireDue()
    {
        long last;
        lock (gate)
        {
            last = order;
        }

        while (true)
        {
            ClockTimer? timer;
            lock (gate)
            {
                DateTimeOffset now = Now();
                timer = waiting.Min;

                // What callbacks have set meanwhile is left to the alarm, so that no callback can hold the mover for ever.
                if (timer is null || timer.Due > now || timer.Order > last)
                {
                    SetAlarm();
                    return;
                }

                waiting.Remove(timer);
                if (timer.Period is { } period)
                {
                    Schedule(timer, now + period);
                }
            }

            timer.Fire();
        }
    }

    // Callers hold the gate.
    private void Schedule(ClockTimer timer, DateTimeOffset due)
    {
        timer.Due = due;
        timer.Order = ++order;
        waiting.Add(timer);
    }

    // Callers hold the gate.
    private void SetAlarm()
    {
        TimeSpan wait = Timeout.InfiniteTimeSpan;
        if (waiting.Min is { } next)
        {
            TimeSpan left = next.Due - Now();
            if (left <= TimeSpan.Zero)
            {
                wait = TimeSpan.Zero;
            }
            else if (frozenAt is null)
            {
                // Whole milliseconds, rounded up: a timer never fires before its instant.
                wait = left < LongestWait ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : LongestWait;
            }
        }

        alarm.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private sealed class ClockTimer(MovableClock clock, TimerCallback callback, object? state) : ITimer
    {
        private readonly ExecutionContext? context = ExecutionContext.Capture();
        private bool ended;

        public DateTimeOffset Due { get; set; }

        public long Order { get; set; }

        public TimeSpan? Period { get; private set; }

        public static int Compare(ClockTimer left, ClockTimer right) =>
            left.Due.CompareTo(right.Due) is var byDue and not 0 ? byDue : left.Order.CompareTo(right.Order);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            ThrowIfNegative(dueTime, nameof(dueTime));
            ThrowIfNegative(period, nameof(period));
            lock (clock.gate)
            {
                if (ended)
                {
                    return false;
                }

                clock.waiting.Remove(this);
                Period = period > TimeSpan.Zero ? period : null;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    DateTimeOffset now = clock.Now();
                    clock.Schedule(this, dueTime < DateTimeOffset.MaxValue - now ? now + dueTime : DateTimeOffset.MaxValue);
                }

                clock.SetAlarm();
                return true;
            }
        }

        public void Fire()
        {
            if (context is null)
            {
                callback(state);
            }
            else
            {
                ExecutionContext.Run(context, _ => callback(state), null);
            }
        }

        public void Dispose()
        {
            lock (clock.gate)
            {
                ended = true;
                if (clock.waiting.Remove(this))
                {
                    clock.SetAlarm();
                }
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private static void ThrowIfNegative(TimeSpan time, string name)
        {
            if (time < TimeSpan.Zero && time != Timeout.InfiniteTimeSpan)
            {
                throw new ArgumentOutOfRangeException(name, time, "A time to wait is not negative.");
            }
        }
    }
}
