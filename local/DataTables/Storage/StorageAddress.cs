#nullable enable

using System.Net;

namespace Plenary.Local.Storage;

/// <summary>Reads the account out of an endpoint: the first label of the host, or on an emulator the first segment of the path.</summary>
internal static class StorageAddress
{
    internal static string AccountOf(Uri endpoint)
    {
        if (!IsPathStyle(endpoint))
        {
            return endpoint.Host.Split('.')[0];
        }

        return endpoint.Segments.Length > 1 ? endpoint.Segments[1].Trim('/') : string.Empty;
    }

    internal static bool IsPathStyle(Uri endpoint) =>
        IPAddress.TryParse(endpoint.Host.Trim('[', ']'), out _) || !endpoint.Host.Contains('.', StringComparison.Ordinal);

    /// <summary>The endpoint with exactly one trailing slash removed, so that paths can be appended.</summary>
    internal static Uri Trimmed(Uri endpoint) => new(endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/'));
}
