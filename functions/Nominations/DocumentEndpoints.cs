using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;

namespace Plenary.Nominations;

/// <summary>Documents of a nominee: uploaded part by part as they arrive, handed out only when clean and never to be shown in place.</summary>
public sealed class DocumentEndpoints(DeskPages pages, DeskDoor door, UploadForm forms, UploadDocument upload, RemoveDocument remove, OpenDocument open)
{
    private const string OneNominee = "desk/{project}/{economy}/nominees/{id}";

    [Function("UploadDocument")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Upload(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = OneNominee + "/documents")] HttpRequest request, string project, string economy, string id, CancellationToken cancellation)
    {
        if (door.Find(request, project, economy) is not { } call)
        {
            return await pages.ForbidAsync(request);
        }

        TypedDocument typed = new();
        Outcome<NomineeDocument>? outcome = await forms.ReadAsync(
            request, call, "document", file => upload.RunAsync(call, id, file, cancellation), cancellation, typed);
        return outcome switch
        {
            null => await pages.RefuseFormAsync(request),
            { IsRefused: true } => await pages.RefuseAsync(
                request, call, id, outcome.Refusals, (desk, nominee) => pages.ShowStepAsync(desk, nominee, DeskSteps.Documents, document: typed), cancellation),
            _ => Results.Redirect($"/desk/{call.Project}/{call.Economy}/nominees/{id}/{DeskSteps.Documents}"),
        };
    }

    [Function("RemoveDocument")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Remove(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = OneNominee + "/documents/{document}/remove")] HttpRequest request, string project, string economy, string id, string document, CancellationToken cancellation)
    {
        (DeskCall? call, _, IResult? refused) = await pages.EnterFormAsync(request, project, economy, cancellation);
        if (call is null)
        {
            return refused ?? await pages.ForbidAsync(request);
        }

        Outcome<Nominee> outcome = await remove.RunAsync(call, id, document, cancellation);
        return outcome.IsRefused
            ? await pages.RefuseAsync(
                request, call, id, outcome.Refusals, (desk, nominee) => pages.ShowStepAsync(desk, nominee, DeskSteps.Documents), cancellation)
            : Results.Redirect($"/desk/{call.Project}/{call.Economy}/nominees/{id}/{DeskSteps.Documents}");
    }

    [Function("DownloadDocument")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Download(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = OneNominee + "/documents/{document}")] HttpRequest request, string project, string economy, string id, string document, CancellationToken cancellation)
    {
        if (await pages.EnterAsync(request, project, economy, cancellation) is not { } entered)
        {
            return await pages.ForbidAsync(request);
        }

        return await open.RunAsync(entered.Rows, id, document, entered.Call.Actor, entered.Call.ReceivedAt, cancellation) is var (found, content)
            ? DocumentAnswer.Of(request, found, content)
            : await pages.NotFoundAsync(request);
    }
}
