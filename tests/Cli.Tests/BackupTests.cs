using System.Text;
using System.Text.Json.Nodes;
using Plenary.Agenda;
using Plenary.Cli.Backups;
using Plenary.Infra.Blobs;
using Plenary.Infra.Tables;
using Plenary.Nominations;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Cli.Tests;

public sealed class BackupTests : IAsyncDisposable
{
    private readonly Terminal from = new();
    private readonly Terminal to = new();
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"plenary-{Guid.NewGuid():N}");

    public async ValueTask DisposeAsync()
    {
        await from.DisposeAsync();
        await to.DisposeAsync();
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_is_put_back_elsewhere_is_row_for_row_and_byte_for_byte_what_was_kept()
    {
        await Sample.WriteAsync(from.Tables, from.Blobs);
        RowKey odd = new("odd", "types");
        await Sample.InsertAsync(from.Tables["Drafts"], Row.Of(
            odd, ("Whole", 7), ("Long", 7L), ("Share", 0.1), ("Flag", true), ("At", Sample.Now), ("Id", Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e")), ("Bytes", new byte[] { 0, 255 }), ("Text", "“ä\"\n\t<\u2028")));

        await BackUpAsync();
        Printed restored = await to.RunAsync("restore", "--folder", folder);

        Assert.Equal((ExitCodes.Done, ""), (restored.Exit, restored.Error));
        Assert.Equal(await RowsAsync(from), await RowsAsync(to));
        Assert.Equal(await FilesAsync(from), await FilesAsync(to));
        Row row = await to.Tables["Drafts"].FindAsync(odd, CancellationToken.None) ?? throw new InvalidOperationException("The row is not there.");
        Assert.Equal([typeof(int), typeof(long), typeof(double), typeof(bool), typeof(DateTimeOffset), typeof(Guid), typeof(byte[])], ((string[])["Whole", "Long", "Share", "Flag", "At", "Id", "Bytes"]).Select(name => row.Values[name].GetType()));
        Assert.Equal(
            (await from.RunAsync("projects", "export", Sample.Code.ToString())).Output,
            (await to.RunAsync("projects", "export", Sample.Code.ToString())).Output);
    }

    [Fact]
    public async Task A_container_serves_as_well_as_a_folder()
    {
        await Sample.WriteAsync(from.Tables, from.Blobs);

        Assert.Equal(ExitCodes.Done, (await from.RunAsync("backup", "--container", "kept")).Exit);
        await to.Blobs.CreateAsync(["kept"], CancellationToken.None);
        await foreach (StoredBlob blob in from.Blobs.ListAsync("kept", "", CancellationToken.None))
        {
            await to.Blobs.UploadAsync("kept", blob.Name, await from.Blobs.OpenReadAsync("kept", blob.Name, CancellationToken.None) ?? Stream.Null, "", blob.Metadata, CancellationToken.None);
        }

        Assert.Equal(ExitCodes.Done, (await to.RunAsync("restore", "--container", "kept")).Exit);
        Assert.Equal(await RowsAsync(from), await RowsAsync(to));
    }

    [Fact]
    public async Task A_project_alone_goes_back_beside_others_and_takes_nothing_of_theirs_along()
    {
        await Sample.WriteAsync(from.Tables, from.Blobs);
        await Sample.InsertAsync(from.Tables["Closings"], Row.Of(new RowKey("24-IP-10-GE-WSP-A", "closing"), ("Submitted", 1L)));
        await Sample.InsertAsync(to.Tables["Closings"], Row.Of(new RowKey("25-IP-10-GE-WSP-A", "closing"), ("Submitted", 1L)));

        await BackUpAsync("--project", Sample.Code.ToString());
        Printed restored = await to.RunAsync("restore", "--folder", folder);
        Printed again = await to.RunAsync("restore", "--folder", folder);

        Assert.Equal((ExitCodes.Done, ExitCodes.Findings), (restored.Exit, again.Exit));
        Assert.Equal(["23-IP-10-GE-WSP-A", "25-IP-10-GE-WSP-A"], await to.Tables["Closings"].ScanAllAsync(CancellationToken.None).Select(row => row.Key.Partition).ToListAsync());
        Assert.False(await to.Tables["Registry"].ScanAllAsync(CancellationToken.None).AnyAsync());
        Assert.True(await to.Tables[Access.Links.Table].ScanAllAsync(CancellationToken.None).AnyAsync());
        Assert.True(await to.Tables[AgendaTable.Name].ScanAllAsync(CancellationToken.None).AnyAsync());
        Assert.True(await to.Tables["Certificates"].ScanAllAsync(CancellationToken.None).AnyAsync());
    }

    [Theory]
    [InlineData("a row")]
    [InlineData("a file")]
    public async Task Stores_that_hold_anything_are_refused_and_left_alone(string what)
    {
        await Sample.WriteAsync(from.Tables, from.Blobs);
        await BackUpAsync();
        if (what == "a row")
        {
            await Sample.InsertAsync(to.Tables["Drafts"], Row.Of(new RowKey("draft", "mine"), ("Text", "mine")));
        }
        else
        {
            await to.Blobs.UploadAsync(DocumentStore.Container, "mine", new MemoryStream([1]), "", new Dictionary<string, string>(), CancellationToken.None);
        }

        string before = await to.DumpAsync();
        Printed printed = await to.RunAsync("restore", "--folder", folder, "--json");

        Assert.Equal(ExitCodes.Findings, printed.Exit);
        Assert.Equal(["restore-not-empty-conflict"], CodesOf(printed));
        Assert.Equal(before, await to.DumpAsync());
    }

    [Theory]
    [InlineData("rows/1/Nominations.jsonl.gz", "flip")]
    [InlineData("rows/1/Mail.jsonl.gz", "delete")]
    [InlineData("blobs.jsonl.gz", "cut")]
    [InlineData("blobs/documents/23-IP-10-GE-WSP-A/japan/japan000001/d1", "flip")]
    [InlineData("messages/1.jsonl.gz", "append")]
    public async Task A_damaged_backup_is_refused_before_anything_is_written(string file, string damage)
    {
        await Sample.WriteAsync(from.Tables, from.Blobs);
        await from.KillMessageAsync(Queues.SendMail, "dead", "{}");
        await BackUpAsync();
        string path = Path.Combine(folder, file);
        byte[] bytes = await File.ReadAllBytesAsync(path);
        switch (damage)
        {
            case "delete":
                File.Delete(path);
                break;
            case "cut":
                await File.WriteAllBytesAsync(path, bytes[..^1]);
                break;
            case "append":
                await File.WriteAllBytesAsync(path, [.. bytes, 0]);
                break;
            default:
                bytes[bytes.Length / 2] ^= 1;
                await File.WriteAllBytesAsync(path, bytes);
                break;
        }

        string before = await to.DumpAsync();
        Printed printed = await to.RunAsync("restore", "--folder", folder, "--json");

        Assert.Equal(ExitCodes.Findings, printed.Exit);
        Assert.Equal(["backup-damaged"], CodesOf(printed));
        Assert.Equal(before, await to.DumpAsync());
    }

    [Fact]
    public async Task A_backup_of_another_version_or_without_its_last_file_is_none()
    {
        await Sample.WriteAsync(from.Tables, from.Blobs);
        await BackUpAsync();
        string manifest = Path.Combine(folder, Manifest.FileName);
        string text = await File.ReadAllTextAsync(manifest);

        await File.WriteAllTextAsync(manifest, text.Replace("\"version\":1,", "\"version\":2,", StringComparison.Ordinal));
        Assert.Equal(["backup-unknown"], CodesOf(await to.RunAsync("restore", "--folder", folder, "--json")));
        await File.WriteAllTextAsync(manifest, text.Replace("\"Agenda\"", "\"Astrology\"", StringComparison.Ordinal));
        Assert.Equal(["backup-store-unknown"], CodesOf(await to.RunAsync("restore", "--folder", folder, "--json")));
        File.Delete(manifest);
        Assert.Equal(["backup-not-found"], CodesOf(await to.RunAsync("restore", "--folder", folder, "--json")));
    }

    [Fact]
    public async Task Nothing_is_ever_written_over_an_earlier_backup()
    {
        await Sample.WriteAsync(from.Tables, from.Blobs);
        await BackUpAsync();

        Assert.Equal(ExitCodes.Findings, (await from.RunAsync("backup", "--folder", folder)).Exit);
    }

    [Fact]
    public async Task A_project_that_changed_between_the_readings_is_read_again_and_the_others_are_not()
    {
        await Sample.WriteAsync(from.Tables, from.Blobs);
        await Sample.InsertAsync(from.Tables["Closings"], Row.Of(new RowKey("24-IP-10-GE-WSP-A", "closing"), ("Submitted", 1L)));
        Disturbed disturbed = new(from, times: 1);

        Manifest manifest = await disturbed.BackUpAsync(folder);

        Assert.Equal(
            [("23-IP-10-GE-WSP-A", 2, true), ("24-IP-10-GE-WSP-A", 1, true), ("shared", 1, true)],
            manifest.Units.Select(unit => (unit.Name, unit.Round, unit.IsConsistent)));
        Assert.Equal(ExitCodes.Done, (await to.RunAsync("restore", "--folder", folder)).Exit);
        Assert.Equal(await RowsAsync(from), await RowsAsync(to));
    }

    [Fact]
    public async Task A_project_that_never_stands_still_is_kept_torn_and_only_put_back_when_asked()
    {
        await Sample.WriteAsync(from.Tables, from.Blobs);
        Disturbed disturbed = new(from, times: int.MaxValue);

        Manifest manifest = await disturbed.BackUpAsync(folder);

        Assert.False(manifest.Units.Single(unit => unit.Name == Sample.Code.ToString()).IsConsistent);
        Assert.Equal(["backup-torn"], CodesOf(await to.RunAsync("restore", "--folder", folder, "--json")));
        Assert.Equal(ExitCodes.Done, (await to.RunAsync("restore", "--folder", folder, "--even-torn")).Exit);
    }

    [Fact]
    public async Task Messages_in_the_queues_come_along_and_dead_ones_when_asked()
    {
        await Sample.WriteAsync(from.Tables, from.Blobs);
        await from.Client.CreateSender(Queues.SendMail).SendMessageAsync(new Azure.Messaging.ServiceBus.ServiceBusMessage("{}") { MessageId = "alive" });
        await from.KillMessageAsync(Queues.OpenDesk, "dead", "{}");
        await BackUpAsync();

        Printed dry = await to.RunAsync("restore", "--folder", folder, "--dry-run", "--json");
        string untouched = await to.DumpAsync();
        Printed restored = await to.RunAsync("restore", "--folder", folder, "--dead-letters", "--json");

        Assert.True(dry.Json["dryRun"]!.GetValue<bool>());
        Assert.Equal("", untouched.Trim());
        Assert.Equal(2, restored.Json["messages"]!.GetValue<int>());
        string dump = await to.DumpAsync();
        Assert.Contains("send-mail alive", dump, StringComparison.Ordinal);
        Assert.Contains("open-desk dead", dump, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_row_knows_whose_it_is()
    {
        Assert.Equal("23-IP-10-GE-WSP-A", Belonging.OfRow(Row.Of(new RowKey("project|23-IP-10-GE-WSP-A", "head"))));
        Assert.Equal("23-IP-10-GE-WSP-A", Belonging.OfRow(Row.Of(new RowKey("23-IP-10-GE-WSP-A|japan", "gate"))));
        Assert.Equal("23-IP-10-GE-WSP-A", Belonging.OfRow(Row.Of(new RowKey("catalogue", "23-IP-10-GE-WSP-A"))));
        Assert.Equal("23-IP-10-GE-WSP-A", Belonging.OfRow(Row.Of(new RowKey("ab", "hash"), ("Project", "23-IP-10-GE-WSP-A"))));
        Assert.Equal("23-IP-10-GE-WSP-A", Belonging.OfRow(Row.Of(new RowKey("due", "1"), ("Message", """{"v":1,"message":{"project":"23-IP-10-GE-WSP-A"}}"""))));
        Assert.Equal("23-IP-10-GE-WSP-A", Belonging.OfRow(Row.Of(new RowKey("marker", "1|x"), ("Place", "Nominations|23-IP-10-GE-WSP-A=7Cjapan"))));
        Assert.Equal("23-IP-10-GE-WSP-A", Belonging.OfMessage("Nominations|23-IP-10-GE-WSP-A=7Cjapan"));
        Assert.Equal(Belonging.Shared, Belonging.OfRow(Row.Of(new RowKey("economy", "japan"), ("Body", """{"economy":{"id":"japan"}}"""))));
        Assert.Equal(Belonging.Shared, Belonging.OfMessage("no message of ours"));
    }

    private static async Task<string> RowsAsync(Terminal terminal)
    {
        System.Buffers.ArrayBufferWriter<byte> lines = new();
        foreach (string table in Sample.Tables)
        {
            await foreach (Row row in terminal.Tables[table].ScanAllAsync(CancellationToken.None))
            {
                RowLine.Write(lines, table, row);
            }
        }

        return Encoding.UTF8.GetString(lines.WrittenSpan);
    }

    private static async Task<string> FilesAsync(Terminal terminal)
    {
        StringBuilder all = new();
        foreach (string container in (string[])[DocumentStore.Container, Selection.SelectionTable.Container])
        {
            await foreach (StoredBlob blob in terminal.Blobs.ListAsync(container, "", CancellationToken.None))
            {
                await using Stream content = await terminal.Blobs.OpenReadAsync(container, blob.Name, CancellationToken.None) ?? Stream.Null;
                all.Append(container).Append(blob.Name).Append(blob.ContentType).Append(await new StreamReader(content).ReadToEndAsync());
            }
        }

        return all.ToString();
    }

    private static string[] CodesOf(Printed printed) =>
        [.. (printed.Json["refused"] as JsonArray ?? []).Select(refusal => refusal!["code"]!.GetValue<string>()).Distinct()];

    private async Task BackUpAsync(params string[] more)
    {
        Printed printed = await from.RunAsync(["backup", "--folder", folder, .. more]);
        Assert.Equal((ExitCodes.Done, ""), (printed.Exit, printed.Error));
    }

    /// <summary>Changes a row of the example project behind the back of each first reading.</summary>
    private sealed class Disturbed(Terminal terminal, int times)
    {
        private int left = times;

        public async Task<Manifest> BackUpAsync(string folder)
        {
            // Files are copied between the two readings; so is the change made.
            using StringWriter output = new();
            int exit = await terminal.RunOverAsync(["backup", "--folder", folder], output, new DisturbingBlobs(terminal.Blobs, ChangeAsync));
            Assert.Equal(left > 0 ? ExitCodes.Findings : ExitCodes.Done, exit);
            return System.Text.Json.JsonSerializer.Deserialize<Manifest>(await File.ReadAllTextAsync(Path.Combine(folder, Manifest.FileName)), Row.Json)!;
        }

        private async Task ChangeAsync()
        {
            if (left-- <= 0)
            {
                return;
            }

            InMemoryTable table = terminal.Tables[NominationTable.Name];
            Row gate = await table.FindAsync(new RowKey(Sample.PartitionOf("japan"), "gate"), CancellationToken.None) ?? throw new InvalidOperationException("No gate.");
            Assert.True((await table.CommitAsync(new Batch(gate.Key.Partition).Replace(gate), CancellationToken.None)).IsDone);
        }
    }

    private sealed class DisturbingBlobs(IBlobs inner, Func<Task> disturb) : IBlobs
    {
        public Task UploadAsync(string container, string name, Stream content, string contentType, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellation) =>
            inner.UploadAsync(container, name, content, contentType, metadata, cancellation);

        public Task<Stream?> OpenReadAsync(string container, string name, CancellationToken cancellation) => inner.OpenReadAsync(container, name, cancellation);

        public Task DeleteAsync(string container, string name, CancellationToken cancellation) => inner.DeleteAsync(container, name, cancellation);

        public async IAsyncEnumerable<StoredBlob> ListAsync(
            string container, string startingWith, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        {
            if (container == DocumentStore.Container)
            {
                await disturb();
            }

            await foreach (StoredBlob blob in inner.ListAsync(container, startingWith, cancellation))
            {
                yield return blob;
            }
        }

        public Task CreateAsync(IEnumerable<string> containers, CancellationToken cancellation) => Task.CompletedTask;
    }
}
