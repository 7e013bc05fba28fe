using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Plenary.Cli.Backups;
using Plenary.Infra.Blobs;
using Plenary.Infra.Tables;
using Plenary.Support;
using Xunit.Abstractions;

namespace Plenary.Cli.Tests;

/// <summary>
/// The command itself, as a process, from one account to another. <c>PLENARY_NOMINATIONS=100000 ./test Cli</c> does it with as many
/// nominations and prints the time and the memory of each step.
/// </summary>
public sealed class RoundTripTests(ITestOutputHelper said) : IDisposable
{
    private const int Each = 500;

    private static readonly int Nominations = int.Parse(Environment.GetEnvironmentVariable("PLENARY_NOMINATIONS") ?? "1000", CultureInfo.InvariantCulture);

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"plenary-{Guid.NewGuid():N}");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_backup_of_many_nominations_goes_into_another_account_clean_and_byte_for_byte()
    {
        Directory.CreateDirectory(folder);
        await using Azurite from = await Azurite.StartAsync();
        await using Azurite to = await Azurite.StartAsync();
        Stopwatch watch = Stopwatch.StartNew();
        await SeedAsync(from);
        Say($"{Nominations:N0} nominations written in {watch.Elapsed.TotalSeconds:0} s.");

        JsonNode kept = await RunAsync(from, "backup", "--folder", Path.Combine(folder, "kept"), "--no-messages");
        JsonNode restored = await RunAsync(to, "restore", "--folder", Path.Combine(folder, "kept"), "--create", "--no-messages");
        JsonNode verified = await RunAsync(to, "verify");
        await RunAsync(from, "projects", "export", Sample.Code.ToString(), "--to", Path.Combine(folder, "from.jsonl"));
        await RunAsync(to, "projects", "export", Sample.Code.ToString(), "--to", Path.Combine(folder, "to.jsonl"));

        Assert.True(kept["rows"]!.GetValue<long>() > 4 * Nominations);
        Assert.Equal(kept["rows"]!.GetValue<long>(), restored["rows"]!.GetValue<long>());
        Assert.True(verified["clean"]!.GetValue<bool>());
        Assert.Equal(await HashAsync("from.jsonl"), await HashAsync("to.jsonl"));
        Assert.Equal(Nominations, File.ReadLines(Path.Combine(folder, "to.jsonl")).Count(line => line.StartsWith("""{"kind":"nomination","value""", StringComparison.Ordinal)));
        Assert.Equal(await RowsAsync(from), await RowsAsync(to));
    }

    [Fact]
    public async Task The_same_between_stores_that_answer_at_once()
    {
        // Azurite sorts the rest of a table for each page, so that 100,000 take it hours; here they take minutes.
        Directory.CreateDirectory(folder);
        await using Terminal from = new();
        await using Terminal to = new();
        await SeedAsync(from.Tables);

        await TellAsync(from, "backup", "--folder", Path.Combine(folder, "kept"));
        await TellAsync(to, "restore", "--folder", Path.Combine(folder, "kept"));
        Assert.True((await TellAsync(to, "verify", "--json")).Json["clean"]!.GetValue<bool>());
        await TellAsync(from, "projects", "export", Sample.Code.ToString(), "--to", Path.Combine(folder, "from.jsonl"));
        await TellAsync(to, "projects", "export", Sample.Code.ToString(), "--to", Path.Combine(folder, "to.jsonl"));

        Assert.Equal(await HashAsync("from.jsonl"), await HashAsync("to.jsonl"));
        Assert.Equal(Nominations, File.ReadLines(Path.Combine(folder, "to.jsonl")).Count(line => line.StartsWith("""{"kind":"nomination","value""", StringComparison.Ordinal)));
        Assert.Equal(await RowsAsync(from.Tables), await RowsAsync(to.Tables));
    }

    private static async Task SeedAsync(Azurite azurite)
    {
        AzureTables tables = new(new TableServiceClient(azurite.ConnectionString), "");
        AzureBlobs blobs = new(new BlobServiceClient(azurite.ConnectionString), "");
        await tables.CreateAsync(Sample.Tables, CancellationToken.None);
        await blobs.CreateAsync(["documents", "selections"], CancellationToken.None);
        await SeedAsync(tables);
    }

    private static async Task SeedAsync(ITables tables)
    {
        await Sample.WriteProjectAsync(tables);
        await Sample.WriteDesksAsync(tables, [.. Enumerable.Range(1, Nominations / Each).Select(number => $"economy-{number:D3}")], Each);
    }

    private static Task<string> RowsAsync(Azurite azurite) => RowsAsync(new AzureTables(new TableServiceClient(azurite.ConnectionString), ""));

    /// <summary>Of the exact types and values of all rows, in order.</summary>
    private static async Task<string> RowsAsync(ITables tables)
    {
        using System.Security.Cryptography.IncrementalHash hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        System.Buffers.ArrayBufferWriter<byte> line = new();
        foreach (string table in Sample.Tables)
        {
            await foreach (Row row in tables.Get(table).ScanAllAsync(CancellationToken.None))
            {
                line.ResetWrittenCount();
                RowLine.Write(line, table, row);
                hash.AppendData(line.WrittenSpan);
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private async Task<string> HashAsync(string file)
    {
        await using FileStream stream = File.OpenRead(Path.Combine(folder, file));
        return Convert.ToHexString(await System.Security.Cryptography.SHA256.HashDataAsync(stream));
    }

    private async Task<Printed> TellAsync(Terminal terminal, params string[] args)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Printed printed = await terminal.RunAsync(args);
        Assert.True(printed.Exit == ExitCodes.Done, $"{args[0]} ended with {printed.Exit}: {printed.Output} {printed.Error}");
        Say($"{args[0]} between stores in memory: {watch.Elapsed.TotalSeconds:0.0} s.");
        return printed;
    }

    private async Task<JsonNode> RunAsync(Azurite azurite, params string[] args)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] settings =
        [
            "--settings", Path.Combine(Repository.Root, "local.settings.sample.json"), "--set", $"Azure:StorageConnectionString={azurite.ConnectionString}",
            "--set", $"AzureWebJobsStorage={azurite.ConnectionString}", "--set", $"Local:Clock={Sample.Now:O}", "--json", "--verbose",
        ];
        foreach (string argument in (string[])[typeof(PlenaryCommand).Assembly.Location, .. args, .. settings])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        string told = await error;
        Assert.True(process.ExitCode == ExitCodes.Done, $"{args[0]} ended with {process.ExitCode}: {output} {told}");
        Say($"{args[0]}: {told.TrimEnd().Split('\n')[^1]}");
        return JsonNode.Parse(output) ?? throw new InvalidOperationException("null was printed.");
    }

    private void Say(string words)
    {
        said.WriteLine(words);
        if (Environment.GetEnvironmentVariable("PLENARY_NOMINATIONS") is not null)
        {
            Console.WriteLine(words);
        }
    }
}
