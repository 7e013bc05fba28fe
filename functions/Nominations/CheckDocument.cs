using Microsoft.Extensions.Logging;
using Plenary.Domain;
using Plenary.Infra.Blobs;

namespace Plenary.Nominations;

/// <summary>Looks into a stored file. What is refused is not kept.</summary>
public sealed partial class CheckDocument(NominationTable table, IBlobs blobs, IDocumentScanner scanner, TimeProvider clock, ILogger<CheckDocument> logger)
{
    public async Task<Outcome<NomineeDocument>> RunAsync(DeskCall call, NomineeDocument document, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(document);
        string blob = DocumentStore.BlobName(call.Project, call.Economy, document);
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

        // After the closing, or in other hands, a check still ends as it would have before: the upload itself was let in.
        DeskCall now = call with { ReceivedAt = clock.GetUtcNow() };
        Outcome<NomineeDocument> settled = await table.ChangeAsync(now.Project, now.Economy, (desk, batch) => Settle(now, desk, batch, document, verdict), cancellation);
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
