using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Notifications;

namespace Plenary.Selection;

/// <summary>
/// Gives a place that was kept for an economy to whom it named, or on to the next in line. The place's own row is replaced or deleted with the offer, so
/// it is held without a gap and never twice.
/// </summary>
public sealed class FillPlace(IProjects projects, SelectionTable selections, OfferWriter offers, TimeProvider clock)
{
    public async Task RunAsync(PlaceToFill fill, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(fill);
        DateTimeOffset now = clock.GetUtcNow();
        ProjectCode code = ProjectCode.Parse(fill.Project);
        if (await projects.FindAsync(code, cancellation) is not { } project || !PlaceName.TryParse(fill.Place, out PlaceName place) ||
            await selections.Table.FindAsync(SelectionTable.PlaceOf(code, place), cancellation) is not { } kept || kept.Text(SelectionTable.KeptColumn) != fill.Former ||
            await selections.FindOfferAsync(code, CandidateId.Of(fill.Economy, fill.Former), cancellation) is not { } former)
        {
            return;
        }

        CommitResult result;
        if (fill.NominationId is { } named && project.State != ProjectState.Cancelled && now < project.StartsAt)
        {
            SelectionDecision decision = new(
                CandidateId.Of(fill.Economy, named), fill.Economy, former.Offer.Pool, DecisionKind.Alternate, 0, SelectionReason.ReplacementNamed, "Named by the economy for a place that was given back.", place);
            result = await offers.MakeAsync(project, decision, place, SelectionReason.ReplacementNamed, now, cancellation, kept);
        }
        else
        {
            result = await offers.PassOnAsync(code, kept, new PlaceFreed(fill.Project, fill.Place, fill.Economy, former.Offer.Pool), fill.Former, now, cancellation);
        }

        if (!result.IsDone)
        {
            throw new InvalidOperationException($"A place of {code} that was kept changed at the same moment; the message comes again.");
        }
    }
}
