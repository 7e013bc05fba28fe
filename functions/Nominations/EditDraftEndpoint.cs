using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>The form of a nominee or agency: one draft, saved and taken up again from any device; it closes with the national date.</summary>
public sealed class EditDraftEndpoint(NominationTable table, DeskDoor door, SaveNomination save, Pages pages, Answers answers)
{
    [Function("EditDraft")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = "drafts/{project}/{economy}/{id}")] HttpRequest request, string project, string economy, string id, CancellationToken cancellation)
    {
        if (door.FindDrafter(request, project, economy, id) is not { } call)
        {
            return await answers.LinkForbiddenAsync(request);
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            return await ShowAsync(request, call, id, null, [], request.Query["done"] == "saved", cancellation);
        }

        IFormCollection form = request.HasFormContentType ? await request.ReadFormAsync(cancellation) : FormCollection.Empty;
        if (!door.IsOurs(call, form[FormText.TokenField]))
        {
            return await answers.RefuseAsync(request, new Refusal("form-forbidden", "This form is too old or was not ours.", Remedy: "Open the link in the mail again."));
        }

        TypedNominee typed = new()
        {
            Name = form.Text("name"),
            Email = form.Text("email"),
            Nationality = form.Text("nationality"),
            BirthDate = form.Text("birthDate"),
            Position = form.Text("position"),
            Organisation = form.Text("organisation"),
            Sector = form.Text("sector"),
            YearsOfExperience = form.Text("yearsOfExperience"),
            Qualification = form.Text("qualification"),
            Statement = form.Text("statement"),
            CourseCompleted = form.Text("courseCompleted"),
            TookPart = form.Text("tookPart"),
            Wishes = form.Text("wishes"),
        };
        Outcome<Nominee> outcome = await save.RunAsync(call, id, _ => typed, cancellation);
        return outcome.IsRefused
            ? await ShowAsync(request, call, id, typed, outcome.Refusals, false, cancellation)
            : Results.Redirect($"/drafts/{call.Project}/{call.Economy}/{id}?done=saved");
    }

    private async Task<IResult> ShowAsync(HttpRequest request, DeskCall call, string id, TypedNominee? typed, IReadOnlyList<Refusal> errors, bool isSaved, CancellationToken cancellation)
    {
        if (await table.FindAsync(call.Project, call.Economy, cancellation) is not { } rows || !rows.Desk.LetsIn(call.Session.Generation, call.ReceivedAt) || rows.Find(id) is not { } nominee)
        {
            return await answers.LinkForbiddenAsync(request);
        }

        return rows.WhyRevoked(call) is { } revoked
            ? await answers.RefuseAsync(request, revoked)
            : await pages.ShowAsync<DraftFormPage, DraftFormModel>(
                new DraftFormModel(rows, nominee, typed ?? TypedNominee.Of(nominee.Entry), door.FormToken(call), call, errors, isSaved), errors.Count > 0 ? Answers.StatusOf(errors) : 200);
    }
}

/// <param name="Typed">What the fields show: as saved, or as just typed and refused.</param>
public sealed record DraftFormModel(DeskRows Rows, Nominee Nominee, TypedNominee Typed, string FormToken, DeskCall Call, IReadOnlyList<Refusal> Errors, bool IsSaved)
{
    public Desk Desk => Rows.Desk;

    public bool CanChange => Nominee.State == NomineeState.Draft && Rows.Admit(Call, Nominee.Id).Closed is null;
}
