using Plenary.Domain;
using Plenary.Infra.Bus;
using Plenary.Mail;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Selection;

/// <summary>
/// Offers every selected nominee the place, and tells each economy what became of its nominees. Each offer is one transaction;
/// a crash in between is made good when the message comes again, and who has an offer is passed over.
/// </summary>
public sealed class MakeOffers(IProjects projects, SelectionTable selections, OfferWriter offers, IBus bus, TimeProvider clock)
{
    /// <summary>Offers have nothing to do with one another, but their partition takes only so many rows a second.</summary>
    private const int AtOnce = 16;

    public async Task RunAsync(SelectionApproved approved, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(approved);
        DateTimeOffset now = clock.GetUtcNow();
        ProjectCode code = ProjectCode.Parse(approved.Project);
        Project project = await projects.FindAsync(code, cancellation)
            ?? throw new InvalidOperationException($"Project {code} was approved but cannot be found.");
        if (project.State == ProjectState.Cancelled || now >= project.StartsAt)
        {
            return;
        }

        SelectionResult result = await selections.ReadResultAsync(code, approved.Digest, cancellation);
        HashSet<string> offered = [.. (await selections.ListOffersAsync(code, cancellation)).Select(offer => CandidateId.Of(offer.Economy, offer.NominationId))];
        IEnumerable<SelectionDecision> due = result.Decisions.Where(decision => decision.Kind == DecisionKind.Selected && !offered.Contains(decision.NominationId));
        foreach (SelectionDecision[] some in due.Chunk(AtOnce))
        {
            // A conflict means that a repeat of this message got there first.
            await Task.WhenAll(some.Select(decision => decision.Place is { } place
                ? offers.MakeAsync(project, decision, place, decision.ReasonCode, now, cancellation)
                : Task.CompletedTask));
        }

        // Mails owed twice are owed once: their ids follow from what they are about.
        MailOwed[] notices = [.. result.Decisions.Select(decision => decision.Economy).Distinct().Select(economy =>
            new MailOwed(approved.Project, SelectionMails.Result, $"officer:{economy}", economy, approved.Digest))];
        await bus.SendAsync(Queues.SendMail, [.. notices.Select(notice => new BusMessage($"mail-{notice.Id}", Envelope.Write(notice)))], cancellation);
    }
}
