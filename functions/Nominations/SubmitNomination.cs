using System.Globalization;
using Plenary.Domain;
using Plenary.Infra.Tables;

namespace Plenary.Nominations;

/// <summary>Submits what was saved, first or again. Twice at once is once: the second finds the same content submitted and gets the same receipt.</summary>
public sealed class SubmitNomination(NominationTable table)
{
    public async Task<Outcome<Receipt>> RunAsync(DeskCall call, string id, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        return Nominate.Count(await table.ChangeAsync(
            call, (desk, batch) => desk.Find(id) is { } nominee ? Decide(call, desk, batch, nominee) : SaveNomination.NotFound, cancellation));
    }

    /// <summary>Saves and submits in one go: the whole entry, as the API sends it.</summary>
    public async Task<Outcome<Receipt>> AmendAsync(DeskCall call, string id, TypedNominee typed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(typed);
        (NomineeEntry entry, IReadOnlyList<Refusal> problems) = typed.Read();
        List<Refusal> refusals = [.. problems, .. TypedNominee.FindMissing(entry).Where(missing => problems.All(problem => problem.Field != missing.Field))];
        return Nominate.Count(await table.ChangeAsync(
            call,
            (desk, batch) =>
            {
                if (desk.Find(id) is not { } nominee)
                {
                    return SaveNomination.NotFound;
                }

                // Sent already: a repeat is answered as the first, closed or not.
                if (nominee.State == NomineeState.Submitted && nominee.Sent?.Entry == entry && refusals.Count == 0 && !desk.HasUnsent(nominee))
                {
                    return new Receipt(desk.Desk, nominee, IsNew: false);
                }

                if (desk.Desk.WhyClosed(call.ReceivedAt) is { } closed)
                {
                    return closed;
                }

                List<Refusal> all = [.. refusals];
                if (desk.HolderOf(entry.Email) is { } holder && holder != id)
                {
                    all.Add(Nominate.EmailTaken);
                }

                return all.Count > 0
                    ? Outcome<Receipt>.Refused(all)
                    : nominee.Save(entry, call.ReceivedAt).Then(saved => Decide(call, desk, batch, saved));
            },
            cancellation));
    }

    private static Outcome<Receipt> Decide(DeskCall call, DeskRows desk, Batch batch, Nominee nominee)
    {
        IReadOnlyList<NomineeDocument> documents = desk.DocumentsOf(nominee.Id);
        bool isRepeat = nominee.State == NomineeState.Submitted && !desk.HasUnsent(nominee);
        if (isRepeat)
        {
            return new Receipt(desk.Desk, nominee, IsNew: false);
        }

        if (desk.Desk.WhyClosed(call.ReceivedAt) is { } closed)
        {
            return closed;
        }

        if (desk.Desk.WhyDocumentsMissing(documents.Count) is { } missing)
        {
            return missing;
        }

        if (documents.FirstOrDefault(document => document.State != DocumentState.Clean) is { } waiting)
        {
            return new Refusal("document-unchecked", $"\u201C{waiting.FileName}\u201D has not been checked yet.", "document", "Wait a minute and send it again, or remove the document.");
        }

        return nominee
            .Submit([.. documents.Select(document => new SentDocument(document.Id, document.FileName, document.Length, document.Sha256))], call.ReceivedAt)
            .Then<Receipt>(submitted =>
            {
                desk.ReplaceNominee(batch, submitted);
                DeskRows.Audit(
                    batch,
                    call,
                    submitted.Sent?.Version > 1 ? "nomination-amended" : "nomination-submitted",
                    submitted.Id,
                    ("Version", (submitted.Sent?.Version ?? 0).ToString(CultureInfo.InvariantCulture)),
                    ("ContentHash", submitted.Sent?.ContentHash ?? ""));
                desk.OweForSubmission(batch, submitted);
                return new Receipt(desk.Desk, submitted, IsNew: true);
            });
    }
}
