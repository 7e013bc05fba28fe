using Plenary.Access;
using Plenary.Domain;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Closing;

/// <summary>How every economy stands, for the secretariat: as it is now while nominations are open, as it was at the closing afterwards.</summary>
public sealed class ClosingPanel(IClosings closings, INominations nominations, Pages pages, TimeProvider clock, Microsoft.Extensions.Options.IOptions<OrganisationOptions> organisation) : IProjectPanel
{
    public int Order => 20;

    public async Task<string?> RenderAsync(Project project, Caller caller, string formToken, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        if (project.State == ProjectState.Issued)
        {
            return null;
        }

        ClosedNominations? closed = await closings.FindAsync(project.Code, cancellation);
        bool isClosed = clock.GetUtcNow() >= project.ClosesAt;
        IReadOnlyList<NominationCounts> counts = closed?.ClosedAt == project.ClosesAt ? closed.Economies : await nominations.CountsAsync(project.Code, cancellation);
        return await pages.RenderAsync<ClosingPanelView, ClosingPanelModel>(new ClosingPanelModel(project, isClosed, counts, organisation.Value.Zone));
    }
}

public sealed record ClosingPanelModel(Project Project, bool IsClosed, IReadOnlyList<NominationCounts> Counts, string Zone);
