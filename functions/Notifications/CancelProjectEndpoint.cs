using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Notifications;

/// <summary>The page that shows what cancelling a project would do, and does it.</summary>
public sealed class CancelProjectEndpoint(CancelProject cancel, Pages pages, Sessions sessions, Answers answers)
{
    [Function("CancelProject")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = "secretariat/projects/{code}/cancel")] HttpRequest request, string code, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed))
        {
            return await answers.NotFoundAsync(request);
        }

        Caller caller = Caller.Of(request.HttpContext);
        if (!HttpMethods.IsPost(request.Method))
        {
            return await ShowAsync(request, parsed, caller, "", [], cancellation);
        }

        IFormCollection form = await request.ReadFormAsync(cancellation);
        string reason = form.Text(ProjectChoices.ReasonField);
        Outcome<Project> outcome = await cancel.RunAsync(parsed, reason, form.Text("consequences"), caller, request.ReceivedAt(), cancellation);
        return outcome.TryGet(out _)
            ? Results.Redirect($"/secretariat/projects/{parsed}")
            : await ShowAsync(request, parsed, caller, reason, outcome.Refusals, cancellation);
    }

    private async Task<IResult> ShowAsync(HttpRequest request, ProjectCode code, Caller caller, string reason, IReadOnlyList<Refusal> refusals, CancellationToken cancellation) =>
        await cancel.PreviewAsync(code, request.ReceivedAt(), cancellation) is var (project, consequences)
            ? await pages.ShowAsync<CancelPage, CancelModel>(
                new CancelModel(caller, sessions.FormToken(caller), project, consequences, reason, refusals), refusals.Count > 0 ? Answers.StatusOf(refusals) : 200)
            : await answers.NotFoundAsync(request);
}

public sealed record CancelModel(Caller Caller, string FormToken, Project Project, Consequences Consequences, string Reason, IReadOnlyList<Refusal> Errors);
