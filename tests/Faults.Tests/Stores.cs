using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Plenary.Infra.Blobs;
using Plenary.Infra.Tables;
using Plenary.Support;

namespace Plenary.Faults.Tests;

/// <summary>Tables and blobs of one Azurite behind fault proxies, as the product's own clients reach them, under a prefix of their own.</summary>
internal sealed class Stores : IAsyncDisposable
{
    private Stores(Azurite azurite, int seed)
    {
        TableProxy = FaultProxy.Start(azurite.TableEndpoint, seed);
        BlobProxy = FaultProxy.Start(azurite.BlobEndpoint, seed);
        Connection = azurite.ConnectionString
            .Replace(azurite.TableEndpoint.ToString(), TableProxy.Endpoint.ToString(), StringComparison.Ordinal)
            .Replace(azurite.BlobEndpoint.ToString(), BlobProxy.Endpoint.ToString(), StringComparison.Ordinal);
        Prefix = Azurite.Unique("f");
        Direct = new AzureTables(new TableServiceClient(azurite.ConnectionString), Prefix);
        DirectBlobs = new AzureBlobs(new BlobServiceClient(azurite.ConnectionString), Prefix.ToLowerInvariant());
        Patient = new AzureTables(new TableServiceClient(Connection), Prefix);
        Tables = new AzureTables(new TableServiceClient(Connection, Impatient(new TableClientOptions())), Prefix);
        Blobs = new AzureBlobs(new BlobServiceClient(Connection, Impatient(new BlobClientOptions())), Prefix.ToLowerInvariant());
    }

    public FaultProxy TableProxy { get; }

    public FaultProxy BlobProxy { get; }

    public string Connection { get; }

    public string Prefix { get; }

    /// <summary>Through the proxy.</summary>
    public ITables Tables { get; }

    /// <summary>Through the proxy, with the waits of production between tries.</summary>
    public ITables Patient { get; }

    /// <summary>Through the proxy.</summary>
    public IBlobs Blobs { get; }

    /// <summary>Past the proxy, for the test's own eyes.</summary>
    public ITables Direct { get; }

    public IBlobs DirectBlobs { get; }

    /// <param name="seed">Of the proxies.</param>
    /// <param name="tables">Made at once.</param>
    public static async Task<Stores> StartAsync(int seed = 0, params IEnumerable<string> tables)
    {
        Stores stores = new(await Azurite.SharedAsync(), seed);
        await stores.Direct.CreateAsync(tables, default);
        return stores;
    }

    public async ValueTask DisposeAsync()
    {
        await TableProxy.DisposeAsync();
        await BlobProxy.DisposeAsync();
    }

    /// <summary>As many tries as in production, without the waits between them.</summary>
    private static T Impatient<T>(T options)
        where T : ClientOptions
    {
        options.Retry.Mode = RetryMode.Fixed;
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        return options;
    }
}
