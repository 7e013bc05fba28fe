using System.Globalization;
using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Mail;
using Plenary.Notifications;

namespace Plenary.Selection;

/// <summary>Who has an open offer and has not answered.</summary>
public sealed class OfferReminders(SelectionTable selections) : IRemind
{
    public string Ladder => Ladders.Offer;

    public async Task<Reminding> WhoStillOwesAsync(ReminderDue step, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(step);
        ProjectCode code = ProjectCode.Parse(step.Project);
        if (await selections.FindOfferAsync(code, step.Subject, cancellation) is not { } record || record.Offer.ExpiresAt.UtcTicks != step.AnchorTicks)
        {
            return Reminding.Skip("anchor-moved");
        }

        if (now >= record.Offer.ExpiresAt)
        {
            return Reminding.Skip("too-late");
        }

        string version = string.Create(CultureInfo.InvariantCulture, $"{record.Number}{step.Days:+0;-0}");
        return record.Offer.State == OfferState.Made
            ? new Reminding([new MailOwed(step.Project, SelectionMails.OfferReminder, $"nominee:{step.Subject}", step.Subject, version)])
            : new Reminding([]);
    }
}

/// <summary>Confirmed participants, before the start.</summary>
public sealed class StartReminders(IProjects projects, ISelections selections) : IRemind
{
    public string Ladder => Ladders.Start;

    public async Task<Reminding> WhoStillOwesAsync(ReminderDue step, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(step);
        ProjectCode code = ProjectCode.Parse(step.Project);
        if (await projects.FindAsync(code, cancellation) is not { State: not ProjectState.Cancelled } project || project.StartsAt.UtcTicks != step.AnchorTicks)
        {
            return Reminding.Skip("anchor-moved");
        }

        if (now >= project.StartsAt)
        {
            return Reminding.Skip("too-late");
        }

        string version = string.Create(CultureInfo.InvariantCulture, $"{step.AnchorTicks}{step.Days:+0;-0}");
        IReadOnlyList<Participant> participants = await selections.ListParticipantsAsync(code, cancellation);
        return new Reminding([.. participants.Select(participant =>
            new MailOwed(step.Project, SelectionMails.StartReminder, $"nominee:{participant.Candidate}", participant.Candidate, version))]);
    }
}
