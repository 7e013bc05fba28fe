using Plenary.Domain;
using Plenary.Nominations;
using Plenary.Notifications;

namespace Plenary.Selection;

/// <summary>What other rules would make of the nominations.</summary>
/// <param name="Fields">The form as it is to be shown.</param>
/// <param name="Before">The list that was proposed or approved; before there is one, what the declared rules make of the nominations so far.</param>
/// <param name="After">The same as <paramref name="Before"/> when the rules could not be read.</param>
/// <param name="Moves">Whose decision or number differs.</param>
/// <param name="People">By candidate. Whoever withdrew since the list was made is missing.</param>
public sealed record SelectionPreview(
    Project Project,
    IReadOnlyDictionary<string, string> Fields,
    IReadOnlyList<Refusal> Refusals,
    SelectionRules Rules,
    SelectionResult Before,
    SelectionResult After,
    IReadOnlyList<SelectionMove> Moves,
    IReadOnlyDictionary<string, Nomination> People);

/// <summary>Tries rules on the nominations and says who would move. Reads only.</summary>
public sealed class PreviewSelection(IProjects projects, INominations nominations, SelectionTable selections)
{
    /// <returns>Null when there is no such project.</returns>
    public async Task<SelectionPreview?> RunAsync(ProjectCode code, IReadOnlyDictionary<string, string> fields, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(fields);
        if (await projects.FindAsync(code, cancellation) is not { } project)
        {
            return null;
        }

        IReadOnlyDictionary<string, decimal> scores = await selections.ReadMeansAsync(code, project.Settings.Scoring, cancellation);
        Dictionary<string, Nomination> people = [];
        List<Candidate> candidates = [];
        await foreach (Nomination nomination in nominations.ListSubmittedAsync(code, cancellation))
        {
            Candidate candidate = ProposeSelection.CandidateOf(nomination, project, scores);
            candidates.Add(candidate);
            people[candidate.NominationId] = nomination;
        }

        SelectionRules declared = SelectionRules.DeclaredBy(project);
        SelectionRecord? record = (await selections.FindRowAsync(code, cancellation))?.Body<SelectionRecord>();
        SelectionResult before = record is null
            ? RoundRobinSelection.Select(declared, candidates)
            : await selections.ReadResultAsync(code, record.Digest, cancellation);
        Outcome<SelectionRules> outcome = SelectionChoices.Read(fields, declared);
        Dictionary<string, string> shown = new(SelectionChoices.Write(declared));
        foreach ((string field, string text) in fields.Where(field => shown.ContainsKey(field.Key)))
        {
            shown[field] = text;
        }

        if (!outcome.TryGet(out SelectionRules? rules))
        {
            return new SelectionPreview(project, shown, outcome.Refusals, declared, before, before, [], people);
        }

        SelectionResult after = RoundRobinSelection.Select(rules, candidates);
        return new SelectionPreview(project, shown, [], rules, before, after, SelectionResult.Compare(before, after), people);
    }
}
