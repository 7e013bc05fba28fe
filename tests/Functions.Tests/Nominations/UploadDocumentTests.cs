using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Nominations;
using Plenary.Shared;

namespace Plenary.Functions.Tests.Nominations;

public sealed class UploadDocumentTests : IDisposable
{
    private readonly DeskRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task A_clean_document_is_kept_listed_and_handed_out_as_an_attachment()
    {
        Nominee nominee = await PrepareAsync();

        Answer uploaded = await UploadAsync(nominee.Id, "Zertifikat Übersicht.pdf", StructureScannerTests.Sample("pdf"));
        NomineeDocument document = Assert.Single((await rig.RowsAsync()).DocumentsOf(nominee.Id));
        Answer downloaded = await DownloadAsync(nominee.Id, document.Id);

        Assert.Equal(302, uploaded.Status);
        Assert.Equal(DocumentState.Clean, document.State);
        Assert.Equal(200, downloaded.Status);
        Assert.Equal("application/pdf", downloaded.Response.ContentType);
        Assert.StartsWith("attachment", downloaded.Response.Headers.ContentDisposition.ToString(), StringComparison.Ordinal);
        Assert.Contains("filename*=UTF-8''Zertifikat%20%C3%9Cbersicht.pdf", downloaded.Response.Headers.ContentDisposition.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("sandbox;", downloaded.Response.Headers.ContentSecurityPolicy.ToString(), StringComparison.Ordinal);
        Assert.Equal("nosniff", downloaded.Response.Headers.XContentTypeOptions.ToString());
    }

    [Theory]
    [InlineData("cv.pdf", "windows-program", "This is a program")]
    [InlineData("cv.exe", "windows-program", "does not end in")]
    [InlineData("cv.pdf", "empty", "The file is empty")]
    [InlineData("cv.pdf", "pdf-cut", "cut off")]
    [InlineData("cv.docx", "plain-zip", "some other archive")]
    public async Task A_refused_document_says_why_and_leaves_neither_row_nor_file(string name, string sample, string reason)
    {
        Nominee nominee = await PrepareAsync();

        Answer answer = await UploadAsync(nominee.Id, name, StructureScannerTests.Sample(sample));

        Assert.Equal(422, answer.Status);
        Assert.Contains(reason, answer.Page.QuerySelector("#document-error")!.TextContent, StringComparison.Ordinal);
        Assert.Empty((await rig.RowsAsync()).DocumentsOf(nominee.Id));
        Assert.Empty(rig.Blobs.Names);
    }

    [Fact]
    public async Task The_byte_behind_the_limit_is_refused_while_it_arrives()
    {
        Nominee nominee = await PrepareAsync();
        using MeasuredStream measured = new(new EndlessStream(), NomineeDocument.MostBytes);
        await Assert.ThrowsAsync<DocumentTooLargeException>(() => measured.CopyToAsync(Stream.Null));
        Assert.InRange(measured.Count, NomineeDocument.MostBytes + 1, NomineeDocument.MostBytes + 200_000);

        Outcome<NomineeDocument> outcome = await rig.Get<UploadDocument>().RunAsync(rig.Call(), nominee.Id, new UploadedFile("big.pdf", new EndlessStream()), default);

        Assert.Equal("document-too-large", Assert.Single(outcome.Refusals).Code);
        Assert.Empty(rig.Blobs.Names);
    }

    [Fact]
    public async Task A_nominees_documents_may_not_have_more_than_20_megabytes_together()
    {
        Nominee nominee = await PrepareAsync();
        for (int number = 0; number < 3; number++)
        {
            Assert.Empty((await rig.Get<UploadDocument>().RunAsync(rig.Call(), nominee.Id, new UploadedFile($"{number}.pdf", Big(number)), default)).Refusals);
        }

        Outcome<NomineeDocument> fourth = await rig.Get<UploadDocument>().RunAsync(rig.Call(), nominee.Id, new UploadedFile("4.pdf", Big(4)), default);

        Assert.Equal("documents-too-large", Assert.Single(fourth.Refusals).Code);
        Assert.Equal(3, rig.Blobs.Names.Count);
    }

    [Fact]
    public async Task Two_uploads_at_once_do_not_slip_past_the_sum_together()
    {
        Nominee nominee = await PrepareAsync();
        UploadDocument upload = rig.Get<UploadDocument>();
        await upload.RunAsync(rig.Call(), nominee.Id, new UploadedFile("1.pdf", Big(1)), default);
        await upload.RunAsync(rig.Call(), nominee.Id, new UploadedFile("2.pdf", Big(2)), default);

        Outcome<NomineeDocument>[] outcomes = await Task.WhenAll(Enumerable.Range(3, 3).Select(number =>
            Task.Run(() => rig.Get<UploadDocument>().RunAsync(rig.Call(), nominee.Id, new UploadedFile($"{number}.pdf", Big(number)), default))));

        Assert.Single(outcomes, outcome => !outcome.IsRefused);
        Assert.True((await rig.RowsAsync()).DocumentsOf(nominee.Id).Sum(document => document.Length) <= NomineeDocument.MostBytesTogether);
    }

    [Fact]
    public async Task A_scanner_that_fails_is_a_document_that_is_not_clean()
    {
        using DeskRig failing = new(services => services.AddSingleton<IDocumentScanner, BrokenScanner>());
        await failing.OpenAsync();
        Nominee nominee = await failing.NominateAsync();

        Outcome<NomineeDocument> outcome = await failing.Get<UploadDocument>().RunAsync(failing.Call(), nominee.Id, new UploadedFile("cv.pdf", new MemoryStream(StructureScannerTests.Sample("pdf"))), default);

        Assert.Equal("document-unreadable", Assert.Single(outcome.Refusals).Code);
        Assert.Empty((await failing.RowsAsync()).DocumentsOf(nominee.Id));
    }

    [Fact]
    public async Task A_document_whose_check_never_ended_can_neither_be_opened_nor_submitted()
    {
        using DeskRig dying = new(services => services.AddSingleton<IDocumentScanner, KilledScanner>());
        await dying.OpenAsync();
        Nominee nominee = await dying.NominateAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            dying.Get<UploadDocument>().RunAsync(dying.Call(), nominee.Id, new UploadedFile("cv.pdf", new MemoryStream(StructureScannerTests.Sample("pdf"))), default));

        NomineeDocument document = Assert.Single((await dying.RowsAsync()).DocumentsOf(nominee.Id));
        HttpRequest request = dying.Request("GET", dying.Session());
        Answer download = await DeskRig.AnswerAsync(
            request, dying.Make<DocumentEndpoints>().Download(request, dying.Code.ToString(), DeskRig.Economy, nominee.Id, document.Id, default));

        Assert.Equal(DocumentState.Uploaded, document.State);
        Assert.Equal(404, download.Status);
    }

    [Fact]
    public async Task A_check_that_never_ended_is_ended_when_the_document_is_settled()
    {
        Nominee nominee = await PrepareAsync();
        await rig.Get<UploadDocument>().RunAsync(rig.Call(), nominee.Id, new UploadedFile("cv.pdf", new MemoryStream(StructureScannerTests.Sample("pdf"))), default);
        NomineeDocument checkedOnce = Assert.Single((await rig.RowsAsync()).DocumentsOf(nominee.Id));
        await rig.Get<NominationTable>().ChangeAsync<NomineeDocument>(
            rig.Call(),
            (desk, batch) =>
            {
                desk.ReplaceDocument(batch, checkedOnce with { State = DocumentState.Uploaded });
                return checkedOnce;
            },
            default);

        // After the closing, too: the upload itself was in time.
        rig.Clock.Now = DeskRig.ClosesAt.AddMinutes(20);
        await SettleAsync(nominee.Id, checkedOnce.Id);
        await SettleAsync(nominee.Id, checkedOnce.Id);

        Assert.Equal(DocumentState.Clean, Assert.Single((await rig.RowsAsync()).DocumentsOf(nominee.Id)).State);
        Assert.Single(rig.Blobs.Names);
    }

    [Fact]
    public async Task A_file_that_no_row_names_goes_when_it_is_settled_and_no_other()
    {
        Nominee nominee = await PrepareAsync();
        await rig.Get<UploadDocument>().RunAsync(rig.Call(), nominee.Id, new UploadedFile("cv.pdf", new MemoryStream(StructureScannerTests.Sample("pdf"))), default);
        string kept = Assert.Single(rig.Blobs.Names);
        string lost = DocumentStore.BlobName(rig.Code, DeskRig.Economy, nominee.Id, "lost");
        await rig.Blobs.UploadAsync(DocumentStore.Container, lost, new MemoryStream([1]), "application/octet-stream", new Dictionary<string, string>(), default);

        await SettleAsync(nominee.Id, "lost");
        await SettleAsync(nominee.Id, Assert.Single((await rig.RowsAsync()).DocumentsOf(nominee.Id)).Id);

        Assert.Equal([kept], rig.Blobs.Names);
    }

    [Fact]
    public async Task Before_the_first_byte_it_is_owed_that_the_upload_is_settled()
    {
        Nominee nominee = await PrepareAsync();
        bool wasOwed = false;
        using WatchedStream watched = new(StructureScannerTests.Sample("pdf"), () => wasOwed |= OwedAsync().GetAwaiter().GetResult() == 1);
        await rig.Get<UploadDocument>().RunAsync(rig.Call(), nominee.Id, new UploadedFile("cv.pdf", watched), default);
        await rig.Get<RemoveDocument>().RunAsync(rig.Call(), nominee.Id, Assert.Single((await rig.RowsAsync()).DocumentsOf(nominee.Id)).Id, default);

        Assert.True(wasOwed);
        Assert.Equal(2, await OwedAsync());

        async Task<int> OwedAsync() => (await rig.OwedMessagesAsync(NominationTable.Name)).Count(owed => owed.Queue == Queues.SettleDocument);
    }

    [Fact]
    public async Task An_upload_received_after_the_closing_is_refused_before_it_is_stored()
    {
        Nominee nominee = await PrepareAsync();
        rig.Clock.Now = DeskRig.ClosesAt;

        Answer answer = await UploadAsync(nominee.Id, "cv.pdf", StructureScannerTests.Sample("pdf"));

        Assert.Equal(409, answer.Status);
        Assert.Empty(rig.Blobs.Names);
    }

    [Fact]
    public async Task An_upload_without_our_form_token_is_forbidden()
    {
        Nominee nominee = await PrepareAsync();

        Answer answer = await UploadAsync(nominee.Id, "cv.pdf", StructureScannerTests.Sample("pdf"), "forged");

        Assert.Equal(403, answer.Status);
        Assert.Empty(rig.Blobs.Names);
    }

    [Fact]
    public async Task An_upload_cut_off_in_the_middle_is_refused_in_words()
    {
        Nominee nominee = await PrepareAsync();

        Answer answer = await UploadAsync(nominee.Id, "cv.pdf", StructureScannerTests.Sample("pdf"), cut: 60);

        Assert.Equal(422, answer.Status);
        Assert.Contains("broke off", answer.Body, StringComparison.Ordinal);
        Assert.Empty(rig.Blobs.Names);
    }

    [Theory]
    [InlineData("../../etc/passwd.pdf", "passwd.pdf")]
    [InlineData("C:\\Users\\ann\\cv.pdf", "cv.pdf")]
    [InlineData("a\u202Efdp.pdf", "afdp.pdf")]
    [InlineData("a\r\nb\0.pdf", "ab.pdf")]
    [InlineData("สำเนาหนังสือเดินทาง.pdf", "สำเนาหนังสือเดินทาง.pdf")]
    public void Names_are_text_without_folders_and_control_characters(string sent, string kept) => Assert.Equal(kept, NomineeDocument.CleanName(sent));

    [Fact]
    public void A_name_of_300_characters_is_shortened_and_keeps_its_ending()
    {
        string name = NomineeDocument.CleanName(new string('ก', 300) + ".pdf");

        Assert.Equal(120, name.Length);
        Assert.EndsWith(".pdf", name, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("passport.exe", "31 December 2030", 0)]
    [InlineData("", "31 December 2030", 0)]
    [InlineData("passport.pdf", "the last of <May>", 0)]
    [InlineData("passport.pdf", "31 December 2030", 40)]
    public async Task After_a_refusal_what_was_typed_beside_the_file_is_still_there(string name, string expiresOn, int cut)
    {
        Project project = rig.Projects.Project;
        DocumentRule[] needed = [new("Letter of approval", MustOutlast: false), new("Passport", MustOutlast: true)];
        rig.Projects.Project = project with { Notification = project.Notification with { Eligibility = new EligibilityRules { Documents = needed } } };
        await rig.OpenAsync();
        Outcome<Nominee> begun = await rig.Get<SaveNomination>().StartAsync(rig.Call(), "form-1", default);
        string id = begun.TryGet(out Nominee? nominee) ? nominee.Id : "";

        Answer answer = await UploadAsync(id, name, StructureScannerTests.Sample("pdf"), cut: cut, kind: "Passport", expiresOn: expiresOn);

        Assert.InRange(answer.Status, 400, 499);
        Assert.Equal(expiresOn, answer.Page.QuerySelector("input[name=expiresOn]")?.GetAttribute("value"));
        Assert.Equal("Passport", answer.Page.QuerySelector("select[name=kind] option[selected]")?.GetAttribute("value"));
    }

    [Fact]
    public async Task Whoever_reads_a_document_stands_in_the_audit_trail_and_whoever_finds_none_does_not()
    {
        Nominee nominee = await PrepareAsync();
        await UploadAsync(nominee.Id, "cv.pdf", StructureScannerTests.Sample("pdf"));
        NomineeDocument document = Assert.Single((await rig.RowsAsync()).DocumentsOf(nominee.Id));

        Answer officer = await DownloadAsync(nominee.Id, document.Id);
        Answer secretariat = await ReadAsync(DeskRig.Economy, nominee.Id, document.Id);
        Answer missing = await ReadAsync(DeskRig.Economy, nominee.Id, "nothing");
        Answer elsewhere = await ReadAsync("fiji", nominee.Id, document.Id);

        Assert.Equal((200, 200, 404, 404), (officer.Status, secretariat.Status, missing.Status, elsewhere.Status));
        Row[] read = [.. (await rig.AllRowsAsync()).Where(row => row.Text("Action") == "document-read")];
        Assert.Equal([rig.Call().Actor, World.Officer.Actor], read.Select(row => row.Text("Actor")).Order(StringComparer.Ordinal));
        Assert.All(read, row => Assert.Equal(nominee.Id, row.Text("Subject")));
    }

    [Fact]
    public async Task A_removed_document_is_gone_and_the_nomination_counts_as_changed()
    {
        Nominee nominee = await PrepareAsync();
        await UploadAsync(nominee.Id, "cv.pdf", StructureScannerTests.Sample("pdf"));
        await rig.Get<SubmitNomination>().RunAsync(rig.Call(), nominee.Id, default);
        NomineeDocument document = Assert.Single((await rig.RowsAsync()).DocumentsOf(nominee.Id));
        Assert.False((await rig.RowsAsync()).HasUnsent((await rig.RowsAsync()).Find(nominee.Id)!));

        HttpRequest request = rig.Post();
        Answer answer = await DeskRig.AnswerAsync(request, rig.Make<DocumentEndpoints>().Remove(request, rig.Code.ToString(), DeskRig.Economy, nominee.Id, document.Id, default));

        Assert.Equal(302, answer.Status);
        Assert.Empty(rig.Blobs.Names);
        DeskRows rows = await rig.RowsAsync();
        Assert.Empty(rows.DocumentsOf(nominee.Id));
        Assert.True(rows.HasUnsent(rows.Find(nominee.Id)!));
        Assert.Equal("cv.pdf", Assert.Single(rows.Find(nominee.Id)!.Sent!.Documents).FileName);
    }

    private static MemoryStream Big(int number)
    {
        byte[] start = StructureScannerTests.Sample("pdf");
        byte[] filler = Encoding.ASCII.GetBytes($"\n% {number} {new string('x', 6 * 1024 * 1024)}\nstartxref\n9\n%%EOF\n");
        return new MemoryStream([.. start, .. filler]);
    }

    private async Task<Nominee> PrepareAsync()
    {
        await rig.OpenAsync();
        return await rig.NominateAsync();
    }

    private Task<Answer> DownloadAsync(string nominee, string document)
    {
        HttpRequest request = rig.Request("GET", rig.Session());
        return DeskRig.AnswerAsync(request, rig.Make<DocumentEndpoints>().Download(request, rig.Code.ToString(), DeskRig.Economy, nominee, document, default));
    }

    private Task<Answer> ReadAsync(string economy, string nominee, string document)
    {
        HttpRequest request = rig.Request();
        request.HttpContext.Items["plenary-caller"] = World.Officer;
        return DeskRig.AnswerAsync(request, rig.Make<ShowNominationsEndpoint>().RunDocument(request, rig.Code.ToString(), economy, nominee, document, default));
    }

    private Task<Answer> UploadAsync(string nominee, string name, byte[] bytes, string? token = null, int cut = 0, string kind = "", string expiresOn = "")
    {
        const string Boundary = "plenary-boundary";
        byte[] body =
        [
            .. Encoding.UTF8.GetBytes($"--{Boundary}\r\nContent-Disposition: form-data; name=\"formToken\"\r\n\r\n{token ?? rig.Get<Sessions>().FormToken(rig.Session())}\r\n"),
            .. Encoding.UTF8.GetBytes($"--{Boundary}\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n{kind}\r\n"),
            .. Encoding.UTF8.GetBytes($"--{Boundary}\r\nContent-Disposition: form-data; name=\"expiresOn\"\r\n\r\n{expiresOn}\r\n"),
            .. Encoding.UTF8.GetBytes($"--{Boundary}\r\nContent-Disposition: form-data; name=\"document\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"),
            .. bytes,
            .. Encoding.UTF8.GetBytes($"\r\n--{Boundary}--\r\n"),
        ];
        HttpRequest request = rig.Request("GET", rig.Session());
        request.Method = "POST";
        request.ContentType = $"multipart/form-data; boundary={Boundary}";
        request.Body = new MemoryStream(body[..^cut]);
        return DeskRig.AnswerAsync(request, rig.Make<DocumentEndpoints>().Upload(request, rig.Code.ToString(), DeskRig.Economy, nominee, default));
    }

    private sealed class BrokenScanner : IDocumentScanner
    {
        public Task<ScanVerdict> ScanAsync(DocumentKind claimed, Stream content, CancellationToken cancellation) => throw new InvalidOperationException("no scanner today");
    }

    private sealed class KilledScanner : IDocumentScanner
    {
        public Task<ScanVerdict> ScanAsync(DocumentKind claimed, Stream content, CancellationToken cancellation) => throw new OperationCanceledException("the host went away");
    }

    private Task SettleAsync(string nominee, string document) =>
        rig.Get<SettleDocument>().RunAsync(new DocumentDue(rig.Code.ToString(), DeskRig.Economy, nominee, document), default);

    private sealed class WatchedStream(byte[] content, Action onRead) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            onRead();
            return base.ReadAsync(buffer, cancellationToken);
        }
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => count;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(buffer.Length);
    }
}
