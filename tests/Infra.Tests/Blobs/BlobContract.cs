using System.Text;
using Azure;
using Plenary.Infra.Blobs;

namespace Plenary.Infra.Tests.Blobs;

/// <summary>What every store of files keeps to, the real one and the one that tests of the slices and the simulator stand on.</summary>
public abstract class BlobContract
{
    private const string Box = "box";

    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public async Task A_file_comes_back_byte_for_byte_with_its_type_and_metadata()
    {
        IBlobs blobs = await NewAsync();
        byte[] content = [.. Enumerable.Range(0, 70_000).Select(number => (byte)number)];

        await blobs.UploadAsync(Box, "a/ไทย b+c%.pdf", new MemoryStream(content), "application/pdf", new Dictionary<string, string> { ["kind"] = "passport" }, default);

        Assert.Equal(content, await ReadAsync(blobs, "a/ไทย b+c%.pdf"));
        StoredBlob listed = Assert.Single(await blobs.ListAsync(Box, "", default).ToListAsync());
        Assert.Equal(("a/ไทย b+c%.pdf", 70_000L, "application/pdf", "passport"), (listed.Name, listed.Length, listed.ContentType, listed.Metadata["kind"]));
    }

    [Fact]
    public async Task An_empty_file_is_a_file()
    {
        IBlobs blobs = await NewAsync();
        await blobs.UploadAsync(Box, "empty", Stream.Null, "text/plain", Nothing, default);

        Assert.Empty(await ReadAsync(blobs, "empty") ?? [1]);
        Assert.Equal(0, Assert.Single(await blobs.ListAsync(Box, "", default).ToListAsync()).Length);
    }

    [Fact]
    public async Task A_later_file_of_the_name_replaces_content_type_and_metadata_alike()
    {
        IBlobs blobs = await NewAsync();
        await blobs.UploadAsync(Box, "x", Text("long before"), "text/plain", new Dictionary<string, string> { ["old"] = "1" }, default);
        await blobs.UploadAsync(Box, "x", Text("after"), "text/csv", Nothing, default);

        Assert.Equal("after", Encoding.UTF8.GetString(await ReadAsync(blobs, "x") ?? []));
        StoredBlob listed = Assert.Single(await blobs.ListAsync(Box, "", default).ToListAsync());
        Assert.Equal(("text/csv", 0), (listed.ContentType, listed.Metadata.Count));
    }

    [Fact]
    public async Task What_is_not_there_reads_as_nothing_and_can_be_deleted()
    {
        IBlobs blobs = await NewAsync();
        Assert.Null(await ReadAsync(blobs, "never"));
        await blobs.DeleteAsync(Box, "never", default);
        await blobs.UploadAsync(Box, "x", Text("x"), "text/plain", Nothing, default);
        await blobs.DeleteAsync(Box, "x", default);
        await blobs.DeleteAsync(Box, "x", default);
        Assert.Null(await ReadAsync(blobs, "x"));
        Assert.Empty(await blobs.ListAsync(Box, "", default).ToListAsync());
    }

    [Fact]
    public async Task A_list_has_the_names_that_start_so_in_ordinal_order_letter_case_apart()
    {
        IBlobs blobs = await NewAsync();
        foreach (string name in (string[])["b/2", "b/10", "B/1", "b", "a/1", "b/1", "c"])
        {
            await blobs.UploadAsync(Box, name, Text(name), "text/plain", Nothing, default);
        }

        Assert.Equal(["b/1", "b/10", "b/2"], await blobs.ListAsync(Box, "b/", default).Select(blob => blob.Name).ToListAsync());
        Assert.Equal(["B/1", "a/1", "b", "b/1", "b/10", "b/2", "c"], await blobs.ListAsync(Box, "", default).Select(blob => blob.Name).ToListAsync());
    }

    [Fact]
    public async Task A_file_whose_stream_breaks_off_is_not_there_and_the_one_before_it_is_whole()
    {
        IBlobs blobs = await NewAsync();
        await blobs.UploadAsync(Box, "kept", Text("before"), "text/plain", Nothing, default);
        foreach (string name in (string[])["kept", "new"])
        {
            await using Broken broken = new();
            await Assert.ThrowsAnyAsync<IOException>(() => blobs.UploadAsync(Box, name, broken, "text/plain", Nothing, default));
        }

        Assert.Equal("before", Encoding.UTF8.GetString(await ReadAsync(blobs, "kept") ?? []));
        Assert.Null(await ReadAsync(blobs, "new"));
    }

    [Fact]
    public async Task A_container_that_was_not_made_takes_nothing_has_nothing_and_is_told_when_it_is_listed()
    {
        IBlobs blobs = await NewAsync();
        Assert.Equal(404, (await Assert.ThrowsAsync<RequestFailedException>(() => blobs.UploadAsync("absent", "x", Text("x"), "text/plain", Nothing, default))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<RequestFailedException>(async () => await blobs.ListAsync("absent", "", default).ToListAsync())).Status);
        Assert.Null(await blobs.OpenReadAsync("absent", "x", default));
        await blobs.DeleteAsync("absent", "x", default);
    }

    [Fact]
    public async Task Making_a_container_again_keeps_what_it_holds()
    {
        IBlobs blobs = await NewAsync();
        await blobs.UploadAsync(Box, "x", Text("x"), "text/plain", Nothing, default);
        await blobs.CreateAsync([Box], default);
        Assert.NotNull(await ReadAsync(blobs, "x"));
    }

    [Theory]
    [InlineData("has space", "x")]
    [InlineData("has-dash", "x")]
    [InlineData("1digit", "x")]
    [InlineData("name", "ไทย")]
    [InlineData("name", "two\nlines")]
    public async Task Metadata_that_no_header_can_carry_is_refused(string key, string value)
    {
        IBlobs blobs = await NewAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => blobs.UploadAsync(Box, "x", Text("x"), "text/plain", new Dictionary<string, string> { [key] = value }, default));
        Assert.Null(await ReadAsync(blobs, "x"));
    }

    /// <summary>With one container, <c>box</c>, and nothing in it.</summary>
    protected abstract Task<IBlobs> NewAsync();

    private static MemoryStream Text(string text) => new(Encoding.UTF8.GetBytes(text));

    private static async Task<byte[]?> ReadAsync(IBlobs blobs, string name)
    {
        await using Stream? stream = await blobs.OpenReadAsync(Box, name, default);
        if (stream is null)
        {
            return null;
        }

        using MemoryStream copy = new();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    /// <summary>Yields a little, then fails.</summary>
    private sealed class Broken : Stream
    {
        private bool hasYielded;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (hasYielded)
            {
                throw new IOException("The line broke.");
            }

            hasYielded = true;
            return Math.Min(count, 100);
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
