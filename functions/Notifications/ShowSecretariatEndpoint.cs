using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Notifications;

/// <summary>The secretariat's pages: all projects, and one project with a panel of every stage.</summary>
public sealed class ShowSecretariatEndpoint(
    ProjectTable projects, DraftTable drafts, IEnumerable<IProjectPanel> panels, Pages pages, Sessions sessions, Answers answers)
{
    [Function("ShowSecretariat")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "secretariat")] HttpRequest request, CancellationToken cancellation) =>
        await pages.ShowAsync<SecretariatPage, SecretariatModel>(new SecretariatModel(
            Caller.Of(request.HttpContext), await projects.ListAsync(cancellation), await drafts.ListAsync(cancellation), request.ReceivedAt()));

    [Function("ShowSecretariatProject")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> RunProject(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "secretariat/projects/{code}")] HttpRequest request, string code, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed) || await projects.FindAsync(parsed, cancellation) is not { } project)
        {
            return await answers.NotFoundAsync(request);
        }

        Caller caller = Caller.Of(request.HttpContext);
        string token = sessions.FormToken(caller);
        List<string> rendered = [];
        foreach (IProjectPanel panel in panels.OrderBy(panel => panel.Order))
        {
            if (await panel.RenderAsync(project, caller, token, cancellation) is { } html)
            {
                rendered.Add(html);
            }
        }

        return await pages.ShowAsync<SecretariatProjectPage, SecretariatProjectModel>(new SecretariatProjectModel(caller, token, project, rendered));
    }
}

public sealed record SecretariatModel(Caller Caller, IReadOnlyList<Project> Projects, IReadOnlyList<NotificationDraft> Drafts, DateTimeOffset Now);

public sealed record SecretariatProjectModel(Caller Caller, string FormToken, Project Project, IReadOnlyList<string> Panels);
