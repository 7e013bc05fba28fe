using Plenary.Domain;
using Plenary.Nominations;
using Plenary.Selection;

namespace Plenary.Attendance;

/// <summary>Reads a presence list against the participants of a project.</summary>
public sealed class ReadPresence(ISelections selections, INominations nominations)
{
    /// <returns>By candidate and session number, or everything wrong by line.</returns>
    public async Task<Outcome<IReadOnlyDictionary<string, IReadOnlyDictionary<int, bool>>>> RunAsync(Project project, string csv, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        Dictionary<string, string> candidates = [];
        foreach (Participant participant in await selections.ListParticipantsAsync(project.Code, cancellation))
        {
            if (await nominations.FindAsync(project.Code, participant.Economy, participant.NominationId, cancellation) is { } nomination)
            {
                candidates[nomination.Reference] = participant.Candidate;
            }
        }

        Outcome<IReadOnlyList<PresenceRow>> rows = PresenceCsv.Parse(csv, project.Sessions, candidates.Keys.ToHashSet(StringComparer.Ordinal));
        return rows.TryGet(out IReadOnlyList<PresenceRow>? lines)
            ? lines.ToDictionary(row => candidates[row.Reference], row => row.Presence)
            : Outcome<IReadOnlyDictionary<string, IReadOnlyDictionary<int, bool>>>.Refused([.. rows.Refusals.Select(refusal => refusal with { Field = "file" })]);
    }
}
