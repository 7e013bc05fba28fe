using Plenary.Domain;

namespace Plenary.Notifications;

/// <summary>Issued projects, for every slice to read. Only this slice writes them.</summary>
public interface IProjects
{
    /// <summary>One point read. Null when no such project was issued.</summary>
    Task<Project?> FindAsync(ProjectCode code, CancellationToken cancellation);

    /// <summary>All issued projects, newest closing first.</summary>
    Task<IReadOnlyList<Project>> ListAsync(CancellationToken cancellation);
}

/// <summary>What projects need of a slice that shows something on their public page.</summary>
public interface IProjectSection
{
    /// <summary>Sections are shown in this order.</summary>
    int Order { get; }

    /// <summary>Finished HTML of the section, encoded by whoever made it; null when there is nothing to show.</summary>
    Task<string?> RenderAsync(Project project, CancellationToken cancellation);
}
