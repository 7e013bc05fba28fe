using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Blobs;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>What the secretariat reads of the nominations: everybody who was submitted, with what was sent and its documents.</summary>
public sealed class ShowNominationsEndpoint(IProjects projects, INominations nominations, FindSamePeople findSamePeople, NominationTable table, IBlobs blobs, Pages pages, Answers answers)
{
    [Function("ShowNominations")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "secretariat/projects/{code}/nominations")] HttpRequest request, string code, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed) || await projects.FindAsync(parsed, cancellation) is not { } project)
        {
            return await answers.NotFoundAsync(request);
        }

        List<Nomination> found = [];
        await foreach (Nomination nomination in nominations.ListSubmittedAsync(parsed, cancellation))
        {
            found.Add(nomination);
        }

        return await pages.ShowAsync<NominationsPage, NominationsModel>(new NominationsModel(
            Caller.Of(request.HttpContext), project, found, await findSamePeople.RunAsync(parsed, found, cancellation)));
    }

    [Function("ReadDocument")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> RunDocument(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "secretariat/projects/{code}/nominations/{economy}/{id}/documents/{document}")] HttpRequest request,
        string code, string economy, string id, string document, CancellationToken cancellation) =>
        ProjectCode.TryParse(code, out ProjectCode parsed) &&
        await table.FindAsync(parsed, economy, cancellation) is { } desk &&
        desk.FindDocument(id, document) is { State: DocumentState.Clean } found &&
        await blobs.OpenReadAsync(DocumentStore.Container, DocumentStore.BlobName(parsed, economy, found), cancellation) is { } content
            ? DocumentAnswer.Of(request, found, content)
            : await answers.NotFoundAsync(request);
}

/// <param name="SamePeople">By nomination id: other nominations that may be of the same person.</param>
public sealed record NominationsModel(
    Caller Caller, Project Project, IReadOnlyList<Nomination> Nominations, IReadOnlyDictionary<string, IReadOnlyList<SamePerson>> SamePeople);
