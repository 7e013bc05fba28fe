using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Plenary.Infra.Blobs;

/// <summary>Over Azure Blob Storage. The prefix keeps deployments and tests in one account apart.</summary>
public sealed class AzureBlobs(BlobServiceClient service, string prefix) : IBlobs
{
    public async Task UploadAsync(
        string container, string name, Stream content, string contentType, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellation)
    {
        BlobUploadOptions options = new()
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = contentType },
            Metadata = metadata.ToDictionary(pair => pair.Key, pair => pair.Value),
        };
        await Client(container, name).UploadAsync(content, options, cancellation);
    }

    public async Task<Stream?> OpenReadAsync(string container, string name, CancellationToken cancellation)
    {
        try
        {
            Response<BlobDownloadStreamingResult> answer = await Client(container, name).DownloadStreamingAsync(cancellationToken: cancellation);
            return answer.Value.Content;
        }
        catch (RequestFailedException failure) when (failure.Status == 404)
        {
            return null;
        }
    }

    public Task DeleteAsync(string container, string name, CancellationToken cancellation) =>
        Client(container, name).DeleteIfExistsAsync(cancellationToken: cancellation);

    public async IAsyncEnumerable<StoredBlob> ListAsync(string container, string startingWith, [EnumeratorCancellation] CancellationToken cancellation)
    {
        BlobContainerClient client = service.GetBlobContainerClient(prefix + container);
        await foreach (BlobItem item in client.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, startingWith, cancellation))
        {
            yield return new StoredBlob(
                item.Name, item.Properties.ContentLength ?? 0, item.Properties.ContentType ?? "", new Dictionary<string, string>(item.Metadata))
            {
                ModifiedAt = item.Properties.LastModified,
            };
        }
    }

    public Task CreateAsync(IEnumerable<string> containers, CancellationToken cancellation) =>
        Task.WhenAll(containers.Select(name => service.GetBlobContainerClient(prefix + name).CreateIfNotExistsAsync(cancellationToken: cancellation)));

    private BlobClient Client(string container, string name) => service.GetBlobContainerClient(prefix + container).GetBlobClient(name);
}
