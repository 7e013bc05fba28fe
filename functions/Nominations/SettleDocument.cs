using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Blobs;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>Ends what an upload or a removal left open when its process died: no file stays without a row, no row without a verdict.</summary>
public sealed class SettleDocument(NominationTable table, IBlobs blobs, CheckDocument check, TimeProvider clock)
{
    public async Task RunAsync(DocumentDue due, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(due);
        ProjectCode code = ProjectCode.Parse(due.Project);
        DeskRows? desk = await table.FindAsync(code, due.Economy, cancellation);
        if (desk?.FindDocument(due.Nominee, due.Document) is not { } document)
        {
            await blobs.DeleteAsync(DocumentStore.Container, DocumentStore.BlobName(code, due.Economy, due.Nominee, due.Document), cancellation);
        }
        else if (document.State == DocumentState.Uploaded)
        {
            // On behalf of the desk, whoever sits there by now.
            DateTimeOffset now = clock.GetUtcNow();
            Session session = new(LinkPurpose.Desk, due.Project, due.Economy, desk.Desk.Generation, now.UtcTicks);
            await check.RunAsync(new DeskCall(code, due.Economy, session, now), document, cancellation);
        }
    }
}

public sealed class SettleDocumentListener(SettleDocument settleDocument)
{
    [Function("SettleDocument")]
    public Task Run([ServiceBusTrigger(Queues.SettleDocument, Connection = Queues.Connection)] string message, CancellationToken cancellation) =>
        settleDocument.RunAsync(Envelope.Read<DocumentDue>(message), cancellation);
}
