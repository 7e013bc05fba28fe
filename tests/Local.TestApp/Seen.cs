using System.Collections.Concurrent;

namespace Plenary.Local.TestApp;

/// <summary>What the functions of one host have seen; a singleton of its services.</summary>
public sealed class Seen : IDisposable
{
    private readonly ConcurrentQueue<string> notes = new();
    private readonly SemaphoreSlim arrived = new(0);

    /// <summary>Holds the functions that wait for it.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyCollection<string> Notes => notes;

    public void Dispose() => arrived.Dispose();

    public void Note(string text)
    {
        notes.Enqueue(text);
        arrived.Release();
    }

    /// <summary>Waits for one more note than were waited for before.</summary>
    public async Task NextAsync()
    {
        if (!await arrived.WaitAsync(TimeSpan.FromSeconds(20)))
        {
            throw new TimeoutException($"Nothing more came than: {string.Join("; ", notes)}");
        }
    }
}
