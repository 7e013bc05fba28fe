using Plenary.Domain;

namespace Plenary.Selection;

/// <summary>Somebody who holds a place.</summary>
/// <param name="Economy">Economy id.</param>
public sealed record Participant(string Economy, string NominationId, string Name, string Email, Pool Pool)
{
    /// <summary>As links and mails name the person.</summary>
    public string Candidate => CandidateId.Of(Economy, NominationId);
}

/// <summary>An offer as other slices see it.</summary>
/// <param name="Candidate">As links and mails name the person.</param>
public sealed record OfferStanding(string Economy, string Candidate, OfferState State, DateTimeOffset ExpiresAt);

/// <summary>What the selection came to, for every slice to read.</summary>
public interface ISelections
{
    /// <summary>Who accepted and has not withdrawn, in order of economy and name.</summary>
    Task<IReadOnlyList<Participant>> ListParticipantsAsync(ProjectCode code, CancellationToken cancellation);

    /// <summary>How many were selected by the approved list; null before approval.</summary>
    Task<int?> CountSelectedAsync(ProjectCode code, CancellationToken cancellation);

    /// <summary>Every offer ever made.</summary>
    Task<IReadOnlyList<OfferStanding>> ListOffersAsync(ProjectCode code, CancellationToken cancellation);

    Task<IReadOnlyDictionary<OfferState, int>> CountOffersAsync(ProjectCode code, CancellationToken cancellation);
}
