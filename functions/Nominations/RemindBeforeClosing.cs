using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Mail;
using Plenary.Notifications;

namespace Plenary.Nominations;

/// <summary>
/// The ladder before the closing. Steps in days: officers who have submitted nothing, or have something saved that is not submitted. Steps in
/// hours: whoever has an incomplete draft. Those of one economy are counted from its own closing, or from its national date.
/// </summary>
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

        if (step.Subject.Length > 0)
        {
            return await table.FindAsync(code, step.Subject, cancellation) is not { } own || !NominationMails.IsAnchor(own.Desk, step.AnchorTicks) ? Reminding.Skip("anchor-moved")
                : own.Desk.IsOver ? Reminding.Skip("not-invited")
                : now >= step.Anchor() ? Reminding.Skip("too-late")
                : new Reminding([.. Warn(own, step)]);
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
            if (step.Hours != 0)
            {
                owed.AddRange(desk.Desk.ClosesAt == project.ClosesAt && !desk.Desk.IsOver ? Warn(desk, step) : []);
            }
            else if (desk.Desk.WhyClosed(now) is null && NominationMails.StillOwes(desk))
            {
                owed.Add(new MailOwed(step.Project, NominationMails.Reminder, $"officer:{desk.Desk.Economy}", step.Project, NominationMails.VersionOf(step)));
            }
        }

        return new Reminding(owed);
    }

    /// <summary>The officer once for all incomplete drafts, and everybody who was asked to fill one in. Drafts begun after the step was due are too late for it.</summary>
    private static IEnumerable<MailOwed> Warn(DeskRows desk, ReminderDue step)
    {
        string project = desk.Desk.Project.ToString();
        string economy = desk.Desk.Economy;
        Nominee[] drafts = [.. desk.IncompleteDrafts(step.DueAt())];
        return
        [
            .. drafts.Length > 0 ? [new MailOwed(project, DraftMails.Warning, $"officer:{economy}", project, NominationMails.VersionOf(step))] : (MailOwed[])[],
            .. drafts.Where(draft => draft.Invitation is { IsRevoked: false } && desk.Desk.DraftersCloseAt.UtcTicks == step.AnchorTicks)
                .Select(draft => new MailOwed(project, DraftMails.Warning, $"drafter:{economy}/{draft.Id}", $"{economy}/{draft.Id}", NominationMails.VersionOf(step))),
        ];
    }
}
