using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>The liaison officer names the head of an agency and has them asked. The page itself is a step of the nominee.</summary>
public sealed class AskEndorserEndpoint(DeskPages pages, AskEndorser askEndorser)
{
    [Function("AskEndorser")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "desk/{project}/{economy}/nominees/{id}/endorsement")] HttpRequest request, string project, string economy, string id, CancellationToken cancellation)
    {
        (DeskCall? call, IFormCollection form, IResult? refused) = await pages.EnterFormAsync(request, project, economy, cancellation);
        if (call is null)
        {
            return refused ?? await pages.ForbidAsync(request);
        }

        (string name, string email) = (form.Text("endorserName"), form.Text("endorserEmail"));
        Outcome<Nominee> outcome = await askEndorser.RunAsync(call, id, name, email, cancellation);
        return outcome.IsRefused
            ? await pages.RefuseAsync(
                request,
                call,
                id,
                outcome.Refusals,
                (desk, nominee) => pages.ShowAsync<EndorserPage, NomineeModel>(new NomineeModel(desk, nominee, TypedNominee.Of(nominee.Entry), DeskSteps.Endorsement) { Endorser = (name, email) }, desk.Errors),
                cancellation)
            : Results.Redirect($"/desk/{call.Project}/{call.Economy}/nominees/{id}/{DeskSteps.Endorsement}");
    }
}
