using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Shared;

namespace Plenary.Publishing;

/// <summary>Makes the figures of this moment public, with the text an officer has read.</summary>
public sealed class PublishOutcome(CountFigures count, OutcomeTable outcomes, IDecisions decisions)
{
    public async Task<Outcome<PublishedOutcome>> RunAsync(Project project, string headline, string text, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(caller);
        List<Refusal> refusals = [];
        if (now < project.EndsAt)
        {
            refusals.Add(new Refusal("project-not-over", "The last session is not over yet.", Remedy: $"Publish from {ProjectCalendar.InZone(project.EndsAt, project.HostZone)} on."));
        }

        string[] paragraphs = text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (headline is not { Length: > 0 and <= 300 })
        {
            refusals.Add(new Refusal("headline-missing", "The headline is empty or longer than 300 characters.", "headline", "Write one line."));
        }

        if (paragraphs.Length == 0 || text.Length > 20_000)
        {
            refusals.Add(new Refusal("text-missing", "The text is empty or longer than 20,000 characters.", "text", "Write one paragraph or more."));
        }

        ProjectFigures figures = await count.RunAsync(project, cancellation);
        refusals.AddRange(figures.FindContradictions().Select(words => new Refusal("figures-contradict", words, Remedy: "Recount before publishing.")));
        if (refusals.Count > 0)
        {
            return Outcome<PublishedOutcome>.Refused(refusals);
        }

        Row? row = await outcomes.Table.FindAsync(OutcomeTable.KeyOf(project.Code), cancellation);
        PublishedOutcome outcome = new(figures, headline, paragraphs, now, (row?.Body<PublishedOutcome>().Version ?? 0) + 1);
        Batch batch = new Batch(OutcomeTable.PartitionOf(project.Code))
            .Audit(new AuditEntry(now, caller.Actor, "outcome-published", project.Code.ToString()));
        _ = row is null ? batch.Insert(Row.Of(OutcomeTable.KeyOf(project.Code), outcome)) : batch.Replace(row.With(outcome));
        return (await decisions.CommitAsync(outcomes.Table, batch, now, cancellation)).IsDone
            ? outcome
            : new Refusal("outcome-changed-conflict", "Somebody else published at the same moment.", Remedy: "Look at the page again.");
    }
}
