using Microsoft.Extensions.Options;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Notifications;

namespace Plenary.Selection;

/// <summary>The notices of a list as they stand now.</summary>
/// <param name="Offers">One to each selected nominee.</param>
/// <param name="Results">One to each economy's officer: everybody of the economy, with decision and reason.</param>
/// <param name="Unreachable">Economies that nobody is registered for; their result goes to nobody.</param>
public sealed record SelectionNotices(
    Project Project, SelectionRecord Record, IReadOnlyList<MailDraft> Offers, IReadOnlyList<MailDraft> Results, IReadOnlyList<string> Unreachable);

/// <summary>
/// Writes what approving a list would send, with the words the mails are made of, and sends nothing. A draft is a function of the list: proposing again replaces it,
/// and the list that was approved never changes.
/// </summary>
public sealed class DraftNotices(IProjects projects, INominations nominations, SelectionTable selections, IRegistry registry, IOptions<AccessOptions> access)
{
    /// <summary>Where the personal link will stand; none exists before the mail is sent.</summary>
    public const string LinkComesHere = "(the nominee’s own link comes here when it is sent)";

    /// <returns>Null when nothing was proposed.</returns>
    public async Task<SelectionNotices?> RunAsync(ProjectCode code, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await projects.FindAsync(code, cancellation) is not { } project || (await selections.FindRowAsync(code, cancellation))?.Body<SelectionRecord>() is not { } record)
        {
            return null;
        }

        SelectionResult result = await selections.ReadResultAsync(code, record.Digest, cancellation);
        Dictionary<string, OfferRecord> made = (await selections.ListOffersAsync(code, cancellation)).ToDictionary(offer => CandidateId.Of(offer.Economy, offer.NominationId));
        Dictionary<string, RegistryEntry> entries = (await registry.ListAsync(cancellation)).ToDictionary(entry => entry.Economy.Id);
        Dictionary<string, Nomination> people = [];
        await foreach (Nomination nomination in nominations.ListSubmittedAsync(code, cancellation))
        {
            people[CandidateId.Of(nomination.Economy, nomination.Id)] = nomination;
        }

        List<MailDraft> offers = [];
        foreach (SelectionDecision decision in result.Decisions.Where(decision => decision.Kind == DecisionKind.Selected))
        {
            if (people.TryGetValue(decision.NominationId, out Nomination? nomination))
            {
                Economy? economy = entries.GetValueOrDefault(decision.Economy)?.Economy;
                DateTimeOffset expiresAt = made.TryGetValue(decision.NominationId, out OfferRecord? offer) ? offer.Offer.ExpiresAt : OfferWriter.ExpiryOf(project, economy, now);
                offers.Add(SelectionMails.WriteOffer(project, nomination, expiresAt, economy?.Zone ?? project.HostZone, LinkComesHere, isReminder: false));
            }
        }

        List<MailDraft> results = [];
        List<string> unreachable = [];
        foreach (IGrouping<string, SelectionDecision> economy in result.Decisions.GroupBy(decision => decision.Economy).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            if (entries.TryGetValue(economy.Key, out RegistryEntry? entry) && entry.ContactOn(DateOnly.FromDateTime(now.UtcDateTime)) is { } officer)
            {
                results.Add(SelectionMails.WriteResult(
                    project, entry.Economy, officer, economy.Select(decision => (people.GetValueOrDefault(decision.NominationId)?.Name ?? decision.NominationId, decision)), access.Value));
            }
            else
            {
                unreachable.Add(entry?.Economy.Name ?? economy.Key);
            }
        }

        return new SelectionNotices(project, record, offers, results, unreachable);
    }
}
