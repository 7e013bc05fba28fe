using System.Globalization;
using Azure.Core;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Protocol;
using Plenary.Local.Storage;

namespace Azure.Storage.Blobs;

public class BlobContainerClient
{
    private readonly BlobRest rest;

    public BlobContainerClient(string connectionString, string blobContainerName)
        : this(connectionString, blobContainerName, null)
    {
    }

    public BlobContainerClient(string connectionString, string blobContainerName, BlobClientOptions options)
    {
        (rest, Uri endpoint) = BlobRest.For(connectionString, options);
        Uri = BlobAddress.Container(endpoint, blobContainerName);
        Name = blobContainerName;
    }

    public BlobContainerClient(Uri blobContainerUri, StorageSharedKeyCredential credential, BlobClientOptions options = null)
        : this(BlobRest.For(blobContainerUri, credential, options), blobContainerUri)
    {
    }

    public BlobContainerClient(Uri blobContainerUri, TokenCredential credential, BlobClientOptions options = null)
        : this(BlobRest.For(blobContainerUri, credential, options), blobContainerUri)
    {
    }

    internal BlobContainerClient(BlobRest rest, Uri container)
    {
        this.rest = rest;
        Uri = StorageAddress.Trimmed(container);
        Name = BlobAddress.Names(Uri).Container;
    }

    protected BlobContainerClient()
    {
    }

    public virtual string AccountName => rest.AccountName;

    public virtual string Name { get; }

    public virtual Uri Uri { get; }

    public virtual BlobClient GetBlobClient(string blobName) => new(rest, BlobAddress.Blob(Uri, blobName));

    public virtual async Task<Response<BlobContainerInfo>> CreateAsync(
        PublicAccessType publicAccessType = PublicAccessType.None,
        IDictionary<string, string> metadata = null,
        BlobContainerEncryptionScopeOptions encryptionScopeOptions = null,
        CancellationToken cancellationToken = default)
    {
        using HttpMessage message = Create(publicAccessType, metadata, encryptionScopeOptions);
        Response response = await rest.SendAsync(message, cancellationToken);
        return Response.FromValue(BlobHeaders.Container(response), response);
    }

    /// <returns>The new container's tag, or null if there was such a container already.</returns>
    public virtual async Task<Response<BlobContainerInfo>> CreateIfNotExistsAsync(
        PublicAccessType publicAccessType = PublicAccessType.None,
        IDictionary<string, string> metadata = null,
        BlobContainerEncryptionScopeOptions encryptionScopeOptions = null,
        CancellationToken cancellationToken = default)
    {
        using HttpMessage message = Create(publicAccessType, metadata, encryptionScopeOptions);
        Response response = await rest.SendAsync(message, cancellationToken, 409);
        if (response.Status == 409)
        {
            return StorageError.CodeOf(response) == BlobErrorCode.ContainerAlreadyExists
                ? null
                : throw new RequestFailedException(response);
        }

        return Response.FromValue(BlobHeaders.Container(response), response);
    }

    public virtual async Task<Response> DeleteAsync(
        BlobRequestConditions conditions = null, CancellationToken cancellationToken = default)
    {
        using HttpMessage message = Create(RequestMethod.Delete, conditions);
        return await rest.SendAsync(message, cancellationToken);
    }

    public virtual async Task<Response<bool>> DeleteIfExistsAsync(
        BlobRequestConditions conditions = null, CancellationToken cancellationToken = default)
    {
        using HttpMessage message = Create(RequestMethod.Delete, conditions);
        Response response = await rest.SendAsync(message, cancellationToken, 404);
        return Response.FromValue(response.Status != 404, response);
    }

    public virtual async Task<Response<bool>> ExistsAsync(CancellationToken cancellationToken = default)
    {
        using HttpMessage message = Create(RequestMethod.Get, null);
        Response response = await rest.SendAsync(message, cancellationToken, 404);
        return Response.FromValue(response.Status != 404, response);
    }

    public virtual Task<Response> DeleteBlobAsync(
        string blobName,
        DeleteSnapshotsOption snapshotsOption = DeleteSnapshotsOption.None,
        BlobRequestConditions conditions = null,
        CancellationToken cancellationToken = default) =>
        GetBlobClient(blobName).DeleteAsync(snapshotsOption, conditions, cancellationToken);

    public virtual Task<Response<bool>> DeleteBlobIfExistsAsync(
        string blobName,
        DeleteSnapshotsOption snapshotsOption = DeleteSnapshotsOption.None,
        BlobRequestConditions conditions = null,
        CancellationToken cancellationToken = default) =>
        GetBlobClient(blobName).DeleteIfExistsAsync(snapshotsOption, conditions, cancellationToken);

    // Older releases give each parameter a default and newer ones do not: code that names all four compiles with either.
    public virtual AsyncPageable<BlobItem> GetBlobsAsync(
        BlobTraits traits, BlobStates states, string prefix, CancellationToken cancellationToken) =>
        new ContinuedPages<BlobItem>(
            (marker, size, cancellation) => PageAsync(traits, states, prefix, marker, size, cancellation), null, cancellationToken);

    private HttpMessage Create(RequestMethod method, BlobRequestConditions conditions)
    {
        HttpMessage message = rest.Create(method, Uri);
        message.Request.Uri.AppendQuery("restype", "container", escapeValue: false);
        BlobRest.SetConditions(message.Request, conditions);
        return message;
    }

    private HttpMessage Create(
        PublicAccessType publicAccess, IDictionary<string, string> metadata, BlobContainerEncryptionScopeOptions encryptionScope)
    {
        HttpMessage message = Create(RequestMethod.Put, null);
        BlobRest.SetMetadata(message.Request, metadata);
        if (publicAccess != PublicAccessType.None)
        {
            message.Request.Headers.SetValue(
                "x-ms-blob-public-access", publicAccess == PublicAccessType.Blob ? "blob" : "container");
        }

        if (encryptionScope?.DefaultEncryptionScope is { } scope)
        {
            message.Request.Headers.SetValue("x-ms-default-encryption-scope", scope);
            message.Request.Headers.SetValue(
                "x-ms-deny-encryption-scope-override", encryptionScope.PreventEncryptionScopeOverride ? "true" : "false");
        }

        return message;
    }

    private async Task<Page<BlobItem>> PageAsync(
        BlobTraits traits, BlobStates states, string prefix, string marker, int? size, CancellationToken cancellation)
    {
        using HttpMessage message = Create(RequestMethod.Get, null);
        message.Request.Uri.AppendQuery("comp", "list", escapeValue: false);
        Append("prefix", prefix);
        Append("marker", marker);
        Append("maxresults", size?.ToString(CultureInfo.InvariantCulture));
        Append("include", string.Join(',', Included(traits, states)));
        Response response = await rest.SendAsync(message, cancellation);
        (List<BlobItem> blobs, string next) = BlobList.Read(response);
        return Page<BlobItem>.FromValues(blobs, next, response);

        void Append(string name, string value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                message.Request.Uri.AppendQuery(name, value, escapeValue: true);
            }
        }
    }

    private static IEnumerable<string> Included(BlobTraits traits, BlobStates states)
    {
        (Enum Set, Enum Flag, string Name)[] known =
        [
            (traits, BlobTraits.CopyStatus, "copy"),
            (traits, BlobTraits.Metadata, "metadata"),
            (traits, BlobTraits.Tags, "tags"),
            (traits, BlobTraits.ImmutabilityPolicy, "immutabilitypolicy"),
            (traits, BlobTraits.LegalHold, "legalhold"),
            (states, BlobStates.Snapshots, "snapshots"),
            (states, BlobStates.Uncommitted, "uncommittedblobs"),
            (states, BlobStates.Deleted, "deleted"),
            (states, BlobStates.Version, "versions"),
            (states, BlobStates.DeletedWithVersions, "deletedwithversions"),
        ];
        return known.Where(entry => entry.Set.HasFlag(entry.Flag)).Select(entry => entry.Name);
    }
}
