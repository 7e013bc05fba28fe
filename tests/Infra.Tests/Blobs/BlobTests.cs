using Azure;
using Azure.Storage.Blobs;
using Plenary.Infra.Blobs;
using Plenary.Support;

namespace Plenary.Infra.Tests.Blobs;

public sealed class AzureBlobTests : BlobContract
{
    protected override async Task<IBlobs> NewAsync()
    {
        AzureBlobs blobs = new(new BlobServiceClient((await Azurite.SharedAsync()).ConnectionString), Azurite.Unique("b"));
        await blobs.CreateAsync(["box"], default);
        return blobs;
    }
}

public sealed class InMemoryBlobTests : BlobContract
{
    [Theory]
    [InlineData("Upper")]
    [InlineData("ab")]
    [InlineData("two--dashes")]
    [InlineData("-start")]
    [InlineData("under_score")]
    public async Task A_container_has_the_names_azure_takes(string name) =>
        Assert.Equal(400, (await Assert.ThrowsAsync<RequestFailedException>(() => new InMemoryBlobs().CreateAsync([name], default))).Status);

    [Fact]
    public async Task A_name_is_no_longer_than_azure_takes_it() =>
        Assert.Equal(400, (await Assert.ThrowsAsync<RequestFailedException>(
            () => new InMemoryBlobs("box").UploadAsync("box", new string('x', 1025), Stream.Null, "text/plain", new Dictionary<string, string>(), default))).Status);

    protected override Task<IBlobs> NewAsync() => Task.FromResult<IBlobs>(new InMemoryBlobs("box"));
}
