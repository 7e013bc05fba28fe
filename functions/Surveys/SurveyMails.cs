using Plenary.Access;
using Plenary.Agenda;
using Plenary.Domain;
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

    public async Task<Composition> ComposeAsync(MailOwed owed, DateTimeOffset now, CancellationToken cancellation) =>
        (await ComposeAllAsync([owed], now, cancellation))[0];

    public async Task<IReadOnlyList<Composition>> ComposeAllAsync(IReadOnlyList<MailOwed> owed, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(owed);
        ProjectCode code = ProjectCode.Parse(owed[0].Project);
        string[] candidates = [.. owed.Select(mail => mail.Subject)];

        // Side by side: the mails wait for as long as the slowest of these takes, not for one after the other.
        Task<Project?> findProject = projects.FindAsync(code, cancellation);
        Task<Survey?> findSurvey = rights.FindSurveyAsync(code, cancellation);
        Task<IReadOnlySet<string>> findUnspent = rights.FindUnspentAsync(code, candidates, cancellation);
        Task<IReadOnlyDictionary<string, Nomination>> findNominations = nominations.FindAllAsync(code, candidates, cancellation);
        Task<IReadOnlyList<RegistryEntry>> listEntries = registry.ListAsync(cancellation);
        await Task.WhenAll(findProject, findSurvey, findUnspent, findNominations, listEntries);
        Project? project = await findProject;
        Survey? survey = await findSurvey;
        IReadOnlySet<string> unspent = await findUnspent;
        IReadOnlyDictionary<string, Nomination> found = await findNominations;
        IReadOnlyList<RegistryEntry> entries = await listEntries;
        return await Task.WhenAll(owed.Select(async mail =>
            project is null || survey is null || found.GetValueOrDefault(mail.Subject) is not { } nomination ? Composition.Skip("record-gone")
            : now >= survey.ClosesAt ? Composition.Skip("too-late")
            : !unspent.Contains(mail.Subject) ? Composition.Skip("already-answered")
            : Write(
                project,
                survey,
                nomination,
                entries.FirstOrDefault(entry => entry.Economy.Id == nomination.Economy)?.Economy.Zone ?? project.HostZone,
                await links.MintAsync(new Link(LinkPurpose.Survey, mail.Project, mail.Subject, 1, survey.ClosesAt), cancellation),
                mail.Kind == Reminder)));
    }

    private static MailDraft Write(Project project, Survey survey, Nomination nomination, string zone, string address, bool isReminder) => new(
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
