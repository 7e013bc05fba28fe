using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Mail;

/// <summary>The secretariat's page of a project's mails: how many of which kind stand where, and which need a person.</summary>
public sealed class ShowMailEndpoint(IProjects projects, IMailLedger ledger, IReminders reminders, Pages pages, Answers answers)
{
    private const int MostTroubles = 200;

    [Function("ShowMail")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "secretariat/projects/{code}/mail")] HttpRequest request, string code, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed) || await projects.FindAsync(parsed, cancellation) is not { } project)
        {
            return await answers.NotFoundAsync(request);
        }

        string name = project.Code.ToString();
        List<MailIntent> troubles = await ledger.ListAsync(name, cancellation).Where(intent => intent.NeedsAPerson).Take(MostTroubles).ToListAsync(cancellation);
        return await pages.ShowAsync<MailPage, MailModel>(new MailModel(
            Caller.Of(request.HttpContext), project, await ledger.CountAsync(name, cancellation), troubles, await reminders.ListAsync(name, cancellation)));
    }
}

public sealed record MailModel(
    Caller Caller, Project Project, IReadOnlyList<MailCount> Counts, IReadOnlyList<MailIntent> Troubles, IReadOnlyList<ReminderTaken> Reminders);
