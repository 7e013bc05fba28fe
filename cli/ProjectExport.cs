using System.Text.Json;
using Plenary.Agenda;
using Plenary.Attendance;
using Plenary.Closing;
using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Publishing;
using Plenary.Selection;
using Plenary.Surveys;

namespace Plenary.Cli;

/// <summary>
/// One project as JSON Lines, each with its kind, in the order of the stores' keys and without anything that a store makes up by itself. It is
/// read through what the slices publish, so it says what the app would say.
/// </summary>
internal static class ProjectExport
{
    /// <returns>How many lines.</returns>
    public static async Task<int> WriteAsync(Operation operation, Project project, TextWriter writer, CancellationToken cancellation, Action<string, long>? said = null)
    {
        int lines = 0;
        ProjectCode code = project.Code;
        await LineAsync("project", project);
        if (await operation.Get<IClosings>().FindAsync(code, cancellation) is { } closing)
        {
            await LineAsync("closing", closing);
        }

        await foreach (Nomination nomination in operation.Get<INominations>().ListSubmittedAsync(code, cancellation))
        {
            await LineAsync("nomination", nomination);
        }

        await LineAsync("offers", (await operation.Get<ISelections>().CountOffersAsync(code, cancellation)).OrderBy(pair => pair.Key).ToDictionary());
        foreach (Participant participant in await operation.Get<ISelections>().ListParticipantsAsync(code, cancellation))
        {
            await LineAsync("participant", participant);
        }

        foreach ((string candidate, int sessions) in (await operation.Get<IAttendance>().ListAttendedAsync(code, cancellation)).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            await LineAsync("attendance", new { candidate, sessions });
        }

        if (await operation.Get<ISurveys>().FindResultsAsync(code, cancellation) is { } results)
        {
            await LineAsync("survey", results);
        }

        if (await operation.Get<OutcomeTable>().FindAsync(code, cancellation) is { } outcome)
        {
            await LineAsync("outcome", outcome);
        }

        await foreach (MailIntent mail in operation.Get<IMailLedger>().ListAsync(code.ToString(), cancellation))
        {
            await LineAsync("mail", mail);
        }

        foreach (ReminderTaken reminder in (await operation.Get<IReminders>().ListAsync(code.ToString(), cancellation)).OrderBy(taken => ReminderTable.KeyOf(taken.Step).Row, StringComparer.Ordinal))
        {
            await LineAsync("reminder", reminder);
        }

        return lines;

        async Task LineAsync<T>(string kind, T value)
        {
            await writer.WriteAsync(JsonSerializer.Serialize(new { kind, value }, Row.Json));
            await writer.WriteAsync("\n");
            lines++;
            if (lines % 500 == 0)
            {
                said?.Invoke("Lines", lines);
            }
        }
    }
}
