using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>The two buttons beside a place that fell free.</summary>
public sealed class ReplacementEndpoint(DeskPages pages, NameReplacement replacement)
{
    [Function("NameReplacement")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "desk/{project}/{economy}/replacements/{former}")] HttpRequest request,
        string project,
        string economy,
        string former,
        CancellationToken cancellation)
    {
        (DeskCall? call, IFormCollection form, IResult? refused) = await pages.EnterFormAsync(request, project, economy, cancellation);
        if (call is null)
        {
            return refused ?? await pages.ForbidAsync(request);
        }

        string desk = $"/desk/{call.Project}/{call.Economy}";
        if (form.Text("answer") == "nobody")
        {
            Outcome<Vacancy> passed = await replacement.PassOnAsync(call, former, cancellation);
            return passed.IsRefused ? await RefuseAsync(request, call, passed.Refusals, cancellation) : Results.Redirect($"{desk}?done=passed-on");
        }

        Outcome<Nominee> started = await replacement.StartAsync(call, former, cancellation);
        return started.TryGet(out Nominee? draft)
            ? Results.Redirect($"{desk}/nominees/{draft.Id}/{DeskSteps.Person}")
            : await RefuseAsync(request, call, started.Refusals, cancellation);
    }

    private Task<IResult> RefuseAsync(HttpRequest request, DeskCall call, IReadOnlyList<Refusal> refusals, CancellationToken cancellation) =>
        pages.RefuseAsync(request, call, refusals, desk => pages.ShowListAsync(call, desk.Rows, cancellation, desk.Errors), cancellation);
}
