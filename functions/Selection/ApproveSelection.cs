using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Selection;

/// <summary>Makes a proposal final. What is approved is the very list the approver saw: its digest comes with the form.</summary>
public sealed class ApproveSelection(IProjects projects, IExtensions extensions, SelectionTable selections, IDecisions decisions)
{
    /// <summary>
    /// Two people decide: whoever proposed the list, or changed its rules once nominations were known, cannot be the one who approves it. Nor can anybody while the list is one
    /// that the rules declared now would not have made.
    /// </summary>
    public static Refusal? WhyNot(Caller caller, SelectionRecord record, Project project)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(project);
        return !caller.Has(Caller.Approver)
            ? new Refusal("approver-role-forbidden", "Only an approver can approve a selection.", Remedy: "Ask somebody who has that role.")
            : caller.Actor == record.ProposedBy
            ? new Refusal("own-proposal-forbidden", "You proposed this list yourself, so somebody else approves it.", Remedy: "Ask another approver.")
            : SelectionRules.DeclaredBy(project).ComputeDigest() != record.RulesDigest
            ? new Refusal("selection-rules-changed-conflict", "The rules were changed after this list was proposed.", Remedy: "Propose again, so that the list is the one the rules now make.")
            : project.InvitedSince > record.ProposedAt
            ? new Refusal("selection-changed-conflict", "The notification was revised after this list was proposed, and other economies are invited now.", Remedy: "Propose again, then approve.")
            : project.RulesChangedBy.Contains(caller.Actor, StringComparer.Ordinal)
            ? new Refusal("own-rules-forbidden", "You changed the rules after nominations had closed, so somebody else approves what came of it.", Remedy: "Ask another approver.")
            : null;
    }

    public async Task<Outcome<SelectionRecord>> RunAsync(ProjectCode code, string digest, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (await selections.FindRowAsync(code, cancellation) is not { } row)
        {
            return new Refusal("selection-not-found", "Nothing has been proposed yet.", Remedy: "Propose a selection first.");
        }

        SelectionRecord record = row.Body<SelectionRecord>();
        if (record.Digest != digest)
        {
            return new Refusal("selection-changed-conflict", "The proposal has changed since you looked at it.", Remedy: "Look at it again, then approve.");
        }

        if (record.Stage == SelectionStage.Approved)
        {
            return record;
        }

        if (await projects.FindAsync(code, cancellation) is not { } project)
        {
            return new Refusal("project-not-found", "There is no such project.");
        }

        if (project.State == ProjectState.Cancelled)
        {
            return new Refusal("project-cancelled-already", "This project has been cancelled.");
        }

        if (WhyNot(caller, record, project) is { } refusal)
        {
            return refusal;
        }

        // An extension granted after the proposal: either somebody may still come in, or has, whom the list does not know.
        IReadOnlyList<DeskExtension> granted = await extensions.ListExtensionsAsync(code, cancellation);
        if (ProposeSelection.WhyNotFrozen(granted, project, now) is { } open)
        {
            return open;
        }

        if (granted.Any(one => one.Extension.Uses.Any(use => use.At >= record.ProposedAt)))
        {
            return new Refusal("selection-changed-conflict", "Somebody was nominated by an extension after this list was proposed.", Remedy: "Propose again, then approve.");
        }

        SelectionRecord approved = record with { Stage = SelectionStage.Approved, ApprovedAt = now, ApprovedBy = caller.Actor };
        Batch batch = new Batch(row.Key.Partition)
            .Replace(row.With(approved, ("Stage", approved.Stage.ToString())))
            .Audit(new AuditEntry(now, caller.Actor, "selection-approved", code.ToString(), new Dictionary<string, string> { ["digest"] = digest }))
            .Owe(new Owed(Queues.MakeOffers, $"offers-{code}-{digest}", Envelope.Write(new SelectionApproved(code.ToString(), digest))));
        return (await decisions.CommitAsync(selections.Table, batch, now, cancellation)).IsDone
            ? approved
            : new Refusal("selection-changed-conflict", "Somebody else approved at the same moment.", Remedy: "Look at the selection again.");
    }
}
