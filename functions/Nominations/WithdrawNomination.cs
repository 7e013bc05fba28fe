using System.Globalization;
using Plenary.Domain;
using Plenary.Infra.Blobs;

namespace Plenary.Nominations;

/// <summary>
/// Takes a nomination back, or throws a draft away; everybody behind it moves up one rank. A withdrawn nomination is kept with its
/// documents until retention removes them; of a draft nothing is kept.
/// </summary>
public sealed class WithdrawNomination(NominationTable table, IBlobs blobs)
{
    public async Task<Outcome<Nominee>> RunAsync(DeskCall call, string id, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        IReadOnlyList<NomineeDocument> loose = [];
        Outcome<Nominee> outcome = await table.ChangeAsync(
            call,
            (desk, batch) =>
            {
                loose = [];
                if (desk.Find(id) is not { } nominee)
                {
                    return SaveNomination.NotFound;
                }

                if (nominee.State == NomineeState.Withdrawn)
                {
                    return nominee;
                }

                if (desk.Desk.WhyClosedFor(nominee, call.ReceivedAt) is { } closed)
                {
                    return closed;
                }

                string[] order = [.. desk.Order.Where(other => other != id)];
                if (nominee.State == NomineeState.Draft)
                {
                    loose = desk.DocumentsOf(id);
                    desk.DeleteDraft(batch, nominee);
                    desk.WriteOrder(batch, order);
                    DeskRows.Audit(batch, call, "draft-removed", id);
                    return nominee;
                }

                return nominee.Withdraw(call.ReceivedAt).Then<Nominee>(withdrawn =>
                {
                    desk.ReplaceNominee(batch, withdrawn);
                    desk.WriteOrder(batch, order);
                    DeskRows.Audit(batch, call, "nomination-withdrawn", id, ("Version", (withdrawn.Sent?.Version ?? 0).ToString(CultureInfo.InvariantCulture)));
                    desk.Owe(batch, NominationMails.Withdrawn, withdrawn);
                    return withdrawn;
                });
            },
            cancellation);

        // Rows first: a crash here leaves files nobody can reach, which retention finds by listing; the other order would leave rows without files.
        foreach (NomineeDocument document in outcome.IsRefused ? [] : loose)
        {
            await blobs.DeleteAsync(DocumentStore.Container, DocumentStore.BlobName(call.Project, call.Economy, document), cancellation);
        }

        return outcome;
    }
}
