using Plenary.Domain;

namespace Plenary.Selection;

/// <summary>Somebody who holds a place.</summary>
/// <param name="Economy">Economy id.</param>
public sealed record Participant(string Economy, string NominationId, string Name, string Email, Pool Pool)
{
    /// <summary>As links and mails name the person.</summary>
    public string Candidate => CandidateId.Of(Economy, NominationId);
}

/// <summary>What the selection came to, for every slice to read.</summary>
public interface ISelections
{
    /// <summary>Who accepted and has not withdrawn, in order of economy and name.</summary>
    Task<IReadOnlyList<Participant>> ListParticipantsAsync(ProjectCode code, CancellationToken cancellation);

    /// <summary>How many were selected by the approved list; null before approval.</summary>
    Task<int?> CountSelectedAsync(ProjectCode code, CancellationToken cancellation);

    Task<IReadOnlyDictionary<OfferState, int>> CountOffersAsync(ProjectCode code, CancellationToken cancellation);
}
