using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Selection;

public sealed class ProposeSelectionEndpoint(ProposeSelection propose, Answers answers)
{
    [Function("ProposeSelection")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "secretariat/projects/{code}/selection/propose")] HttpRequest request, string code, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed))
        {
            return await answers.NotFoundAsync(request);
        }

        Outcome<SelectionRecord> outcome = await propose.RunAsync(parsed, Caller.Of(request.HttpContext), request.ReceivedAt(), cancellation);
        return outcome.TryGet(out _) ? Results.Redirect($"/secretariat/projects/{parsed}/selection") : await answers.RefuseAsync(request, outcome.Refusals);
    }
}

public sealed class ApproveSelectionEndpoint(ApproveSelection approve, Answers answers)
{
    [Function("ApproveSelection")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "secretariat/projects/{code}/selection/approve")] HttpRequest request, string code, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed))
        {
            return await answers.NotFoundAsync(request);
        }

        IFormCollection form = await request.ReadFormAsync(cancellation);
        Outcome<SelectionRecord> outcome = await approve.RunAsync(parsed, form.Text("digest"), Caller.Of(request.HttpContext), request.ReceivedAt(), cancellation);
        return outcome.TryGet(out _) ? Results.Redirect($"/secretariat/projects/{parsed}/selection") : await answers.RefuseAsync(request, outcome.Refusals);
    }
}

/// <summary>The proposal or the approved list, with everybody's reason and the state of the offers.</summary>
public sealed class ShowSelectionEndpoint(IProjects projects, INominations nominations, SelectionTable selections, Pages pages, Sessions sessions, Answers answers)
{
    [Function("ShowSelection")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "secretariat/projects/{code}/selection")] HttpRequest request, string code, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed) || await projects.FindAsync(parsed, cancellation) is not { } project)
        {
            return await answers.NotFoundAsync(request);
        }

        Caller caller = Caller.Of(request.HttpContext);
        SelectionRecord? record = (await selections.FindRowAsync(parsed, cancellation))?.Body<SelectionRecord>();
        SelectionResult? result = record is null ? null : await selections.ReadResultAsync(parsed, record.Digest, cancellation);
        Dictionary<string, Nomination> people = [];
        await foreach (Nomination nomination in nominations.ListSubmittedAsync(parsed, cancellation))
        {
            people[CandidateId.Of(nomination.Economy, nomination.Id)] = nomination;
        }

        Dictionary<string, OfferRecord> offers = (await selections.ListOffersAsync(parsed, cancellation))
            .ToDictionary(offer => CandidateId.Of(offer.Economy, offer.NominationId));
        return await pages.ShowAsync<SelectionPage, SelectionModel>(
            new SelectionModel(caller, sessions.FormToken(caller), project, record, result, people, offers, request.ReceivedAt()));
    }
}

public sealed record SelectionModel(
    Caller Caller,
    string FormToken,
    Project Project,
    SelectionRecord? Record,
    SelectionResult? Result,
    IReadOnlyDictionary<string, Nomination> People,
    IReadOnlyDictionary<string, OfferRecord> Offers,
    DateTimeOffset Now);

/// <summary>The nominee's own page: what is offered, until when, and the answer.</summary>
public sealed class OfferEndpoint(IProjects projects, IRegistry registry, INominations nominations, SelectionTable selections, AnswerOffer answerOffer, Pages pages, Sessions sessions, Answers answers)
{
    [Function("ShowOffer")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "offers/{code}/{economy}/{id}")] HttpRequest request, string code, string economy, string id, CancellationToken cancellation) =>
        await FindAsync(request, code, economy, id, cancellation) is { } found
            ? await ShowAsync(found.Project, found.Offer, found.Session, [], cancellation)
            : await answers.LinkForbiddenAsync(request);

    [Function("AnswerOffer")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> RunAnswer(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "offers/{code}/{economy}/{id}")] HttpRequest request, string code, string economy, string id, CancellationToken cancellation)
    {
        if (await FindAsync(request, code, economy, id, cancellation) is not { } found)
        {
            return await answers.LinkForbiddenAsync(request);
        }

        IFormCollection form = await request.ReadFormAsync(cancellation);
        if (!Sessions.IsFormToken(form[FormText.TokenField], sessions.FormToken(found.Session)))
        {
            return await answers.RefuseAsync(request, new Refusal("form-forbidden", "This form is too old or was not ours.", Remedy: "Open the link in the mail again."));
        }

        if (!Enum.TryParse(form.Text("answer"), ignoreCase: true, out OfferAnswer answer) || !Enum.IsDefined(answer))
        {
            return await ShowAsync(found.Project, found.Offer, found.Session, [new Refusal("answer-missing", "No answer was chosen.", "answer", "Choose whether you accept or decline.")], cancellation);
        }

        Outcome<OfferRecord> outcome = await answerOffer.RunAsync(found.Project.Code, CandidateId.Of(economy, id), answer, request.ReceivedAt(), cancellation);
        return outcome.TryGet(out _)
            ? Results.Redirect($"/offers/{found.Project.Code}/{economy}/{id}")
            : await ShowAsync(found.Project, found.Offer, found.Session, outcome.Refusals, cancellation);
    }

    private async Task<(Project Project, OfferRecord Offer, Access.Session Session)?> FindAsync(HttpRequest request, string code, string economy, string id, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed))
        {
            return null;
        }

        string candidate = CandidateId.Of(economy, id);
        Access.Session? session = sessions.Find(request, LinkPurpose.Offer, parsed.ToString(), candidate, request.ReceivedAt());
        return session is not null &&
            await selections.FindOfferAsync(parsed, candidate, cancellation) is { } offer && offer.Number == session.Generation &&
            await projects.FindAsync(parsed, cancellation) is { } project
            ? (project, offer, session)
            : null;
    }

    private async Task<IResult> ShowAsync(Project project, OfferRecord offer, Access.Session session, IReadOnlyList<Refusal> refusals, CancellationToken cancellation)
    {
        Nomination? nomination = await nominations.FindAsync(project.Code, offer.Economy, offer.NominationId, cancellation);
        RegistryEntry? entry = await registry.FindAsync(offer.Economy, cancellation);
        return await pages.ShowAsync<OfferPage, OfferModel>(
            new OfferModel(project, offer, nomination?.Name ?? "", entry?.Economy.Zone ?? project.HostZone, sessions.FormToken(session), refusals),
            refusals.Count > 0 ? Answers.StatusOf(refusals) : 200);
    }
}

public sealed record OfferModel(Project Project, OfferRecord Offer, string Name, string Zone, string FormToken, IReadOnlyList<Refusal> Errors);
