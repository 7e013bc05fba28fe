using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>The economy's own date, and links for the people it concerns.</summary>
public sealed class DeskDatesEndpoint(DeskPages pages, SetNationalDate setNationalDate, InviteDrafter inviteDrafter, RevokeDraftLink revokeDraftLink)
{
    [Function("SetNationalDate")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Set(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "desk/{project}/{economy}/national-date")] HttpRequest request, string project, string economy, CancellationToken cancellation)
    {
        (DeskCall? call, IFormCollection form, IResult? refused) = await pages.EnterFormAsync(request, project, economy, cancellation);
        if (call is null)
        {
            return refused ?? await pages.ForbidAsync(request);
        }

        string typed = form.Text(SetNationalDate.Field);
        Outcome<Desk> outcome = await setNationalDate.RunAsync(call, typed, cancellation);
        return outcome.IsRefused
            ? await pages.RefuseAsync(request, call, outcome.Refusals, desk => pages.ShowListAsync(call, desk.Rows, cancellation, desk.Errors, typedDate: typed), cancellation)
            : Results.Redirect($"/desk/{call.Project}/{call.Economy}?done=national-date");
    }

    [Function("InviteDrafter")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Invite(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "desk/{project}/{economy}/nominees/{id}/invite")] HttpRequest request, string project, string economy, string id, CancellationToken cancellation)
    {
        (DeskCall? call, IFormCollection form, IResult? refused) = await pages.EnterFormAsync(request, project, economy, cancellation);
        if (call is null)
        {
            return refused ?? await pages.ForbidAsync(request);
        }

        Outcome<Nominee> outcome = await inviteDrafter.RunAsync(call, id, form.Text(InviteDrafter.Field), cancellation);
        return outcome.IsRefused
            ? await pages.RefuseAsync(
                request, call, id, outcome.Refusals, (desk, nominee) => pages.ShowStepAsync(desk, nominee, DeskSteps.Tasks), cancellation)
            : Results.Redirect($"/desk/{call.Project}/{call.Economy}/nominees/{id}/{DeskSteps.Tasks}");
    }
    [Function("RevokeDraftLink")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Revoke(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "desk/{project}/{economy}/nominees/{id}/revoke-link")] HttpRequest request, string project, string economy, string id, CancellationToken cancellation)
    {
        (DeskCall? call, _, IResult? refused) = await pages.EnterFormAsync(request, project, economy, cancellation);
        if (call is null)
        {
            return refused ?? await pages.ForbidAsync(request);
        }

        Outcome<Nominee> outcome = await revokeDraftLink.RunAsync(call, id, cancellation);
        return outcome.IsRefused
            ? await pages.RefuseAsync(
                request, call, id, outcome.Refusals, (desk, nominee) => pages.ShowStepAsync(desk, nominee, DeskSteps.Tasks), cancellation)
            : Results.Redirect($"/desk/{call.Project}/{call.Economy}/nominees/{id}/{DeskSteps.Tasks}");
    }
}
