using Microsoft.Extensions.Logging;
using Plenary.Domain;
using Plenary.Infra.Blobs;

namespace Plenary.Nominations;

/// <summary>
/// Takes a file as a stream, stores it, and looks into it before anybody else can: uploaded, then clean; what is refused is not kept.
/// Each crash leaves at worst a file nobody can reach, or a row that says "not checked yet".
/// </summary>
public sealed partial class UploadDocument(NominationTable table, IBlobs blobs, IDocumentScanner scanner, TimeProvider clock, ILogger<UploadDocument> logger)
{
    /// <param name="fileName">As the browser sent it.</param>
    public async Task<Outcome<NomineeDocument>> RunAsync(DeskCall call, string nominee, string? fileName, Stream content, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        string name = NomineeDocument.CleanName(fileName);
        if (NomineeDocument.FormatOf(name) is not { } format)
        {
            return new Refusal("document-unknown", "The name does not end in .pdf, .jpg, .jpeg, .png or .docx.", "document", "Save it in one of these formats and send that.");
        }

        // Asked before the first byte is taken: who may not upload must not be able to fill the store.
        Outcome<Nominee> welcome = await table.ChangeAsync(call, (desk, _) => WhyNot(call, desk, nominee), cancellation);
        if (welcome.IsRefused)
        {
            return Outcome<NomineeDocument>.Refused(welcome.Refusals);
        }

        // By way of the disk: the store's client can then repeat a failed upload, and a file that is too large or broken off never reaches the store.
        await using FileStream file = new(
            Path.Combine(Path.GetTempPath(), $"plenary-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        await using MeasuredStream measured = new(content, NomineeDocument.MostBytes);
        try
        {
            await measured.CopyToAsync(file, cancellation);
        }
        catch (DocumentTooLargeException)
        {
            return new Refusal("document-too-large", "The file is larger than 7 MB.", "document", "Send a smaller one, for instance with pictures of lower quality.");
        }

        NomineeDocument document = new(
            Guid.NewGuid().ToString("N"), nominee, name, format, measured.Count, measured.Sha256, DocumentState.Uploaded, call.ReceivedAt);
        string blob = DocumentStore.BlobName(call.Project, call.Economy, document);

        // The file first, then its row: a crash in between leaves a file nobody can reach, which retention finds by listing.
        file.Position = 0;
        await blobs.UploadAsync(DocumentStore.Container, blob, file, "application/octet-stream", new Dictionary<string, string>(), cancellation);
        Outcome<NomineeDocument> stored = await table.ChangeAsync(call, (desk, batch) => Store(call, desk, batch, document), cancellation);
        if (stored.IsRefused)
        {
            await blobs.DeleteAsync(DocumentStore.Container, blob, cancellation);
            return stored;
        }

        return await CheckAsync(call, document, blob, cancellation);
    }

    private static Outcome<Nominee> WhyNot(DeskCall call, DeskRows desk, string nominee)
    {
        if (desk.Desk.WhyClosed(call.ReceivedAt) is { } closed)
        {
            return closed;
        }

        return desk.Find(nominee) is not { } found ? SaveNomination.NotFound : found.Save(found.Entry, call.ReceivedAt);
    }

    private static Outcome<NomineeDocument>? Store(DeskCall call, DeskRows desk, Infra.Tables.Batch batch, NomineeDocument document)
    {
        Outcome<Nominee> welcome = WhyNot(call, desk, document.NomineeId);
        if (welcome.IsRefused)
        {
            return Outcome<NomineeDocument>.Refused(welcome.Refusals);
        }

        IReadOnlyList<Refusal> problems = NomineeDocument.WhyNotAdded(desk.DocumentsOf(document.NomineeId), document.Length, document.Sha256);
        if (problems.Count > 0)
        {
            return Outcome<NomineeDocument>.Refused(problems);
        }

        desk.InsertDocument(batch, document);
        DeskRows.Audit(batch, call, "document-uploaded", $"{document.NomineeId}/{document.Id}", ("Sha256", document.Sha256));
        return document;
    }

    private async Task<Outcome<NomineeDocument>> CheckAsync(DeskCall call, NomineeDocument document, string blob, CancellationToken cancellation)
    {
        ScanVerdict verdict;
        try
        {
            await using Stream stored = await blobs.OpenReadAsync(DocumentStore.Container, blob, cancellation)
                ?? throw new InvalidOperationException("The file that was just stored is gone.");
            verdict = await scanner.ScanAsync(document.Format, stored, cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Not clean, then: what could not be looked into is not kept.
            Log.NotScanned(logger, failure, document.Id);
            verdict = ScanVerdict.Refused("document-unreadable", "The file could not be checked.", "Send it again, or in another format.");
        }

        // After the closing a check still ends as it would have before: the upload itself was in time.
        DeskCall now = call with { ReceivedAt = clock.GetUtcNow() };
        Outcome<NomineeDocument> settled = await table.ChangeAsync(now, (desk, batch) => Settle(now, desk, batch, document, verdict), cancellation);
        if (verdict.Refusal is not { } refusal)
        {
            return settled;
        }

        // The row first, then the file: the other order could leave a row without a file.
        await blobs.DeleteAsync(DocumentStore.Container, blob, cancellation);
        return refusal;
    }

    private static Outcome<NomineeDocument>? Settle(DeskCall call, DeskRows desk, Infra.Tables.Batch batch, NomineeDocument document, ScanVerdict verdict)
    {
        if (desk.FindDocument(document.NomineeId, document.Id) is not { } stored)
        {
            return new Refusal("document-not-found", "The document was removed in the meantime.", "document");
        }

        if (verdict.Refusal is { } refusal)
        {
            desk.DeleteDocument(batch, stored);
            DeskRows.Audit(batch, call, "document-refused", $"{document.NomineeId}/{document.Id}", ("Code", refusal.Code));
            return stored;
        }

        NomineeDocument clean = stored with { State = DocumentState.Clean };
        desk.ReplaceDocument(batch, clean);
        DeskRows.Audit(batch, call, "document-clean", $"{document.NomineeId}/{document.Id}");
        return clean;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Document {Document} could not be scanned; it counts as not clean.")]
        public static partial void NotScanned(ILogger logger, Exception failure, string document);
    }
}
