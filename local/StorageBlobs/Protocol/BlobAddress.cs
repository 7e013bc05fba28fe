#nullable enable

using Plenary.Local.Storage;

namespace Azure.Storage.Blobs.Protocol;

/// <summary>Where a container or a blob lies, and the names that an address tells.</summary>
internal static class BlobAddress
{
    internal static Uri Container(Uri endpoint, string container)
    {
        ArgumentException.ThrowIfNullOrEmpty(container);
        return new($"{endpoint.AbsoluteUri.TrimEnd('/')}/{Uri.EscapeDataString(container)}");
    }

    internal static Uri Blob(Uri container, string blob)
    {
        ArgumentException.ThrowIfNullOrEmpty(blob);
        string path = string.Join('/', blob.Trim('/').Split('/').Select(Uri.EscapeDataString));
        return new($"{container.AbsoluteUri.TrimEnd('/')}/{path}");
    }

    /// <summary>The container's name, and the blob's if the address goes that far.</summary>
    internal static (string Container, string Blob) Names(Uri resource)
    {
        string[] segments = resource.AbsolutePath.Trim('/').Split('/', StorageAddress.IsPathStyle(resource) ? 3 : 2);
        string[] names = StorageAddress.IsPathStyle(resource) ? segments[1..] : segments;
        return (
            names.Length > 0 ? Uri.UnescapeDataString(names[0]) : string.Empty,
            names.Length > 1 ? Uri.UnescapeDataString(names[1]) : string.Empty);
    }
}
