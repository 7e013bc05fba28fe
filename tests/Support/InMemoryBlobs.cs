using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Plenary.Infra.Blobs;

namespace Plenary.Support;

/// <summary>Files for tests without a store.</summary>
public sealed class InMemoryBlobs : IBlobs
{
    private readonly ConcurrentDictionary<(string Container, string Name), (byte[] Content, string Type, IReadOnlyDictionary<string, string> Metadata)> stored = new();

    /// <summary>Of all containers, in no order.</summary>
    public IReadOnlyCollection<string> Names => [.. stored.Keys.Select(key => $"{key.Container}/{key.Name}")];

    public async Task UploadAsync(
        string container, string name, Stream content, string contentType, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        using MemoryStream copy = new();
        await content.CopyToAsync(copy, cancellation);
        stored[(container, name)] = (copy.ToArray(), contentType, metadata);
    }

    public Task<Stream?> OpenReadAsync(string container, string name, CancellationToken cancellation) =>
        Task.FromResult<Stream?>(stored.TryGetValue((container, name), out (byte[] Content, string, IReadOnlyDictionary<string, string>) found) ? new MemoryStream(found.Content, writable: false) : null);

    public Task DeleteAsync(string container, string name, CancellationToken cancellation)
    {
        stored.TryRemove((container, name), out _);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<StoredBlob> ListAsync(string container, string startingWith, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (((string Container, string Name) key, (byte[] content, string type, IReadOnlyDictionary<string, string> metadata)) in stored.OrderBy(pair => pair.Key.Name, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            if (key.Container == container && key.Name.StartsWith(startingWith, StringComparison.Ordinal))
            {
                yield return new StoredBlob(key.Name, content.Length, type, metadata);
            }
        }

        await Task.CompletedTask;
    }

    public Task CreateAsync(IEnumerable<string> containers, CancellationToken cancellation) => Task.CompletedTask;
}
