#nullable enable

using System.Globalization;
using Azure.Core;
using Azure.Storage.Blobs.Models;

namespace Azure.Storage.Blobs.Protocol;

/// <summary>Reads the models out of response headers.</summary>
internal static class BlobHeaders
{
    private const string MetadataPrefix = "x-ms-meta-";

    internal static BlobContainerInfo Container(Response response) =>
        new() { ETag = response.Headers.ETag ?? default, LastModified = LastModified(response) };

    internal static BlobContentInfo ContentInfo(Response response) => new()
    {
        ETag = response.Headers.ETag ?? default,
        LastModified = LastModified(response),
        ContentHash = Hash(Text(response, "Content-MD5")),
        VersionId = Text(response, "x-ms-version-id"),
    };

    internal static BlobInfo Info(Response response) => new()
    {
        ETag = response.Headers.ETag ?? default,
        LastModified = LastModified(response),
        VersionId = Text(response, "x-ms-version-id"),
    };

    internal static BlobProperties Properties(Response response) => new()
    {
        BlobType = Type(Text(response, "x-ms-blob-type")) ?? BlobType.Block,
        ContentLength = response.Headers.ContentLengthLong ?? 0,
        ContentType = response.Headers.ContentType,
        ContentHash = Hash(Text(response, "Content-MD5")),
        ContentEncoding = Text(response, "Content-Encoding"),
        ContentLanguage = Text(response, "Content-Language"),
        ContentDisposition = Text(response, "Content-Disposition"),
        CacheControl = Text(response, "Cache-Control"),
        AcceptRanges = Text(response, "Accept-Ranges"),
        LastModified = LastModified(response),
        CreatedOn = Instant(Text(response, "x-ms-creation-time")) ?? default,
        ETag = response.Headers.ETag ?? default,
        VersionId = Text(response, "x-ms-version-id"),
        Metadata = Metadata(response),
    };

    internal static BlobDownloadDetails Details(Response response) => new()
    {
        BlobType = Type(Text(response, "x-ms-blob-type")) ?? BlobType.Block,
        ContentLength = response.Headers.ContentLengthLong ?? 0,
        ContentType = response.Headers.ContentType,
        ContentHash = Hash(Text(response, "Content-MD5") ?? Text(response, "x-ms-blob-content-md5")),
        ContentEncoding = Text(response, "Content-Encoding"),
        ContentLanguage = Text(response, "Content-Language"),
        ContentDisposition = Text(response, "Content-Disposition"),
        CacheControl = Text(response, "Cache-Control"),
        AcceptRanges = Text(response, "Accept-Ranges"),
        ContentRange = Text(response, "Content-Range"),
        LastModified = LastModified(response),
        CreatedOn = Instant(Text(response, "x-ms-creation-time")) ?? default,
        ETag = response.Headers.ETag ?? default,
        VersionId = Text(response, "x-ms-version-id"),
        Metadata = Metadata(response),
    };

    internal static BlobType? Type(string? text) => text switch
    {
        "BlockBlob" => BlobType.Block,
        "PageBlob" => BlobType.Page,
        "AppendBlob" => BlobType.Append,
        _ => null,
    };

    internal static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant)
            ? instant
            : null;

    internal static byte[]? Hash(string? text) => string.IsNullOrEmpty(text) ? null : Convert.FromBase64String(text);

    private static DateTimeOffset LastModified(Response response) => Instant(Text(response, "Last-Modified")) ?? default;

    private static string? Text(Response response, string name) =>
        response.Headers.TryGetValue(name, out string? value) ? value : null;

    private static Dictionary<string, string> Metadata(Response response)
    {
        Dictionary<string, string> metadata = new(StringComparer.OrdinalIgnoreCase);
        foreach (HttpHeader header in response.Headers)
        {
            if (header.Name.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase))
            {
                metadata[header.Name[MetadataPrefix.Length..]] = header.Value;
            }
        }

        return metadata;
    }
}
