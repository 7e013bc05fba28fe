using System.Text;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Plenary.Support;

namespace Plenary.Local.Tests.Blobs;

public sealed class BlobClientTests
{
    private static readonly BlobRequestConditions IfNew = new() { IfNoneMatch = ETag.All };

    [Fact]
    public async Task A_blob_comes_back_with_its_headers_and_metadata()
    {
        BlobContainerClient container = await BlobFixture.NewContainerAsync();
        BlobClient blob = container.GetBlobClient("a/b c.txt");

        BlobContentInfo uploaded = await blob.UploadAsync(Text("héllo"), new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders
            {
                ContentType = "text/plain; charset=utf-8",
                CacheControl = "no-store",
                ContentDisposition = "attachment; filename=\"b.txt\"",
                ContentLanguage = "en",
                ContentEncoding = "identity",
            },
            Metadata = new Dictionary<string, string> { ["Nominee"] = "n-1", ["under_score"] = "2" },
        });
        BlobProperties properties = await blob.GetPropertiesAsync();
        BlobDownloadResult content = await blob.DownloadContentAsync();

        Assert.Equal("héllo", content.Content.ToString());
        Assert.Equal(
            ("text/plain; charset=utf-8", "no-store", "attachment; filename=\"b.txt\"", "en", "identity", 6L, BlobType.Block),
            (properties.ContentType, properties.CacheControl, properties.ContentDisposition, properties.ContentLanguage,
                properties.ContentEncoding, properties.ContentLength, properties.BlobType));
        Assert.Equal("n-1", properties.Metadata["nominee"]);
        Assert.Equal("2", properties.Metadata["under_score"]);
        Assert.Equal(uploaded.ETag, properties.ETag);
        Assert.Equal(uploaded.ETag, content.Details.ETag);
        Assert.Equal("n-1", content.Details.Metadata["NOMINEE"]);
        Assert.Equal(uploaded.LastModified, properties.LastModified);
    }

    [Theory]
    [InlineData("plain.txt")]
    [InlineData("a/b/c d.pdf")]
    [InlineData("it's+%&=%2B\"#?;:@$,!~(x)[]{}|^`<>.txt")]
    [InlineData("ไทย ខ្មែر العربية 😀 é")]
    public async Task A_name_may_hold_every_allowed_character(string name)
    {
        BlobContainerClient container = await BlobFixture.NewContainerAsync();
        BlobClient blob = container.GetBlobClient(name);

        await blob.UploadAsync(Text(name));
        List<BlobItem> listed = await container.GetBlobsAsync(BlobTraits.None, BlobStates.None, name, default).ToListAsync();

        Assert.Equal(name, blob.Name);
        Assert.Equal(name, (await blob.DownloadContentAsync()).Value.Content.ToString());
        Assert.Equal([name], listed.Select(item => item.Name));
        Assert.Equal(name, new BlobClient(blob.Uri, new StorageSharedKeyCredential(Azurite.AccountName, Azurite.AccountKey)).Name);
        Assert.True(await blob.DeleteIfExistsAsync());
    }

    [Fact]
    public async Task What_exists_is_overwritten_only_on_request()
    {
        BlobContainerClient container = await BlobFixture.NewContainerAsync();
        BlobClient blob = container.GetBlobClient("b");
        await blob.UploadAsync(Text("one"));

        RequestFailedException byDefault = await Assert.ThrowsAsync<RequestFailedException>(() => blob.UploadAsync(Text("two")));
        RequestFailedException inBlocks = await Assert.ThrowsAsync<RequestFailedException>(() => blob.UploadAsync(
            Text("three"),
            new BlobUploadOptions
            {
                Conditions = IfNew,
                TransferOptions = new StorageTransferOptions { InitialTransferSize = 1, MaximumTransferSize = 2 },
            }));
        string kept = (await blob.DownloadContentAsync()).Value.Content.ToString();
        await blob.UploadAsync(Text("four"), overwrite: true);

        Assert.Equal((409, "BlobAlreadyExists"), (byDefault.Status, byDefault.ErrorCode));
        Assert.True(inBlocks.ErrorCode == BlobErrorCode.BlobAlreadyExists);
        Assert.Equal("one", kept);
        Assert.Equal("four", (await blob.DownloadContentAsync()).Value.Content.ToString());
    }

    [Fact]
    public async Task Conditions_hold_for_every_operation()
    {
        BlobContainerClient container = await BlobFixture.NewContainerAsync();
        BlobClient blob = container.GetBlobClient("b");
        BlobContentInfo old = await blob.UploadAsync(Text("one"));
        BlobContentInfo now = await blob.UploadAsync(Text("two"), overwrite: true);
        BlobRequestConditions stale = new() { IfMatch = old.ETag };
        BlobRequestConditions current = new() { IfMatch = now.ETag };

        Assert.Equal(412, await StatusAsync(() => blob.UploadAsync(Text("x"), new BlobUploadOptions { Conditions = stale })));
        Assert.Equal(412, await StatusAsync(() => blob.DownloadContentAsync(new BlobDownloadOptions { Conditions = stale })));
        Assert.Equal(412, await StatusAsync(() => blob.DownloadStreamingAsync(new BlobDownloadOptions { Conditions = stale })));
        Assert.Equal(412, await StatusAsync(() => blob.GetPropertiesAsync(stale)));
        Assert.Equal(412, await StatusAsync(() => blob.SetMetadataAsync(new Dictionary<string, string>(), stale)));
        Assert.Equal(412, await StatusAsync(() => blob.DeleteAsync(conditions: stale)));
        Assert.Equal(
            304,
            await StatusAsync(() => blob.DownloadContentAsync(
                new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = now.ETag } })));
        Assert.Equal("two", (await blob.DownloadContentAsync(new BlobDownloadOptions { Conditions = current })).Value.Content.ToString());
        await blob.DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, current);
        Assert.False(await blob.ExistsAsync());
    }

    [Fact]
    public async Task What_is_not_there_says_so_by_status_and_code()
    {
        BlobContainerClient container = await BlobFixture.NewContainerAsync();
        BlobClient blob = container.GetBlobClient("none");
        Azurite azurite = await Azurite.SharedAsync();
        BlobContainerClient nowhere = new BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient(Azurite.Unique("none"));

        RequestFailedException download = await Assert.ThrowsAsync<RequestFailedException>(() => blob.DownloadStreamingAsync());
        RequestFailedException properties = await Assert.ThrowsAsync<RequestFailedException>(() => blob.GetPropertiesAsync());
        RequestFailedException upload = await Assert.ThrowsAsync<RequestFailedException>(
            () => nowhere.GetBlobClient("b").UploadAsync(Text("x")));

        Assert.Equal((404, "BlobNotFound"), (download.Status, download.ErrorCode));
        Assert.Equal((404, "BlobNotFound"), (properties.Status, properties.ErrorCode));
        Assert.Equal((404, "ContainerNotFound"), (upload.Status, upload.ErrorCode));
        Assert.False(await blob.ExistsAsync());
        Assert.False(await blob.DeleteIfExistsAsync());
        Assert.False(await nowhere.ExistsAsync());
        Assert.False(await nowhere.DeleteIfExistsAsync());
        Assert.Equal(404, await StatusAsync(() => blob.DeleteAsync()));
    }

    [Fact]
    public async Task A_container_is_created_once_and_deleted()
    {
        Azurite azurite = await Azurite.SharedAsync();
        BlobServiceClient service = new(azurite.BlobEndpoint, new StorageSharedKeyCredential(Azurite.AccountName, Azurite.AccountKey));
        BlobContainerClient container = service.GetBlobContainerClient(Azurite.Unique("once"));

        Response<BlobContainerInfo> created = await container.CreateIfNotExistsAsync();
        Response<BlobContainerInfo> again = await container.CreateIfNotExistsAsync();
        int conflict = await StatusAsync(() => container.CreateAsync());

        Assert.NotEqual(default, created.Value.ETag);
        Assert.Null(again);
        Assert.Equal(409, conflict);
        Assert.True(await container.ExistsAsync());
        await container.DeleteAsync();
        Assert.False(await container.ExistsAsync());
    }

    [Fact]
    public async Task A_listing_goes_by_prefix_through_all_pages_with_metadata()
    {
        BlobContainerClient container = await BlobFixture.NewContainerAsync();
        foreach (string name in (string[])["a/1", "a/2", "a/3", "ab", "b/1"])
        {
            await container.GetBlobClient(name).UploadAsync(
                Text(name), new BlobUploadOptions { Metadata = new Dictionary<string, string> { ["Name"] = name } });
        }

        AsyncPageable<BlobItem> listing = container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, "a/", default);
        List<Page<BlobItem>> pages = await listing.AsPages(pageSizeHint: 2).ToListAsync();
        List<BlobItem> plain = await container.GetBlobsAsync(BlobTraits.None, BlobStates.None, null, default).ToListAsync();

        Assert.Equal([2, 1], pages.Select(page => page.Values.Count));
        Assert.All(pages.SelectMany(page => page.Values), item => Assert.Equal(item.Name, item.Metadata["name"]));
        Assert.Equal(["a/1", "a/2", "a/3", "ab", "b/1"], plain.Select(item => item.Name));
        Assert.All(plain, item => Assert.Equal(item.Name.Length, item.Properties.ContentLength));
        Assert.Equal((await container.GetBlobClient("ab").GetPropertiesAsync()).Value.ETag, plain[3].Properties.ETag);
    }

    [Fact]
    public async Task Metadata_and_headers_can_be_set_later()
    {
        BlobContainerClient container = await BlobFixture.NewContainerAsync();
        BlobClient blob = container.GetBlobClient("b");
        BlobContentInfo uploaded = await blob.UploadAsync(
            Text("x"), new BlobUploadOptions { Metadata = new Dictionary<string, string> { ["old"] = "1" } });

        BlobInfo changed = await blob.SetMetadataAsync(
            new Dictionary<string, string> { ["State"] = "checked" }, new BlobRequestConditions { IfMatch = uploaded.ETag });
        await blob.SetHttpHeadersAsync(new BlobHttpHeaders { ContentType = "application/pdf" });
        BlobProperties properties = await blob.GetPropertiesAsync();

        Assert.NotEqual(uploaded.ETag, changed.ETag);
        Assert.Equal(["State"], properties.Metadata.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.Equal("application/pdf", properties.ContentType);
    }

    [Fact]
    public async Task A_range_is_read_alone_and_a_stream_can_be_sought()
    {
        BlobContainerClient container = await BlobFixture.NewContainerAsync();
        BlobClient blob = container.GetBlobClient("b");
        await blob.UploadAsync(Text("0123456789"));

        BlobDownloadResult range = await blob.DownloadContentAsync(new BlobDownloadOptions { Range = new HttpRange(3, 4) });
        await using Stream stream = await blob.OpenReadAsync(position: 2, bufferSize: 3);
        using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
        string rest = await reader.ReadToEndAsync();
        stream.Seek(-1, SeekOrigin.End);

        Assert.Equal("3456", range.Content.ToString());
        Assert.Equal("bytes 3-6/10", range.Details.ContentRange);
        Assert.Equal("23456789", rest);
        Assert.Equal((byte)'9', stream.ReadByte());
        Assert.Equal(10, stream.Length);
    }

    [Fact]
    public async Task A_stream_being_read_does_not_change_to_another_version()
    {
        BlobContainerClient container = await BlobFixture.NewContainerAsync();
        BlobClient blob = container.GetBlobClient("b");
        await blob.UploadAsync(Text("0123456789"));
        await using Stream stream = await blob.OpenReadAsync(bufferSize: 5);
        await stream.ReadExactlyAsync(new byte[5]);

        await blob.UploadAsync(Text("abcdefghij"), overwrite: true);

        Assert.Equal(412, await StatusAsync(() => stream.ReadExactlyAsync(new byte[5]).AsTask()));
    }

    [Fact]
    public async Task A_wrong_key_is_forbidden()
    {
        Azurite azurite = await Azurite.SharedAsync();
        BlobServiceClient service = new(
            azurite.BlobEndpoint, new StorageSharedKeyCredential(Azurite.AccountName, Convert.ToBase64String(new byte[64])));

        Assert.Equal(403, await StatusAsync(() => service.GetBlobContainerClient("any").CreateAsync()));
    }

    private static MemoryStream Text(string text) => new(Encoding.UTF8.GetBytes(text));

    private static async Task<int> StatusAsync(Func<Task> action) =>
        (await Assert.ThrowsAnyAsync<RequestFailedException>(action)).Status;
}
