using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared;
using Session = Plenary.Access.Session;

namespace Plenary.Nominations;

/// <summary>The page of the head of an agency: who is nominated, and the answer. Reading changes nothing; answering needs the code from the mail.</summary>
public sealed class EndorsementEndpoint(NominationTable table, AnswerEndorsement answerEndorsement, Sessions sessions, Pages pages, Answers answers)
{
    private const string Route = "endorsements/{project}/{economy}/{id}";

    [Function("ShowEndorsement")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, string project, string economy, string id, CancellationToken cancellation) =>
        await FindAsync(request, project, economy, id, cancellation) is { } model ? await ShowAsync(model) : await answers.LinkForbiddenAsync(request);

    [Function("AnswerEndorsement")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> RunAnswer(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, string project, string economy, string id, CancellationToken cancellation)
    {
        if (await FindAsync(request, project, economy, id, cancellation) is not { } found)
        {
            return await answers.LinkForbiddenAsync(request);
        }

        IFormCollection form = request.HasFormContentType ? await request.ReadFormAsync(cancellation) : FormCollection.Empty;
        if (!Sessions.IsFormToken(form[FormText.TokenField], found.FormToken))
        {
            return await answers.RefuseAsync(request, new Refusal("form-forbidden", "This form is too old or was not ours.", Remedy: "Open the link in the mail again."));
        }

        EndorsementModel typed = found with { Answer = form.Text("answer"), Reason = form.Text("reason") };
        List<Refusal> wrong = [];
        if (typed.Answer is not ("endorse" or "decline"))
        {
            wrong.Add(new Refusal("answer-missing", "No answer was chosen.", "answer", "Choose whether you endorse or decline."));
        }

        if (!sessions.IsCode(form.Text("code"), LinkPurpose.Endorsement, found.Desk.Project.ToString(), $"{economy}/{id}", found.Endorsement.Number))
        {
            wrong.Add(new Refusal("code-wrong", "This is not the code in the mail.", "code", "Copy the six characters from the newest mail you had from us."));

            // A machine that sends the form as it finds it types nothing, and locks nobody out.
            if (found is { Closed: null, Endorsement.State: EndorsementState.Asked } && form.Text("code").Length > 0 &&
                (await answerEndorsement.CountWrongCodeAsync(found.Desk.Project, economy, id, found.Endorsement.Number, request.ReceivedAt(), cancellation)) is { IsRefused: true } many)
            {
                wrong = [.. many.Refusals];
            }
        }

        if (wrong.Count > 0)
        {
            return await ShowAsync(typed with { Errors = wrong });
        }

        Outcome<Nominee> outcome = await answerEndorsement.RunAsync(
            found.Desk.Project, economy, id, found.Endorsement.Number, typed.Answer == "endorse", typed.Reason, request.ReceivedAt(), cancellation);
        if (!outcome.IsRefused)
        {
            return Results.Redirect($"/endorsements/{found.Desk.Project}/{economy}/{id}");
        }

        return outcome.Refusals[0].Code == DeskCall.LinkForbidden.Code
            ? await answers.LinkForbiddenAsync(request)
            : await ShowAsync(typed with { Errors = outcome.Refusals });
    }

    /// <summary>Null for everybody but the holder of a link of the present asking.</summary>
    private async Task<EndorsementModel?> FindAsync(HttpRequest request, string project, string economy, string id, CancellationToken cancellation)
    {
        Session? session = ProjectCode.TryParse(project, out ProjectCode code)
            ? sessions.Find(request, LinkPurpose.Endorsement, code.ToString(), $"{economy}/{id}", request.ReceivedAt())
            : null;
        return session is not null && await table.FindAsync(code, economy, cancellation) is { } rows &&
            rows.Find(id) is { State: not NomineeState.Withdrawn, Endorsement: { } endorsement } nominee && endorsement.Number == session.Generation
            ? new EndorsementModel(rows.Desk, nominee, endorsement, sessions.FormToken(session), rows.Admit(request.ReceivedAt(), id).Closed, [])
            : null;
    }

    private Task<IResult> ShowAsync(EndorsementModel model) =>
        pages.ShowAsync<EndorsementPage, EndorsementModel>(model, model.Errors.Count > 0 ? Answers.StatusOf(model.Errors) : 200);
}

/// <param name="Closed">Why no answer is taken any more; null while one is.</param>
/// <param name="Answer">As typed and refused.</param>
/// <param name="Reason">As typed and refused.</param>
public sealed record EndorsementModel(
    Desk Desk, Nominee Nominee, Endorsement Endorsement, string FormToken, Refusal? Closed, IReadOnlyList<Refusal> Errors, string Answer = "", string Reason = "");
