using Plenary.Domain;
using Plenary.Selection;

namespace Plenary.Nominations;

/// <summary>Another nomination that may be of the same person.</summary>
/// <param name="HeldPlace">Whether that one took part: accepted a place and kept it.</param>
public sealed record SamePerson(ProjectCode Project, Nomination Nomination, bool IsSameName, bool IsSameAddress, bool HeldPlace);

/// <summary>Compares the nominations of a project with one another and with those of all other projects. Flags; merges nothing, changes nothing.</summary>
public sealed class FindSamePeople(INominations nominations, PersonTable people, ISelections selections)
{
    private const int MostAtOnce = 8;

    /// <param name="submitted">All of the project.</param>
    /// <returns>By nomination id; only those with anything to look at.</returns>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<SamePerson>>> RunAsync(ProjectCode project, IReadOnlyList<Nomination> submitted, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(submitted);
        PersonSeen[][] seen = new PersonSeen[submitted.Count][];
        await Parallel.ForAsync(0, submitted.Count, new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellation }, async (index, stop) =>
            seen[index] = await people.FindAsync(submitted[index].Entry, stop).ToArrayAsync(stop));

        // Within the project everything is at hand, also what the index does not know yet.
        ILookup<string, Nomination> byName = submitted.ToLookup(one => PersonLikeness.OfName(one.Name));
        ILookup<string, Nomination> byAddress = submitted.ToLookup(one => PersonLikeness.OfAddress(one.Email));
        Dictionary<PersonSeen, Nomination?> known = submitted.ToDictionary(one => Seen(project, one), one => (Nomination?)one);
        Dictionary<ProjectCode, HashSet<string>> participants = [];
        Dictionary<string, IReadOnlyList<SamePerson>> found = new(StringComparer.Ordinal);
        for (int index = 0; index < submitted.Count; index++)
        {
            Nomination nomination = submitted[index];
            IEnumerable<PersonSeen> here = byName[PersonLikeness.OfName(nomination.Name)].Concat(byAddress[PersonLikeness.OfAddress(nomination.Email)]).Select(one => Seen(project, one));
            List<SamePerson> same = [];
            foreach (PersonSeen other in here.Concat(seen[index]).Distinct().Where(other => other != Seen(project, nomination)))
            {
                if (!known.TryGetValue(other, out Nomination? candidate))
                {
                    known[other] = candidate = await nominations.FindAsync(other.Project, other.Economy, other.Nominee, cancellation);
                }

                if (candidate is not null && await CompareAsync(nomination, other, candidate, participants, cancellation) is { } match)
                {
                    same.Add(match);
                }
            }

            if (same.Count > 0)
            {
                found[nomination.Id] = [.. same.OrderBy(match => match.Project.ToString(), StringComparer.Ordinal).ThenBy(match => match.Nomination.Economy, StringComparer.Ordinal)];
            }
        }

        return found;
    }

    private static PersonSeen Seen(ProjectCode project, Nomination nomination) => new(project, nomination.Economy, nomination.Id);

    private static bool IsLike(string one, string other) => one.Length > 0 && one == other;

    private async Task<SamePerson?> CompareAsync(
        Nomination nomination, PersonSeen seen, Nomination other, Dictionary<ProjectCode, HashSet<string>> participants, CancellationToken cancellation)
    {
        bool isSameName = IsLike(PersonLikeness.OfName(nomination.Name), PersonLikeness.OfName(other.Name));
        bool isSameAddress = IsLike(PersonLikeness.OfAddress(nomination.Email), PersonLikeness.OfAddress(other.Email));
        if (!isSameName && !isSameAddress)
        {
            // The index remembers what a nomination said once.
            return null;
        }

        if (!participants.TryGetValue(seen.Project, out HashSet<string>? holders))
        {
            participants[seen.Project] = holders = [.. (await selections.ListParticipantsAsync(seen.Project, cancellation)).Select(participant => participant.NominationId)];
        }

        return new SamePerson(seen.Project, other, isSameName, isSameAddress, holders.Contains(other.Id));
    }
}
