using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Azure;
using Plenary.Infra.Blobs;

namespace Plenary.Support;

/// <summary>Files for tests without a store; refuses what Azure refuses, also where Azurite is lenient.</summary>
/// <param name="containers">Those that exist from the start.</param>
public sealed class InMemoryBlobs(params string[] containers) : IBlobs
{
    private const int LongestName = 1024;
    private const int MostMetadata = 8 * 1024;

    private static readonly SearchValues<char> ContainerLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly ConcurrentDictionary<string, bool> created = new(containers.Select(name => KeyValuePair.Create(name, true)), StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Container, string Name), (byte[] Content, string Type, IReadOnlyDictionary<string, string> Metadata)> stored = new();

    /// <summary>Of all containers, in no order.</summary>
    public IReadOnlyCollection<string> Names => [.. stored.Keys.Select(key => $"{key.Container}/{key.Name}")];

    public async Task UploadAsync(
        string container, string name, Stream content, string contentType, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(metadata);
        CheckName(name);
        CheckMetadata(metadata);
        using MemoryStream copy = new();
        await content.CopyToAsync(copy, cancellation);
        CheckContainer(container);
        stored[(container, name)] = (copy.ToArray(), contentType, new Dictionary<string, string>(metadata));
    }

    public Task<Stream?> OpenReadAsync(string container, string name, CancellationToken cancellation)
    {
        CheckName(name);
        return Task.FromResult<Stream?>(stored.TryGetValue((container, name), out (byte[] Content, string, IReadOnlyDictionary<string, string>) found) ? new MemoryStream(found.Content, writable: false) : null);
    }

    public Task DeleteAsync(string container, string name, CancellationToken cancellation)
    {
        CheckName(name);
        stored.TryRemove((container, name), out _);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<StoredBlob> ListAsync(string container, string startingWith, [EnumeratorCancellation] CancellationToken cancellation)
    {
        CheckContainer(container);
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

    public Task CreateAsync(IEnumerable<string> containers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(containers);
        foreach (string container in containers)
        {
            if (container.Length is < 3 or > 63 || container.AsSpan().ContainsAnyExcept(ContainerLetters) || container.Contains("--", StringComparison.Ordinal) ||
                container.StartsWith('-') || container.EndsWith('-'))
            {
                throw new RequestFailedException(400, $"{container} cannot be a container's name.", "InvalidResourceName", null);
            }

            created[container] = true;
        }

        return Task.CompletedTask;
    }

    private static void CheckName(string name)
    {
        if (name.Length is 0 or > LongestName)
        {
            throw new RequestFailedException(400, $"A blob's name has 1 to {LongestName} characters.", "InvalidResourceName", null);
        }
    }

    /// <summary>It travels in headers, under names that programs can use.</summary>
    private static void CheckMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        foreach ((string key, string value) in metadata)
        {
            if (key.Length == 0 || char.IsAsciiDigit(key[0]) || !key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') || !Ascii.IsValid(value) || value.Any(char.IsControl))
            {
                throw new RequestFailedException(400, $"{key} is no metadata that a header can carry.", "InvalidMetadata", null);
            }
        }

        if (metadata.Sum(pair => pair.Key.Length + pair.Value.Length) > MostMetadata)
        {
            throw new RequestFailedException(400, "Too much metadata.", "MetadataTooLarge", null);
        }
    }

    private void CheckContainer(string container)
    {
        if (!created.ContainsKey(container))
        {
            throw new RequestFailedException(404, $"There is no container {container}.", "ContainerNotFound", null);
        }
    }
}
