using Azure.Storage.Blobs;
using Plenary.Local.Tests.Tables;
using Plenary.Support;

namespace Plenary.Local.Tests.Blobs;

internal static class BlobFixture
{
    internal static async Task<BlobContainerClient> NewContainerAsync(BlobClientOptions? options = null)
    {
        Azurite azurite = await Azurite.SharedAsync();
        string name = Azurite.Unique("c");
        await new BlobContainerClient(azurite.ConnectionString, name).CreateAsync();
        return new BlobContainerClient(azurite.ConnectionString, name, options);
    }

    internal static BlobClientOptions Quick(FaultyTransport transport) => new()
    {
        Transport = transport,
        Retry = { Delay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(2) },
    };
}
