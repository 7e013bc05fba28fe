using Plenary.Access;
using Plenary.Domain;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Publishing;

/// <summary>News and figures on the project's public page.</summary>
public sealed class OutcomeSection(OutcomeTable outcomes, Pages pages) : IProjectSection
{
    public int Order => 10;

    public async Task<string?> RenderAsync(Project project, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        return await outcomes.FindAsync(project.Code, cancellation) is { } outcome
            ? await pages.RenderAsync<OutcomeSectionView, OutcomeSectionModel>(new OutcomeSectionModel(project, outcome))
            : null;
    }
}

public sealed record OutcomeSectionModel(Project Project, PublishedOutcome Outcome);

/// <inheritdoc />
public sealed class OutcomePanel(OutcomeTable outcomes, Pages pages) : IProjectPanel
{
    public int Order => 80;

    public async Task<string?> RenderAsync(Project project, Caller caller, string formToken, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        return await pages.RenderAsync<OutcomePanelView, OutcomePanelModel>(
            new OutcomePanelModel(project, await outcomes.FindAsync(project.Code, cancellation)));
    }
}

public sealed record OutcomePanelModel(Project Project, PublishedOutcome? Outcome);
