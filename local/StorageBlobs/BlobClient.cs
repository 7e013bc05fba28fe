using Azure.Core;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Protocol;
using Azure.Storage.Blobs.Specialized;

namespace Azure.Storage.Blobs;

public class BlobClient : BlobBaseClient
{
    private const int DefaultBlockSize = 4 * 1024 * 1024;

    public BlobClient(string connectionString, string blobContainerName, string blobName)
        : this(connectionString, blobContainerName, blobName, null)
    {
    }

    public BlobClient(string connectionString, string blobContainerName, string blobName, BlobClientOptions options)
        : base(connectionString, blobContainerName, blobName, options)
    {
    }

    public BlobClient(Uri blobUri, StorageSharedKeyCredential credential, BlobClientOptions options = null)
        : base(blobUri, credential, options)
    {
    }

    public BlobClient(Uri blobUri, TokenCredential credential, BlobClientOptions options = null)
        : base(blobUri, credential, options)
    {
    }

    internal BlobClient(BlobRest rest, Uri blob)
        : base(rest, blob)
    {
    }

    protected BlobClient()
    {
    }

    public virtual Task<Response<BlobContentInfo>> UploadAsync(Stream content) => UploadAsync(content, overwrite: false);

    public virtual Task<Response<BlobContentInfo>> UploadAsync(Stream content, CancellationToken cancellationToken) =>
        UploadAsync(content, overwrite: false, cancellationToken);

    public virtual Task<Response<BlobContentInfo>> UploadAsync(
        Stream content, bool overwrite = false, CancellationToken cancellationToken = default) =>
        UploadAsync(content, Options(overwrite), cancellationToken);

    public virtual async Task<Response<BlobContentInfo>> UploadAsync(
        Stream content, BlobUploadOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        Response response = await new BlockUpload(Rest, Uri, options).SendAsync(content, cancellationToken);
        return Response.FromValue(BlobHeaders.ContentInfo(response), response);
    }

    public virtual Task<Response<BlobContentInfo>> UploadAsync(BinaryData content) => UploadAsync(content, overwrite: false);

    public virtual Task<Response<BlobContentInfo>> UploadAsync(BinaryData content, CancellationToken cancellationToken) =>
        UploadAsync(content, overwrite: false, cancellationToken);

    public virtual Task<Response<BlobContentInfo>> UploadAsync(
        BinaryData content, bool overwrite = false, CancellationToken cancellationToken = default) =>
        UploadAsync(content, Options(overwrite), cancellationToken);

    public virtual async Task<Response<BlobContentInfo>> UploadAsync(
        BinaryData content, BlobUploadOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        await using Stream stream = content.ToStream();
        return await UploadAsync(stream, options, cancellationToken);
    }

    /// <summary>The blob exists, empty, from here on; what is written becomes its content with each flush and on closing.</summary>
    public virtual async Task<Stream> OpenWriteAsync(
        bool overwrite, BlobOpenWriteOptions options = null, CancellationToken cancellationToken = default)
    {
        if (!overwrite)
        {
            throw new ArgumentException("BlobClient.OpenWrite only supports overwriting.", nameof(overwrite));
        }

        BlobUploadOptions upload = new()
        {
            HttpHeaders = options?.HttpHeaders,
            Metadata = options?.Metadata,
            Conditions = options?.OpenConditions,
        };
        BlobContentInfo empty = await UploadAsync(Stream.Null, upload, cancellationToken);
        upload.ProgressHandler = options?.ProgressHandler;
        BlockUpload blocks = new(Rest, Uri, upload)
        {
            CommitTag = empty.ETag,
        };
        return new BlockWriteStream(blocks, (int)Math.Min(options?.BufferSize ?? DefaultBlockSize, int.MaxValue / 2));
    }

    private static BlobUploadOptions Options(bool overwrite) =>
        new() { Conditions = overwrite ? null : new BlobRequestConditions { IfNoneMatch = ETag.All } };
}
