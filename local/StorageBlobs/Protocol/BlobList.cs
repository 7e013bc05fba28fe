#nullable enable

using System.Globalization;
using System.Xml.Linq;
using Azure.Storage.Blobs.Models;

namespace Azure.Storage.Blobs.Protocol;

/// <summary>Reads one page of a listing.</summary>
internal static class BlobList
{
    internal static (List<BlobItem> Blobs, string? NextMarker) Read(Response response)
    {
        XElement? root = XDocument.Load(response.Content.ToStream()).Root;
        List<BlobItem> blobs = [.. (root?.Element("Blobs")?.Elements("Blob") ?? []).Select(Item)];
        string? next = root?.Element("NextMarker")?.Value;
        return (blobs, string.IsNullOrEmpty(next) ? null : next);
    }

    private static BlobItem Item(XElement blob)
    {
        XElement? properties = blob.Element("Properties");
        return new BlobItem
        {
            Name = Name(blob.Element("Name")),
            Deleted = string.Equals(blob.Element("Deleted")?.Value, "true", StringComparison.OrdinalIgnoreCase),
            Snapshot = blob.Element("Snapshot")?.Value,
            VersionId = blob.Element("VersionId")?.Value,
            Metadata = blob.Element("Metadata") is { } metadata
                ? metadata.Elements().ToDictionary(
                    entry => entry.Name.LocalName, entry => entry.Value, StringComparer.OrdinalIgnoreCase)
                : new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase),
            Properties = new BlobItemProperties
            {
                BlobType = BlobHeaders.Type(Text("BlobType")),
                ContentLength = long.TryParse(Text("Content-Length"), CultureInfo.InvariantCulture, out long length) ? length : null,
                ContentType = Text("Content-Type"),
                ContentHash = BlobHeaders.Hash(Text("Content-MD5")),
                ContentEncoding = Text("Content-Encoding"),
                ContentLanguage = Text("Content-Language"),
                ContentDisposition = Text("Content-Disposition"),
                CacheControl = Text("Cache-Control"),
                LastModified = BlobHeaders.Instant(Text("Last-Modified")),
                CreatedOn = BlobHeaders.Instant(Text("Creation-Time")),
                ETag = Text("Etag") is { } etag ? new ETag(etag.Trim('"')) : null,
            },
        };

        string? Text(string name) => properties?.Element(name)?.Value is { Length: > 0 } value ? value : null;
    }

    // Names that XML cannot carry come in percent form, and say so.
    private static string Name(XElement? name) =>
        string.Equals(name?.Attribute("Encoded")?.Value, "true", StringComparison.OrdinalIgnoreCase)
            ? Uri.UnescapeDataString(name?.Value ?? string.Empty)
            : name?.Value ?? string.Empty;
}
