using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Plenary.Domain;
using Plenary.Mail;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>
/// What all doors of the desk share: who may enter, and how a page is shown or shown again. A refused page is read anew, so it
/// says what is true now, with what was typed laid over it.
/// </summary>
public sealed class DeskPages(NominationTable table, IMailLedger mails, DeskDoor door, Pages pages, Answers answers)
{
    /// <summary>The caller of a page that only reads, with the desk; null for everybody else.</summary>
    public async Task<(DeskCall Call, DeskRows Rows)?> EnterAsync(HttpRequest request, string project, string economy, CancellationToken cancellation) =>
        door.Find(request, project, economy) is { } call && await FindAsync(call, cancellation) is { } rows ? (call, rows) : null;

    /// <summary>The caller of a form, checked by its token before anything else is read; otherwise the answer to give.</summary>
    public async Task<(DeskCall? Call, IFormCollection Form, IResult? Refused)> EnterFormAsync(HttpRequest request, string project, string economy, CancellationToken cancellation)
    {
        if (door.Find(request, project, economy) is not { } call)
        {
            return (null, FormCollection.Empty, await answers.LinkForbiddenAsync(request));
        }

        IFormCollection form = request.HasFormContentType ? await request.ReadFormAsync(cancellation) : FormCollection.Empty;
        return door.IsOurs(call, form[FormText.TokenField]) ? (call, form, null) : (null, form, await RefuseFormAsync(request));
    }

    public Task<IResult> RefuseFormAsync(HttpRequest request) => answers.RefuseAsync(
        request, new Refusal("form-forbidden", "This form was not made for you, or is too old.", Remedy: "Open the page again and send it from there."));

    public Task<IResult> ForbidAsync(HttpRequest request) => answers.LinkForbiddenAsync(request);

    public Task<IResult> NotFoundAsync(HttpRequest request) => answers.RefuseAsync(request, SaveNomination.NotFound);

    public DeskModel Model(DeskCall call, DeskRows rows, IReadOnlyList<Refusal>? errors = null)
    {
        ArgumentNullException.ThrowIfNull(call);
        return new DeskModel(rows, door.FormToken(call), call.ReceivedAt, errors ?? []);
    }

    public async Task<IResult> ShowListAsync(
        DeskCall call, DeskRows rows, CancellationToken cancellation, IReadOnlyList<Refusal>? errors = null, IReadOnlyDictionary<string, string>? typedRanks = null, string? done = null, string? typedDate = null)
    {
        DeskModel model = Model(call, rows, errors);
        IReadOnlyList<UndeliveredMail> undelivered = await mails.ListUndeliveredAsync(call.Project.ToString(), call.Economy, cancellation);
        return await ShowAsync<DeskPage, DeskListModel>(
            new DeskListModel(model, typedRanks ?? new Dictionary<string, string>(), Guid.NewGuid().ToString("N"), done, typedDate, undelivered), model.Errors);
    }

    public Task<IResult> ShowAsync<TPage, TModel>(TModel model, IReadOnlyList<Refusal> errors)
        where TPage : IComponent =>
        pages.ShowAsync<TPage, TModel>(model, errors.Count > 0 ? Answers.StatusOf(errors) : 200);

    /// <summary>The page of one step, whatever the state of the nominee.</summary>
    public Task<IResult> ShowStepAsync(DeskModel desk, Nominee nominee, string step, TypedNominee? typed = null, bool returnsToCheck = false, TypedDocument? document = null)
    {
        ArgumentNullException.ThrowIfNull(desk);
        NomineeModel model = new(desk, nominee, typed ?? TypedNominee.Of(nominee.Entry), step, returnsToCheck) { Document = document };
        return step switch
        {
            DeskSteps.Tasks => ShowAsync<TasksPage, NomineeModel>(model, desk.Errors),
            DeskSteps.Documents => ShowAsync<DocumentsPage, NomineeModel>(model, desk.Errors),
            DeskSteps.Endorsement => ShowAsync<EndorserPage, NomineeModel>(model, desk.Errors),
            DeskSteps.Check => ShowAsync<CheckPage, NomineeModel>(model, desk.Errors),
            _ => ShowAsync<StepPage, NomineeModel>(model, desk.Errors),
        };
    }

    /// <summary>After a refusal: the page again with the refusals, or the neutral answer when the link is the reason.</summary>
    public async Task<IResult> RefuseAsync(HttpRequest request, DeskCall call, IReadOnlyList<Refusal> refusals, Func<DeskModel, Task<IResult>> show, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(refusals);
        ArgumentNullException.ThrowIfNull(show);
        return refusals.Any(refusal => refusal.Code == DeskCall.LinkForbidden.Code) || await FindAsync(call, cancellation) is not { } rows
            ? await answers.LinkForbiddenAsync(request)
            : await show(Model(call, rows, refusals));
    }

    /// <summary>The same for a page of one nominee; of one who is not there, the refusals are all there is to show.</summary>
    public Task<IResult> RefuseAsync(HttpRequest request, DeskCall call, string nominee, IReadOnlyList<Refusal> refusals, Func<DeskModel, Nominee, Task<IResult>> show, CancellationToken cancellation) =>
        RefuseAsync(request, call, refusals, desk => desk.Rows.Find(nominee) is { } found ? show(desk, found) : answers.RefuseAsync(request, refusals), cancellation);

    private async Task<DeskRows?> FindAsync(DeskCall call, CancellationToken cancellation) =>
        await table.FindAsync(call.Project, call.Economy, cancellation) is { } rows && rows.Desk.LetsIn(call.Session.Generation, call.ReceivedAt) ? rows : null;
}
