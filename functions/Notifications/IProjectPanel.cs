using Plenary.Access;
using Plenary.Domain;

namespace Plenary.Notifications;

/// <summary>What a slice shows on the secretariat's page of a project: where its stage stands and what can be done there.</summary>
public interface IProjectPanel
{
    /// <summary>Panels are shown in this order: circulation 10, nominations 20, closing 30, selection 40, offers 50, attendance 60, survey 70, outcome 80, mail 90.</summary>
    int Order { get; }

    /// <summary>Finished HTML, encoded by whoever made it; null when the stage has nothing to show yet. Forms in it carry <paramref name="formToken"/>.</summary>
    Task<string?> RenderAsync(Project project, Caller caller, string formToken, CancellationToken cancellation);
}
