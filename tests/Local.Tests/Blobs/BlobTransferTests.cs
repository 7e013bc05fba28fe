using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Plenary.Local.Tests.Blobs;

/// <summary>Measures what the whole process allocates, so nothing may run beside it.</summary>
[CollectionDefinition(nameof(BlobTransferTests), DisableParallelization = true)]
[Collection(nameof(BlobTransferTests))]
public sealed class BlobTransferTests
{
    private const int Large = 100 * 1024 * 1024;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hundred_megabytes_go_up_and_down_in_flat_memory(bool canSeek)
    {
        BlobContainerClient container = await BlobFixture.NewContainerAsync();
        BlobClient blob = container.GetBlobClient("large");
        long before = GC.GetTotalAllocatedBytes(precise: true);

        await using (PatternStream content = new(Large, canSeek))
        {
            await blob.UploadAsync(content, overwrite: true);
        }

        long uploading = GC.GetTotalAllocatedBytes(precise: true) - before;
        BlobDownloadStreamingResult download = await blob.DownloadStreamingAsync();
        long downloaded = 0;
        byte[] buffer = new byte[80_000];
        await using (download.Content)
        {
            while (await download.Content.ReadAsync(buffer) is > 0 and int count)
            {
                for (int index = 0; index < count; index++)
                {
                    if (buffer[index] != PatternStream.At(downloaded + index))
                    {
                        Assert.Fail($"The byte at {downloaded + index} is wrong.");
                    }
                }

                downloaded += count;
            }
        }

        long downloading = GC.GetTotalAllocatedBytes(precise: true) - before - uploading;

        Assert.Equal(Large, downloaded);
        Assert.InRange(uploading, 0, 40L * 1024 * 1024);
        Assert.InRange(downloading, 0, 20L * 1024 * 1024);
        await container.DeleteAsync();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(1000, true)]
    [InlineData(1000, false)]
    [InlineData(999, false)]
    [InlineData(2500, true)]
    [InlineData(2500, false)]
    public async Task Any_length_arrives_whole_whether_in_blocks_or_at_once(int length, bool canSeek)
    {
        BlobContainerClient container = await BlobFixture.NewContainerAsync();
        BlobClient blob = container.GetBlobClient("b");
        await using PatternStream content = new(length, canSeek);

        await blob.UploadAsync(content, new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/pdf" },
            Metadata = new Dictionary<string, string> { ["kept"] = "yes" },
            TransferOptions = new StorageTransferOptions { InitialTransferSize = 500, MaximumTransferSize = 500, MaximumConcurrency = 2 },
        });
        BlobDownloadResult back = await blob.DownloadContentAsync();

        Assert.Equal(Enumerable.Range(0, length).Select(at => PatternStream.At(at)), back.Content.ToArray());
        Assert.Equal(("application/pdf", "yes"), (back.Details.ContentType, back.Details.Metadata["kept"]));
    }

    [Fact]
    public async Task A_stream_is_sent_from_where_it_stands_and_left_open()
    {
        BlobContainerClient container = await BlobFixture.NewContainerAsync();
        BlobClient blob = container.GetBlobClient("b");
        await using MemoryStream content = new("0123456789"u8.ToArray()) { Position = 4 };

        await blob.UploadAsync(content);

        Assert.Equal("456789", (await blob.DownloadContentAsync()).Value.Content.ToString());
        Assert.True(content.CanRead);
    }

    [Fact]
    public async Task What_is_written_to_a_stream_becomes_the_blob_when_flushed_and_when_closed()
    {
        BlobContainerClient container = await BlobFixture.NewContainerAsync();
        BlobClient blob = container.GetBlobClient("b");

        Stream stream = await blob.OpenWriteAsync(overwrite: true, new BlobOpenWriteOptions
        {
            BufferSize = 4,
            HttpHeaders = new BlobHttpHeaders { ContentType = "text/plain" },
        });
        await stream.WriteAsync("0123456789"u8.ToArray());
        long beforeFlush = (await blob.GetPropertiesAsync()).Value.ContentLength;
        await stream.FlushAsync();
        string flushed = (await blob.DownloadContentAsync()).Value.Content.ToString();
        await stream.WriteAsync("ab"u8.ToArray());
        await stream.DisposeAsync();
        BlobDownloadResult closed = await blob.DownloadContentAsync();

        Assert.Equal((0L, "0123456789"), (beforeFlush, flushed));
        Assert.Equal(("0123456789ab", "text/plain"), (closed.Content.ToString(), closed.Details.ContentType));
        await Assert.ThrowsAsync<ArgumentException>(() => blob.OpenWriteAsync(overwrite: false));
    }

    [Fact]
    public async Task A_stream_does_not_overwrite_what_another_wrote_meanwhile()
    {
        BlobContainerClient container = await BlobFixture.NewContainerAsync();
        BlobClient blob = container.GetBlobClient("b");
        Stream stream = await blob.OpenWriteAsync(overwrite: true);
        await stream.WriteAsync("mine"u8.ToArray());

        await blob.UploadAsync(BinaryData.FromString("theirs"), overwrite: true);
        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(() => stream.FlushAsync());

        Assert.Equal(412, refusal.Status);
        Assert.Equal("theirs", (await blob.DownloadContentAsync()).Value.Content.ToString());
    }

    [Fact]
    public async Task Two_uploads_to_one_name_never_mix()
    {
        BlobContainerClient container = await BlobFixture.NewContainerAsync();
        BlobClient blob = container.GetBlobClient("b");
        BlobUploadOptions small = new()
        {
            TransferOptions = new StorageTransferOptions { InitialTransferSize = 1, MaximumTransferSize = 1000 },
        };

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            try
            {
                using MemoryStream content = new([.. Enumerable.Repeat((byte)('a' + writer), 10_000)]);
                await blob.UploadAsync(content, small);
            }
            catch (RequestFailedException lost) when (lost.Status is 400 or 409 or 412)
            {
                // Another one committed while this one's blocks were not yet part of anything.
            }
        }));
        byte[] winner = (await blob.DownloadContentAsync()).Value.Content.ToArray();

        Assert.Equal(10_000, winner.Length);
        Assert.Single(winner.Distinct());
    }

    [Fact]
    public async Task Progress_reaches_the_whole_length()
    {
        BlobContainerClient container = await BlobFixture.NewContainerAsync();
        Steps steps = new();

        await container.GetBlobClient("b").UploadAsync(
            new PatternStream(2500, canSeek: false),
            new BlobUploadOptions
            {
                ProgressHandler = steps,
                TransferOptions = new StorageTransferOptions { MaximumTransferSize = 1000 },
            });

        Assert.Equal(3, steps.Count);
        Assert.Equal(2500, steps.Max());
    }

    private sealed class Steps : List<long>, IProgress<long>
    {
        public void Report(long value)
        {
            lock (this)
            {
                Add(value);
            }
        }
    }
}
