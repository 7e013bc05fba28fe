using Plenary.Domain;
using Plenary.Nominations;

namespace Plenary.Selection;

/// <inheritdoc cref="ISelections" />
public sealed class ReadSelections(SelectionTable selections, INominations nominations) : ISelections
{
    public async Task<IReadOnlyList<Participant>> ListParticipantsAsync(ProjectCode code, CancellationToken cancellation)
    {
        Dictionary<string, Pool> accepted = (await selections.ListOffersAsync(code, cancellation))
            .Where(record => record.Offer.State == OfferState.Accepted)
            .ToDictionary(record => CandidateId.Of(record.Economy, record.NominationId), record => record.Offer.Pool);
        List<Participant> participants = [];
        if (accepted.Count > 0)
        {
            await foreach (Nomination nomination in nominations.ListSubmittedAsync(code, cancellation))
            {
                if (accepted.TryGetValue(CandidateId.Of(nomination.Economy, nomination.Id), out Pool pool))
                {
                    participants.Add(new Participant(nomination.Economy, nomination.Id, nomination.Name, nomination.Email, pool));
                }
            }
        }

        return [.. participants.OrderBy(participant => participant.Economy, StringComparer.Ordinal).ThenBy(participant => participant.Name, StringComparer.InvariantCulture)];
    }

    public async Task<int?> CountSelectedAsync(ProjectCode code, CancellationToken cancellation) =>
        (await selections.FindRowAsync(code, cancellation))?.Body<SelectionRecord>() is { Stage: SelectionStage.Approved } record
            ? record.Overseas.Selected + record.Local.Selected
            : null;

    public async Task<IReadOnlyList<OfferStanding>> ListOffersAsync(ProjectCode code, CancellationToken cancellation) =>
        [.. (await selections.ListOffersAsync(code, cancellation)).Select(record =>
            new OfferStanding(record.Economy, CandidateId.Of(record.Economy, record.NominationId), record.Offer.State, record.Offer.ExpiresAt))];

    public async Task<IReadOnlyDictionary<OfferState, int>> CountOffersAsync(ProjectCode code, CancellationToken cancellation) =>
        (await selections.ListOffersAsync(code, cancellation)).CountBy(record => record.Offer.State).ToDictionary(pair => pair.Key, pair => pair.Value);
}
