using System.Text.Json.Nodes;
using Plenary.Agenda;
using Plenary.Attendance;
using Plenary.Cli.Checks;
using Plenary.Closing;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Selection;
using Plenary.Surveys;

namespace Plenary.Cli.Tests;

public sealed class VerifyTests : IAsyncDisposable
{
    private static readonly Dictionary<string, Func<Terminal, Task>> Damages = new()
    {
        ["rank-gap"] = at => DeleteAsync(at, NominationTable.Name, NominationTable.RankKey(Japan, 2)),
        ["rank-missing"] = at => DeleteAsync(at, NominationTable.Name, NominationTable.RankKey(Japan, 3)),
        ["rank-orphan"] = at => InsertAsync(at, NominationTable.Name, Row.Of(NominationTable.RankKey(Japan, 4), ("Nominee", "nobody"))),
        ["rank-double"] = at => InsertAsync(at, NominationTable.Name, Row.Of(NominationTable.RankKey(Japan, 4), ("Nominee", Sample.NomineeId("japan", 1)))),
        ["gate-missing"] = at => DeleteAsync(at, NominationTable.Name, new RowKey(Japan, "gate")),
        ["address-index-missing"] = at => DeleteAsync(at, NominationTable.Name, NominationTable.MailKey(Japan, "nominee1@japan.example.org")),
        ["address-index-orphan"] = at => InsertAsync(at, NominationTable.Name, Row.Of(NominationTable.MailKey(Japan, "somebody@else.example.org"), ("Nominee", Sample.NomineeId("japan", 1)))),
        ["submission-key-missing"] = at => DeleteAsync(at, NominationTable.Name, NominationTable.SubmissionKey(Japan, "key-1")),
        ["submission-key-orphan"] = at => InsertAsync(at, NominationTable.Name, Row.Of(NominationTable.SubmissionKey(Japan, "key-9"), ("Nominee", "nobody"))),
        ["late-unexplained"] = at => ChangeLateAsync(at),
        ["extension-overused"] = at => InsertAsync(at, NominationTable.Name, ExtensionRow(Sample.NomineeId("japan", 1), Sample.NomineeId("japan", 2))),
        ["extension-use-orphan"] = at => InsertAsync(at, NominationTable.Name, ExtensionRow("nobody")),
        ["content-changed"] = at => ChangeAsync<Nominee>(at, NominationTable.Name, NominationTable.NomineeKey(Japan, Sample.NomineeId("japan", 2)), nominee => nominee with
        {
            Sent = nominee.Sent! with { Entry = nominee.Sent.Entry with { Position = "Somebody else" } },
        }),
        ["file-missing"] = at => at.Blobs.DeleteAsync(DocumentStore.Container, Blob, CancellationToken.None),
        ["file-changed"] = at => UploadAsync(at, DocumentStore.Container, Blob, "%PDF-1.7 of a lie!"u8.ToArray()),
        ["document-orphan"] = at => InsertAsync(at, NominationTable.Name, DocumentRow("nobody")),
        [Finding.OrphanBlob] = at => UploadAsync(at, DocumentStore.Container, $"{Sample.Code}/japan/nobody/lost", [1, 2, 3]),
        ["catalogue-missing"] = at => DeleteAsync(at, ProjectTable.Name, ProjectTable.CatalogueOf(Sample.Code)),
        ["catalogue-orphan"] = at => InsertAsync(at, ProjectTable.Name, Row.Of(ProjectTable.CatalogueOf(ProjectCode.Parse("24-IP-10-GE-WSP-A")), ("Code", "x"))),
        ["version-missing"] = at => DeleteAsync(at, ProjectTable.Name, ProjectTable.VersionOf(Sample.Code, 1)),
        ["project-missing"] = at => DeleteAsync(at, ProjectTable.Name, ProjectTable.HeadOf(Sample.Code)),
        ["closing-count"] = at => ChangeAsync<ClosedNominations>(at, ClosingTable.Name, ClosingTable.KeyOf(Sample.Code), closing => closing with
        {
            Economies = [closing.Economies[0] with { Submitted = 2 }, closing.Economies[1] with { Submitted = 4 }],
        }),
        ["column-stale"] = at => ReplaceAsync(at, ClosingTable.Name, ClosingTable.KeyOf(Sample.Code), row => row.With(row.Body<ClosedNominations>(), ("ClosedTicks", Sample.ClosesAt.UtcTicks), ("Submitted", 7L))),
        ["place-missing"] = async at => await DeleteAsync(at, SelectionTable.Name, (await PlaceAsync(at)).Key),
        ["place-orphan"] = at => InsertAsync(at, SelectionTable.Name, Row.Of(SelectionTable.PlaceOf(Sample.Code, new PlaceName(Pool.Overseas, 30)), ("Candidate", "japan/nobody"))),
        ["place-held"] = async at => await ChangeAsync<OfferRecord>(at, SelectionTable.Name, await OfferKeyAsync(at), record => record with { Offer = record.Offer with { State = OfferState.Declined } }),
        ["offer-orphan"] = async at => await DeleteAsync(at, NominationTable.Name, NominationTable.NomineeKey(Japan, (await OfferAsync(at)).NominationId)),
        ["selection-list"] = async at => await at.Blobs.DeleteAsync(SelectionTable.Container, await ListBlobAsync(at), CancellationToken.None),
        ["certificate-unpublished"] = at => DeleteAsync(at, CertificateTable.Name, CertificateTable.KeyOf("C-1")),
        ["certificate-orphan"] = at => InsertAsync(at, CertificateTable.Name, Row.Of(CertificateTable.KeyOf("C-2"), new Certificate("C-2", Sample.Code.ToString(), "", "", "", "", 1, 1, Sample.Now))),
        ["survey-invited"] = at => ChangeAsync<Survey>(at, SurveyRightTable.Name, SurveyRightTable.SurveyOf(Sample.Code), survey => survey with { Invited = 2 }),
        ["survey-answers"] = at => DeleteAsync(at, SurveyAnswerTable.Name, new RowKey(SurveyAnswerTable.PartitionOf(Sample.Code), "abc")),
        ["key-wrong"] = at => InsertAsync(at, MailTable.Name, Row.Of(MailTable.KeyOf(Sample.Code.ToString(), new string('0', 32)), MailIntent.Waiting(Sample.MailOf("fiji"), Sample.Now), ("Kind", CirculationMail.Kind), ("State", "Queued"), ("PossibleDuplicate", false))),
        ["lingering-orphan"] = at => InsertAsync(at, MailTable.Name, Row.Of(MailTable.LingeringOf(MailIntent.Waiting(Sample.MailOf("fiji"), Sample.Now)), ("Project", Sample.Code.ToString()), ("State", "Queued"))),
        ["agenda-overdue"] = at => InsertAsync(at, AgendaTable.Name, AgendaTable.ToRow(new Owed("send-mail", "late", "{}", Sample.Now.AddHours(-1)))),
        ["agenda-queue"] = at => InsertAsync(at, AgendaTable.Name, AgendaTable.ToRow(new Owed("nobody-listens", "lost", "{}", Sample.Now.AddHours(1)))),
        ["outbox-unmarked"] = at => InsertAsync(at, NominationTable.Name, new Owed("send-mail", "owed", "{}").ToRow(Japan, "op", 0)),
    };

    private readonly Terminal terminal = new();

    public static TheoryData<string> Codes { get; } = [.. Damages.Keys];

    private static string Japan => Sample.PartitionOf("japan");

    private static string Blob => $"{Sample.Code}/japan/{Sample.NomineeId("japan", 1)}/{Sample.FirstDocument}";

    public async ValueTask DisposeAsync() => await terminal.DisposeAsync();

    [Fact]
    public async Task A_store_in_order_has_no_findings()
    {
        await Sample.WriteAsync(terminal.Tables, terminal.Blobs);

        Printed printed = await terminal.RunAsync("verify");

        Assert.Equal((ExitCodes.Done, ""), (printed.Exit, printed.Error));
        Assert.StartsWith("Everything agrees: ", printed.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Planted_damage_is_found_and_explained(string code)
    {
        await Sample.WriteAsync(terminal.Tables, terminal.Blobs);
        await Damages[code](terminal);

        Printed printed = await terminal.RunAsync("verify", "--json");

        Assert.Equal(ExitCodes.Findings, printed.Exit);
        JsonArray findings = printed.Json["findings"]!.AsArray();
        Assert.Contains(code, findings.Select(finding => finding!["code"]!.GetValue<string>()));
        Assert.All(findings, finding => Assert.All((string[])["where", "what", "remedy"], name => Assert.NotEmpty(finding![name]!.GetValue<string>())));
    }

    [Theory]
    [InlineData(2, 1, true)]
    [InlineData(3, 0, false)]
    [InlineData(2, 0, false)]
    public async Task A_closing_and_who_came_in_since_must_add_up(int submitted, int drafts, bool isClean)
    {
        await Sample.WriteAsync(terminal.Tables, terminal.Blobs);
        await ChangeLateAsync(terminal);
        await InsertAsync(terminal, NominationTable.Name, ExtensionRow(Sample.NomineeId("japan", 3)));
        await ReplaceAsync(terminal, ClosingTable.Name, ClosingTable.KeyOf(Sample.Code), row =>
        {
            ClosedNominations closing = row.Body<ClosedNominations>();
            ClosedNominations counted = closing with { Economies = [closing.Economies[0], closing.Economies[1] with { Submitted = submitted, Drafts = drafts }] };
            return row.With(counted, ("ClosedTicks", Sample.ClosesAt.UtcTicks), ("Submitted", (long)counted.Submitted), ("NoticedAt", Sample.ClosesAt.AddSeconds(20).ToString("O")));
        });

        Printed printed = await terminal.RunAsync("verify", "--json");

        Assert.Equal(isClean ? [] : ["closing-count"], printed.Json["findings"]!.AsArray().Select(finding => finding!["code"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Whoever_came_while_the_closing_was_counted_may_be_in_the_count_or_not()
    {
        await Sample.WriteAsync(terminal.Tables, terminal.Blobs);
        await ChangeLateAsync(terminal);
        await InsertAsync(terminal, NominationTable.Name, ExtensionRow(Sample.NomineeId("japan", 3)));
        await ReplaceAsync(terminal, ClosingTable.Name, ClosingTable.KeyOf(Sample.Code), row =>
            row.With(row.Body<ClosedNominations>(), ("ClosedTicks", Sample.ClosesAt.UtcTicks), ("Submitted", 6L), ("NoticedAt", Sample.ClosesAt.AddMinutes(5).ToString("O"))));

        Printed printed = await terminal.RunAsync("verify");

        Assert.Equal((ExitCodes.Done, ""), (printed.Exit, printed.Error));
    }

    /// <summary>The third nominee of Japan lay there as a draft at the closing, and came in five minutes late.</summary>
    private static Task ChangeLateAsync(Terminal at) =>
        ChangeAsync<Nominee>(at, NominationTable.Name, NominationTable.NomineeKey(Japan, Sample.NomineeId("japan", 3)), nominee => nominee with
        {
            Sent = nominee.Sent! with { FirstAt = Sample.ClosesAt.AddMinutes(4), At = Sample.ClosesAt.AddMinutes(4), Late = new Lateness(5, "K7QF2M9X", "Aiko Mori") },
        });

    /// <summary>Lets one submission in.</summary>
    private static Row ExtensionRow(params IEnumerable<string> users)
    {
        ExtensionUse[] uses = [.. users.Select(user => new ExtensionUse(user, Sample.ClosesAt.AddMinutes(4), 5))];
        Extension extension = new("K7QF2M9X", null, "Flood.", Sample.ClosesAt.AddDays(1), 1, "secretariat:tests", "Aiko Mori", Sample.ClosesAt.AddDays(-1), uses);
        return Row.Of(NominationTable.ExtensionKey(Japan, extension.Id), extension, ("Economy", "japan"));
    }

    private static Task InsertAsync(Terminal at, string table, Row row) => Sample.InsertAsync(at.Tables[table], row);

    private static async Task DeleteAsync(Terminal at, string table, RowKey key)
    {
        Row row = await at.Tables[table].FindAsync(key, CancellationToken.None) ?? throw new InvalidOperationException($"No row {key}.");
        Assert.True((await at.Tables[table].CommitAsync(new Batch(key.Partition).Delete(row), CancellationToken.None)).IsDone);
    }

    private static async Task ReplaceAsync(Terminal at, string table, RowKey key, Func<Row, Row> change)
    {
        Row row = await at.Tables[table].FindAsync(key, CancellationToken.None) ?? throw new InvalidOperationException($"No row {key}.");
        Assert.True((await at.Tables[table].CommitAsync(new Batch(key.Partition).Replace(change(row)), CancellationToken.None)).IsDone);
    }

    /// <summary>Another body beside the columns as they were.</summary>
    private static Task ChangeAsync<T>(Terminal at, string table, RowKey key, Func<T, T> change)
        where T : class =>
        ReplaceAsync(at, table, key, row => row.With(
            change(row.Body<T>()),
            [.. row.Values.Where(column => !column.Key.StartsWith("Body", StringComparison.Ordinal) && column.Key != Batch.OperationColumn).Select(column => (column.Key, column.Value))]));

    private static async Task UploadAsync(Terminal at, string container, string name, byte[] content)
    {
        using MemoryStream stream = new(content);
        await at.Blobs.UploadAsync(container, name, stream, "application/octet-stream", new Dictionary<string, string>(), CancellationToken.None);
    }

    private static Row DocumentRow(string nominee)
    {
        NomineeDocument document = new("d2", nominee, "cv.pdf", DocumentKind.Pdf, 3, "", DocumentState.Clean, Sample.Now);
        return Row.Of(NominationTable.DocumentKey(Japan, nominee, document.Id), document, ("State", "Clean"));
    }

    private static async Task<Row> SelectionRowAsync(Terminal at, string prefix) =>
        await at.Tables[SelectionTable.Name].ScanAllAsync(CancellationToken.None).FirstAsync(row => row.Key.Row.StartsWith(prefix, StringComparison.Ordinal));

    private static Task<Row> PlaceAsync(Terminal at) => SelectionRowAsync(at, SelectionTable.PlacePrefix);

    private static async Task<RowKey> OfferKeyAsync(Terminal at) => (await SelectionRowAsync(at, SelectionTable.OfferPrefix)).Key;

    private static async Task<OfferRecord> OfferAsync(Terminal at) => (await SelectionRowAsync(at, SelectionTable.OfferPrefix)).Body<OfferRecord>();

    private static async Task<string> ListBlobAsync(Terminal at) =>
        $"{Sample.Code}/{(await SelectionRowAsync(at, SelectionTable.SelectionRow)).Body<SelectionRecord>().Digest}.json";
}
