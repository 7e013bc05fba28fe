using Plenary.Access;
using Plenary.Domain;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Selection;

/// <inheritdoc />
public sealed class SelectionPanel(SelectionTable selections, Pages pages) : IProjectPanel
{
    public int Order => 40;

    public async Task<string?> RenderAsync(Project project, Caller caller, string formToken, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        SelectionRecord? record = (await selections.FindRowAsync(project.Code, cancellation))?.Body<SelectionRecord>();
        IReadOnlyList<OfferRecord> offers = await selections.ListOffersAsync(project.Code, cancellation);
        return await pages.RenderAsync<SelectionPanelView, SelectionPanelModel>(
            new SelectionPanelModel(project, record, offers.CountBy(offer => offer.Offer.State).ToDictionary(pair => pair.Key, pair => pair.Value)));
    }
}

public sealed record SelectionPanelModel(Project Project, SelectionRecord? Record, IReadOnlyDictionary<OfferState, int> Offers);
