using Microsoft.Azure.Functions.Worker;

namespace Plenary.Local.TestApp;

public sealed class TimerFunctions(Seen seen, TimeProvider clock)
{
    [Function("Tick")]
    public void Tick([TimerTrigger("%Test:Schedule%")] TimerInfo timer)
    {
        ArgumentNullException.ThrowIfNull(timer);
        seen.Note(
            $"tick {clock.GetUtcNow():yyyy-MM-ddTHH:mm} pastDue={timer.IsPastDue} last={timer.ScheduleStatus?.Last:yyyy-MM-ddTHH:mm} " +
            $"next={timer.ScheduleStatus?.Next:yyyy-MM-ddTHH:mm}");
        Console.WriteLine("tick");
    }
}

public sealed class SlowTimerFunctions(Seen seen)
{
    /// <summary>Runs for two seconds of real time.</summary>
    [Function("SlowTick")]
    public async Task SlowTick([TimerTrigger("* * * * * *", UseMonitor = false)] TimerInfo timer, CancellationToken cancellation)
    {
        seen.Note("slow started");
        Console.WriteLine("slow started");
        await Task.Delay(TimeSpan.FromSeconds(2), MovableClock.Machine, cancellation);
        Console.WriteLine("slow ended");
    }
}

public sealed class EagerTimerFunctions(Seen seen)
{
    [Function("Eager")]
    public void Eager([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer) => seen.Note("eager");
}

public sealed class FailingTimerFunctions(Seen seen)
{
    [Function("Failing")]
    [FixedDelayRetry(2, "00:00:10")]
    public void Failing([TimerTrigger("%Test:Schedule%")] TimerInfo timer, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        seen.Note($"try {context.RetryContext.RetryCount} of {context.RetryContext.MaxRetryCount}");
        throw new InvalidOperationException("Told to fail.");
    }
}
