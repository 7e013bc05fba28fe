using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Primitives;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Surveys;

public sealed class SurveyDueListener(OpenSurvey openSurvey)
{
    [Function("OpenSurvey")]
    public Task Run([ServiceBusTrigger(Queues.OpenSurvey, Connection = Queues.Connection)] string message, CancellationToken cancellation) =>
        openSurvey.RunAsync(Envelope.Read<SurveyDue>(message), cancellation);
}

public sealed class SurveyOverListener(CloseSurvey closeSurvey)
{
    [Function("CloseSurvey")]
    public Task Run([ServiceBusTrigger(Queues.CloseSurvey, Connection = Queues.Connection)] string message, CancellationToken cancellation) =>
        closeSurvey.RunAsync(Envelope.Read<SurveyOver>(message), cancellation);
}

/// <summary>The participant's form.</summary>
public sealed class AnswerSurveyEndpoint(IProjects projects, SurveyRightTable rights, AnswerSurvey answer, Pages pages, Sessions sessions, Answers answers)
{
    [Function("AnswerSurvey")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = "surveys/{code}/{economy}/{id}")] HttpRequest request, string code, string economy, string id, CancellationToken cancellation)
    {
        string candidate = CandidateId.Of(economy, id);
        if (!ProjectCode.TryParse(code, out ProjectCode parsed) ||
            sessions.Find(request, LinkPurpose.Survey, parsed.ToString(), candidate, request.ReceivedAt()) is not { } session ||
            await projects.FindAsync(parsed, cancellation) is not { } project ||
            await rights.FindSurveyAsync(parsed, cancellation) is not { } survey)
        {
            return await answers.LinkForbiddenAsync(request);
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            return await answer.WhyNotAsync(parsed, candidate, request.ReceivedAt(), cancellation) is { } refusal
                ? await answers.RefuseAsync(request, refusal)
                : await ShowAsync(project, survey, candidate, session, new Dictionary<string, string?>(), []);
        }

        IFormCollection form = await request.ReadFormAsync(cancellation);
        if (!Sessions.IsFormToken(form[FormText.TokenField], sessions.FormToken(session)))
        {
            return await answers.RefuseAsync(request, new Refusal("form-forbidden", "This form is too old or was not ours.", Remedy: "Open the link in the mail again."));
        }

        Dictionary<string, string?> fields = survey.Questionnaire.Questions.ToDictionary(question => question.Id, question => (string?)form[question.Id].ToString());
        Outcome<SurveyAnswers> outcome = await answer.RunAsync(parsed, candidate, fields, request.ReceivedAt(), cancellation);
        if (outcome.TryGet(out _))
        {
            return await pages.ShowAsync<SurveyThanksPage, SurveyThanksModel>(new SurveyThanksModel(project));
        }

        return Answers.StatusOf(outcome.Refusals) == 422
            ? await ShowAsync(project, survey, candidate, session, fields, outcome.Refusals)
            : await answers.RefuseAsync(request, outcome.Refusals);
    }

    private Task<IResult> ShowAsync(
        Project project, Survey survey, string candidate, Access.Session session, Dictionary<string, string?> fields, IReadOnlyList<Refusal> refusals) =>
        pages.ShowAsync<SurveyPage, SurveyModel>(
            new SurveyModel(project, survey, candidate, sessions.FormToken(session), fields, refusals), refusals.Count > 0 ? Answers.StatusOf(refusals) : 200);
}

public sealed record SurveyModel(
    Project Project, Survey Survey, string Candidate, string FormToken, IReadOnlyDictionary<string, string?> Given, IReadOnlyList<Refusal> Errors);

public sealed record SurveyThanksModel(Project Project);

/// <summary>The secretariat's view: the questionnaire before it opens, the response rate while it is open, then ratings as charts and tables, texts, and parts of them.</summary>
public sealed class ShowSurveyResultsEndpoint(
    IProjects projects, ReadSurveys surveys, FilterSurvey filterSurvey, ReplaceQuestionnaire replaceQuestionnaire, QuestionnaireTable questionnaires, SurveyRightTable rights, Pages pages, Sessions sessions, Answers answers)
{
    private static readonly string[] FilterFields = [AnswerFilter.QuestionField, AnswerFilter.FromField, AnswerFilter.ToField];

    [Function("ShowSurveyResults")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "secretariat/projects/{code}/survey")] HttpRequest request, string code, CancellationToken cancellation) =>
        ProjectCode.TryParse(code, out ProjectCode parsed) && await projects.FindAsync(parsed, cancellation) is { } project
            ? await ShowAsync(request, project, "", [], cancellation)
            : await answers.NotFoundAsync(request);

    [Function("FilterSurveyResults")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> RunFilter(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "secretariat/projects/{code}/survey/parts")] HttpRequest request, string code, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed) || await projects.FindAsync(parsed, cancellation) is not { } project)
        {
            return await answers.NotFoundAsync(request);
        }

        IFormCollection form = await request.ReadFormAsync(cancellation);
        Dictionary<string, string?> fields = FilterFields.ToDictionary(name => name, name => (string?)form[name].ToString());
        Outcome<int> outcome = await filterSurvey.RunAsync(parsed, fields, Caller.Of(request.HttpContext), request.ReceivedAt(), cancellation);
        return outcome.TryGet(out int number)
            ? Results.Redirect($"/secretariat/projects/{parsed}/survey?part={number}")
            : await ShowAsync(request, project, "", outcome.Refusals, cancellation, fields);
    }

    [Function("ReplaceQuestionnaire")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> RunReplace(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "secretariat/projects/{code}/survey")] HttpRequest request, string code, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed) || await projects.FindAsync(parsed, cancellation) is not { } project)
        {
            return await answers.NotFoundAsync(request);
        }

        IFormCollection form = await request.ReadFormAsync(cancellation);
        string json = form["questionnaire"].ToString();
        IFormFile? file = form.Files.GetFile("file");
        bool isTooLarge = file?.Length > ReplaceQuestionnaire.MostBytes;
        if (file is { Length: > 0 } && !isTooLarge)
        {
            using StreamReader reader = new(file.OpenReadStream(), Encoding.UTF8);
            json = await reader.ReadToEndAsync(cancellation);
        }

        Outcome<Questionnaire> outcome = isTooLarge
            ? new Refusal("questionnaire-too-large", "The file is larger than 1 MB.", Remedy: "Start from the questions below.")
            : await replaceQuestionnaire.RunAsync(parsed, json, cancellation);
        if (outcome.IsRefused)
        {
            return await ShowAsync(request, project, json, [.. outcome.Refusals.Select(refusal => refusal with { Field = "questionnaire" })], cancellation);
        }

        return Results.Redirect($"/secretariat/projects/{parsed}/survey");
    }

    [Function("ExportSurveyResults")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> RunExport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "secretariat/projects/{code}/survey.csv")] HttpRequest request, string code, CancellationToken cancellation) =>
        ProjectCode.TryParse(code, out ProjectCode parsed) && await FindResultsAsync(request, parsed, await surveys.ListFiltersAsync(parsed, cancellation), cancellation) is { } results
            ? Results.File(SurveyCsv.Write(results), "text/csv; charset=utf-8", $"{parsed}-survey.csv")
            : await answers.NotFoundAsync(request);

    /// <summary>The part whose number the address names, from 1; null for the whole.</summary>
    private static int? PartOf(HttpRequest request) =>
        request.Query.TryGetValue("part", out StringValues part) ? int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0 : null;

    private async Task<SurveyResults?> FindResultsAsync(HttpRequest request, ProjectCode code, IReadOnlyList<AnswerFilter> filters, CancellationToken cancellation) =>
        PartOf(request) is not { } part ? await surveys.FindResultsAsync(code, cancellation)
            : part >= 1 && part <= filters.Count ? await surveys.FindPartAsync(code, filters[part - 1], cancellation)
            : null;

    private async Task<IResult> ShowAsync(
        HttpRequest request,
        Project project,
        string json,
        IReadOnlyList<Refusal> refusals,
        CancellationToken cancellation,
        IReadOnlyDictionary<string, string?>? chosen = null)
    {
        Caller caller = Caller.Of(request.HttpContext);
        IReadOnlyList<AnswerFilter> filters = await surveys.ListFiltersAsync(project.Code, cancellation);
        SurveyResults? results = await FindResultsAsync(request, project.Code, filters, cancellation);
        if (results is null && PartOf(request) is not null)
        {
            return await answers.NotFoundAsync(request);
        }

        SurveyResultsModel model = new(
            caller,
            sessions.FormToken(caller),
            project,
            await rights.FindSurveyAsync(project.Code, cancellation),
            results,
            filters,
            PartOf(request),
            chosen ?? new Dictionary<string, string?>(),
            json.Length > 0 ? json : (await questionnaires.FindAsync(project.Code, cancellation)).ToJson(),
            refusals,
            request.ReceivedAt());
        return await pages.ShowAsync<SurveyResultsPage, SurveyResultsModel>(model, refusals.Count > 0 ? Answers.StatusOf(refusals) : 200);
    }
}

/// <param name="Filters">Those let through so far.</param>
/// <param name="Part">Number of the filter whose results these are, from 1; null for all answers.</param>
/// <param name="Chosen">What was chosen in the form that is shown again.</param>
public sealed record SurveyResultsModel(
    Caller Caller,
    string FormToken,
    Project Project,
    Survey? Survey,
    SurveyResults? Results,
    IReadOnlyList<AnswerFilter> Filters,
    int? Part,
    IReadOnlyDictionary<string, string?> Chosen,
    string QuestionnaireJson,
    IReadOnlyList<Refusal> Errors,
    DateTimeOffset Now)
{
    public bool IsOpen => Survey is { } survey && Now < survey.ResultsFrom;
}
