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
