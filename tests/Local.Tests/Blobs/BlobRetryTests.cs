using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Plenary.Local.Tests.Tables;
using Plenary.Support;

namespace Plenary.Local.Tests.Blobs;

public sealed class BlobRetryTests
{
    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task A_passing_failure_is_tried_again_with_the_whole_content(int status)
    {
        FaultyTransport transport = new(new Fault(status), Fault.ConnectionLost);
        BlobContainerClient container = await BlobFixture.NewContainerAsync(BlobFixture.Quick(transport));

        await container.GetBlobClient("b").UploadAsync(new PatternStream(5000, canSeek: true), overwrite: true);
        BlobDownloadResult back = await container.GetBlobClient("b").DownloadContentAsync();

        Assert.Equal(4, transport.Attempts.Count);
        Assert.Equal(Enumerable.Range(0, 5000).Select(at => PatternStream.At(at)), back.Content.ToArray());
    }

    [Fact]
    public async Task A_stream_that_cannot_be_rewound_survives_failures_too()
    {
        FaultyTransport transport = new(new Fault(500), Fault.ConnectionLost, Fault.LostAnswer, new Fault(503));
        BlobContainerClient container = await BlobFixture.NewContainerAsync(BlobFixture.Quick(transport));

        await container.GetBlobClient("b").UploadAsync(
            new PatternStream(5000, canSeek: false),
            new BlobUploadOptions { TransferOptions = new StorageTransferOptions { MaximumTransferSize = 1000 } });
        BlobDownloadResult back = await container.GetBlobClient("b").DownloadContentAsync();

        Assert.Equal(Enumerable.Range(0, 5000).Select(at => PatternStream.At(at)), back.Content.ToArray());
    }

    [Fact]
    public async Task A_download_that_breaks_off_is_taken_up_where_it_broke()
    {
        const string Common = "ETag: \"0x1\"\r\nx-ms-blob-type: BlockBlob\r\nContent-Type: text/plain\r\nConnection: close\r\n";
        await using LoopbackServer server = new(
            $"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n{Common}\r\n0123",
            $"HTTP/1.1 206 Partial Content\r\nContent-Length: 6\r\nContent-Range: bytes 4-9/10\r\n{Common}\r\n45",
            $"HTTP/1.1 206 Partial Content\r\nContent-Length: 4\r\nContent-Range: bytes 6-9/10\r\n{Common}\r\n6789");
        BlobClient blob = new(
            new Uri(server.Address, "/account/c/b"),
            new StorageSharedKeyCredential("account", Azurite.AccountKey),
            new BlobClientOptions { Retry = { Delay = TimeSpan.FromMilliseconds(1) } });

        using BlobDownloadStreamingResult download = await blob.DownloadStreamingAsync();
        using StreamReader reader = new(download.Content);

        Assert.Equal("0123456789", await reader.ReadToEndAsync());
        Assert.Contains("x-ms-range: bytes=4-9", server.Heads[1], StringComparison.OrdinalIgnoreCase);
        Assert.Contains("x-ms-range: bytes=6-9", server.Heads[2], StringComparison.OrdinalIgnoreCase);
        Assert.Contains("If-Match: \"0x1\"", server.Heads[1], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_download_that_breaks_off_for_good_fails()
    {
        string cut = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nETag: \"0x1\"\r\nConnection: close\r\n\r\n";
        await using LoopbackServer server = new([.. Enumerable.Repeat(cut, 30)]);
        BlobClient blob = new(
            new Uri(server.Address, "/account/c/b"),
            new StorageSharedKeyCredential("account", Azurite.AccountKey),
            new BlobClientOptions { Retry = { Delay = TimeSpan.FromMilliseconds(1) } });

        using BlobDownloadStreamingResult download = await blob.DownloadStreamingAsync();

        await Assert.ThrowsAnyAsync<IOException>(() => download.Content.ReadExactlyAsync(new byte[10]).AsTask());
        Assert.Equal(4, server.Heads.Count);
    }

    [Fact]
    public async Task A_token_is_asked_for_storage_and_sent_as_bearer()
    {
        RecordingCredential credential = new("the-token");
        FaultyTransport transport = new(new Fault(404), new Fault(404));
        BlobServiceClient service = new(
            new Uri("https://plenary.blob.core.windows.net"), credential, BlobFixture.Quick(transport));

        Assert.False(await service.GetBlobContainerClient("c").GetBlobClient("a/b").ExistsAsync());
        Assert.False(await service.GetBlobContainerClient("c").ExistsAsync());

        Assert.Equal(["https://storage.azure.com/.default"], credential.Scopes);
        Assert.All(transport.Attempts, attempt => Assert.Equal("Bearer the-token", attempt.Authorization));
        Assert.Equal("https://plenary.blob.core.windows.net/c/a/b", transport.Attempts[0].Uri.AbsoluteUri);
        Assert.Equal("plenary", service.AccountName);
    }

    [Fact]
    public async Task A_refusal_is_not_tried_again()
    {
        FaultyTransport transport = new(new Fault(403));
        BlobContainerClient container = await BlobFixture.NewContainerAsync(BlobFixture.Quick(transport));

        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(
            () => container.GetBlobClient("b").UploadAsync(BinaryData.FromString("x")));

        Assert.Equal((403, 1), (refusal.Status, transport.Attempts.Count));
    }
}
