using System.Globalization;
using Plenary.Domain;
using Plenary.Infra.Bus;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Selection;

/// <summary>
/// Tells those whom a version concerns: participants that their sessions have moved, nominees with an open offer that it stands, ends earlier or is void.
/// Each change of an offer is one transaction with its mail; told again, nothing is owed twice.
/// </summary>
public sealed class TellParticipants(IProjects projects, SelectionTable selections, OfferWriter offers, IBus bus, TimeProvider clock)
{
    public async Task RunAsync(ProjectRevised revised, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(revised);
        DateTimeOffset now = clock.GetUtcNow();
        ProjectCode code = ProjectCode.Parse(revised.Project);
        Project project = await projects.FindAsync(code, cancellation)
            ?? throw new InvalidOperationException($"Project {code} was revised but cannot be found.");
        List<MailOwed> mails = [];
        foreach (string candidate in revised.Candidates)
        {
            if (await selections.Table.FindAsync(SelectionTable.OfferOf(code, candidate), cancellation) is not { } row)
            {
                continue;
            }

            OfferRecord before = row.Body<OfferRecord>();
            if (MailFor(project, before.Offer, candidate, now) is not { } mail)
            {
                continue;
            }

            if (before.Offer.State == OfferState.Made && (project.State == ProjectState.Cancelled || project.StartsAt < before.Offer.ExpiresAt))
            {
                await ChangeAsync(project, row, before, mail, now, cancellation);
            }
            else
            {
                mails.Add(mail);
            }
        }

        await bus.SendAsync(Queues.SendMail, [.. mails.Select(mail => mail.ToOwed()).Select(owed => new BusMessage(owed.Id, owed.Body))], cancellation);
    }

    private static MailOwed? MailFor(Project project, Offer offer, string candidate, DateTimeOffset now)
    {
        bool isCancelled = project.State == ProjectState.Cancelled;
        string? kind = offer.State switch
        {
            OfferState.Accepted => isCancelled ? SelectionMails.ParticipationCancelled : SelectionMails.ParticipationChanged,
            OfferState.Made when isCancelled => SelectionMails.OfferVoided,
            OfferState.Made when now < offer.ExpiresAt => SelectionMails.OfferChanged,
            _ => null,
        };
        string version = project.CalendarSequence.ToString(CultureInfo.InvariantCulture);
        return kind is null ? null : new MailOwed(project.Code.ToString(), kind, $"nominee:{candidate}", candidate, version);
    }

    private async Task ChangeAsync(Project project, Row row, OfferRecord before, MailOwed mail, DateTimeOffset now, CancellationToken cancellation)
    {
        bool isVoid = project.State == ProjectState.Cancelled;
        Outcome<Offer> outcome = isVoid ? before.Offer.Void(now) : before.Offer.Shorten(project.StartsAt);
        AuditEntry entry = new(now, "agenda", isVoid ? "offer-voided" : "offer-shortened", mail.Subject);
        if (!outcome.TryGet(out Offer? after) || !(await offers.SettleAsync(project, row, before, after, entry, [mail], cancellation)).IsDone)
        {
            // An answer came in between: the message comes again and finds it.
            throw new InvalidOperationException($"An offer of {project.Code} changed while it was revised.");
        }
    }
}
