using Plenary.Access;
using Plenary.Domain;

namespace Plenary.Notifications;

/// <summary>Everything the public may read of a project.</summary>
/// <param name="EconomyNames">Display names by economy id.</param>
/// <param name="Sections">HTML of other slices' sections, such as the outcome.</param>
public sealed record ProjectView(
    Project Project, IReadOnlyList<ProjectVersion> Versions, IReadOnlyDictionary<string, string> EconomyNames, IReadOnlyList<string> Sections)
{
    /// <summary>When the page was asked for; the data in JSON do not depend on it.</summary>
    public DateTimeOffset Now { get; init; }

    public bool IsOpen => Now < Project.ClosesAt;

    public string NameOf(string economyId) => EconomyNames.GetValueOrDefault(economyId, economyId);
}

/// <summary>Finds a project for its public page.</summary>
public sealed class ShowProject(ProjectTable projects, IRegistry registry, IEnumerable<IProjectSection> sections)
{
    public async Task<ProjectView?> FindAsync(string code, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed) || await projects.FindAsync(parsed, cancellation) is not { } project)
        {
            return null;
        }

        Task<IReadOnlyList<ProjectVersion>> versions = projects.ListVersionsAsync(parsed, cancellation);
        IReadOnlyList<RegistryEntry> entries = await registry.ListAsync(cancellation);
        List<string> rendered = [];
        foreach (IProjectSection section in sections.OrderBy(section => section.Order))
        {
            if (await section.RenderAsync(project, cancellation) is { } html)
            {
                rendered.Add(html);
            }
        }

        return new ProjectView(project, await versions, entries.ToDictionary(entry => entry.Economy.Id, entry => entry.Economy.Name), rendered);
    }

    public Task<IReadOnlyList<Project>> ListAsync(CancellationToken cancellation) => projects.ListAsync(cancellation);
}
