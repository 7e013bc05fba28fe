using Azure.Data.Tables;
using Azure.Storage.Blobs;

namespace Plenary.Local.Tests.Tables;

public sealed class StorageConnectionStringTests
{
    private const string Key = "AAAA";

    [Fact]
    public void The_development_store_is_known()
    {
        Assert.Equal("http://127.0.0.1:10002/devstoreaccount1", new TableServiceClient("UseDevelopmentStorage=true").Uri.AbsoluteUri);
        Assert.Equal("http://127.0.0.1:10000/devstoreaccount1", new BlobServiceClient("UseDevelopmentStorage=true").Uri.AbsoluteUri);
    }

    [Fact]
    public void An_account_has_its_usual_addresses()
    {
        string text = $"DefaultEndpointsProtocol=https;AccountName=plenary;AccountKey={Key};EndpointSuffix=core.windows.net";

        Assert.Equal("https://plenary.table.core.windows.net/", new TableServiceClient(text).Uri.AbsoluteUri);
        Assert.Equal(
            "https://plenary.blob.core.windows.net/c/a/b", new BlobClient(text, "c", "a/b").Uri.AbsoluteUri);
    }

    [Fact]
    public void An_explicit_address_wins()
    {
        string text = $"AccountName=plenary;AccountKey={Key};TableEndpoint=http://127.0.0.1:7/plenary/;BlobEndpoint=http://127.0.0.1:8/plenary";

        Assert.Equal("http://127.0.0.1:7/plenary/t", new TableClient(text, "t").Uri.AbsoluteUri);
        BlobContainerClient container = new(text, "c");
        Assert.Equal(("http://127.0.0.1:8/plenary/c", "c", "plenary"), (container.Uri.AbsoluteUri, container.Name, container.AccountName));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AccountName=plenary")]
    [InlineData("AccountName=a;AccountName=b;AccountKey=AAAA")]
    [InlineData("SharedAccessSignature=sig;TableEndpoint=https://plenary.table.core.windows.net")]
    public void What_cannot_be_used_is_refused(string text)
    {
        Assert.Throws<FormatException>(() => new TableServiceClient(text));
    }
}
