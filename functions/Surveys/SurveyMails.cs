using Plenary.Access;
using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Notifications;

namespace Plenary.Surveys;

/// <summary>Invitation to the survey and its reminders; never to someone whose right is spent.</summary>
public sealed class SurveyMails(IProjects projects, INominations nominations, IRegistry registry, SurveyRightTable rights, ILinks links) : IComposeMail
{
    public const string Invitation = "survey-invitation";
    public const string Reminder = "survey-reminder";

    public IReadOnlyCollection<string> Kinds { get; } = [Invitation, Reminder];

    public async Task<Composition> ComposeAsync(MailOwed owed, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(owed);
        ProjectCode code = ProjectCode.Parse(owed.Project);
        (string economy, string id) = CandidateId.Read(owed.Subject);
        if (await projects.FindAsync(code, cancellation) is not { } project ||
            await rights.FindSurveyAsync(code, cancellation) is not { } survey ||
            await nominations.FindAsync(code, economy, id, cancellation) is not { } nomination)
        {
            return Composition.Skip("record-gone");
        }

        if (now >= survey.ClosesAt)
        {
            return Composition.Skip("too-late");
        }

        string rowKey = SurveyRightTable.RightPrefix + Keys.Escape(owed.Subject);
        if ((await rights.ListRightsAsync(code, cancellation)).FirstOrDefault(row => row.Key.Row == rowKey)?.Body<SurveyRight>() is not { IsSpent: false })
        {
            return Composition.Skip("already-answered");
        }

        string address = await links.MintAsync(new Link(LinkPurpose.Survey, owed.Project, owed.Subject, 1, survey.ClosesAt), cancellation);
        string zone = (await registry.FindAsync(economy, cancellation))?.Economy.Zone ?? project.HostZone;
        bool isReminder = owed.Kind == Reminder;
        return new MailDraft(
            nomination.Email,
            nomination.Name,
            "en",
            $"{(isReminder ? "Still open: how" : "How")} was “{project.Notification.Title}”?",
            new MailBody()
                .Paragraph($"Dear {nomination.Name},")
                .Paragraph(isReminder
                    ? $"We have no answer from you yet about “{project.Notification.Title}” ({project.Code})."
                    : $"Thank you for taking part in “{project.Notification.Title}” ({project.Code}). Please tell us how it was: {survey.Questionnaire.Questions.Count} short questions.")
                .Link("Answer the survey", address)
                .Paragraph($"The survey is anonymous: we store that you have answered, and apart from it what was answered, with nothing that leads from one to the other. It is open until {ProjectCalendar.LastMoment(survey.ClosesAt, zone)}."));
    }
}

/// <summary>Whose right is not spent yet.</summary>
public sealed class SurveyReminders(SurveyRightTable rights, AnswerSurvey answer) : IRemind
{
    public string Ladder => Ladders.Survey;

    public async Task<Reminding> WhoStillOwesAsync(ReminderDue step, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(step);
        ProjectCode code = ProjectCode.Parse(step.Project);
        if (await rights.FindSurveyAsync(code, cancellation) is not { } survey || survey.OpenedAt.UtcTicks != step.AnchorTicks)
        {
            return Reminding.Skip("anchor-moved");
        }

        if (now >= survey.ClosesAt)
        {
            return Reminding.Skip("too-late");
        }

        await answer.FinishAsync(code, cancellation);
        string version = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{step.Days}");
        return new Reminding([.. (await rights.ListRightsAsync(code, cancellation))
            .Select(row => row.Body<SurveyRight>())
            .Where(right => !right.IsSpent)
            .Select(right => new MailOwed(step.Project, SurveyMails.Reminder, $"nominee:{right.Candidate}", right.Candidate, version))]);
    }
}
