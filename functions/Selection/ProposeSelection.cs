using System.Globalization;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Selection;

/// <summary>Applies the rule to what was submitted. Proposing again replaces a proposal; an approved list stays.</summary>
public sealed class ProposeSelection(IProjects projects, INominations nominations, IExtensions extensions, SelectionTable selections, IDecisions decisions)
{
    public async Task<Outcome<SelectionRecord>> RunAsync(ProjectCode code, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (await projects.FindAsync(code, cancellation) is not { } project)
        {
            return new Refusal("project-not-found", "There is no such project.");
        }

        if (project.State == ProjectState.Cancelled)
        {
            return new Refusal("project-cancelled-already", "This project has been cancelled.");
        }

        if (now < project.GraceEndsAt)
        {
            return new Refusal("nominations-still-open", $"Nominations are open until {ProjectCalendar.LastMoment(project.GraceEndsAt, project.HostZone)}.", Remedy: "Select after that.");
        }

        Row? row = await selections.FindRowAsync(code, cancellation);
        if (row?.Body<SelectionRecord>() is { Stage: SelectionStage.Approved } approved)
        {
            return approved;
        }

        if (WhyNotFrozen(await extensions.ListExtensionsAsync(code, cancellation), project, now) is { } open)
        {
            return open;
        }

        IReadOnlyDictionary<string, decimal> scores = await selections.ReadMeansAsync(code, project.Settings.Scoring, cancellation);
        List<Candidate> candidates = [];
        Dictionary<string, (string Sector, string Gender)> traits = new(StringComparer.Ordinal);
        await foreach (Nomination nomination in nominations.ListSubmittedAsync(code, cancellation))
        {
            Candidate candidate = CandidateOf(nomination, project, scores);
            candidates.Add(candidate);
            traits[candidate.NominationId] = (nomination.Entry.Sector, nomination.Entry.Gender);
        }

        SelectionRules rules = SelectionRules.DeclaredBy(project);
        if (rules.FindProblems() is { Count: > 0 } problems)
        {
            return Outcome<SelectionRecord>.Refused(problems);
        }

        if (rules.Scoring is not null && candidates.Count(candidate => candidate is { Score: null, IneligibleCode: null }) is var missing and > 0)
        {
            return new Refusal("scores-missing", $"{missing} nominees have not been scored by anybody, and scores decide here.", Remedy: "Wait for the reviewers, or appoint one who may score them.");
        }

        SelectionResult result = RoundRobinSelection.Select(rules, candidates);
        string digest = result.ComputeDigest();
        SelectionRecord proposal = new(
            SelectionStage.Proposed, digest, result.RuleVersion, result.DrawSeed, rules.ComputeDigest(), rules.OverseasMayFlowToLocal, rules.LocalMayFlowToOverseas,
            result.Overseas, result.Local, BalanceReport.Of(result.Decisions, id => traits[id]), now, caller.Actor);

        // The list first: a crash here leaves a blob nobody names, the other order a proposal without its list.
        await selections.SaveResultAsync(code, result, digest, cancellation);
        Batch batch = new Batch(SelectionTable.PartitionOf(code)).Audit(new AuditEntry(now, caller.Actor, "selection-proposed", code.ToString(), new Dictionary<string, string>
        {
            ["digest"] = digest,
            ["candidates"] = candidates.Count.ToString(CultureInfo.InvariantCulture),
        }));
        if (row is null)
        {
            batch.Insert(Row.Of(SelectionTable.SelectionOf(code), proposal, ("Stage", proposal.Stage.ToString())));
        }
        else
        {
            batch.Replace(row.With(proposal, ("Stage", proposal.Stage.ToString())));
        }

        return (await decisions.CommitAsync(selections.Table, batch, now, cancellation)).IsDone
            ? proposal
            : new Refusal("selection-changed-conflict", "Somebody else proposed or approved at the same moment.", Remedy: "Look at the selection again.");
    }

    /// <summary>While somebody can still come in by an extension the list is not final; null once nobody can.</summary>
    internal static Refusal? WhyNotFrozen(IEnumerable<DeskExtension> extensions, Project project, DateTimeOffset now) =>
        extensions.Where(one => one.Extension.IsOpenAt(now)).MaxBy(one => one.Extension.Until) is { } open
            ? new Refusal(
                "extension-open-conflict",
                $"Extension {open.Extension.Id} of {open.Economy} lets nominations in until {ProjectCalendar.LastMoment(open.Extension.Until, project.HostZone)}.",
                Remedy: "Wait until then or until it is used up, or end it.")
            : null;

    /// <summary>All that the selection may know of a nomination.</summary>
    /// <param name="scores">Means by candidate, of those who have one.</param>
    public static Candidate CandidateOf(Nomination nomination, Project project, IReadOnlyDictionary<string, decimal> scores)
    {
        ArgumentNullException.ThrowIfNull(nomination);
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(scores);
        string? code = project.Notification.Participating.Invites(nomination.Economy) ? null : SelectionReason.EconomyNotInvited;
        string id = CandidateId.Of(nomination.Economy, nomination.Id);
        return new Candidate(id, nomination.Economy, nomination.Rank, code, scores.TryGetValue(id, out decimal score) ? score : null);
    }
}
