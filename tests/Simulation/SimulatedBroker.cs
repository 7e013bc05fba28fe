using Plenary.Infra.Bus;

namespace Plenary.Simulation;

/// <summary>A message that waits or is being worked on.</summary>
internal sealed class WaitingMessage(string queue, string id, string body, DateTimeOffset visibleAt)
{
    public string Queue { get; } = queue;

    public string Id { get; } = id;

    public string Body { get; } = body;

    /// <summary>From when on it can be received: scheduled, or again after its lock has run out.</summary>
    public DateTimeOffset VisibleAt { get; set; } = visibleAt;

    public int Deliveries { get; set; }

    /// <summary>Who has it; null for nobody.</summary>
    public SimulatedApp? Holder { get; set; }

    /// <summary>How often it still comes again after it was completed.</summary>
    public int Repeats { get; set; }
}

/// <summary>
/// A broker as it promises to be, and no better: peek-lock, at least once, in no order, with a memory of ids that is short or absent.
/// </summary>
internal sealed class SimulatedBroker(World world, Random random, TimeSpan remembersFor)
{
    public const int MostDeliveries = 10;

    /// <summary>How often one message loses its lock: each takes half a minute, and work takes less than two.</summary>
    private const int MostLost = 3;

    public static readonly TimeSpan LockLasts = TimeSpan.FromSeconds(30);

    private readonly List<WaitingMessage> messages = [];
    private readonly Dictionary<string, DateTimeOffset> remembered = new(StringComparer.Ordinal);

    public IReadOnlyList<WaitingMessage> Messages => messages;

    /// <summary>Given up after ten deliveries.</summary>
    public List<WaitingMessage> Dead { get; } = [];

    public DateTimeOffset DownUntil { get; set; }

    public bool IsDown => world.Now < DownUntil;

    /// <summary>How many of the messages to come are delivered again, and how often each.</summary>
    public int RepeatNext { get; set; }

    public int Copies { get; set; }

    /// <summary>How many of the deliveries to come lose their lock while the work goes on.</summary>
    public int LoseLocks { get; set; }

    public void Accept(string queue, BusMessage message)
    {
        string key = $"{queue}|{message.Id}";
        if (remembersFor > TimeSpan.Zero && remembered.TryGetValue(key, out DateTimeOffset before) && world.Now - before < remembersFor)
        {
            return;
        }

        remembered[key] = world.Now;
        messages.Add(new WaitingMessage(queue, message.Id, message.Body, message.NotBefore ?? world.Now));
    }

    /// <summary>Puts a message in that the app did not send.</summary>
    public void Slip(string queue, string body) => messages.Add(new WaitingMessage(queue, $"slipped-{messages.Count}", body, world.Now));

    /// <summary>Any message that can be received now, under lock.</summary>
    public WaitingMessage? Receive(SimulatedApp by)
    {
        if (IsDown)
        {
            return null;
        }

        int[] free = [.. Enumerable.Range(0, messages.Count).Where(index => messages[index].VisibleAt <= world.Now && messages[index].Holder is null)];
        if (free.Length == 0)
        {
            return null;
        }

        WaitingMessage chosen = messages[free[random.Next(free.Length)]];
        chosen.Deliveries++;
        if (LoseLocks > 0 && chosen.Deliveries <= MostLost)
        {
            // It stays visible: another consumer takes it at the same time.
            LoseLocks--;
            return chosen;
        }

        chosen.Holder = by;
        return chosen;
    }

    public void Complete(WaitingMessage message)
    {
        message.Holder = null;
        if (RepeatNext > 0)
        {
            RepeatNext--;
            message.Repeats = Copies;
        }

        if (message.Repeats > 0)
        {
            // The completion was lost: it comes again, at once or much later.
            message.Repeats--;
            message.Deliveries = 0;
            message.VisibleAt = world.Now + (random.Next(4) == 0 ? TimeSpan.FromHours(random.Next(1, 30 * 24 / Math.Max(1, Copies))) : LockLasts);
            return;
        }

        messages.Remove(message);
    }

    public void Abandon(WaitingMessage message)
    {
        message.Holder = null;
        if (message.Deliveries >= MostDeliveries && messages.Remove(message))
        {
            Dead.Add(message);
            world.Note($"dead-lettered {message.Queue} {message.Id}");
        }
    }

    /// <summary>The process died: its locks run out.</summary>
    public void Forsake(SimulatedApp app)
    {
        foreach (WaitingMessage message in messages.Where(message => message.Holder == app))
        {
            message.Holder = null;
            message.VisibleAt = world.Now + LockLasts;
        }
    }

    /// <summary>When the next message can be received; null when none waits.</summary>
    public DateTimeOffset? NextAt()
    {
        DateTimeOffset? next = null;
        foreach (WaitingMessage message in messages)
        {
            if (message.Holder is null && (next is null || message.VisibleAt < next))
            {
                next = message.VisibleAt;
            }
        }

        return next < DownUntil ? DownUntil : next;
    }
}
