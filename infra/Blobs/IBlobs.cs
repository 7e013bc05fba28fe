namespace Plenary.Infra.Blobs;

/// <summary>A stored file.</summary>
/// <param name="Length">Bytes.</param>
public sealed record StoredBlob(string Name, long Length, string ContentType, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>By the store's own clock; null where it does not say.</summary>
    public DateTimeOffset? ModifiedAt { get; init; }
}

/// <summary>Files by container and name; always streams, never whole in memory.</summary>
public interface IBlobs
{
    /// <summary>Stores what the stream yields; replaces an earlier blob of the name.</summary>
    Task UploadAsync(string container, string name, Stream content, string contentType, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellation);

    /// <summary>Null when there is none. The caller disposes it.</summary>
    Task<Stream?> OpenReadAsync(string container, string name, CancellationToken cancellation);

    /// <summary>Deleting what is gone is fine.</summary>
    Task DeleteAsync(string container, string name, CancellationToken cancellation);

    IAsyncEnumerable<StoredBlob> ListAsync(string container, string startingWith, CancellationToken cancellation);

    /// <summary>For one machine and for tests; in Azure the containers are provisioned.</summary>
    Task CreateAsync(IEnumerable<string> containers, CancellationToken cancellation);
}
