#nullable enable

namespace Plenary.Local.Storage;

/// <summary>What a storage connection string says about one service. Account keys only: signatures (SAS) are refused.</summary>
internal sealed record StorageConnectionString(Uri Endpoint, string AccountName, string AccountKey)
{
    private const string DevelopmentAccount = "devstoreaccount1";

    // Published by Microsoft for the emulator, the same for everyone; it opens nothing else.
    private const string DevelopmentKey =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>
    /// Reads the parts for one service ("Blob" or "Table"), whose emulator listens on <paramref name="developmentPort"/>.
    /// </summary>
    /// <exception cref="FormatException">The text is not a connection string, or lacks an endpoint or a key.</exception>
    internal static StorageConnectionString Parse(string connectionString, string service, int developmentPort)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        Dictionary<string, string> settings = new(StringComparer.OrdinalIgnoreCase);
        foreach (string part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new FormatException("Settings must be of the form \"name=value\".");
            }

            if (!settings.TryAdd(part[..equals], part[(equals + 1)..]))
            {
                throw new FormatException($"Duplicate setting '{part[..equals]}' found.");
            }
        }

        if (settings.TryGetValue("UseDevelopmentStorage", out string? development) &&
            bool.TryParse(development, out bool isDevelopment) && isDevelopment)
        {
            string host = settings.TryGetValue("DevelopmentStorageProxyUri", out string? proxy)
                ? new Uri(proxy).GetLeftPart(UriPartial.Scheme) + new Uri(proxy).Host
                : "http://127.0.0.1";
            return new(new Uri($"{host}:{developmentPort}/{DevelopmentAccount}"), DevelopmentAccount, DevelopmentKey);
        }

        if (settings.ContainsKey("SharedAccessSignature"))
        {
            throw new FormatException("Shared access signatures are not supported here: use an account key or a TokenCredential.");
        }

        if (!settings.TryGetValue("AccountName", out string? account) || !settings.TryGetValue("AccountKey", out string? key))
        {
            throw new FormatException("No valid combination of account information found.");
        }

        string endpoint = settings.TryGetValue($"{service}Endpoint", out string? explicitEndpoint)
            ? explicitEndpoint
            : $"{settings.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{account}.{service.ToLowerInvariant()}." +
              settings.GetValueOrDefault("EndpointSuffix", "core.windows.net");
        return Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri)
            ? new(uri, account, key)
            : throw new FormatException($"{service}Endpoint is not an absolute URI.");
    }
}
