using System.Globalization;
using Plenary.Domain;
using Plenary.Infra.Tables;

namespace Plenary.Nominations;

/// <summary>Submits what was saved, first or again. Twice at once is once: the second finds the same content submitted and gets the same receipt.</summary>
public sealed class SubmitNomination(JudgedChange change)
{
    public async Task<Outcome<Receipt>> RunAsync(DeskCall call, string id, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        return Nominate.Count(await change.RunAsync<Receipt>(
            call, (desk, batch, earlier) => desk.Find(id) is { } nominee ? Decide(call, desk, batch, nominee, earlier, []) : SaveNomination.NotFound, cancellation));
    }

    /// <summary>Saves and submits in one go: the whole entry, as the API sends it.</summary>
    public async Task<Outcome<Receipt>> AmendAsync(DeskCall call, string id, TypedNominee typed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(typed);
        (NomineeEntry read, IReadOnlyList<Refusal> problems) = typed.Read();
        return Nominate.Count(await change.RunAsync(
            call,
            (desk, batch, earlier) =>
            {
                if (desk.Find(id) is not { } nominee)
                {
                    return SaveNomination.NotFound;
                }

                NomineeEntry entry = desk.Desk.Eligibility.Keep(read);

                // Sent already: a repeat is answered as the first, closed or not.
                if (nominee.State == NomineeState.Submitted && nominee.Sent?.Entry == entry && problems.Count == 0 && !desk.HasUnsent(nominee))
                {
                    return new Receipt(desk.Desk, nominee, IsNew: false);
                }

                if (desk.Admit(call, id).Closed is { } closed)
                {
                    return closed;
                }

                List<Refusal> wrong = [.. problems];
                if (desk.HolderOf(entry.Email) is { } holder && holder != id)
                {
                    wrong.Add(Nominate.EmailTaken);
                }

                return nominee.Save(entry, call.ReceivedAt).Then(saved => Decide(call, desk, batch, saved, earlier, wrong));
            },
            cancellation));
    }

    /// <param name="wrong">What is wrong already with what was typed; said together with all else.</param>
    private static Outcome<Receipt> Decide(
        DeskCall call, DeskRows desk, Batch batch, Nominee nominee, IReadOnlyList<EarlierParticipation> earlier, List<Refusal> wrong)
    {
        IReadOnlyList<NomineeDocument> documents = desk.DocumentsOf(nominee.Id);
        bool isRepeat = nominee.State == NomineeState.Submitted && !desk.HasUnsent(nominee) && wrong.Count == 0;
        if (isRepeat)
        {
            return new Receipt(desk.Desk, nominee, IsNew: false);
        }

        Admission admission = desk.Admit(call, nominee.Id);
        if (admission.Closed is { } closed)
        {
            return closed;
        }

        List<Refusal> all = [.. wrong, .. Nominate.BeyondTyping(desk.Desk.WhyNotSubmitted(nominee.Entry, documents, nominee.Endorsement, earlier), wrong)];
        all.AddRange(documents.Where(document => document.State != DocumentState.Clean).Select(waiting => new Refusal(
            "document-unchecked", $"\u201C{waiting.FileName}\u201D has not been checked yet.", "document", "Wait a minute and send it again, or remove the document.")));
        if (nominee.State != NomineeState.Withdrawn && all.Count > 0)
        {
            return Outcome<Receipt>.Refused(all);
        }

        return nominee
            .Submit([.. documents.Select(SentDocument.Of)], call.ReceivedAt, admission.Late, desk.RankOf(nominee.Id))
            .Then<Receipt>(submitted =>
            {
                desk.ReplaceNominee(batch, submitted);
                desk.UseExtension(batch, admission, submitted.Id, call.ReceivedAt);
                DeskRows.Audit(
                    batch,
                    call,
                    submitted.Sent?.Version > 1 ? "nomination-amended" : "nomination-submitted",
                    submitted.Id,
                    [
                        ("Version", (submitted.Sent?.Version ?? 0).ToString(CultureInfo.InvariantCulture)),
                        ("ContentHash", submitted.Sent?.ContentHash ?? ""),
                        .. DeskRows.FactsOf(admission),
                    ]);
                desk.OweForSubmission(batch, submitted);
                if (nominee is { Replaces: not null, State: NomineeState.Draft })
                {
                    desk.FillVacancy(batch, submitted);
                }

                return new Receipt(desk.Desk, submitted, IsNew: true);
            });
    }
}
