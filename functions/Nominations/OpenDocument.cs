using Plenary.Domain;
using Plenary.Infra.Blobs;
using Plenary.Infra.Tables;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>Opens a document for somebody who may read it, and puts on the record who did.</summary>
public sealed class OpenDocument(NominationTable table, IBlobs blobs)
{
    /// <param name="actor">As the audit trail writes it.</param>
    /// <returns>Null when there is no such document, or none that was found clean.</returns>
    /// <exception cref="InvalidOperationException">The record could not be written: what nobody can be asked about is not handed out.</exception>
    public async Task<(NomineeDocument Document, Stream Content)?> RunAsync(DeskRows desk, string nominee, string document, string actor, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(desk);
        if (desk.FindDocument(nominee, document) is not { State: DocumentState.Clean } found ||
            await blobs.OpenReadAsync(DocumentStore.Container, DocumentStore.BlobName(desk.Desk.Project, desk.Desk.Economy, found), cancellation) is not { } content)
        {
            return null;
        }

        Batch batch = new Batch(desk.Partition).Audit(new AuditEntry(now, actor, "document-read", nominee, new Dictionary<string, string> { ["Document"] = document }));
        if ((await table.CommitAsync(batch, cancellation)).IsDone)
        {
            return (found, content);
        }

        await content.DisposeAsync();
        throw new InvalidOperationException("The reading of a document could not be put on the record.");
    }
}
