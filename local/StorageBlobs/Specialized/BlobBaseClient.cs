using Azure.Core;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Protocol;
using Plenary.Local.Storage;

namespace Azure.Storage.Blobs.Specialized;

public class BlobBaseClient
{
    private const int DefaultReadSize = 4 * 1024 * 1024;

    public BlobBaseClient(string connectionString, string blobContainerName, string blobName)
        : this(connectionString, blobContainerName, blobName, null)
    {
    }

    public BlobBaseClient(string connectionString, string blobContainerName, string blobName, BlobClientOptions options)
    {
        (Rest, Uri endpoint) = BlobRest.For(connectionString, options);
        Uri = BlobAddress.Blob(BlobAddress.Container(endpoint, blobContainerName), blobName);
        (BlobContainerName, Name) = BlobAddress.Names(Uri);
    }

    public BlobBaseClient(Uri blobUri, StorageSharedKeyCredential credential, BlobClientOptions options = null)
        : this(BlobRest.For(blobUri, credential, options), blobUri)
    {
    }

    public BlobBaseClient(Uri blobUri, TokenCredential credential, BlobClientOptions options = null)
        : this(BlobRest.For(blobUri, credential, options), blobUri)
    {
    }

    internal BlobBaseClient(BlobRest rest, Uri blob)
    {
        Rest = rest;
        Uri = StorageAddress.Trimmed(blob);
        (BlobContainerName, Name) = BlobAddress.Names(Uri);
    }

    protected BlobBaseClient()
    {
    }

    public virtual string AccountName => Rest.AccountName;

    public virtual string BlobContainerName { get; }

    public virtual string Name { get; }

    public virtual Uri Uri { get; }

    internal BlobRest Rest { get; }

    public virtual async Task<Response<BlobDownloadStreamingResult>> DownloadStreamingAsync(
        BlobDownloadOptions options = null, CancellationToken cancellationToken = default)
    {
        HttpRange range = options?.Range ?? default;
        (Response response, Stream stream) = await OpenAsync(range, options?.Conditions, cancellationToken);
        BlobDownloadDetails details = BlobHeaders.Details(response);
        BlobRequestConditions same = new()
        {
            IfMatch = details.ETag,
            LeaseId = options?.Conditions?.LeaseId,
        };
        BlobDownloadStreamingResult result = new()
        {
            Details = details,
            Content = new ResumingStream(
                stream,
                range.Offset,
                response.Headers.ContentLengthLong,
                Rest.MaxResumptions,
                options?.ProgressHandler,
                async (rest, cancellation) => (await OpenAsync(rest, same, cancellation)).Stream),
        };
        return Response.FromValue(result, response);
    }

    public virtual Task<Response<BlobDownloadResult>> DownloadContentAsync() => DownloadContentAsync(options: null);

    public virtual Task<Response<BlobDownloadResult>> DownloadContentAsync(CancellationToken cancellationToken) =>
        DownloadContentAsync(options: null, cancellationToken);

    public virtual async Task<Response<BlobDownloadResult>> DownloadContentAsync(
        BlobDownloadOptions options = null, CancellationToken cancellationToken = default)
    {
        using HttpMessage message = Create(RequestMethod.Get, options?.Conditions);
        SetRange(message, options?.Range ?? default);
        Response response = await Rest.SendAsync(message, cancellationToken);
        ThrowIfUnchanged(response);
        BlobDownloadResult result = new() { Details = BlobHeaders.Details(response), Content = response.Content };
        return Response.FromValue(result, response);
    }

    public virtual Task<Response> DownloadToAsync(Stream destination) => DownloadToAsync(destination, CancellationToken.None);

    public virtual async Task<Response> DownloadToAsync(Stream destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);
        Response<BlobDownloadStreamingResult> download = await DownloadStreamingAsync(null, cancellationToken);
        using BlobDownloadStreamingResult result = download.Value;
        await result.Content.CopyToAsync(destination, cancellationToken);
        return download.GetRawResponse();
    }

    public virtual async Task<Stream> OpenReadAsync(BlobOpenReadOptions options, CancellationToken cancellationToken = default)
    {
        BlobProperties properties = await GetPropertiesAsync(options?.Conditions, cancellationToken);
        BlobRequestConditions conditions = options is { AllowModifications: true }
            ? options.Conditions
            : new BlobRequestConditions { IfMatch = properties.ETag, LeaseId = options?.Conditions?.LeaseId };
        return new RangeReadStream(
            properties.ContentLength,
            options?.Position ?? 0,
            options?.BufferSize ?? DefaultReadSize,
            async (range, buffer, cancellation) =>
            {
                Response<BlobDownloadStreamingResult> piece = await DownloadStreamingAsync(
                    new BlobDownloadOptions { Range = range, Conditions = conditions }, cancellation);
                using BlobDownloadStreamingResult result = piece.Value;
                await result.Content.ReadExactlyAsync(buffer, cancellation);
            });
    }

    public virtual Task<Stream> OpenReadAsync(
        long position = 0, int? bufferSize = null, BlobRequestConditions conditions = null, CancellationToken cancellationToken = default) =>
        OpenReadAsync(
            new BlobOpenReadOptions(allowModifications: false) { Position = position, BufferSize = bufferSize, Conditions = conditions },
            cancellationToken);

    public virtual async Task<Response<bool>> ExistsAsync(CancellationToken cancellationToken = default)
    {
        using HttpMessage message = Create(RequestMethod.Head, null);
        Response response = await Rest.SendAsync(message, cancellationToken, 404);
        return Response.FromValue(response.Status != 404, response);
    }

    public virtual async Task<Response<BlobProperties>> GetPropertiesAsync(
        BlobRequestConditions conditions = null, CancellationToken cancellationToken = default)
    {
        using HttpMessage message = Create(RequestMethod.Head, conditions);
        Response response = await Rest.SendAsync(message, cancellationToken);
        ThrowIfUnchanged(response);
        return Response.FromValue(BlobHeaders.Properties(response), response);
    }

    public virtual async Task<Response<BlobInfo>> SetMetadataAsync(
        IDictionary<string, string> metadata, BlobRequestConditions conditions = null, CancellationToken cancellationToken = default)
    {
        using HttpMessage message = Create(RequestMethod.Put, conditions);
        message.Request.Uri.AppendQuery("comp", "metadata", escapeValue: false);
        BlobRest.SetMetadata(message.Request, metadata);
        Response response = await Rest.SendAsync(message, cancellationToken);
        return Response.FromValue(BlobHeaders.Info(response), response);
    }

    public virtual async Task<Response<BlobInfo>> SetHttpHeadersAsync(
        BlobHttpHeaders httpHeaders = null, BlobRequestConditions conditions = null, CancellationToken cancellationToken = default)
    {
        using HttpMessage message = Create(RequestMethod.Put, conditions);
        message.Request.Uri.AppendQuery("comp", "properties", escapeValue: false);
        BlobRest.SetHttpHeaders(message.Request, httpHeaders);
        Response response = await Rest.SendAsync(message, cancellationToken);
        return Response.FromValue(BlobHeaders.Info(response), response);
    }

    public virtual async Task<Response> DeleteAsync(
        DeleteSnapshotsOption snapshotsOption = DeleteSnapshotsOption.None,
        BlobRequestConditions conditions = null,
        CancellationToken cancellationToken = default)
    {
        using HttpMessage message = CreateDelete(snapshotsOption, conditions);
        return await Rest.SendAsync(message, cancellationToken);
    }

    public virtual async Task<Response<bool>> DeleteIfExistsAsync(
        DeleteSnapshotsOption snapshotsOption = DeleteSnapshotsOption.None,
        BlobRequestConditions conditions = null,
        CancellationToken cancellationToken = default)
    {
        using HttpMessage message = CreateDelete(snapshotsOption, conditions);
        Response response = await Rest.SendAsync(message, cancellationToken, 404);
        return Response.FromValue(response.Status != 404, response);
    }

    private static void SetRange(HttpMessage message, HttpRange range)
    {
        if (range != default)
        {
            message.Request.Headers.SetValue("x-ms-range", range.ToString());
        }
    }

    // A read under a condition that does not hold is answered by 304, which has no body to read.
    private static void ThrowIfUnchanged(Response response)
    {
        if (response.Status == 304)
        {
            throw new RequestFailedException(response);
        }
    }

    private HttpMessage Create(RequestMethod method, BlobRequestConditions conditions)
    {
        HttpMessage message = Rest.Create(method, Uri);
        BlobRest.SetConditions(message.Request, conditions);
        return message;
    }

    private HttpMessage CreateDelete(DeleteSnapshotsOption snapshots, BlobRequestConditions conditions)
    {
        HttpMessage message = Create(RequestMethod.Delete, conditions);
        if (snapshots != DeleteSnapshotsOption.None)
        {
            message.Request.Headers.SetValue(
                "x-ms-delete-snapshots", snapshots == DeleteSnapshotsOption.OnlySnapshots ? "only" : "include");
        }

        return message;
    }

    private async Task<(Response Response, Stream Stream)> OpenAsync(
        HttpRange range, BlobRequestConditions conditions, CancellationToken cancellation)
    {
        using HttpMessage message = Create(RequestMethod.Get, conditions);
        SetRange(message, range);
        message.BufferResponse = false;
        Response response = await Rest.SendAsync(message, cancellation);
        ThrowIfUnchanged(response);
        return (response, message.ExtractResponseContent() ?? Stream.Null);
    }
}
