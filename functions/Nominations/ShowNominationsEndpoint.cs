using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>What the secretariat reads of the nominations: everybody who was submitted, with what was sent and its documents.</summary>
public sealed class ShowNominationsEndpoint(
    IProjects projects, FindSamePeople findSamePeople, EarlierProjects earlierProjects, NominationTable table, OpenDocument open, Pages pages, Answers answers)
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
        Dictionary<string, IReadOnlyList<Refusal>> failures = [];
        IReadOnlyList<EarlierParticipation>? earlier = null;
        await foreach (DeskRows desk in table.ListAsync(parsed, cancellation))
        {
            // By the rules of today: a revision, or an earlier project that ended since, can make somebody ineligible who was not.
            earlier ??= await earlierProjects.FindAsync(desk.Desk, request.ReceivedAt(), cancellation);
            foreach (Nomination nomination in ReadNominations.SubmittedOf(desk))
            {
                found.Add(nomination);
                failures[nomination.Id] =
                [
                    .. desk.Desk.Eligibility.FindFailures(nomination.Entry, desk.Desk.Terms, earlier),
                    .. desk.Desk.Eligibility.FindMissing(nomination.Entry),
                    .. desk.Desk.Eligibility.FindDocumentFailures([.. desk.DocumentsOf(nomination.Id).Where(document => nomination.Documents.Any(sent => sent.Id == document.Id))], desk.Desk.Terms),
                    .. desk.Desk.Eligibility.EndorsementDays is not null && Endorsement.WhyNotEndorsed(nomination.Endorsement, nomination.Entry) is { } refusal ? [refusal] : Array.Empty<Refusal>(),
                ];
            }
        }

        return await pages.ShowAsync<NominationsPage, NominationsModel>(new NominationsModel(
            Caller.Of(request.HttpContext), project, found, await findSamePeople.RunAsync(parsed, found, cancellation), failures));
    }

    [Function("ReadDocument")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> RunDocument(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "secretariat/projects/{code}/nominations/{economy}/{id}/documents/{document}")] HttpRequest request,
        string code, string economy, string id, string document, CancellationToken cancellation) =>
        ProjectCode.TryParse(code, out ProjectCode parsed) &&
        await table.FindAsync(parsed, economy, cancellation) is { } desk &&
        await open.RunAsync(desk, id, document, Caller.Of(request.HttpContext).Actor, request.ReceivedAt(), cancellation) is var (found, content)
            ? DocumentAnswer.Of(request, found, content)
            : await answers.NotFoundAsync(request);
}

/// <param name="SamePeople">By nomination id: other nominations that may be of the same person.</param>
/// <param name="Failures">By nomination id: why somebody is not eligible.</param>
public sealed record NominationsModel(
    Caller Caller,
    Project Project,
    IReadOnlyList<Nomination> Nominations,
    IReadOnlyDictionary<string, IReadOnlyList<SamePerson>> SamePeople,
    IReadOnlyDictionary<string, IReadOnlyList<Refusal>> Failures);
