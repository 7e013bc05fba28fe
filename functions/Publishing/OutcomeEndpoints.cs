using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Publishing;

/// <summary>The page on which the secretariat reads the figures, corrects the draft of the news and publishes both.</summary>
public sealed class PublishOutcomeEndpoint(
    IProjects projects, CountFigures count, DraftOutcome draft, PublishOutcome publish, Pages pages, Sessions sessions, Answers answers)
{
    [Function("PublishOutcome")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = "secretariat/projects/{code}/outcome")] HttpRequest request, string code, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed) || await projects.FindAsync(parsed, cancellation) is not { } project)
        {
            return await answers.NotFoundAsync(request);
        }

        Caller caller = Caller.Of(request.HttpContext);
        if (!HttpMethods.IsPost(request.Method))
        {
            (string headline, string text) = await draft.RunAsync(project, cancellation);
            return await ShowAsync(project, caller, headline, text, [], cancellation);
        }

        IFormCollection form = await request.ReadFormAsync(cancellation);
        Outcome<PublishedOutcome> outcome = await publish.RunAsync(project, form.Text("headline"), form["text"].ToString(), caller, request.ReceivedAt(), cancellation);
        return outcome.TryGet(out _)
            ? Results.Redirect($"/projects/{parsed}")
            : await ShowAsync(project, caller, form.Text("headline"), form["text"].ToString(), outcome.Refusals, cancellation);
    }

    private async Task<IResult> ShowAsync(Project project, Caller caller, string headline, string text, IReadOnlyList<Refusal> refusals, CancellationToken cancellation) =>
        await pages.ShowAsync<OutcomePage, OutcomeModel>(
            new OutcomeModel(caller, sessions.FormToken(caller), project, await count.RunAsync(project, cancellation), headline, text, refusals),
            refusals.Count > 0 ? Answers.StatusOf(refusals) : 200);
}

public sealed record OutcomeModel(
    Caller Caller, string FormToken, Project Project, ProjectFigures Figures, string Headline, string Text, IReadOnlyList<Refusal> Errors);

/// <summary>The published figures as data.</summary>
public sealed class OutcomeFilesEndpoint(OutcomeTable outcomes, Answers answers)
{
    [Function("ShowOutcomeAsJson")]
    [OpenTo(Audience.Public)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/projects/{code}/outcome")] HttpRequest request, string code, CancellationToken cancellation) =>
        ProjectCode.TryParse(code, out ProjectCode parsed) && await outcomes.FindAsync(parsed, cancellation) is { } outcome
            ? Answers.Ok(new
            {
                project = parsed.ToString(),
                outcome.PublishedAt,
                outcome.Version,
                figures = outcome.Figures.ToFigures().ToDictionary(figure => figure.Key, figure => figure.Value),
                news = new { outcome.Headline, outcome.Paragraphs },
            })
            : await answers.RefuseAsync(request, new Refusal("outcome-not-found", "Nothing has been published about this project yet."));

    [Function("ShowOutcomeAsCsv")]
    [OpenTo(Audience.Public)]
    public async Task<IResult> RunCsv(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "projects/{code}/outcome.csv")] HttpRequest request, string code, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed) || await outcomes.FindAsync(parsed, cancellation) is not { } outcome)
        {
            return await answers.NotFoundAsync(request);
        }

        StringBuilder text = new("project,figure,value\r\n");
        foreach (Figure figure in outcome.Figures.ToFigures())
        {
            text.Append(CultureInfo.InvariantCulture, $"{parsed},{figure.Key},{figure.Value}\r\n");
        }

        return Results.File([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())], "text/csv; charset=utf-8", $"{parsed}-outcome.csv");
    }
}
