using Plenary.Domain;
using Plenary.Notifications;
using Plenary.Selection;

namespace Plenary.Nominations;

/// <summary>Who held a place in the earlier projects that a rule of this one speaks of: accepted, not given back, and the project is over.</summary>
public sealed class EarlierProjects(IProjects projects, ISelections selections)
{
    /// <summary>Empty without such a rule; nothing is read then.</summary>
    public async Task<IReadOnlyList<EarlierParticipation>> FindAsync(Desk desk, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(desk);
        if (desk.Eligibility.Participation is not { } rule)
        {
            return [];
        }

        List<EarlierParticipation> found = [];
        foreach (Project project in await projects.ListAsync(cancellation))
        {
            EarlierParticipation Of(string address) => new(address, project.Code.ToString(), project.Notification.Title, project.Notification.EndsOn);
            if (project.Code != desk.Project && project.State != ProjectState.Cancelled && project.EndsAt <= now && rule.Concerns(Of(""), desk.Terms))
            {
                found.AddRange((await selections.ListParticipantsAsync(project.Code, cancellation)).Select(participant => Of(NominationTable.NormalOf(participant.Email))));
            }
        }

        return found;
    }
}
