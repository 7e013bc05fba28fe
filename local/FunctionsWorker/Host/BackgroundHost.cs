using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Plenary.Local;

/// <summary>
/// Starts timers and queues when everything else has started. On the way out they stop taking work first and finish what
/// they have, while HTTP still answers (a function may need it); then requests drain.
/// </summary>
internal sealed partial class BackgroundHost : IHostedLifecycleService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan More = TimeSpan.FromSeconds(3);

    private readonly Runs runs;
    private readonly ILogger<BackgroundHost> log;
    private readonly Dictionary<FunctionEntry, TimerLoop> timers = [];
    private readonly List<(FunctionEntry Entry, QueueLoop Loop)> queues = [];
    private readonly List<Task> loops = [];
    private readonly HostBus bus;

    public BackgroundHost(
        FunctionCatalog catalog, Runs runs, MovableClock clock, HostStorage storage, HostBus bus, HostJson hostJson, ILoggerFactory logs)
    {
        this.runs = runs;
        this.bus = bus;
        log = logs.CreateLogger<BackgroundHost>();
        MemoryTimerStore memory = new();
        foreach (FunctionEntry entry in catalog.All.Where(entry => entry.Schedule is not null))
        {
            bool monitored = ((TimerTriggerAttribute)entry.Trigger).UseMonitor;
            timers[entry] = new TimerLoop(
                entry, Schedule.Parse(entry.Name, entry.Schedule ?? ""), monitored ? storage.Timers : memory, clock, runs,
                storage.IsSole, logs.CreateLogger<TimerLoop>());
        }

        foreach (FunctionEntry entry in catalog.All.Where(entry => entry.QueueName is not null))
        {
            queues.Add((entry, new QueueLoop(
                entry, bus.ClientOf(entry), hostJson, clock, runs, logs.CreateLogger<QueueLoop>())));
        }
    }

    /// <summary>Timers whose time has come and which have not started yet.</summary>
    public int DueTimers => timers.Count(timer => !timer.Key.IsDisabled && timer.Value.IsDue);

    public TimerLoop? TimerOf(FunctionEntry entry) => timers.GetValueOrDefault(entry);

    /// <summary>Before the app starts: what an earlier process has left in the queues counts as work to do.</summary>
    public Task StartingAsync(CancellationToken cancellationToken) =>
        queues.Count > 0 ? bus.OpenAsync(cancellationToken) : Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach ((FunctionEntry entry, TimerLoop timer) in timers)
        {
            if (!entry.IsDisabled)
            {
                loops.Add(Task.Run(timer.RunAsync, CancellationToken.None));
            }
        }

        foreach ((FunctionEntry entry, QueueLoop queue) in queues)
        {
            if (!entry.IsDisabled)
            {
                loops.Add(Task.Run(queue.RunAsync, CancellationToken.None));
            }
        }

        await Task.WhenAll(timers.Where(timer => !timer.Key.IsDisabled).Select(timer => timer.Value.Ready)).WaitAsync(cancellationToken);
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        runs.Stop();
        if (!await runs.DrainAsync(Task.WhenAll(loops), Patience, More))
        {
            Log.CutOff(log, runs.Count);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken) => await bus.CloseAsync();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Count} invocations did not end in time and are cut off.")]
        public static partial void CutOff(ILogger log, int count);
    }
}
