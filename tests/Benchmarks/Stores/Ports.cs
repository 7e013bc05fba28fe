using System.Collections.Concurrent;
using Plenary.Infra.Blobs;
using Plenary.Infra.Bus;
using Plenary.Infra.Mail;

namespace Plenary.Benchmarks.Stores;

/// <summary>A bus whose messages are taken from a list; counts the calls that the real one would make, a hundred messages in each at most.</summary>
/// <param name="wait">See <see cref="MeteredTables"/>.</param>
public sealed class MeteredBus(Func<Task>? wait = null) : IBus
{
    private readonly ConcurrentQueue<(string Queue, BusMessage Message)> waiting = new();
    private long calls;

    public long Calls => Interlocked.Read(ref calls);

    public async Task SendAsync(string queue, IReadOnlyCollection<BusMessage> messages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        foreach (BusMessage[] part in messages.Chunk(100))
        {
            Interlocked.Increment(ref calls);
            await (wait?.Invoke() ?? Task.CompletedTask);
            foreach (BusMessage message in part)
            {
                waiting.Enqueue((queue, message));
            }
        }
    }

    /// <summary>Everything sent since the last time.</summary>
    public IReadOnlyList<(string Queue, BusMessage Message)> Take()
    {
        List<(string, BusMessage)> taken = [];
        while (waiting.TryDequeue(out (string, BusMessage) one))
        {
            taken.Add(one);
        }

        return taken;
    }
}

/// <summary>Takes every mail, after as long as it is told.</summary>
public sealed class SlowMailbox(Func<Task> wait) : IMailProvider
{
    private long taken;

    public long Taken => Interlocked.Read(ref taken);

    public async Task<MailAnswer> SendAsync(OutgoingMail mail, DateTimeOffset now, CancellationToken cancellation)
    {
        await wait();
        long number = Interlocked.Increment(ref taken);
        return new MailAnswer(MailAnswerKind.Accepted, $"message-{number}", 202);
    }
}

/// <summary>Looks at the memory when a file is written, and passes everything on.</summary>
public sealed class MeteredBlobs(IBlobs inner, Func<Task>? wait = null) : IBlobs
{
    private long requests;

    public Action? OnUpload { get; set; }

    public long Requests => Interlocked.Read(ref requests);

    public async Task UploadAsync(
        string container, string name, Stream content, string contentType, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellation)
    {
        await AskAsync();
        OnUpload?.Invoke();
        await inner.UploadAsync(container, name, content, contentType, metadata, cancellation);
    }

    public async Task<Stream?> OpenReadAsync(string container, string name, CancellationToken cancellation)
    {
        await AskAsync();
        return await inner.OpenReadAsync(container, name, cancellation);
    }

    public async Task DeleteAsync(string container, string name, CancellationToken cancellation)
    {
        await AskAsync();
        await inner.DeleteAsync(container, name, cancellation);
    }

    public IAsyncEnumerable<StoredBlob> ListAsync(string container, string startingWith, CancellationToken cancellation) =>
        inner.ListAsync(container, startingWith, cancellation);

    public Task CreateAsync(IEnumerable<string> containers, CancellationToken cancellation) => Task.CompletedTask;

    private Task AskAsync()
    {
        Interlocked.Increment(ref requests);
        return wait?.Invoke() ?? Task.CompletedTask;
    }
}
