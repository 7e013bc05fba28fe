using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>The secretariat grants, sees and ends extensions.</summary>
public sealed class ExtensionEndpoints(
    IProjects projects, IRegistry registry, IExtensions extensions, GrantExtension grant, Sessions sessions, IOptions<OrganisationOptions> organisation, Pages pages, Answers answers)
{
    private const string Route = "secretariat/projects/{code}/extensions";

    private static readonly TypedExtension Nothing = new("", "", "", "", "1");

    [Function("GrantExtension")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = Route)] HttpRequest request, string code, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed) || await projects.FindAsync(parsed, cancellation) is not { } project)
        {
            return await answers.NotFoundAsync(request);
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            return await ShowAsync(request, project, Nothing, [], cancellation);
        }

        IFormCollection form = await request.ReadFormAsync(cancellation);
        TypedExtension typed = new(form.Text("economy"), form.Text("nominee"), form.Text("reason"), form.Text("until"), form.Text("uses"));
        Outcome<Extension> outcome = await grant.RunAsync(parsed, typed, organisation.Value.Zone, Caller.Of(request.HttpContext), request.ReceivedAt(), cancellation);
        return outcome.IsRefused
            ? await ShowAsync(request, project, typed, outcome.Refusals, cancellation)
            : Results.Redirect($"/secretariat/projects/{parsed}/extensions?done=granted");
    }

    [Function("EndExtension")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> End(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route + "/{economy}/{id}/end")] HttpRequest request, string code, string economy, string id, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed))
        {
            return await answers.NotFoundAsync(request);
        }

        Outcome<Extension> outcome = await grant.EndAsync(parsed, economy, id, Caller.Of(request.HttpContext), request.ReceivedAt(), cancellation);
        return outcome.IsRefused ? await answers.RefuseAsync(request, outcome.Refusals) : Results.Redirect($"/secretariat/projects/{parsed}/extensions?done=ended");
    }

    private async Task<IResult> ShowAsync(HttpRequest request, Project project, TypedExtension typed, IReadOnlyList<Refusal> errors, CancellationToken cancellation)
    {
        Caller caller = Caller.Of(request.HttpContext);
        IReadOnlyList<RegistryEntry> entries = await registry.ListAsync(cancellation);
        string? done = request.Query["done"].ToString() switch
        {
            "granted" => "The extension is granted, and its officer is written to.",
            "ended" => "The extension is ended.",
            _ => null,
        };
        ExtensionsModel model = new(
            caller,
            project,
            [.. entries.Where(entry => project.Notification.Participating.Includes(entry.Economy)).Select(entry => entry.Economy)],
            await extensions.ListExtensionsAsync(project.Code, cancellation),
            typed,
            sessions.FormToken(caller),
            request.ReceivedAt(),
            errors,
            done);
        return await pages.ShowAsync<ExtensionsPage, ExtensionsModel>(model, errors.Count > 0 ? Answers.StatusOf(errors) : 200);
    }
}

/// <param name="Typed">As just typed and refused, or nothing.</param>
public sealed record ExtensionsModel(
    Caller Caller,
    Project Project,
    IReadOnlyList<Economy> Economies,
    IReadOnlyList<DeskExtension> Extensions,
    TypedExtension Typed,
    string FormToken,
    DateTimeOffset Now,
    IReadOnlyList<Refusal> Errors,
    string? Done)
{
    /// <summary>How an extension stands, in a word or two.</summary>
    public string StateOf(Extension extension)
    {
        ArgumentNullException.ThrowIfNull(extension);
        return extension switch
        {
            { EndedAt: not null } => "Ended",
            { UsesLeft: <= 0 } => "Used up",
            _ => extension.IsOpenAt(Now) ? "Open" : "Run out",
        };
    }
}

/// <summary>Extensions on the project's page: how many, and the way to them.</summary>
public sealed class ExtensionsPanel(IExtensions extensions, Pages pages, TimeProvider clock) : IProjectPanel
{
    public int Order => 30;

    public async Task<string?> RenderAsync(Project project, Caller caller, string formToken, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        if (project.State == ProjectState.Issued)
        {
            return null;
        }

        IReadOnlyList<DeskExtension> granted = await extensions.ListExtensionsAsync(project.Code, cancellation);
        DateTimeOffset now = clock.GetUtcNow();
        return await pages.RenderAsync<ExtensionsPanelView, ExtensionsPanelModel>(new ExtensionsPanelModel(
            project, granted.Count, granted.Count(one => one.Extension.IsOpenAt(now)), granted.Sum(one => one.Extension.Uses.Count)));
    }
}

/// <param name="Late">Submissions that came in by them.</param>
public sealed record ExtensionsPanelModel(Project Project, int Granted, int Open, int Late);
