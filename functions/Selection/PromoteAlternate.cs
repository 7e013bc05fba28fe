using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Notifications;

namespace Plenary.Selection;

/// <summary>
/// Offers a free place to the next alternate: same economy first, then the pool's lowest number. Inserting the place row is
/// the claim, so however many messages run at once, the place is given once and no lower number is passed over.
/// </summary>
public sealed class PromoteAlternate(IProjects projects, SelectionTable selections, OfferWriter offers, TimeProvider clock)
{
    public async Task RunAsync(PlaceFreed freed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(freed);
        DateTimeOffset now = clock.GetUtcNow();
        ProjectCode code = ProjectCode.Parse(freed.Project);
        if (await projects.FindAsync(code, cancellation) is not { } project || project.State == ProjectState.Cancelled || now >= project.StartsAt ||
            !PlaceName.TryParse(freed.Place, out PlaceName place) ||
            (await selections.FindRowAsync(code, cancellation))?.Body<SelectionRecord>() is not { Stage: SelectionStage.Approved } selection)
        {
            return;
        }

        SelectionRules rules = SelectionRules.DeclaredBy(project) with
        {
            OverseasMayFlowToLocal = selection.OverseasMayFlowToLocal,
            LocalMayFlowToOverseas = selection.LocalMayFlowToOverseas,
        };
        SelectionResult result = await selections.ReadResultAsync(code, selection.Digest, cancellation);
        while (true)
        {
            HashSet<string> offered = [.. (await selections.ListOffersAsync(code, cancellation)).Select(offer => CandidateId.Of(offer.Economy, offer.NominationId))];
            IEnumerable<SelectionDecision> invited = result.Decisions.Where(decision => project.Notification.Participating.Invites(decision.Economy));
            SelectionDecision? next = Alternates.Next(invited, freed.Economy, freed.Pool, offered, rules);
            if (freed.Former is not null && next?.Economy != freed.Economy && await offers.KeepAsync(project, freed, place, now, cancellation))
            {
                return;
            }

            if (next is null)
            {
                return;
            }

            CommitResult commit = await offers.MakeAsync(project, next, place, "promoted", now, cancellation);
            if (commit.IsDone || commit.ConflictsAt(SelectionTable.PlacePrefix))
            {
                return;
            }

            // The alternate got another place in the meantime: the next number is looked for.
        }
    }
}
