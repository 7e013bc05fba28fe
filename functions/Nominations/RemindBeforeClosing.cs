using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Mail;
using Plenary.Notifications;

namespace Plenary.Nominations;

/// <summary>The ladder before the closing: officers who have submitted nothing, or have something saved that is not submitted.</summary>
public sealed class RemindBeforeClosing(NominationTable table, IProjects projects) : IRemind
{
    public string Ladder => Ladders.Closing;

    public async Task<Reminding> WhoStillOwesAsync(ReminderDue step, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(step);
        ProjectCode code = ProjectCode.Parse(step.Project);
        Project? project = await projects.FindAsync(code, cancellation);
        if (project is null || project.State == ProjectState.Cancelled)
        {
            return Reminding.Skip("project-cancelled");
        }

        if (project.ClosesAt.UtcTicks != step.AnchorTicks)
        {
            return Reminding.Skip("anchor-moved");
        }

        if (now >= project.ClosesAt)
        {
            return Reminding.Skip("too-late");
        }

        List<MailOwed> owed = [];
        await foreach (DeskRows desk in table.ListAsync(code, cancellation))
        {
            // Under a closing in each nominator's zone an economy may be closed before the project is.
            if (desk.Desk.WhyClosed(now) is null && NominationMails.StillOwes(desk))
            {
                owed.Add(new MailOwed(step.Project, NominationMails.Reminder, $"officer:{desk.Desk.Economy}", step.Project, NominationMails.VersionOf(step)));
            }
        }

        return new Reminding(owed);
    }
}
