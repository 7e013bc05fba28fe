using System.Text.Json.Nodes;
using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Cli.Tests;

public sealed class CommandTests : IAsyncDisposable
{
    private readonly Terminal terminal = new();

    /// <summary>Every command that writes, in a form that would write something.</summary>
    public static TheoryData<string> Writers { get; } =
    [
        "dead-letters replay --all",
        $"mail resend 23-IP-10-GE-WSP-A {Sample.MailOf("japan").Id} --again",
        "agenda run",
        "links revoke 23-IP-10-GE-WSP-A --desk japan",
        "links reissue 23-IP-10-GE-WSP-A --desk japan",
        "links revoke 23-IP-10-GE-WSP-A --offer japan/japan000001",
        "links revoke 23-IP-10-GE-WSP-A --endorsement japan/japan000002",
        "links reissue 23-IP-10-GE-WSP-A --endorsement japan/japan000002",
        "officers edit japan --active false",
        $"notifications import {Path.Combine(Repository.Root, "samples", "23-IP-10-GE-WSP-A.notification.txt")}",
        $"officers import --officers {Path.Combine(Repository.Root, "tests", "Cli.Tests", "officers.csv")}",
        "backup --container kept",
    ];

    /// <summary>Every command that only reads.</summary>
    public static TheoryData<string> Readers { get; } =
    [
        "dead-letters list",
        "dead-letters show poison-1",
        "mail list 23-IP-10-GE-WSP-A",
        $"mail show 23-IP-10-GE-WSP-A {Sample.MailOf("japan").Id}",
        "agenda list",
        "projects list",
        "projects show 23-IP-10-GE-WSP-A",
        "officers list",
        "notifications drafts",
        "nominations list 23-IP-10-GE-WSP-A",
        "extensions list 23-IP-10-GE-WSP-A",
        "reviewers list 23-IP-10-GE-WSP-A",
        "selection show 23-IP-10-GE-WSP-A",
        "selection what-if 23-IP-10-GE-WSP-A --overseas 1",
        "selection balance 23-IP-10-GE-WSP-A",
        "selection balance 23-IP-10-GE-WSP-A --public",
        "selection notices 23-IP-10-GE-WSP-A",
        "attendance list 23-IP-10-GE-WSP-A",
        "survey results 23-IP-10-GE-WSP-A",
        "outcome draft 23-IP-10-GE-WSP-A",
        "verify",
    ];

    public async ValueTask DisposeAsync() => await terminal.DisposeAsync();

    [Theory]
    [MemberData(nameof(Writers))]
    public async Task A_dry_run_says_so_and_writes_nothing(string line)
    {
        await PrepareAsync();
        string before = await terminal.DumpAsync();

        Printed words = await terminal.RunAsync([.. line.Split(' '), "--dry-run"]);
        Printed json = await terminal.RunAsync([.. line.Split(' '), "--dry-run", "--json"]);

        Assert.Equal((ExitCodes.Done, ""), (words.Exit, words.Error));
        Assert.StartsWith("Dry run: would ", words.Output, StringComparison.Ordinal);
        Assert.True(json.Json["dryRun"]!.GetValue<bool>());
        Assert.Equal(before, await terminal.DumpAsync());
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public async Task Without_it_the_same_command_writes(string line)
    {
        await PrepareAsync();
        string before = await terminal.DumpAsync();

        Printed printed = await terminal.RunAsync([.. line.Split(' '), "--json"]);

        Assert.Equal((ExitCodes.Done, ""), (printed.Exit, printed.Error));
        Assert.False(printed.Json["dryRun"]!.GetValue<bool>());
        Assert.NotEqual(before, await terminal.DumpAsync());
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task What_only_reads_changes_nothing_and_speaks_json_too(string line)
    {
        await PrepareAsync();
        string before = await terminal.DumpAsync();

        Printed words = await terminal.RunAsync(line.Split(' '));
        Printed json = await terminal.RunAsync([.. line.Split(' '), "--json"]);

        Assert.Equal(words.Exit, json.Exit);
        Assert.InRange(words.Exit, ExitCodes.Done, ExitCodes.Findings);
        Assert.NotEmpty(words.Output);
        Assert.NotNull(json.Json);
        Assert.Equal(before, await terminal.DumpAsync());
    }

    [Theory]
    [InlineData("mail", ExitCodes.Usage)]
    [InlineData("mail list", ExitCodes.Usage)]
    [InlineData("mail list nonsense", ExitCodes.Usage)]
    [InlineData("mail list 23-IP-10-GE-WSP-A --state Lost", ExitCodes.Usage)]
    [InlineData("dead-letters replay", ExitCodes.Usage)]
    [InlineData("dead-letters list --queue nowhere", ExitCodes.Usage)]
    [InlineData("dead-letters show nobody", ExitCodes.Findings)]
    [InlineData("links revoke 23-IP-10-GE-WSP-A", ExitCodes.Usage)]
    [InlineData("links revoke 23-IP-10-GE-WSP-A --desk atlantis", ExitCodes.Findings)]
    [InlineData("officers import", ExitCodes.Usage)]
    [InlineData("officers import --officers nowhere.csv", ExitCodes.Usage)]
    [InlineData("officers edit atlantis --active false", ExitCodes.Findings)]
    [InlineData("links reissue 23-IP-10-GE-WSP-A --endorsement japan/japan000003", ExitCodes.Findings)]
    [InlineData("links revoke 23-IP-10-GE-WSP-A --endorsement japan/japan000002 --desk japan", ExitCodes.Usage)]
    [InlineData("notifications check nothing", ExitCodes.Findings)]
    [InlineData("notifications correct nothing --choice flow=both", ExitCodes.Findings)]
    [InlineData("extensions grant 23-IP-10-GE-WSP-A japan --until yesterday", ExitCodes.Usage)]
    [InlineData("extensions end 23-IP-10-GE-WSP-A japan nothing", ExitCodes.Findings)]
    [InlineData("selection what-if 23-IP-10-GE-WSP-A --overseas many", ExitCodes.Findings)]
    [InlineData("selection show 24-IP-10-GE-WSP-A", ExitCodes.Findings)]
    [InlineData("survey results 23-IP-10-GE-WSP-A --part 1", ExitCodes.Findings)]
    [InlineData("projects show 24-IP-10-GE-WSP-A", ExitCodes.Findings)]
    [InlineData("backup", ExitCodes.Usage)]
    [InlineData("backup --container documents", ExitCodes.Usage)]
    [InlineData("restore --container nothing", ExitCodes.Findings)]
    [InlineData("verify --set nonsense", ExitCodes.Usage)]
    [InlineData("--help", ExitCodes.Done)]
    public async Task It_ends_with_the_code_that_is_documented(string line, int expected)
    {
        await PrepareAsync();

        Printed printed = await terminal.RunAsync(line.Split(' '));

        Assert.Equal((line, expected), (line, printed.Exit));
        Assert.NotEmpty(printed.Output + printed.Error);
    }

    [Fact]
    public async Task Stores_that_do_not_answer_are_told_from_faults()
    {
        using StringWriter output = new();
        using StringWriter error = new();
        string settings = Path.Combine(Repository.Root, "local.settings.sample.json");
        string nowhere = "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=bG9jYWw=;BlobEndpoint=http://127.0.0.1:9/x;TableEndpoint=http://127.0.0.1:9/x;";

        int exit = await PlenaryCommand.RunAsync(["projects", "list", "--settings", settings, "--set", $"Azure:StorageConnectionString={nowhere}"], output, error);

        Assert.Equal(ExitCodes.Unreachable, exit);
        Assert.NotEmpty(error.ToString());
    }

    [Fact]
    public async Task A_replayed_dead_letter_comes_back_once_with_its_id_and_replaying_again_changes_nothing()
    {
        await PrepareAsync();
        await terminal.KillMessageAsync(Queues.SendMail, "poison-2", """{"v":9,"kind":"MailOwed","message":{}}""");

        Printed one = await terminal.RunAsync("dead-letters", "replay", "--id", "poison-2", "--json");
        Printed again = await terminal.RunAsync("dead-letters", "replay", "--id", "poison-2", "--json");
        Printed rest = await terminal.RunAsync("dead-letters", "replay", "--kind", "MailOwed", "--json");
        Printed none = await terminal.RunAsync("dead-letters", "replay", "--all", "--json");

        Assert.Equal(1, one.Json["replayed"]!.GetValue<int>());
        Assert.Equal(ExitCodes.Findings, again.Exit);
        Assert.Equal(["poison-1"], rest.Json["ids"]!.AsArray().Select(id => id!.GetValue<string>()));
        Assert.Equal(0, none.Json["chosen"]!.GetValue<int>());
        List<string> alive = await new Infra.Bus.ServiceBusQueues(terminal.Client).PeekAsync(Queues.SendMail, dead: false, CancellationToken.None).Select(message => message.Id).ToListAsync();
        Assert.Equal(["poison-1", "poison-2"], alive.Order());
    }

    [Fact]
    public async Task A_resent_mail_is_owed_once_more_with_its_history_an_audit_entry_and_a_message()
    {
        await PrepareAsync();
        string id = Sample.MailOf("japan").Id;

        Printed refused = await terminal.RunAsync("mail", "resend", "23-IP-10-GE-WSP-A", id, "--json");
        Printed taken = await terminal.RunAsync("mail", "resend", "23-IP-10-GE-WSP-A", id, "--again", "--json");

        Assert.Equal("mail-sent-already", refused.Json["refused"]![0]!["code"]!.GetValue<string>());
        Assert.Equal(ExitCodes.Done, taken.Exit);
        List<Row> rows = await terminal.Tables[MailTable.Name].ScanAllAsync(CancellationToken.None).ToListAsync();
        MailIntent intent = rows.Where(MailTable.IsIntent).Select(row => row.Body<MailIntent>()).Single(one => one.Owed.Id == id);
        Assert.Equal(MailState.Queued, intent.State);
        Assert.Contains(intent.History, happened => happened.What == "asked for again by operator:tester");
        Assert.Single(rows, row => row.Text("Action") == "mail-resent" && row.Text("Actor") == "operator:tester");
        Assert.Single(rows, row => row.Key.Row.StartsWith("outbox-", StringComparison.Ordinal));
        Assert.Contains(id, (await terminal.RunAsync("mail", "list", "23-IP-10-GE-WSP-A", "--json")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reissued_desk_moves_on_a_generation_and_owes_its_officer_a_mail()
    {
        await PrepareAsync();

        Printed printed = await terminal.RunAsync("links", "reissue", "23-IP-10-GE-WSP-A", "--desk", "japan", "--json");

        Assert.Equal(2, printed.Json["generation"]!.GetValue<int>());
        List<Row> rows = await terminal.Tables[NominationTable.Name].ListAsync(Sample.PartitionOf("japan"), KeyRange.All, CancellationToken.None).ToListAsync();
        Assert.Equal(2, rows.Single(row => row.Key.Row == "gate").Body<Desk>().Generation);
        Assert.Single(rows, row => row.Text("Action") == "links-reissued");
        Assert.Single(rows, row => row.Text("Message").Contains("\"version\":\"1-2\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Revoked_links_of_a_nominee_open_nothing_any_more()
    {
        await PrepareAsync();

        Printed printed = await terminal.RunAsync("links", "revoke", "23-IP-10-GE-WSP-A", "--offer", $"japan/{Sample.NomineeId("japan", 1)}", "--json");

        Assert.Equal(1, printed.Json["revoked"]!.GetValue<int>());
        Assert.Null(await terminal.Tables[Access.Links.Table].FindAsync(Access.Links.KeyOf(Access.Links.Hash("a token")), CancellationToken.None));
    }

    [Fact]
    public async Task A_reissued_link_to_an_endorsement_kills_the_old_one_and_has_the_endorser_written_to_again()
    {
        await PrepareAsync();

        Printed printed = await terminal.RunAsync("links", "reissue", "23-IP-10-GE-WSP-A", "--endorsement", "japan/japan000002", "--json");

        Assert.Equal(1, printed.Json["revoked"]!.GetValue<int>());
        Assert.Null(await terminal.Tables[Access.Links.Table].FindAsync(Access.Links.KeyOf(Access.Links.Hash("an endorser's token")), CancellationToken.None));
        Assert.NotNull(await terminal.Tables[Access.Links.Table].FindAsync(Access.Links.KeyOf(Access.Links.Hash("a token")), CancellationToken.None));
        List<Row> rows = await terminal.Tables[MailTable.Name].ScanAllAsync(CancellationToken.None).ToListAsync();
        MailIntent asked = rows.Where(MailTable.IsIntent).Select(row => row.Body<MailIntent>()).Single(intent => intent.Owed.Kind == EndorsementMails.Asked);
        Assert.Equal(MailState.Queued, asked.State);
    }

    [Fact]
    public async Task Running_the_agenda_posts_what_is_due_and_takes_it_off_the_list()
    {
        await PrepareAsync();

        Printed printed = await terminal.RunAsync("agenda", "run", "--json");

        Assert.Equal((1, 0), (printed.Json["due"]!.GetValue<int>(), printed.Json["left"]!.GetValue<int>()));
        Assert.DoesNotContain((await terminal.RunAsync("agenda", "list", "--json")).Json.AsArray(), line => line!["isDue"]!.GetValue<bool>());
    }

    [Fact]
    public async Task An_export_says_everything_in_one_order()
    {
        await PrepareAsync();

        Printed one = await terminal.RunAsync("projects", "export", "23-IP-10-GE-WSP-A");
        Printed two = await terminal.RunAsync("projects", "export", "23-IP-10-GE-WSP-A");

        string[] kinds = [.. one.Output.TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!["kind"]!.GetValue<string>())];
        Assert.Equal(one.Output, two.Output);
        Assert.Equal(["project", "closing", "nomination", "offers", "participant", "attendance", "survey", "mail"], kinds.Distinct());
        Assert.Equal(6, kinds.Count(kind => kind == "nomination"));
    }

    [Fact]
    public async Task Settings_are_read_as_functions_tools_and_as_azure_cli_write_them()
    {
        string file = Path.Combine(Path.GetTempPath(), $"plenary-{Guid.NewGuid():N}.json");
        try
        {
            await File.WriteAllTextAsync(file, """[{"name":"Azure__Prefix","slotSetting":false,"value":"live"},{"name":"Organisation:Name","value":"A = B"}]""");
            Dictionary<string, string> azure = Settings.Read(file);
            await File.WriteAllTextAsync(file, """{"IsEncrypted":false,"Values":{"Azure:Prefix":"mine"}}""");

            Assert.Equal(("live", "A = B"), (azure["Azure:Prefix"], azure["Organisation:Name"]));
            Assert.Equal("mine", Settings.Read(file)["Azure:Prefix"]);
            Assert.Equal(("Azure:Prefix", "a=b"), Settings.ReadPair("Azure__Prefix=a=b"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task PrepareAsync()
    {
        await Sample.WriteAsync(terminal.Tables, terminal.Blobs);
        await Sample.InsertAsync(
            terminal.Tables[AgendaTable.Name], AgendaTable.ToRow(new ReminderDue(Sample.Code.ToString(), Ladders.Start, "", -1, Sample.Now.AddMinutes(-2).AddDays(1).UtcTicks).ToOwed()));
        await Sample.WriteEndorsementAsync(terminal.Tables);
        await terminal.KillMessageAsync(Queues.SendMail, "poison-1", """{"v":1,"kind":"MailOwed","message":{"project":"23-IP-10-GE-WSP-A"}}""");
    }
}
