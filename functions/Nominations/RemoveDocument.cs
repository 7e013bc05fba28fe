using Plenary.Domain;
using Plenary.Infra.Blobs;
using Plenary.Infra.Outbox;

namespace Plenary.Nominations;

/// <summary>Takes a document away. What was submitted with it counts as changed until it is submitted again.</summary>
public sealed class RemoveDocument(NominationTable table, IBlobs blobs)
{
    /// <summary>A document that is gone already is fine.</summary>
    public async Task<Outcome<Nominee>> RunAsync(DeskCall call, string nominee, string document, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        NomineeDocument? gone = null;
        Outcome<Nominee> outcome = await table.ChangeAsync(
            call,
            (desk, batch) =>
            {
                if (desk.Admit(call, nominee).Closed is { } closed)
                {
                    return closed;
                }

                if (desk.Find(nominee) is not { } found)
                {
                    return SaveNomination.NotFound;
                }

                gone = desk.FindDocument(nominee, document);
                if (gone is null)
                {
                    return found;
                }

                desk.DeleteDocument(batch, gone);
                batch.Owe(new DocumentDue(call.Project.ToString(), call.Economy, nominee, document).ToOwed());
                DeskRows.Audit(batch, call, "document-removed", $"{nominee}/{document}");
                return found.Save(found.Entry, call.ReceivedAt);
            },
            cancellation);
        if (!outcome.IsRefused && gone is not null)
        {
            // The row first, then the file: a crash in between leaves a file nobody can reach, which is owed to be settled, and never a row without one.
            await blobs.DeleteAsync(DocumentStore.Container, DocumentStore.BlobName(call.Project, call.Economy, gone), cancellation);
        }

        return outcome;
    }
}
