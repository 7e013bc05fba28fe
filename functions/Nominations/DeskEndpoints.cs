using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>The desk's pages for browsers: the list and its order, the steps of a nominee, submitting, withdrawing, the receipt.</summary>
public sealed class DeskEndpoints(DeskPages pages, SaveNomination save, SubmitNomination submit, WithdrawNomination withdraw, RankNominees rank)
{
    private const string Desk = "desk/{project}/{economy}";
    private const string OneNominee = Desk + "/nominees/{id}";

    [Function("ShowDesk")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Show(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Desk)] HttpRequest request, string project, string economy, CancellationToken cancellation)
    {
        if (await pages.EnterAsync(request, project, economy, cancellation) is not { } entered)
        {
            return await pages.ForbidAsync(request);
        }

        string? done = request.Query["done"].ToString() switch
        {
            "withdrawn" => "The nomination is withdrawn.",
            "removed" => "The draft is removed.",
            "ranked" => "The order is saved.",
            "national-date" => "Your national date is saved.",
            "passed-on" => "The place goes to the next in line.",
            "bulk" => "The nominees of your file are nominated.",
            "bulk-drafts" => "The nominees of your file are here as drafts. Complete each, then submit it.",
            _ => null,
        };
        return await pages.ShowListAsync(entered.Call, entered.Rows, cancellation, done: done);
    }

    [Function("SaveNomination")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Save(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = OneNominee + "/{step}")] HttpRequest request,
        string project,
        string economy,
        string id,
        string step,
        CancellationToken cancellation) =>
        HttpMethods.IsPost(request.Method)
            ? await SaveStepAsync(request, project, economy, id, step, cancellation)
            : await ShowStepAsync(request, project, economy, id, step, cancellation);

    [Function("SubmitNomination")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Submit(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = OneNominee + "/submit")] HttpRequest request, string project, string economy, string id, CancellationToken cancellation)
    {
        (DeskCall? call, _, IResult? refused) = await pages.EnterFormAsync(request, project, economy, cancellation);
        if (call is null)
        {
            return refused ?? await pages.ForbidAsync(request);
        }

        Outcome<Receipt> outcome = await submit.RunAsync(call, id, cancellation);
        return outcome.IsRefused
            ? await pages.RefuseAsync(
                request, call, id, outcome.Refusals, (desk, nominee) => pages.ShowStepAsync(desk, nominee, DeskSteps.Check), cancellation)
            : Results.Redirect($"/desk/{call.Project}/{call.Economy}/nominees/{id}/receipt");
    }

    [Function("WithdrawNomination")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Withdraw(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = OneNominee + "/withdraw")] HttpRequest request, string project, string economy, string id, CancellationToken cancellation)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return await ShowNomineeAsync<WithdrawPage>(request, project, economy, id, _ => true, cancellation);
        }

        (DeskCall? call, _, IResult? refused) = await pages.EnterFormAsync(request, project, economy, cancellation);
        if (call is null)
        {
            return refused ?? await pages.ForbidAsync(request);
        }

        Outcome<Nominee> outcome = await withdraw.RunAsync(call, id, cancellation);
        return outcome.TryGet(out Nominee? gone)
            ? Results.Redirect($"/desk/{call.Project}/{call.Economy}?done={(gone.State == NomineeState.Draft ? "removed" : "withdrawn")}")
            : await pages.RefuseAsync(
                request,
                call,
                id,
                outcome.Refusals,
                (desk, nominee) => pages.ShowAsync<WithdrawPage, NomineeModel>(new NomineeModel(desk, nominee, TypedNominee.Of(nominee.Entry), "withdraw"), desk.Errors),
                cancellation);
    }

    [Function("RankNominees")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Rank(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Desk + "/ranks")] HttpRequest request, string project, string economy, CancellationToken cancellation)
    {
        (DeskCall? call, IFormCollection form, IResult? refused) = await pages.EnterFormAsync(request, project, economy, cancellation);
        if (call is null)
        {
            return refused ?? await pages.ForbidAsync(request);
        }

        string[] move = form.Text("move").Split(':');
        Outcome<string[]> outcome = await rank.RunAsync(
            call,
            present => form.Text(OrderField) is { Length: > 0 } shown && shown != string.Join(' ', present) ? Ranking.WhyChanged()
                : move is [string direction, string id] ? Ranking.Move(present, id, direction == "up" ? -1 : 1).ToArray()
                : Ranking.FromNumbers([.. present.Select(nominee => (nominee, form.Text($"rank-{nominee}")))]),
            cancellation);
        return outcome.IsRefused
            ? await pages.RefuseAsync(
                request, call, outcome.Refusals, desk => pages.ShowListAsync(call, desk.Rows, cancellation, desk.Errors, TypedRanks(form)), cancellation)
            : Results.Redirect($"/desk/{call.Project}/{call.Economy}?done=ranked");
    }

    [Function("ShowReceipt")]
    [OpenTo(Audience.LinkHolder)]
    public Task<IResult> ShowReceipt(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = OneNominee + "/receipt")] HttpRequest request, string project, string economy, string id, CancellationToken cancellation) =>
        ShowNomineeAsync<ReceiptPage>(request, project, economy, id, nominee => nominee.Sent is not null, cancellation);

    /// <summary>The order that the list showed, as ids: one that has changed since is not overwritten unseen.</summary>
    internal const string OrderField = "shown";

    private static Dictionary<string, string> TypedRanks(IFormCollection form) => form
        .Where(field => field.Key.StartsWith("rank-", StringComparison.Ordinal))
        .ToDictionary(field => field.Key["rank-".Length..], field => field.Value.ToString(), StringComparer.Ordinal);

    private static TypedNominee Type(TypedNominee saved, string step, IFormCollection form) => step switch
    {
        DeskSteps.Person => saved with { Name = form.Text("name"), Email = form.Text("email"), Nationality = form.Text("nationality"), Gender = form.Text("gender"), BirthDate = form.Text("birthDate") },
        DeskSteps.Work => saved with
        {
            Position = form.Text("position"),
            Organisation = form.Text("organisation"),
            Sector = form.Text("sector"),
            YearsOfExperience = form.Text("yearsOfExperience"),
            Qualification = form.Text("qualification"),
        },
        DeskSteps.Statement => saved with
        {
            Statement = form.Text("statement"),
            Wishes = form.Text("wishes"),
            CourseCompleted = form.Text("courseCompleted"),
            TookPart = form.Text("tookPart"),
        },
        _ => saved,
    };

    private async Task<IResult> ShowStepAsync(HttpRequest request, string project, string economy, string id, string step, CancellationToken cancellation)
    {
        if (await pages.EnterAsync(request, project, economy, cancellation) is not { } entered)
        {
            return await pages.ForbidAsync(request);
        }

        bool isPage = DeskSteps.IsForm(step) || step is DeskSteps.Tasks or DeskSteps.Documents or DeskSteps.Check ||
            (step == DeskSteps.Endorsement && entered.Rows.Desk.Eligibility.EndorsementDays is not null);
        if (!isPage || entered.Rows.Find(id) is not { } nominee)
        {
            return await pages.NotFoundAsync(request);
        }

        DeskModel desk = pages.Model(entered.Call, entered.Rows);
        return DeskSteps.IsForm(step) && !new NomineeModel(desk, nominee, TypedNominee.Of(nominee.Entry), step).CanChange
            ? Results.Redirect(desk.PathOf(id, DeskSteps.Check))
            : await pages.ShowStepAsync(desk, nominee, step, returnsToCheck: request.Query["from"] == DeskSteps.Check);
    }

    private async Task<IResult> SaveStepAsync(HttpRequest request, string project, string economy, string id, string step, CancellationToken cancellation)
    {
        (DeskCall? call, IFormCollection form, IResult? refused) = await pages.EnterFormAsync(request, project, economy, cancellation);
        if (call is null)
        {
            return refused ?? await pages.ForbidAsync(request);
        }

        if (!DeskSteps.IsForm(step))
        {
            return await pages.NotFoundAsync(request);
        }

        if (id == "new")
        {
            return await StartAsync(request, call, form, cancellation);
        }

        bool returnsToCheck = form.Text("from") == DeskSteps.Check;
        Outcome<Nominee> outcome = await save.RunAsync(call, id, saved => Type(saved, step, form), cancellation);
        return outcome.IsRefused
            ? await pages.RefuseAsync(
                request,
                call,
                id,
                outcome.Refusals,
                (desk, nominee) => pages.ShowStepAsync(desk, nominee, step, Type(TypedNominee.Of(nominee.Entry), step, form), returnsToCheck),
                cancellation)
            : Results.Redirect($"/desk/{call.Project}/{call.Economy}/nominees/{id}/{(returnsToCheck ? DeskSteps.Check : DeskSteps.After(step))}");
    }

    private async Task<IResult> StartAsync(HttpRequest request, DeskCall call, IFormCollection form, CancellationToken cancellation)
    {
        // A form without its key still works; only pressing it twice is then two drafts.
        string key = form.Text("key") is { Length: > 0 and <= 100 } given && given.All(char.IsAsciiLetterOrDigit) ? $"form-{given}" : $"form-{Guid.NewGuid():N}";
        Outcome<Nominee> outcome = await save.StartAsync(call, key, cancellation);
        return outcome.TryGet(out Nominee? draft)
            ? Results.Redirect($"/desk/{call.Project}/{call.Economy}/nominees/{draft.Id}/{DeskSteps.Person}")
            : await pages.RefuseAsync(request, call, outcome.Refusals, desk => pages.ShowListAsync(call, desk.Rows, cancellation, desk.Errors), cancellation);
    }

    private async Task<IResult> ShowNomineeAsync<TPage>(HttpRequest request, string project, string economy, string id, Func<Nominee, bool> isThere, CancellationToken cancellation)
        where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        if (await pages.EnterAsync(request, project, economy, cancellation) is not { } entered)
        {
            return await pages.ForbidAsync(request);
        }

        return entered.Rows.Find(id) is { } nominee && isThere(nominee)
            ? await pages.ShowAsync<TPage, NomineeModel>(new NomineeModel(pages.Model(entered.Call, entered.Rows), nominee, TypedNominee.Of(nominee.Entry), ""), [])
            : await pages.NotFoundAsync(request);
    }
}
