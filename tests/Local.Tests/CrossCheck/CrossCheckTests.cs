using System.Diagnostics;
using System.Text.Json;
using Azure.Data.Tables;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Plenary.Local.Tests.Blobs;
using Plenary.Local.Tests.Tables;
using Plenary.Support;

namespace Plenary.Local.Tests.CrossCheck;

/// <summary>What our clients write, clients that nobody here wrote can read, and the other way round.</summary>
public sealed class CrossCheckTests
{
    private const string Partition = "it's+%&=\"ไทย 😀";
    private const string Blob = "it's/ไทย 😀+%&.txt";
    private const string Text = "Ünïcode ไทย 😀 \"quoted\"\r\n";
    private static readonly Guid Id = new("9d5d1c2e-1111-2222-3333-444455556666");
    private static readonly DateTimeOffset Instant = new DateTimeOffset(2023, 7, 31, 16, 59, 59, TimeSpan.Zero).AddTicks(1234567);

    [Fact]
    public async Task Rows_of_ours_are_read_elsewhere_with_their_types()
    {
        TableClient table = await TableFixture.NewTableAsync();
        TableEntity entity = new(Partition, "all")
        {
            ["Text"] = Text,
            ["Flag"] = true,
            ["Int"] = -5,
            ["Long"] = long.MaxValue,
            ["Double"] = 0.1,
            ["WholeDouble"] = 5.0,
            ["Instant"] = Instant,
            ["Id"] = Id,
            ["Bytes"] = new byte[] { 0, 1, 254, 255 },
        };
        await table.SubmitTransactionAsync([new(TableTransactionActionType.Add, entity)]);
        await table.AddEntityAsync(new TableEntity(Partition, "single") { ["Long"] = 7L });

        JsonElement rows = await RunAsync("read-table", table.Name);

        Assert.Equal(2, rows.GetArrayLength());
        JsonElement row = rows[0];
        Assert.Equal((Partition, "all"), (Value(row, "partitionKey"), Value(row, "rowKey")));
        Assert.Equal(Text, Value(row, "Text"));
        Assert.Equal("true", Value(row, "Flag").ToLowerInvariant());
        Assert.Equal("-5", Value(row, "Int"));
        Assert.Equal(("Int64", "9223372036854775807"), (Kind(row, "Long"), Value(row, "Long")));
        Assert.Equal("0.1", Value(row, "Double"));
        Assert.Equal("5", Value(row, "WholeDouble"));
        Assert.Equal(("DateTime", "2023-07-31T16:59:59.1234567Z"), (Kind(row, "Instant"), Value(row, "Instant")));
        Assert.Equal(("Guid", Id.ToString()), (Kind(row, "Id"), Value(row, "Id")));
        Assert.Equal(("Binary", "AAH+/w=="), (Kind(row, "Bytes"), Value(row, "Bytes")));
        Assert.Equal(("Int64", "7"), (Kind(rows[1], "Long"), Value(rows[1], "Long")));
    }

    [Fact]
    public async Task Rows_written_elsewhere_are_read_with_their_types()
    {
        TableClient table = await TableFixture.NewTableAsync();

        await RunAsync("write-table", table.Name);
        TableEntity row = await table.GetEntityAsync<TableEntity>(Partition, "all");

        Assert.Equal(Text, row.GetString("Text"));
        Assert.True(row.GetBoolean("Flag"));
        Assert.Equal(-5, row.GetInt32("Int"));
        Assert.Equal(long.MaxValue, row.GetInt64("Long"));
        Assert.Equal(0.1, row.GetDouble("Double"));
        Assert.Equal(5.0, row.GetDouble("WholeDouble"));
        Assert.Equal(Instant, row.GetDateTimeOffset("Instant"));
        Assert.Equal(Id, row.GetGuid("Id"));
        Assert.Equal([0, 1, 254, 255], row.GetBinary("Bytes"));
        Assert.Equal(["all", "other"], await TableFixture.RowsAsync(table));
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(10_000_000)]
    public async Task A_blob_of_ours_is_read_elsewhere(int length)
    {
        BlobContainerClient container = await BlobFixture.NewContainerAsync();
        BlobContentInfo uploaded = await container.GetBlobClient(Blob).UploadAsync(
            new PatternStream(length, canSeek: false),
            new BlobUploadOptions
            {
                HttpHeaders = new BlobHttpHeaders { ContentType = "application/pdf" },
                Metadata = new Dictionary<string, string> { ["Nominee"] = "n-1" },
                TransferOptions = new StorageTransferOptions { MaximumTransferSize = 1_000_000 },
            });

        JsonElement read = await RunAsync("read-blob", container.Name);

        Assert.Equal(length, read.GetProperty("length").GetInt32());
        Assert.Equal(Hex(0), read.GetProperty("start").GetString());
        Assert.Equal(Hex(length - 8), read.GetProperty("end").GetString());
        Assert.Equal("application/pdf", read.GetProperty("contentType").GetString());
        Assert.Equal("n-1", read.GetProperty("metadata").GetProperty("nominee").GetString());
        Assert.Equal(Blob, read.GetProperty("names")[0].GetString());
        Assert.Equal($"\"{uploaded.ETag}\"", read.GetProperty("etag").GetString());
    }

    [Fact]
    public async Task A_blob_written_elsewhere_is_read()
    {
        BlobContainerClient container = await BlobFixture.NewContainerAsync();

        await RunAsync("write-blob", container.Name);
        BlobDownloadResult read = await container.GetBlobClient(Blob).DownloadContentAsync();

        Assert.Equal("written elsewhere, ไทย", read.Content.ToString());
        Assert.Equal("text/plain; charset=utf-8", read.Details.ContentType);
        Assert.Equal("n-1", read.Details.Metadata["nominee"]);
    }

    private static string Hex(long start) =>
        Convert.ToHexStringLower([.. Enumerable.Range(0, 8).Select(at => PatternStream.At(start + at))]);

    private static string Value(JsonElement row, string name)
    {
        JsonElement property = row.GetProperty(name);
        return (property.ValueKind == JsonValueKind.Object ? property.GetProperty("value") : property).ToString();
    }

    private static string? Kind(JsonElement row, string name) => row.GetProperty(name).GetProperty("type").GetString();

    private static async Task<JsonElement> RunAsync(string action, string name)
    {
        Azurite azurite = await Azurite.SharedAsync();
        ProcessStartInfo start = new("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(Repository.Root, "tests", "Local.Tests", "CrossCheck", "crosscheck.mjs"));
        start.ArgumentList.Add(action);
        start.ArgumentList.Add(azurite.ConnectionString);
        start.ArgumentList.Add(name);
        using Process node = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        Task<string> errors = node.StandardError.ReadToEndAsync();
        string output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await errors);
        return JsonDocument.Parse(output).RootElement;
    }
}
