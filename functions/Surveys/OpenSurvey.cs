using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Infra.Bus;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Notifications;
using Plenary.Selection;
using Plenary.Shared;

namespace Plenary.Surveys;

/// <summary>
/// Opens the survey after the last session: a right to answer for every participant, then the survey itself with its reminders,
/// then an invitation to each. A crash in between is made good when the message comes again.
/// </summary>
public sealed class OpenSurvey(
    IProjects projects, ISelections selections, SurveyRightTable rights, QuestionnaireTable questionnaires, IDecisions decisions, IBus bus, TimeProvider clock)
{
    public async Task RunAsync(SurveyDue due, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(due);
        ProjectCode code = ProjectCode.Parse(due.Project);
        if (await projects.FindAsync(code, cancellation) is not { } project || project.State == ProjectState.Cancelled ||
            project.EndsAt.UtcTicks != due.EndsAtTicks)
        {
            return;
        }

        DateTimeOffset now = await clock.WaitUntilAsync(project.EndsAt, $"The end of {code}", cancellation);
        IReadOnlyList<Participant> participants = await selections.ListParticipantsAsync(code, cancellation);
        Survey? survey = await rights.FindSurveyAsync(code, cancellation);
        if (survey is null)
        {
            await GrantAsync(code, participants, cancellation);
            survey = new Survey(
                due.Project, await questionnaires.FindAsync(code, cancellation), now, now + project.Settings.SurveyOpen, project.Settings.MinimumGroup, participants.Count);
            Batch opening = new Batch(SurveyRightTable.PartitionOf(code))
                .Insert(Row.Of(SurveyRightTable.SurveyOf(code), survey))
                .Audit(new AuditEntry(now, "agenda", "survey-opened", due.Project))
                .Owe(new Owed(Queues.CloseSurvey, $"survey-over-{code}", Envelope.Write(new SurveyOver(due.Project)), survey.ResultsFrom))
                .Owe(ReminderDue.Plan(due.Project, Ladders.Survey, "", project.Settings.SurveyReminderDays, now, now));
            if (!(await decisions.CommitAsync(rights.Table, opening, now, cancellation)).IsDone)
            {
                throw new InvalidOperationException($"The survey of {code} was opened twice at once; the message comes again.");
            }
        }

        IEnumerable<MailOwed> invitations = participants.Select(person =>
            new MailOwed(due.Project, SurveyMails.Invitation, $"nominee:{person.Candidate}", person.Candidate, "1"));
        await bus.SendAsync(Queues.SendMail, MailsOwed.ToMessages(invitations), cancellation);
    }

    /// <summary>Gives everybody who has none yet a right to answer. Never writes one again: whoever runs beside us may have opened the survey, and answers may be in.</summary>
    private async Task GrantAsync(ProjectCode code, IReadOnlyList<Participant> participants, CancellationToken cancellation)
    {
        IReadOnlyList<Row> there = await rights.ListRightsAsync(code, cancellation);
        HashSet<string> granted = [.. there.Select(row => row.Body<SurveyRight>().Candidate)];
        int part = there.Select(row => row.Key.Partition).Distinct().Count();
        foreach (Participant[] people in participants.Where(person => !granted.Contains(person.Candidate)).Chunk(SurveyRightTable.PeoplePerPartition))
        {
            Batch batch = new(SurveyRightTable.PartitionOf(code, ++part));
            foreach (Participant person in people)
            {
                batch.Insert(Row.Of(SurveyRightTable.RightOf(code, part, person.Candidate), new SurveyRight(person.Candidate, false, null), ("IsSpent", false)));
            }

            if (!(await rights.Table.CommitAsync(batch, cancellation)).IsDone)
            {
                throw new InvalidOperationException($"The survey of {code} is being opened twice at once; the message comes again.");
            }
        }
    }
}
