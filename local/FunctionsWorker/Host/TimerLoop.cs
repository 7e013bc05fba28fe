using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Plenary.Local;

/// <summary>
/// Runs one timer function when it is due. Of several processes on one storage account, one runs each occurrence: the one
/// whose claim on the record gets through. The status is written after the run, so a crash in a run repeats it.
/// </summary>
internal sealed partial class TimerLoop(
    FunctionEntry entry, Schedule schedule, ITimerStore store, MovableClock clock, Runs runs, bool isSole, ILogger log)
{
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(20);

    private readonly string holder = Guid.NewGuid().ToString("N");
    private readonly Lock gate = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset? next;
    private bool running;

    private bool RunsOnStartup => ((TimerTriggerAttribute)entry.Trigger).RunOnStartup;

    /// <summary>Ends when the timer knows its next occurrence, so that moving the clock past it is noticed.</summary>
    public Task Ready => ready.Task;

    /// <summary>Whether an occurrence has passed that has not been run to its end.</summary>
    public bool IsDue
    {
        get
        {
            lock (gate)
            {
                return !running && next is { } instant && instant <= clock.GetUtcNow();
            }
        }
    }

    public async Task RunAsync()
    {
        CancellationToken stopping = runs.Stopping;
        bool first = true;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                TimerRecord record = await AlignAsync(stopping);
                if (first && RunsOnStartup)
                {
                    first = false;
                    if (record.Next > clock.GetUtcNow())
                    {
                        await RunFunctionAsync(record, isPastDue: false);
                    }
                }

                first = false;
                SetNext(record.Next);
                ready.TrySetResult();
                if (clock.GetUtcNow() < record.Next)
                {
                    await WaitAsync(record.Next, stopping);
                    continue;
                }

                await ClaimAndRunAsync(record, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
#pragma warning disable CA1031 // Storage that fails must not end the timer: it goes on when storage is back.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Log.StatusFailed(log, fault, entry.Name);
                ready.TrySetResult();
                await Task.Delay(TimeSpan.FromSeconds(1), MovableClock.Machine, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Runs once, whatever the schedule says and without touching it.</summary>
    public async Task RunNowAsync()
    {
        using IDisposable piece = runs.Begin();
        await Task.Yield();
        await RunFunctionAsync(await store.ReadAsync(entry.Name, CancellationToken.None), isPastDue: false);
    }

    /// <summary>Reads the record, makes the first one, and starts afresh after a change of schedule or a clock set back.</summary>
    private async Task<TimerRecord> AlignAsync(CancellationToken cancellation)
    {
        while (true)
        {
            DateTimeOffset now = clock.GetUtcNow();
            TimerRecord? stored = await store.ReadAsync(entry.Name, cancellation);
            if (stored is not null && stored.LastUpdated <= now.AddMinutes(1) &&
                schedule.After(stored.Last ?? stored.LastUpdated) == stored.Next)
            {
                return stored;
            }

            TimerRecord fresh = new(null, schedule.After(now), now, null, DateTimeOffset.MinValue, stored?.Version);
            if (await store.WriteAsync(entry.Name, fresh, cancellation) is { } written)
            {
                return written;
            }
        }
    }

    private async Task ClaimAndRunAsync(TimerRecord record, CancellationToken stopping)
    {
        DateTimeOffset machineNow = MovableClock.Machine.GetUtcNow();
        if (record.Holder is not null && record.Holder != holder && !isSole && record.HeldUntil > machineNow)
        {
            // Another process is at it: look again until it is done or gone.
            await Task.Delay(Patience, MovableClock.Machine, stopping);
            return;
        }

        using IDisposable piece = runs.Begin();
        if (await store.WriteAsync(entry.Name, record with { Holder = holder, HeldUntil = machineNow + Hold }, stopping) is not { } held)
        {
            return;
        }

        SetRunning(true);
        try
        {
            DateTimeOffset startedAt = clock.GetUtcNow();
            using CancellationTokenSource done = new();
            Task<TimerRecord> renewing = RenewAsync(held, done.Token);
            await RunFunctionAsync(record, isPastDue: schedule.After(record.Next) <= startedAt);
            await done.CancelAsync();
            held = await renewing;

            // Not cancelled by the end of the host: the run has happened.
            DateTimeOffset last = startedAt > record.Next ? startedAt : record.Next;
            TimerRecord after = new(
                last, schedule.After(last), clock.GetUtcNow(), null, DateTimeOffset.MinValue, held.Version);
            if (await store.WriteAsync(entry.Name, after, CancellationToken.None) is null)
            {
                Log.ClaimLost(log, entry.Name);
            }
            else
            {
                SetNext(after.Next);
            }
        }
        finally
        {
            SetRunning(false);
        }
    }

    private async Task<TimerRecord> RenewAsync(TimerRecord held, CancellationToken done)
    {
        while (true)
        {
            await Task.Delay(Hold / 3, MovableClock.Machine, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (done.IsCancellationRequested)
            {
                return held;
            }

            try
            {
                TimerRecord renewed = held with { HeldUntil = MovableClock.Machine.GetUtcNow() + Hold };
                if (await store.WriteAsync(entry.Name, renewed, CancellationToken.None) is not { } stored)
                {
                    return held;
                }

                held = stored;
            }
#pragma warning disable CA1031 // A renewal that fails is tried again; if all do, another process repeats the run.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Log.StatusFailed(log, fault, entry.Name);
            }
        }
    }

    private async Task RunFunctionAsync(TimerRecord? record, bool isPastDue)
    {
        int most = entry.Retry?.MaxRetryCount ?? 0;
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                TimerInfo timer = new()
                {
                    IsPastDue = isPastDue,
                    ScheduleStatus = record?.Last is { } last
                        ? new ScheduleStatus
                        {
                            Last = last.UtcDateTime,
                            Next = record.Next.UtcDateTime,
                            LastUpdated = record.LastUpdated.UtcDateTime,
                        }
                        : null,
                };
                int count = attempt;
                await runs.RunInScopeAsync((services, cancellation) => new Invocation(entry, services, cancellation)
                {
                    Input = timer,
                    Retry = entry.Retry is null ? null : new Retries(count, most),
                });
                return;
            }
#pragma warning disable CA1031 // A timer that fails runs again at its next occurrence, as in the real host.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Log.RunFailed(log, fault, entry.Name);
                if (runs.Stopping.IsCancellationRequested || entry.Retry is null || (most >= 0 && attempt >= most))
                {
                    return;
                }
            }

            // Not on the thread that moves the clock.
            await Task.Delay(entry.Retry.DelayBefore(attempt + 1), clock, runs.Stopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        }
    }

    /// <summary>Ends when the instant has come, and whenever the clock was moved.</summary>
    private async Task WaitAsync(DateTimeOffset instant, CancellationToken stopping)
    {
        // Continuations must not run on the thread that moves the clock: they would hold it up.
        TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Wake(object? sender, ClockMovedEventArgs moved) => woken.TrySetResult();
        clock.Moved += Wake;
        try
        {
            TimeSpan left = instant - clock.GetUtcNow();
            if (left > TimeSpan.Zero)
            {
                await using ITimer alarm = clock.CreateTimer(
                    _ => woken.TrySetResult(), null, left < LongestWait ? left : LongestWait, Timeout.InfiniteTimeSpan);
                await woken.Task.WaitAsync(stopping);
            }
        }
        finally
        {
            clock.Moved -= Wake;
        }
    }

    private void SetNext(DateTimeOffset instant)
    {
        lock (gate)
        {
            next = instant;
        }
    }

    private void SetRunning(bool value)
    {
        lock (gate)
        {
            running = value;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The timer function {Function} failed.")]
        public static partial void RunFailed(ILogger log, Exception fault, string function);

        [LoggerMessage(2, LogLevel.Warning, "The schedule status of {Function} could not be read or written; trying again.")]
        public static partial void StatusFailed(ILogger log, Exception fault, string function);

        [LoggerMessage(3, LogLevel.Warning, "Another process took over {Function} during a run.")]
        public static partial void ClaimLost(ILogger log, string function);
    }
}
