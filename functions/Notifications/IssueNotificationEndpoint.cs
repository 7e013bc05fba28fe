using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Notifications;

public sealed class IssueNotificationEndpoint(IssueNotification issue, DraftTable drafts, CheckDraftEndpoint page, Answers answers)
{
    [Function("IssueNotification")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "secretariat/notifications/{id:length(32)}/issue")] HttpRequest request, string id, CancellationToken cancellation)
    {
        Caller caller = Caller.Of(request.HttpContext);
        if (await drafts.FindAsync(id, cancellation) is not { } draft)
        {
            return await answers.NotFoundAsync(request);
        }

        // What is on the screen is what is issued: corrections made since the last save are taken along.
        IFormCollection form = await request.ReadFormAsync(cancellation);
        draft = DraftForm.Apply(draft, form);
        await drafts.SaveAsync(draft, cancellation);
        Outcome<Project> outcome = await issue.RunAsync(id, form.Text("revision") == "yes", caller, request.ReceivedAt(), cancellation, form.Text("consequences"));
        return outcome.TryGet(out Project? project)
            ? Results.Redirect($"/secretariat/projects/{project.Code}")
            : await page.ShowAsync(draft, caller, request.ReceivedAt(), outcome.Refusals, Answers.StatusOf(outcome.Refusals), cancellation);
    }
}
