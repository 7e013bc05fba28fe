using Plenary.Access;
using Plenary.Domain;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Surveys;

/// <inheritdoc />
public sealed class SurveyPanel(ISurveys surveys, Pages pages) : IProjectPanel
{
    public int Order => 70;

    public async Task<string?> RenderAsync(Project project, Caller caller, string formToken, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        return await pages.RenderAsync<SurveyPanelView, SurveyPanelModel>(new SurveyPanelModel(project, await surveys.FindResultsAsync(project.Code, cancellation)));
    }
}

public sealed record SurveyPanelModel(Project Project, SurveyResults? Results);
