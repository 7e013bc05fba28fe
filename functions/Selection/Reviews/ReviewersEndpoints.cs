using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Selection;

/// <summary>The secretariat's page: who scores, how far they are, and what has come of it.</summary>
public sealed class ReviewersEndpoints(
    IProjects projects, IRegistry registry, INominations nominations, SelectionTable selections, AppointReviewer appoint, DismissReviewer dismiss, Pages pages, Sessions sessions, Answers answers)
{
    private const string List = "secretariat/projects/{code}/reviews";

    [Function("ShowReviewers")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = List)] HttpRequest request, string code, CancellationToken cancellation) =>
        ProjectCode.TryParse(code, out ProjectCode parsed) && await projects.FindAsync(parsed, cancellation) is { } project
            ? await ShowAsync(request, project, new Dictionary<string, string>(), [], cancellation)
            : await answers.NotFoundAsync(request);

    [Function("AppointReviewer")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> RunAppoint(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = List)] HttpRequest request, string code, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed) || await projects.FindAsync(parsed, cancellation) is not { } project)
        {
            return await answers.NotFoundAsync(request);
        }

        IFormCollection form = await request.ReadFormAsync(cancellation);
        Dictionary<string, string> typed = ((string[])[AppointReviewer.NameField, AppointReviewer.EmailField, AppointReviewer.EconomyField]).ToDictionary(field => field, form.Text);
        Outcome<Reviewer> outcome = await appoint.RunAsync(
            parsed, typed[AppointReviewer.NameField], typed[AppointReviewer.EmailField], typed[AppointReviewer.EconomyField], Caller.Of(request.HttpContext), request.ReceivedAt(), cancellation);
        return outcome.TryGet(out _) ? Results.Redirect($"/secretariat/projects/{parsed}/reviews") : await ShowAsync(request, project, typed, outcome.Refusals, cancellation);
    }

    [Function("DismissReviewer")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> RunDismiss(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = List + "/{reviewer}/dismiss")] HttpRequest request, string code, string reviewer, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed))
        {
            return await answers.NotFoundAsync(request);
        }

        Outcome<Reviewer> outcome = await dismiss.RunAsync(parsed, reviewer, Caller.Of(request.HttpContext), request.ReceivedAt(), cancellation);
        return outcome.TryGet(out _) ? Results.Redirect($"/secretariat/projects/{parsed}/reviews") : await answers.RefuseAsync(request, outcome.Refusals);
    }

    private async Task<IResult> ShowAsync(HttpRequest request, Project project, IReadOnlyDictionary<string, string> typed, IReadOnlyList<Refusal> refusals, CancellationToken cancellation)
    {
        ILookup<string, ScoreRecord> scores = (await selections.ListScoresAsync(project.Code, "", cancellation)).ToLookup(score => score.Candidate);
        List<ScoredNominee> nominees = [];
        await foreach (Nomination nomination in nominations.ListSubmittedAsync(project.Code, cancellation))
        {
            ScoreRecord[] own = [.. scores[CandidateId.Of(nomination.Economy, nomination.Id)]];
            ScoreRecord[] counted = [.. own.Where(score => !score.IsRecused)];
            nominees.Add(new ScoredNominee(nomination, project.Settings.Scoring.MeanOf(counted.Select(score => score.Marks)), counted.Length, own.Length - counted.Length));
        }

        Caller caller = Caller.Of(request.HttpContext);
        return await pages.ShowAsync<ReviewersPage, ReviewersModel>(
            new ReviewersModel(
                caller,
                sessions.FormToken(caller),
                project,
                await selections.ListReviewersAsync(project.Code, cancellation),
                nominees,
                [.. (await registry.ListAsync(cancellation)).Select(entry => entry.Economy)],
                typed,
                refusals),
            refusals.Count > 0 ? Answers.StatusOf(refusals) : 200);
    }
}

/// <param name="Mean">Null while nobody has scored.</param>
/// <param name="Reviewers">How many gave marks.</param>
/// <param name="Recused">How many stepped back.</param>
public sealed record ScoredNominee(Nomination Nomination, decimal? Mean, int Reviewers, int Recused);

public sealed record ReviewersModel(
    Caller Caller,
    string FormToken,
    Project Project,
    IReadOnlyList<Reviewer> Reviewers,
    IReadOnlyList<ScoredNominee> Nominees,
    IReadOnlyList<Economy> Economies,
    IReadOnlyDictionary<string, string> Typed,
    IReadOnlyList<Refusal> Errors);
