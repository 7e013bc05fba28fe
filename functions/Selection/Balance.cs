using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Selection;

/// <summary>The make-up of the list for those who decide, and beside it what the public would read.</summary>
public sealed class BalanceEndpoint(IProjects projects, IRegistry registry, SelectionTable selections, Pages pages, Answers answers)
{
    [Function("ShowBalance")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "secretariat/projects/{code}/selection/balance")] HttpRequest request, string code, CancellationToken cancellation) =>
        ProjectCode.TryParse(code, out ProjectCode parsed) && await projects.FindAsync(parsed, cancellation) is { } project &&
        (await selections.FindRowAsync(parsed, cancellation))?.Body<SelectionRecord>() is { } record
            ? await pages.ShowAsync<BalancePage, BalanceModel>(new BalanceModel(Caller.Of(request.HttpContext), project, record, await BalanceNames.ReadAsync(registry, cancellation)))
            : await answers.NotFoundAsync(request);
}

public sealed record BalanceModel(Caller Caller, Project Project, SelectionRecord Record, IReadOnlyDictionary<string, string> Economies);

/// <summary>The public copy, once the list is approved.</summary>
public sealed class BalanceSection(IRegistry registry, SelectionTable selections, Pages pages) : IProjectSection
{
    public int Order => 20;

    public async Task<string?> RenderAsync(Project project, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        return (await selections.FindRowAsync(project.Code, cancellation))?.Body<SelectionRecord>() is { Stage: SelectionStage.Approved } record
            ? await pages.RenderAsync<BalanceSectionView, BalanceSectionModel>(new BalanceSectionModel(project, record.Balance, await BalanceNames.ReadAsync(registry, cancellation)))
            : null;
    }
}

public sealed record BalanceSectionModel(Project Project, BalanceReport Balance, IReadOnlyDictionary<string, string> Economies);

/// <summary>What groups are called on pages.</summary>
internal static class BalanceNames
{
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(IRegistry registry, CancellationToken cancellation) =>
        (await registry.ListAsync(cancellation)).ToDictionary(entry => entry.Economy.Id, entry => entry.Economy.Name);

    /// <summary>The three tables with their names, in the order of pages.</summary>
    public static IReadOnlyList<(string Id, string Title, string Header, IReadOnlyList<BalanceRow> Rows, Func<string, string> NameOf)> TablesOf(BalanceReport balance, IReadOnlyDictionary<string, string> economies) =>
    [
        ("economies", "By economy", "Economy", balance.Economies, group => economies.GetValueOrDefault(group, group)),
        ("sectors", "By sector", "Sector", balance.Sectors, group => group.Length == 0 ? "Not given" : Sectors.WordsFor(group)),
        ("genders", "By gender, where given", "Gender", balance.Genders, group => group.Length == 0 ? "Not given" : Genders.WordsFor(group)),
    ];
}
