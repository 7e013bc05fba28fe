using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Selection;

/// <summary>Lets somebody score; which nominees are closed to them is settled and recorded here, before they have seen any.</summary>
public sealed class AppointReviewer(IProjects projects, IRegistry registry, SelectionTable selections, IDecisions decisions)
{
    public const string NameField = "name";
    public const string EmailField = "email";
    public const string EconomyField = "economy";

    /// <summary>In the field for somebody who belongs to no economy: a choice that has to be made, never what is left when none was.</summary>
    public const string NoEconomy = "none";

    public async Task<Outcome<Reviewer>> RunAsync(
        ProjectCode code, string name, string email, string economy, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (await projects.FindAsync(code, cancellation) is not { } project)
        {
            return new Refusal("project-not-found", "There is no such project.");
        }

        SelectionRecord? record = (await selections.FindRowAsync(code, cancellation))?.Body<SelectionRecord>();
        if (Scoring.WhyNot(project, record, now) is { Code: not "scoring-too-early" } over)
        {
            return over;
        }

        Outcome<PersonName> named = PersonName.Parse(name);
        Outcome<EmailAddress> addressed = EmailAddress.Parse(email);
        List<Refusal> refusals = [.. named.Refusals, .. addressed.Refusals];
        if (economy != NoEconomy && (await registry.ListAsync(cancellation)).All(entry => entry.Economy.Id != economy))
        {
            refusals.Add(new Refusal("reviewer-economy-unknown", "The reviewer’s own economy is missing.", EconomyField, "Choose it, or that there is none: its nominees will be closed to the reviewer."));
        }

        IReadOnlyList<Reviewer> others = await selections.ListReviewersAsync(code, cancellation);
        if (addressed.TryGet(out EmailAddress? address) && others.Any(other => EmailAddress.Parse(other.Email).TryGet(out EmailAddress? known) && known.Normal == address.Normal))
        {
            refusals.Add(new Refusal("reviewer-taken", "Somebody with this address has been appointed.", EmailField));
        }

        if (others.Count >= Reviewer.Most)
        {
            refusals.Add(new Refusal("reviewers-many", $"A project has {Reviewer.Most} reviewers at the most."));
        }

        if (refusals.Count > 0 || !named.TryGet(out PersonName? person) || address is null)
        {
            return Outcome<Reviewer>.Refused(refusals);
        }

        Reviewer reviewer = new(Nominee.DrawId(), person.ToString(), address.ToString(), economy == NoEconomy ? "" : economy, now, caller.Actor);
        Batch batch = new Batch(SelectionTable.PartitionOf(code))
            .Insert(Row.Of(SelectionTable.ReviewerOf(code, reviewer.Id), reviewer))
            .Audit(new AuditEntry(now, caller.Actor, "reviewer-appointed", $"reviewer:{reviewer.Id}", new Dictionary<string, string> { ["recusedFrom"] = economy }))
            .Owe(new MailOwed(code.ToString(), ReviewMails.Invited, $"reviewer:{reviewer.Id}", reviewer.Id, "1").ToOwed());
        return (await decisions.CommitAsync(selections.Table, batch, now, cancellation)).IsDone
            ? reviewer
            : new Refusal("reviewer-changed-conflict", "Somebody else changed the reviewers at the same moment.", Remedy: "Send it again.");
    }
}

/// <summary>Takes a reviewer's right away. Whoever has given marks stays: nobody is to be removed for what they think of a nominee.</summary>
public sealed class DismissReviewer(SelectionTable selections, IDecisions decisions)
{
    public async Task<Outcome<Reviewer>> RunAsync(ProjectCode code, string id, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (await selections.Table.FindAsync(SelectionTable.ReviewerOf(code, id), cancellation) is not { } row)
        {
            return new Refusal("reviewer-not-found", "There is no such reviewer.");
        }

        Reviewer reviewer = row.Body<Reviewer>();
        if (reviewer.Scored > 0)
        {
            return new Refusal("reviewer-scored-already", "This reviewer has given marks, which count.", Remedy: "Ask the reviewer to step back from the nominees in question.");
        }

        Batch batch = new Batch(row.Key.Partition).Delete(row).Audit(new AuditEntry(now, caller.Actor, "reviewer-dismissed", $"reviewer:{id}"));
        return (await decisions.CommitAsync(selections.Table, batch, now, cancellation)).IsDone
            ? reviewer
            : new Refusal("reviewer-changed-conflict", "The reviewer was at work at the same moment.", Remedy: "Look at the page again.");
    }
}
