using Plenary.Infra.Bus;

namespace Plenary.Support;

/// <summary>Takes every message and keeps it for the test to look at.</summary>
public sealed class RecordingBus : IBus
{
    private readonly Lock gate = new();
    private readonly List<(string Queue, BusMessage Message)> sent = [];

    public IReadOnlyList<(string Queue, BusMessage Message)> Sent
    {
        get
        {
            lock (gate)
            {
                return [.. sent];
            }
        }
    }

    /// <summary>How many messages came with each call.</summary>
    public List<int> Calls { get; } = [];

    /// <summary>Says no to messages it returns true for; the whole call fails, as with the real broker.</summary>
    public Func<string, BusMessage, bool> Refuses { get; set; } = (_, _) => false;

    public IReadOnlyList<string> Ids(string queue) => [.. Sent.Where(one => one.Queue == queue).Select(one => one.Message.Id)];

    public Task SendAsync(string queue, IReadOnlyCollection<BusMessage> messages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        lock (gate)
        {
            Calls.Add(messages.Count);
            if (messages.Any(message => Refuses(queue, message)))
            {
                throw new InvalidOperationException("The broker refused a message.");
            }

            sent.AddRange(messages.Select(message => (queue, message)));
        }

        return Task.CompletedTask;
    }
}
