#nullable enable

using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace Plenary.Local;

/// <summary>
/// What stands behind the Service Bus clients of this process: one broker for each namespace, found by name. Its
/// queues come into being when first used. See local/README.md for what it promises and how it stores messages.
/// </summary>
public sealed class Broker : IAsyncDisposable
{
    internal const int LargestMessage = 256 * 1024;

    private static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan TimeUntilForgotten = TimeSpan.FromMinutes(5);
    private static readonly ConcurrentDictionary<string, Broker> Configured = new(StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<string, BrokerQueue> queues = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource ending = new();
    private readonly Lock gate = new();
    private readonly string name;
    private readonly string instance = Guid.NewGuid().ToString("N");
    private TaskCompletionSource? changed;
    private Task? opening;
    private Task presence = Task.CompletedTask;
    private int repeats;

    private Broker(string name, BrokerOptions options, IBrokerStore store)
    {
        this.name = name;
        Options = options;
        Store = store;
    }

    /// <summary>True when no message is waiting or locked and no write is under way; scheduled and dead-lettered ones may be there.</summary>
    public bool IsIdle => queues.Values.All(queue => queue.IsIdle());

    /// <summary>False between <see cref="Stop"/> and <see cref="Start"/>.</summary>
    public bool IsRunning { get; private set; } = true;

    /// <summary>
    /// For tests: so many completions of each message are taken and ignored, so that it is delivered again, as after a
    /// completion that got lost on the way. What comes of that never leads to the dead-letter queue.
    /// </summary>
    public int Redeliveries
    {
        get => Volatile.Read(ref repeats);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Volatile.Write(ref repeats, value);
        }
    }

    internal BrokerOptions Options { get; }

    internal IBrokerStore Store { get; }

    internal Random? Disorder { get; private set; }

    /// <summary>
    /// Makes the broker of a namespace, in the place of an earlier one of that name. The earlier one ends only when it is disposed.
    /// </summary>
    public static Broker Configure(string fullyQualifiedNamespace, BrokerOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(fullyQualifiedNamespace);
        ArgumentNullException.ThrowIfNull(options);
        return Configure(
            fullyQualifiedNamespace,
            options,
            options.Store is { } tables ? new TableBrokerStore(tables, options.TablePrefix) : new MemoryBrokerStore());
    }

    /// <summary>Finds what earlier processes have left in the store, so that <see cref="Counts"/> knows of it.</summary>
    public async Task OpenAsync(CancellationToken cancellation = default)
    {
        await OpenStoreAsync(cancellation);
        foreach (string queue in await Guarded(null, token => Store.ListQueuesAsync(token), cancellation))
        {
            await Queue(queue).OpenAsync(cancellation);
        }
    }

    /// <summary>Of the queues used or opened so far.</summary>
    public BrokerCounts Counts() => new(queues.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(pair => pair.Key, pair => pair.Value.Count()));

    /// <summary>Waits until <see cref="IsIdle"/>.</summary>
    public async Task WaitUntilIdleAsync(CancellationToken cancellation = default)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                next = changed.Task;
            }

            // Looked at after the wait for the next change was set up, so none can slip between the two.
            if (IsIdle)
            {
                return;
            }

            await next.WaitAsync(cancellation);
        }
    }

    /// <summary>For tests: as if the service were out of reach. Sending and settling fail; who waits for messages goes on waiting.</summary>
    public void Stop() => IsRunning = false;

    /// <summary>Ends what <see cref="Stop"/> began.</summary>
    public void Start()
    {
        IsRunning = true;
        foreach (BrokerQueue queue in queues.Values)
        {
            queue.Wake();
        }
    }

    /// <summary>For tests: messages of a queue come in an order that the seed determines. Null: in sequence again.</summary>
    public void Reorder(int? seed) =>
#pragma warning disable CA5394 // A test's disorder, nothing secret.
        Disorder = seed is { } number ? new Random(number) : null;
#pragma warning restore CA5394

    /// <summary>
    /// For tests: every lock held now is lost at once, that of another process too: one that was killed frees its messages only
    /// when its locks run out.
    /// </summary>
    public void ExpireLocks()
    {
        foreach (BrokerQueue queue in queues.Values)
        {
            queue.ExpireLocks();
        }
    }

    /// <summary>Ends it as a process ends: locks stay as they are in the store, until they run out.</summary>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        ((ICollection<KeyValuePair<string, Broker>>)Configured).Remove(new KeyValuePair<string, Broker>(name, this));
        foreach (BrokerQueue queue in queues.Values)
        {
            await queue.DisposeAsync();
        }

        await presence;
    }

    internal static Broker Configure(string name, BrokerOptions options, IBrokerStore store) =>
        Configured[name] = new Broker(name, options, store);

    internal static Broker Find(string name, string entityPath) =>
        Configured.TryGetValue(name, out Broker? broker)
            ? broker
            : throw new ServiceBusException(
                $"No broker is configured for the namespace '{name}': call {nameof(Plenary)}.{nameof(Local)}.{nameof(Broker)}.{nameof(Configure)}(\"{name}\", options) before.",
                ServiceBusFailureReason.ServiceCommunicationProblem,
                entityPath);

    internal BrokerQueue Queue(string queue) => queues.GetOrAdd(queue, Create);

    internal void Changed()
    {
        TaskCompletionSource? waiting;
        lock (gate)
        {
            waiting = changed;
            changed = null;
        }

        waiting?.SetResult();
    }

    /// <summary>Once for the broker: the store's table is there, and other processes can see this one.</summary>
    internal async Task OpenStoreAsync(CancellationToken cancellation)
    {
        if (!Store.IsShared)
        {
            return;
        }

        Task task;
        lock (gate)
        {
            if (opening is null || opening.IsFaulted || opening.IsCanceled)
            {
                opening = StartAsync();
            }

            task = opening;
        }

        await Guarded(null, token => task.WaitAsync(token), cancellation);
    }

    /// <summary>Turns what the store throws into what the real client would throw.</summary>
    internal static async Task<T> Guarded<T>(string? entityPath, Func<CancellationToken, Task<T>> act, CancellationToken cancellation)
    {
        try
        {
            return await act(cancellation);
        }
        catch (Exception error) when (error is not (OperationCanceledException or ServiceBusException))
        {
            throw Unreachable(entityPath, error);
        }
    }

    internal static async Task Guarded(string? entityPath, Func<CancellationToken, Task> act, CancellationToken cancellation) =>
        await Guarded(entityPath, async token =>
        {
            await act(token);
            return true;
        }, cancellation);

    internal static ServiceBusException Unreachable(string? entityPath, Exception? error = null) =>
        new("The broker could not be reached.", ServiceBusFailureReason.ServiceCommunicationProblem, entityPath, error);

    private BrokerQueue Create(string queue)
    {
        QueueOptions own = Options.Queues.FirstOrDefault(pair => string.Equals(pair.Key, queue, StringComparison.OrdinalIgnoreCase)).Value ?? Options;
        return new BrokerQueue(this, queue.ToLowerInvariant(), own);
    }

    private async Task StartAsync()
    {
        await Store.OpenAsync(ending.Token);
        await Store.BeatAsync(instance, ending.Token);
        presence = KeepPresentAsync();
    }

    /// <summary>
    /// As long as another process lives on the same store, looks for what it has left there, and once more when it
    /// has fallen silent. Alone, it costs one small write and one small query in each interval.
    /// </summary>
    private async Task KeepPresentAsync()
    {
        Dictionary<string, (string Mark, long Seen)> others = new(StringComparer.Ordinal);
        using PeriodicTimer timer = new(BeatInterval, MovableClock.Machine);
        try
        {
            while (await timer.WaitForNextTickAsync(ending.Token))
            {
                try
                {
                    await LookAsync(others);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    // The store is out of reach: those who use it are told so, this loop only tries again.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The broker ends.
        }

        try
        {
            using CancellationTokenSource patience = new(BeatInterval, MovableClock.Machine);
            await Store.LeaveAsync(instance, patience.Token);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The others will notice the silence.
        }
    }

    private async Task LookAsync(Dictionary<string, (string Mark, long Seen)> others)
    {
        IReadOnlyDictionary<string, string> marks = await Store.BeatAsync(instance, ending.Token);
        bool look = false;
        foreach ((string other, string mark) in marks)
        {
            if (!others.TryGetValue(other, out (string Mark, long Seen) known) || known.Mark != mark)
            {
                // A mark met for the first time may be that of a process long dead: that costs a few needless looks.
                others[other] = (mark, MovableClock.Machine.GetTimestamp());
                look = true;
            }
            else if (MovableClock.Machine.GetElapsedTime(known.Seen) is var silence && silence < LongestSilence)
            {
                look = true;
            }
            else if (silence > TimeUntilForgotten)
            {
                // Were it alive after all, its next sign of life would bring it back.
                await Store.LeaveAsync(other, ending.Token);
            }
        }

        foreach (string left in others.Keys.Except(marks.Keys).ToList())
        {
            others.Remove(left);
            look = true;
        }

        foreach (BrokerQueue queue in queues.Values)
        {
            if (look)
            {
                queue.NeedLook();
            }

            if (queue.ShouldLook)
            {
                await queue.RefreshAsync(ending.Token);
            }
        }
    }
}
