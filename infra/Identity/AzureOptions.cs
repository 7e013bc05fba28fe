namespace Plenary.Infra.Identity;

/// <summary>
/// Where the stores are. Either endpoints, reached by the app's managed identity, or connection strings, which are for one
/// machine and for tests only.
/// </summary>
public sealed class AzureOptions
{
    public const string Section = "Azure";

    public Uri? TablesEndpoint { get; init; }

    public Uri? BlobsEndpoint { get; init; }

    /// <summary>Such as <c>plenary.servicebus.windows.net</c>.</summary>
    public string? ServiceBusNamespace { get; init; }

    /// <summary>Of the user-assigned identity; empty for the system-assigned one.</summary>
    public string? ClientId { get; init; }

    public string? StorageConnectionString { get; init; }

    public string? ServiceBusConnectionString { get; init; }

    /// <summary>Letters and digits, starting with a letter; keeps deployments and tests in one account apart.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Tables and containers are made at the start: for one machine. In Azure they are provisioned.</summary>
    public bool CreateStores { get; init; }
}
