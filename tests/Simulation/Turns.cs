using System.Runtime.CompilerServices;
using Plenary.Infra.Tables;

namespace Plenary.Simulation;

/// <summary>One thing that goes on by itself: a request being served, a message being handled, a client.</summary>
/// <param name="name">Of the function, where it is one.</param>
/// <param name="app">Where it runs; null for clients, who outlive every process.</param>
internal sealed class Strand(int number, string name, SimulatedApp? app)
{
    public int Number { get; } = number;

    public string Name { get; } = name;

    public SimulatedApp? App { get; } = app;

    /// <summary>Calls on ports so far.</summary>
    public int Calls { get; set; }

    /// <summary>Its process dies with it: after the reply.</summary>
    public bool KillsAtEnd { get; set; }

    public Task? Work { get; set; }

    public Action<Strand>? Ended { get; init; }

    public bool HasEnded { get; set; }

    /// <summary>How often it stands in the line, and how many of its timers run.</summary>
    public int Pending { get; set; }

    public override string ToString() => $"{Name}~{Number}";
}

/// <summary>
/// Lets one strand at a time go on, on one thread, and draws who is next from the seed. Every call on a port stands in this line, so races
/// are explored, and the same seed explores the same one. No task scheduler takes part: what is awaited is continued here.
/// </summary>
internal sealed class Turns(Random random)
{
    private static readonly TimeSpan LongestAway = TimeSpan.FromSeconds(60);
    private static readonly AsyncLocal<Strand?> CurrentStrand = new();

    private readonly object gate = new();
    private readonly List<(Strand Strand, Action Continue)> line = [];
    private readonly Random ids = new(random.Next());
    private int strands;

    public static Strand Current => CurrentStrand.Value ?? throw new InvalidOperationException("Nothing of the simulation runs here.");

    public static Strand? CurrentOrNone => CurrentStrand.Value;

    public Strand Start(string name, SimulatedApp? app, Func<Strand, Task> work, Action<Strand>? ended = null)
    {
        Strand strand = new(++strands, name, app) { Ended = ended };
        ExecutionContext context = ExecutionContext.Capture() ?? throw new InvalidOperationException("The flow of contexts is suppressed.");
        Enqueue(strand, () => ExecutionContext.Run(
            context,
            _ =>
            {
                CurrentStrand.Value = strand;
                Batch.Drawn.Value = DrawId;
                strand.Work = work(strand);
            },
            null));
        return strand;
    }

    private Guid DrawId()
    {
        Span<byte> bytes = stackalloc byte[16];
        ids.NextBytes(bytes);
        return new Guid(bytes);
    }

    /// <summary>Stands in line.</summary>
    public Turn NextAsync() => new(this);

    public void Enqueue(Strand strand, Action next)
    {
        lock (gate)
        {
            strand.Pending++;
            line.Add((strand, next));
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Lets one go on until it waits again.</summary>
    /// <returns>False when nobody stands in line.</returns>
    public bool Step()
    {
        (Strand Strand, Action Continue) chosen;
        lock (gate)
        {
            do
            {
                if (line.Count == 0)
                {
                    return false;
                }

                int index = line.Count == 1 ? 0 : random.Next(line.Count);
                chosen = line[index];
                line.RemoveAt(index);
                chosen.Strand.Pending--;
            }
            while (chosen.Strand.App is { IsDead: true });
        }

        chosen.Continue();
        Strand strand = chosen.Strand;
        Task work = strand.Work ?? throw new InvalidOperationException("A strand went on before it began.");
        if (strand.App is not null)
        {
            AwaitReturn(strand, work);
        }

        if (work.IsCompleted && !strand.HasEnded && strand.App is not { IsDead: true })
        {
            strand.HasEnded = true;
            strand.Ended?.Invoke(strand);
        }

        return true;
    }

    /// <summary>Work that has left for another thread, to read a file for instance: everybody waits until it is back, so that no order depends on it.</summary>
    private void AwaitReturn(Strand strand, Task work)
    {
        if (work.IsCompleted || strand.Pending > 0)
        {
            return;
        }

        _ = work.ContinueWith(
            _ =>
            {
                lock (gate)
                {
                    Monitor.PulseAll(gate);
                }
            },
            TaskScheduler.Default);
        lock (gate)
        {
            while (!work.IsCompleted && strand.Pending == 0 && strand.App is not { IsDead: true })
            {
                if (!Monitor.Wait(gate, LongestAway))
                {
                    throw new InvalidOperationException($"{strand} waits for something that no port of the simulation knows.");
                }
            }
        }
    }

    public readonly struct Turn(Turns turns) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => false;

        public Turn GetAwaiter() => this;

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation) => turns.Enqueue(Current, continuation);

        public void GetResult()
        {
            // A turn has no result.
        }
    }
}

/// <summary>Something a strand waits for; whoever waits goes on in its turn after <see cref="Set"/>.</summary>
internal sealed class Signal<T>(Turns turns) : ICriticalNotifyCompletion
{
    private Action? next;
    private Strand? waiting;
    private T? value;

    public bool IsCompleted { get; private set; }

    public Signal<T> GetAwaiter() => this;

    /// <summary>Once is enough; later ones count for nothing.</summary>
    public void Set(T with)
    {
        if (IsCompleted)
        {
            return;
        }

        IsCompleted = true;
        value = with;
        if (next is { } continuation && waiting is { } strand)
        {
            strand.Pending--;
            turns.Enqueue(strand, continuation);
        }
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        waiting = Turns.Current;
        waiting.Pending++;
        next = continuation;
    }

    public T GetResult() => value!; // Only read once it is set.
}
