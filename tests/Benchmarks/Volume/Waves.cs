using System.Collections.Concurrent;

namespace Plenary.Benchmarks.Volume;

/// <summary>
/// Runs asynchronous work on one thread in which a call of a store takes one wave: all calls that are under way end together, and only when
/// nothing else can run. So the number of waves is the longest chain of calls that waited for one another, whatever the machine does.
/// </summary>
internal sealed class Waves : SynchronizationContext
{
    private readonly BlockingCollection<(SendOrPostCallback Run, object? State)> ready = [];
    private readonly Lock gate = new();
    private List<TaskCompletionSource> waiting = [];

    /// <summary>How many have passed.</summary>
    public int Count { get; private set; }

    /// <summary>How many calls ended with them.</summary>
    public int Calls { get; private set; }

    /// <summary>A call of a store.</summary>
    public Task WaitAsync()
    {
        TaskCompletionSource call = new();
        lock (gate)
        {
            waiting.Add(call);
        }

        return call.Task;
    }

    public override void Post(SendOrPostCallback d, object? state) => ready.Add((d, state));

    /// <summary>Runs to the end.</summary>
    public void Run(Func<Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        SynchronizationContext? before = Current;
        SetSynchronizationContext(this);
        try
        {
            Task running = work();
            while (!running.IsCompleted)
            {
                // What runs past this context comes back to it within the grace.
                if (ready.TryTake(out (SendOrPostCallback Run, object? State) next, waiting.Count == 0 ? 1000 : 2))
                {
                    next.Run(next.State);
                }
                else
                {
                    Pass();
                }
            }

            running.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private void Pass()
    {
        List<TaskCompletionSource> ended;
        lock (gate)
        {
            ended = waiting;
            waiting = [];
        }

        Count += ended.Count == 0 ? 0 : 1;
        Calls += ended.Count;
        foreach (TaskCompletionSource call in ended)
        {
            call.SetResult();
        }
    }
}
