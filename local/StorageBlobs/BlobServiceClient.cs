using Azure.Core;
using Azure.Storage.Blobs.Protocol;
using Plenary.Local.Storage;

namespace Azure.Storage.Blobs;

public class BlobServiceClient
{
    private readonly BlobRest rest;

    public BlobServiceClient(string connectionString)
        : this(connectionString, null)
    {
    }

    public BlobServiceClient(string connectionString, BlobClientOptions options)
    {
        (rest, Uri) = BlobRest.For(connectionString, options);
    }

    public BlobServiceClient(Uri serviceUri, StorageSharedKeyCredential credential, BlobClientOptions options = null)
    {
        rest = BlobRest.For(serviceUri, credential, options);
        Uri = StorageAddress.Trimmed(serviceUri);
    }

    public BlobServiceClient(Uri serviceUri, TokenCredential credential, BlobClientOptions options = null)
    {
        rest = BlobRest.For(serviceUri, credential, options);
        Uri = StorageAddress.Trimmed(serviceUri);
    }

    protected BlobServiceClient()
    {
    }

    public virtual string AccountName => rest.AccountName;

    public virtual Uri Uri { get; }

    public virtual BlobContainerClient GetBlobContainerClient(string blobContainerName) =>
        new(rest, BlobAddress.Container(Uri, blobContainerName));
}
