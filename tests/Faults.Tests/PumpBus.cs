using Plenary.Infra.Bus;

namespace Plenary.Faults.Tests;

/// <summary>A message in a queue, with how often it was delivered in vain.</summary>
internal sealed record HeldMessage(string Queue, string Id, string Body, DateTimeOffset DueAt, int Deliveries = 0, string Why = "");

/// <summary>
/// A broker in memory, pumped by the test. It knows no ids: what is sent twice is delivered twice. Only of what is scheduled under one id for one
/// instant it keeps one, as the real one's duplicate detection does: else fifty copies of a message that waits would become fifty to the power of its waits.
/// </summary>
internal sealed class PumpBus(TimeProvider clock) : IBus
{
    private readonly Lock gate = new();
    private readonly List<HeldMessage> waiting = [];

    /// <summary>Each message is delivered so often, whatever comes of it.</summary>
    public int Copies { get; set; } = 1;

    /// <summary>Null: in order of sending.</summary>
    public Random? Disorder { get; set; }

    /// <summary>Takes nothing, delivers nothing.</summary>
    public bool IsDown { get; set; }

    public List<HeldMessage> DeadLetters { get; } = [];

    public int Delivered { get; private set; }

    public IReadOnlyList<HeldMessage> Waiting
    {
        get
        {
            lock (gate)
            {
                return [.. waiting];
            }
        }
    }

    public DateTimeOffset? NextDue
    {
        get
        {
            lock (gate)
            {
                return waiting.Count == 0 ? null : waiting.Min(message => message.DueAt);
            }
        }
    }

    public Task SendAsync(string queue, IReadOnlyCollection<BusMessage> messages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        lock (gate)
        {
            if (IsDown)
            {
                throw new InvalidOperationException("The broker is down.");
            }

            foreach (BusMessage message in messages)
            {
                HeldMessage held = new(queue, message.Id, message.Body, message.NotBefore ?? clock.GetUtcNow());
                if (message.NotBefore is null || !waiting.Contains(held))
                {
                    waiting.AddRange(Enumerable.Repeat(held, Copies));
                }
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Everything that is due, and what comes of it, <paramref name="atOnce"/> messages at a time. Ten failures make a dead letter.</summary>
    /// <param name="handle">Throws to have the message come again.</param>
    public async Task PumpAsync(Func<HeldMessage, Task> handle, int atOnce = 1)
    {
        ArgumentNullException.ThrowIfNull(handle);
        while (Take(atOnce) is { Length: > 0 } taken)
        {
            // On threads of their own, since stores in memory never wait: two consumers are to meet in the middle of their work.
            await Task.WhenAll(taken.Select(message => atOnce == 1 ? HandleAsync(handle, message) : Task.Run(() => HandleAsync(handle, message))));
        }
    }

    private HeldMessage[] Take(int most)
    {
        lock (gate)
        {
            List<HeldMessage> taken = [];
            while (!IsDown && taken.Count < most && waiting.FindAll(message => message.DueAt <= clock.GetUtcNow()) is { Count: > 0 } due)
            {
#pragma warning disable CA5394 // A test's disorder, nothing secret.
                HeldMessage next = due[Disorder?.Next(due.Count) ?? 0];
#pragma warning restore CA5394
                waiting.Remove(next);
                taken.Add(next);
            }

            return [.. taken];
        }
    }

    private async Task HandleAsync(Func<HeldMessage, Task> handle, HeldMessage message)
    {
        try
        {
            await handle(message);
            lock (gate)
            {
                Delivered++;
            }
        }
#pragma warning disable CA1031 // As the host does: whatever a listener throws sends the message back.
        catch (Exception failure) when (failure is not Support.CrashException)
#pragma warning restore CA1031
        {
            HeldMessage again = message with { Deliveries = message.Deliveries + 1, Why = failure.Message };
            lock (gate)
            {
                (again.Deliveries < 10 ? waiting : DeadLetters).Add(again);
            }
        }
        catch (Support.CrashException)
        {
            // The process died with the message in its hands: the lock runs out and the message comes again.
            lock (gate)
            {
                waiting.Add(message with { Deliveries = message.Deliveries + 1 });
            }

            throw;
        }
    }
}
