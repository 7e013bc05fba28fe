using Plenary.Access;
using Plenary.Domain;
using Plenary.Nominations;
using Plenary.Notifications;

namespace Plenary.Selection;

/// <summary>One nominee on a reviewer's list.</summary>
/// <param name="Number">As <see cref="BlindNominee.NumberOf"/> names them to this reviewer; the list is in its order, which tells nothing.</param>
/// <param name="Score">Null while nothing was given.</param>
public sealed record BlindEntry(string Number, BlindNominee Nominee, ScoreRecord? Score);

/// <summary>What a reviewer sees.</summary>
/// <param name="Closed">How many nominees are of the reviewer's own economy.</param>
/// <param name="WhyNot">Why no marks are taken now; null when they are.</param>
public sealed record ReviewDesk(Project Project, Reviewer Reviewer, IReadOnlyList<BlindEntry> Nominees, int Closed, Refusal? WhyNot);

/// <summary>Reads the nominees as one reviewer may see them. Those of the own economy are counted and nothing else.</summary>
public sealed class ReadReview(IProjects projects, INominations nominations, IRegistry registry, SelectionTable selections)
{
    /// <returns>Null when there is no such project or reviewer.</returns>
    public async Task<ReviewDesk?> RunAsync(ProjectCode code, string reviewerId, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await projects.FindAsync(code, cancellation) is not { } project ||
            (await selections.Table.FindAsync(SelectionTable.ReviewerOf(code, reviewerId), cancellation))?.Body<Reviewer>() is not { } reviewer)
        {
            return null;
        }

        SelectionRecord? record = (await selections.FindRowAsync(code, cancellation))?.Body<SelectionRecord>();
        Refusal? whyNot = Scoring.WhyNot(project, record, now);
        List<BlindEntry> nominees = [];
        int closed = 0;

        // Before the closing a reviewer sees nobody: what is read then may be another text when it counts.
        if (whyNot is not { Code: "scoring-too-early" or "scoring-not-declared" })
        {
            Dictionary<string, Economy> economies = (await registry.ListAsync(cancellation)).ToDictionary(entry => entry.Economy.Id, entry => entry.Economy);
            Dictionary<string, ScoreRecord> scores = (await selections.ListScoresAsync(code, reviewer.Id, cancellation)).ToDictionary(score => score.Candidate);
            await foreach (Nomination nomination in nominations.ListSubmittedAsync(code, cancellation))
            {
                if (nomination.Economy == reviewer.Economy)
                {
                    closed++;
                    continue;
                }

                string candidate = CandidateId.Of(nomination.Economy, nomination.Id);
                IReadOnlyList<string> others = economies.TryGetValue(nomination.Economy, out Economy? economy) ? [economy.Name, .. economy.OtherNames] : [];
                nominees.Add(new BlindEntry(
                    BlindNominee.NumberOf(code.ToString(), reviewer.Id, candidate), BlindNominee.Of(nomination.Entry, [nomination.EconomyName, .. others]), scores.GetValueOrDefault(candidate)));
            }
        }

        return new ReviewDesk(project, reviewer, [.. nominees.OrderBy(entry => entry.Number, StringComparer.Ordinal)], closed, whyNot);
    }
}
