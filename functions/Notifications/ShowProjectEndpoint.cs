using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Notifications;

/// <summary>The public page of a project, the same as JSON, and its sessions as a calendar.</summary>
public sealed class ShowProjectEndpoint(ShowProject show, Pages pages, Answers answers)
{
    [Function("ShowProject")]
    [OpenTo(Audience.Public)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "projects/{code}")] HttpRequest request, string code, CancellationToken cancellation) =>
        await show.FindAsync(code, cancellation) is { } view
            ? await pages.ShowAsync<ProjectPage, ProjectView>(view with { Now = request.ReceivedAt() })
            : await answers.NotFoundAsync(request);

    [Function("ShowProjectAsJson")]
    [OpenTo(Audience.Public)]
    public async Task<IResult> RunJson(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/projects/{code}")] HttpRequest request, string code, CancellationToken cancellation) =>
        await show.FindAsync(code, cancellation) is { } view
            ? Answers.Ok(PublicProject.From(view))
            : await answers.RefuseAsync(request, new Refusal("project-not-found", "There is no such project."));

    [Function("ShowProjectCalendar")]
    [OpenTo(Audience.Public)]
    public async Task<IResult> RunCalendar(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "projects/{code}/sessions.ics")] HttpRequest request, string code, CancellationToken cancellation)
    {
        if (await show.FindAsync(code, cancellation) is not { } view)
        {
            return await answers.NotFoundAsync(request);
        }

        return Results.File(Encoding.UTF8.GetBytes(ProjectCalendarFile.Write(view.Project)), "text/calendar; charset=utf-8; method=PUBLISH", $"{view.Project.Code}.ics");
    }

    [Function("ShowHome")]
    [OpenTo(Audience.Public)]
    public async Task<IResult> RunHome(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "{home:maxlength(0)?}")] HttpRequest request, CancellationToken cancellation) =>
        await pages.ShowAsync<HomePage, HomeModel>(new HomeModel(await show.ListAsync(cancellation), request.ReceivedAt()));
}

public sealed record HomeModel(IReadOnlyList<Project> Projects, DateTimeOffset Now);
