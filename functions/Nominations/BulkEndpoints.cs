using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>What the page of a file shows.</summary>
/// <param name="Plan">Null before a file was sent.</param>
/// <param name="Content">The file as it was read, for the form that applies it.</param>
public sealed record BulkModel(DeskModel Desk, BulkPlan? Plan = null, string Content = "")
{
    /// <summary>By cell, in the order of the sheet; what is no cell's comes first.</summary>
    public IReadOnlyList<IGrouping<string, Refusal>> Problems => [.. (Plan?.Problems ?? []).GroupBy(problem => problem.Field ?? "")];
}

/// <summary>Many nominees from a spreadsheet: the templates, the look at what a file would make, and making it.</summary>
public sealed class BulkEndpoints(DeskPages pages, DeskDoor door, UploadForm forms, NominateInBulk bulk, NominationTable table, Answers answers)
{
    private const string Bulk = "desk/{project}/{economy}/bulk";
    private const string Field = "sheet";

    /// <summary>Shows the page; a file posted to it is looked at and changes nothing.</summary>
    [Function("NominateInBulk")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Check(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = Bulk)] HttpRequest request, string project, string economy, CancellationToken cancellation)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return await pages.EnterAsync(request, project, economy, cancellation) is { } entered
                ? await ShowAsync(new BulkModel(pages.Model(entered.Call, entered.Rows)))
                : await pages.ForbidAsync(request);
        }

        if (door.Find(request, project, economy) is not { } call)
        {
            return await pages.ForbidAsync(request);
        }

        Outcome<TypedSheet>? read = await forms.ReadAsync(request, call, Field, file => SheetFile.ReadAsync(file.Content, cancellation), cancellation);
        return read is null ? await pages.RefuseFormAsync(request) : await ShowPlanAsync(request, call, read, cancellation);
    }

    /// <summary>All nominees of the file that was looked at, or none.</summary>
    [Function("ApplyBulkNomination")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Apply(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Bulk + "/apply")] HttpRequest request, string project, string economy, CancellationToken cancellation)
    {
        (DeskCall? call, IFormCollection form, IResult? refused) = await pages.EnterFormAsync(request, project, economy, cancellation);
        if (call is null)
        {
            return refused ?? await pages.ForbidAsync(request);
        }

        Outcome<TypedSheet> read = SheetFile.ReadCsv(form.Text(Field));
        Outcome<BulkReceipt> outcome = read.TryGet(out TypedSheet? sheet)
            ? await bulk.ApplyAsync(call, sheet, cancellation)
            : Outcome<BulkReceipt>.Refused(read.Refusals);
        return outcome.TryGet(out BulkReceipt? receipt)
            ? Results.Redirect($"/desk/{call.Project}/{call.Economy}?done={(receipt.Desk.NeedsMoreThanWords ? "bulk-drafts" : "bulk")}")
            : await ShowPlanAsync(request, call, read, cancellation);
    }

    [Function("DownloadBulkTemplate")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Download(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Bulk + "/template/{format}")] HttpRequest request, string project, string economy, string format, CancellationToken cancellation)
    {
        if (await pages.EnterAsync(request, project, economy, cancellation) is not { } entered)
        {
            return await pages.ForbidAsync(request);
        }

        request.HttpContext.Response.Headers.ContentDisposition = new ContentDisposition { FileName = $"nominees.{format}" }.ToString();
        switch (format)
        {
            case "csv":
                return Results.Bytes(SheetFile.WriteCsvTemplate(entered.Rows.Desk.Eligibility), SheetFile.CsvType);
            case "xlsx":
                return Results.Bytes(SheetFile.WriteWorkbookTemplate(entered.Rows.Desk.Eligibility), SheetFile.WorkbookType);
            default:
                request.HttpContext.Response.Headers.Remove("Content-Disposition");
                return await pages.NotFoundAsync(request);
        }
    }

    /// <summary>The same for programs: the file is the body; with <c>dryRun=true</c> nothing is changed.</summary>
    [Function("NominateInBulkByApi")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> RunApi(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/projects/{project}/economies/{economy}/bulk-nominations")] HttpRequest request, string project, string economy, CancellationToken cancellation)
    {
        if (await door.FindForApiAsync(request, project, economy, cancellation) is not { } call)
        {
            return await answers.LinkForbiddenAsync(request);
        }

        Outcome<TypedSheet> read = await SheetFile.ReadAsync(request.Body, cancellation);
        if (!read.TryGet(out TypedSheet? sheet))
        {
            return await answers.RefuseAsync(request, read.Refusals);
        }

        if (request.Query["dryRun"] == "true")
        {
            Outcome<BulkPlan> planned = await bulk.PlanAsync(call, sheet, cancellation);
            return planned.TryGet(out BulkPlan? plan) && plan.Problems.Count == 0
                ? Answers.Ok(new { dryRun = true, nominations = plan.Made.Select(made => new { row = made.Row, rank = made.Rank, state = plan.State, name = made.Entry.Name }) })
                : await answers.RefuseAsync(request, plan?.Problems ?? planned.Refusals);
        }

        Outcome<BulkReceipt> outcome = await bulk.ApplyAsync(call, sheet, cancellation);
        return outcome.TryGet(out BulkReceipt? receipt)
            ? Answers.Ok(
                new { dryRun = false, nominations = receipt.Nominees.Select(nominee => new { id = nominee.Id, reference = nominee.Reference, state = nominee.State, name = nominee.DisplayName }) },
                receipt.IsNew ? 201 : 200)
            : await answers.RefuseAsync(request, outcome.Refusals);
    }

    private async Task<IResult> ShowPlanAsync(HttpRequest request, DeskCall call, Outcome<TypedSheet> read, CancellationToken cancellation)
    {
        Outcome<BulkPlan> planned = read.TryGet(out TypedSheet? sheet) ? await bulk.PlanAsync(call, sheet, cancellation) : Outcome<BulkPlan>.Refused(read.Refusals);
        if (sheet is null || !planned.TryGet(out BulkPlan? plan))
        {
            return await pages.RefuseAsync(request, call, planned.Refusals, desk => ShowAsync(new BulkModel(desk)), cancellation);
        }

        if (await table.FindAsync(call.Project, call.Economy, cancellation) is not { } rows)
        {
            return await pages.ForbidAsync(request);
        }

        // A sheet of forty rows can lack three hundred things: the summary counts them, the table below it names each.
        Refusal[] summary = plan.Problems.Count == 0
            ? []
            : [new Refusal(
                plan.Problems[0].Code,
                $"The file has {NumberWords.Within(plan.Problems.Count)} {(plan.Problems.Count == 1 ? "problem" : "problems")}. Nothing was changed.",
                "problems",
                "Correct what the table names, then send the file again.")];
        return await ShowAsync(new BulkModel(pages.Model(call, rows, summary), plan, plan.Problems.Count == 0 ? SheetFile.WriteCsv(sheet) : ""));
    }

    private Task<IResult> ShowAsync(BulkModel model) => pages.ShowAsync<BulkPage, BulkModel>(model, model.Desk.Errors);
}
