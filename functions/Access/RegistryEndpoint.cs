using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Access;

/// <summary>The registry's pages: the list with its import, and one economy to edit.</summary>
public sealed class RegistryEndpoint(RegistryTable registry, ImportRegistry import, SaveOfficers save, Pages pages, Sessions sessions, Answers answers)
{
    private const int SpareRows = 2;

    [Function("ShowRegistry")]
    [OpenTo(Audience.Secretariat)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "secretariat/registry")] HttpRequest request, CancellationToken cancellation) =>
        ShowAsync(request, "", "", [], null, cancellation);

    [Function("ImportRegistry")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> RunImport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "secretariat/registry")] HttpRequest request, CancellationToken cancellation)
    {
        IFormCollection form = await request.ReadFormAsync(cancellation);
        string economies = await TextAsync(form, "economies", cancellation);
        string officers = await TextAsync(form, "officers", cancellation);
        Outcome<RegistryImported> outcome = await import.RunAsync(economies, officers, Caller.Of(request.HttpContext), request.ReceivedAt(), cancellation);
        return outcome.TryGet(out RegistryImported? imported)
            ? await ShowAsync(request, "", "", [], $"Imported {imported.Economies} economies and {imported.Officers} officers.", cancellation)
            : await ShowAsync(request, Again(economies), Again(officers), outcome.Refusals, null, cancellation);
    }

    [Function("EditOfficers")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> RunEdit(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = "secretariat/registry/{economy}")] HttpRequest request, string economy, CancellationToken cancellation)
    {
        Caller caller = Caller.Of(request.HttpContext);
        if (await registry.FindAsync(economy, cancellation) is not { } entry)
        {
            return await answers.NotFoundAsync(request);
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            return await pages.ShowAsync<OfficersPage, OfficersModel>(
                new OfficersModel(caller, sessions.FormToken(caller), entry, OfficersForm.Of(entry, SpareRows), entry.Economy.IsActive, []));
        }

        OfficersForm form = OfficersForm.Read(await request.ReadFormAsync(cancellation), entry.Officers.Count + SpareRows);
        bool isActive = form.IsActive;
        List<Refusal> refusals = [];
        IReadOnlyList<Officer> officers = form.ToOfficers(refusals);
        if (refusals.Count == 0)
        {
            Outcome<RegistryEntry> outcome = await save.RunAsync(economy, officers, isActive, caller, request.ReceivedAt(), cancellation);
            if (outcome.TryGet(out _))
            {
                return Results.Redirect("/secretariat/registry");
            }

            refusals.AddRange(outcome.Refusals);
        }

        return await pages.ShowAsync<OfficersPage, OfficersModel>(
            new OfficersModel(caller, sessions.FormToken(caller), entry, form, isActive, refusals), Answers.StatusOf(refusals));
    }

    /// <summary>What is refused for its size is not sent back: whoever has it has it in a file.</summary>
    private static string Again(string text) => text.Length > ImportRegistry.MostBytes ? "" : text;

    private static async Task<string> TextAsync(IFormCollection form, string name, CancellationToken cancellation)
    {
        if (form.Files.GetFile($"{name}File") is not { Length: > 0 } file)
        {
            return form[name].ToString();
        }

        using StreamReader reader = new(file.OpenReadStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellation);
    }

    private async Task<IResult> ShowAsync(
        HttpRequest request, string economies, string officers, IReadOnlyList<Refusal> refusals, string? done, CancellationToken cancellation)
    {
        Caller caller = Caller.Of(request.HttpContext);
        RegistryModel model = new(
            caller, sessions.FormToken(caller), await registry.ListAsync(cancellation), DateOnly.FromDateTime(request.ReceivedAt().UtcDateTime), economies, officers, refusals, done);
        return await pages.ShowAsync<RegistryPage, RegistryModel>(model, refusals.Count > 0 ? Answers.StatusOf(refusals) : 200);
    }
}

public sealed record RegistryModel(
    Caller Caller, string FormToken, IReadOnlyList<RegistryEntry> Entries, DateOnly Today, string Economies, string Officers, IReadOnlyList<Refusal> Errors, string? Done);

public sealed record OfficersModel(Caller Caller, string FormToken, RegistryEntry Entry, OfficersForm Form, bool IsActive, IReadOnlyList<Refusal> Errors);
