using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Selection;

/// <summary>A reviewer's own pages: the list, and one nominee after the other.</summary>
public sealed class ReviewEndpoints(ReadReview read, SaveScore save, Pages pages, Sessions sessions, Answers answers)
{
    private const string List = "reviews/{code}/{reviewer}";
    private const string One = List + "/nominees/{number}";

    [Function("ShowReview")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = List)] HttpRequest request, string code, string reviewer, CancellationToken cancellation) =>
        await EnterAsync(request, code, reviewer, cancellation) is { } entered
            ? await pages.ShowAsync<ReviewPage, ReviewDesk>(entered.Desk)
            : await answers.LinkForbiddenAsync(request);

    [Function("ShowReviewedNominee")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> RunOne(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = One)] HttpRequest request, string code, string reviewer, string number, CancellationToken cancellation)
    {
        if (await EnterAsync(request, code, reviewer, cancellation) is not { } entered)
        {
            return await answers.LinkForbiddenAsync(request);
        }

        // Nominees of the own economy are not on the desk: theirs is an address like one that never was.
        return entered.Desk.Nominees.FirstOrDefault(entry => entry.Number == number) is { } entry
            ? await ShowAsync(entered.Desk, entry, entered.Session, MarksOf(entry), [])
            : await answers.NotFoundAsync(request);
    }

    [Function("ScoreNominee")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> RunScore(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = One)] HttpRequest request, string code, string reviewer, string number, CancellationToken cancellation)
    {
        if (await EnterAsync(request, code, reviewer, cancellation) is not { } entered)
        {
            return await answers.LinkForbiddenAsync(request);
        }

        IFormCollection form = await request.ReadFormAsync(cancellation);
        if (!Sessions.IsFormToken(form[FormText.TokenField], sessions.FormToken(entered.Session)))
        {
            return await answers.RefuseAsync(request, new Refusal("form-forbidden", "This form is too old or was not ours.", Remedy: "Open the link in the mail again."));
        }

        Dictionary<int, string> marks = Enumerable.Range(1, ScoringPlan.MostPhases).ToDictionary(phase => phase, phase => form.Text(FieldOf(phase)));
        Outcome<ScoreRecord> outcome = await save.RunAsync(
            entered.Desk.Project.Code, reviewer, number, form.Text("answer") == "step-back" ? null : marks, request.ReceivedAt(), cancellation);
        return outcome.TryGet(out _) ? Results.Redirect($"/reviews/{entered.Desk.Project.Code}/{reviewer}")
            : Answers.StatusOf(outcome.Refusals) == 422 && entered.Desk.Nominees.FirstOrDefault(entry => entry.Number == number) is { } entry
            ? await ShowAsync(entered.Desk, entry, entered.Session, marks, outcome.Refusals)
            : await answers.RefuseAsync(request, outcome.Refusals);
    }

    internal static string FieldOf(int phase) => string.Create(CultureInfo.InvariantCulture, $"{SaveScore.PhasePrefix}{phase}");

    private static Dictionary<int, string> MarksOf(BlindEntry entry) => (entry.Score?.Marks ?? [])
        .Select((mark, index) => (Phase: index + 1, Text: mark?.ToString(CultureInfo.InvariantCulture) ?? ""))
        .ToDictionary(mark => mark.Phase, mark => mark.Text);

    private Task<IResult> ShowAsync(ReviewDesk desk, BlindEntry entry, Access.Session session, IReadOnlyDictionary<int, string> marks, IReadOnlyList<Refusal> refusals) =>
        pages.ShowAsync<ScorePage, ScoreModel>(new ScoreModel(desk, entry, marks, sessions.FormToken(session), refusals), refusals.Count > 0 ? Answers.StatusOf(refusals) : 200);

    private async Task<(ReviewDesk Desk, Access.Session Session)?> EnterAsync(HttpRequest request, string code, string reviewer, CancellationToken cancellation) =>
        ProjectCode.TryParse(code, out ProjectCode parsed) &&
        sessions.Find(request, LinkPurpose.Review, parsed.ToString(), reviewer, request.ReceivedAt()) is { } session &&
        await read.RunAsync(parsed, reviewer, request.ReceivedAt(), cancellation) is { } desk
            ? (desk, session)
            : null;
}

/// <param name="Marks">As typed, or as given before, by phase number.</param>
public sealed record ScoreModel(ReviewDesk Desk, BlindEntry Entry, IReadOnlyDictionary<int, string> Marks, string FormToken, IReadOnlyList<Refusal> Errors);
