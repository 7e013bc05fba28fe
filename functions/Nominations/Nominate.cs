using System.Security.Cryptography;
using System.Text;
using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Shared.Telemetry;

namespace Plenary.Nominations;

/// <summary>What came of a submission.</summary>
/// <param name="IsNew">False when the very same had been submitted before, so nothing was written.</param>
public sealed record Receipt(Desk Desk, Nominee Nominee, bool IsNew);

/// <summary>
/// A whole nomination in one request. With a rank it costs one point read and one transaction; a repeat with the same key and content
/// answers with the same reference, however late it comes.
/// </summary>
public sealed class Nominate(JudgedChange change)
{
    /// <param name="key">The client's own, 1 to 100 characters.</param>
    /// <param name="rank">As typed; empty to come last.</param>
    public async Task<Outcome<Receipt>> RunAsync(DeskCall call, string key, TypedNominee typed, string rank, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(typed);
        ArgumentNullException.ThrowIfNull(rank);
        (NomineeEntry entry, IReadOnlyList<Refusal> problems) = typed.Read();
        string requestHash = HashOf(entry, rank);
        return Count(await change.RunAsync(
            call, (desk, batch, earlier) => Decide(call, desk, batch, key, requestHash, (entry, problems), rank, earlier), cancellation, gateFirst: rank.Length > 0));
    }

    private static Outcome<Receipt>? Decide(
        DeskCall call,
        DeskRows desk,
        Batch batch,
        string key,
        string requestHash,
        (NomineeEntry Entry, IReadOnlyList<Refusal> Problems) read,
        string typedRank,
        IReadOnlyList<EarlierParticipation> earlier)
    {
        // Before anything is refused: a repeat of what was accepted in time is answered as it was then.
        Refusal? closed = desk.Desk.WhyClosed(call.ReceivedAt);
        if (!desk.IsWhole && closed is not null)
        {
            return null;
        }

        if (desk.FindKey(key) is { } used)
        {
            return desk.Find(used.Nominee) is { } made && used.RequestHash == requestHash
                ? new Receipt(desk.Desk, made, IsNew: false)
                : new Refusal("idempotency-conflict", "This submission key was used before for something else.", "Idempotency-Key", "Use a new key for each nomination.");
        }

        Admission admission = desk.Admit(call, null);
        if (admission.Closed is { } refusal)
        {
            return refusal;
        }

        NomineeEntry entry = desk.Desk.Eligibility.Keep(read.Entry);
        List<Refusal> all = [.. read.Problems, .. BeyondTyping(desk.Desk.WhyNotSubmitted(entry, [], null, earlier), read.Problems)];
        Outcome<int> rank = typedRank.Length > 0 ? Ranking.Read(typedRank, desk.Desk.MostNominees) : Ranking.NextFree(desk.TakenRanks, desk.Desk.MostNominees);
        all.AddRange(rank.Refusals);
        if (rank.TryGet(out int place) && desk.TakenRanks.Contains(place))
        {
            all.Add(Ranking.WhyTaken(place));
        }

        if (desk.HolderOf(entry.Email) is not null)
        {
            all.Add(EmailTaken);
        }

        if (all.Count > 0)
        {
            return Outcome<Receipt>.Refused(all);
        }

        Outcome<Nominee> submitted = Nominee.Start(Nominee.DrawId(), entry, call.ReceivedAt).Submit([], call.ReceivedAt, admission.Late, place);
        return submitted.Then<Receipt>(nominee =>
        {
            desk.InsertNominee(batch, nominee, place, key, requestHash);
            desk.UseExtension(batch, admission, nominee.Id, call.ReceivedAt);
            DeskRows.Audit(batch, call, "nomination-submitted", nominee.Id, [("Version", "1"), ("ContentHash", nominee.Sent?.ContentHash ?? ""), .. DeskRows.FactsOf(admission)]);
            desk.OweForSubmission(batch, nominee);
            return new Receipt(desk.Desk, nominee, IsNew: true);
        });
    }

    internal static Refusal EmailTaken { get; } = new(
        "email-taken", "Another nominee of your economy already has this e-mail address.", "email", "Give each nominee an address of their own, or change the nomination that is already there.");

    /// <summary>What is still wrong when a field that could not be read is not also said to be missing.</summary>
    internal static IEnumerable<Refusal> BeyondTyping(IEnumerable<Refusal> refusals, IReadOnlyList<Refusal> typing) =>
        refusals.Where(refusal => typing.All(problem => problem.Field != refusal.Field));

    internal static Outcome<Receipt> Count(Outcome<Receipt> outcome)
    {
        if (outcome.TryGet(out Receipt? receipt))
        {
            Measures.NominationsAccepted.Add(receipt.IsNew ? 1 : 0);
        }

        foreach (Refusal refusal in outcome.Refusals)
        {
            Measures.CountRefusal(refusal.Code);
        }

        return outcome;
    }

    internal static string HashOf(NomineeEntry entry, string rank) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{entry.ComputeHash([])}|{rank.Trim()}")));
}
