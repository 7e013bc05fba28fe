using System.Runtime.CompilerServices;
using Plenary.Domain;

namespace Plenary.Nominations;

/// <inheritdoc />
public sealed class ReadNominations(NominationTable table) : INominations
{
    public async IAsyncEnumerable<Nomination> ListSubmittedAsync(ProjectCode project, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (DeskRows desk in table.ListAsync(project, cancellation))
        {
            foreach (Nomination nomination in SubmittedOf(desk))
            {
                yield return nomination;
            }
        }
    }

    public async Task<Nomination?> FindAsync(ProjectCode project, string economy, string id, CancellationToken cancellation)
    {
        DeskRows? desk = await table.FindAsync(project, economy, cancellation);
        return Find(desk, id);
    }

    public async Task<IReadOnlyDictionary<string, Nomination>> FindAllAsync(ProjectCode project, IReadOnlyCollection<string> candidates, CancellationToken cancellation)
    {
        ILookup<string, string> byEconomy = candidates.Distinct(StringComparer.Ordinal).Select(CandidateId.Read).ToLookup(one => one.Economy, one => one.NominationId, StringComparer.Ordinal);
        IEnumerable<Nomination>[] found = await Task.WhenAll(byEconomy.Select(async ids =>
        {
            DeskRows? desk = await table.FindAsync(project, ids.Key, cancellation);
            return ids.Select(id => Find(desk, id)).OfType<Nomination>();
        }));
        return found.SelectMany(some => some).ToDictionary(nomination => CandidateId.Of(nomination.Economy, nomination.Id), StringComparer.Ordinal);
    }

    public async Task<IReadOnlyList<NominationCounts>> CountsAsync(ProjectCode project, CancellationToken cancellation)
    {
        List<NominationCounts> counts = [];
        await foreach (DeskRows desk in table.ListAsync(project, cancellation))
        {
            counts.Add(Count(desk));
        }

        return counts;
    }

    internal static NominationCounts Count(DeskRows desk)
    {
        List<Nominee> nominees = [.. desk.Nominees];
        return new NominationCounts(
            desk.Desk.Economy,
            desk.Desk.EconomyName,
            nominees.Count(nominee => nominee.State == NomineeState.Submitted),
            nominees.Count(nominee => nominee.State == NomineeState.Draft),
            nominees.Count(nominee => nominee.State == NomineeState.Submitted && desk.HasUnsent(nominee)),
            nominees.Count(nominee => nominee.State == NomineeState.Withdrawn),
            desk.Desk.ClosesAt)
        {
            IsInvited = desk.Desk.IsInvited,
        };
    }

    private static Nomination? Find(DeskRows? desk, string id) =>
        SubmittedOf(desk).FirstOrDefault(nomination => nomination.Id == id) ??
        (desk?.Find(id) is { Sent: { } sent } withdrawn ? ToNomination(desk, withdrawn, sent, 0) : null);

    internal static IEnumerable<Nomination> SubmittedOf(DeskRows? desk)
    {
        int rank = 0;
        foreach (string id in desk?.Order ?? [])
        {
            if (desk?.Find(id) is { State: NomineeState.Submitted, Sent: { } sent } nominee)
            {
                yield return ToNomination(desk, nominee, sent, ++rank);
            }
        }
    }

    private static Nomination ToNomination(DeskRows desk, Nominee nominee, Submission sent, int rank) => new(
        nominee.Id,
        nominee.Reference,
        desk.Desk.Economy,
        desk.Desk.EconomyName,
        rank,
        nominee.State,
        sent.Entry,
        sent.Documents,
        sent.FirstAt,
        sent.At)
    {
        Endorsement = sent.Endorsement,
        Late = sent.Late,
    };
}
