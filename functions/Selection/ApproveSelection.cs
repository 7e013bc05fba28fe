using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Shared;

namespace Plenary.Selection;

/// <summary>Makes a proposal final. What is approved is the very list the officer saw: its digest comes with the form.</summary>
public sealed class ApproveSelection(SelectionTable selections, IDecisions decisions)
{
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
