using System.Globalization;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Selection;

/// <summary>
/// Takes a reviewer's marks for one nominee, or that the reviewer steps back from them. Later marks replace earlier ones; stepping back is for good. Nominees of the
/// reviewer's own economy are refused, and the attempt is recorded.
/// </summary>
public sealed class SaveScore(IProjects projects, INominations nominations, SelectionTable selections, IDecisions decisions)
{
    public const string PhasePrefix = "phase-";

    private const int MostAttempts = 5;

    /// <param name="number">As <see cref="BlindNominee.NumberOf"/> names the nominee to this reviewer.</param>
    /// <param name="marks">As typed, by phase number from 1; null when the reviewer steps back.</param>
    public async Task<Outcome<ScoreRecord>> RunAsync(
        ProjectCode code, string reviewerId, string number, IReadOnlyDictionary<int, string>? marks, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await projects.FindAsync(code, cancellation) is not { } project)
        {
            return new Refusal("project-not-found", "There is no such project.");
        }

        if (Scoring.WhyNot(project, (await selections.FindRowAsync(code, cancellation))?.Body<SelectionRecord>(), now) is { } refusal)
        {
            return refusal;
        }

        Outcome<IReadOnlyList<int?>> read = marks is null ? Array.Empty<int?>() : ReadMarks(project.Settings.Scoring, marks);
        if (await FindAsync(code, reviewerId, number, cancellation) is not { } nomination)
        {
            return new Refusal("nominee-not-found", "There is no such nominee on your list.");
        }

        for (int attempt = 1; ; attempt++)
        {
            if (await selections.Table.FindAsync(SelectionTable.ReviewerOf(code, reviewerId), cancellation) is not { } row)
            {
                return new Refusal("reviewer-not-found", "You are not a reviewer of this project any more.");
            }

            Reviewer reviewer = row.Body<Reviewer>();
            string candidate = CandidateId.Of(nomination.Economy, nomination.Id);
            if (nomination.Economy == reviewer.Economy)
            {
                // The attempt is worth a line, the refusal does not depend on it.
                await decisions.CommitAsync(selections.Table, new Batch(row.Key.Partition).Audit(Entry("own-economy-refused", candidate)), now, cancellation);
                return new Refusal("reviewer-economy-forbidden", "This nominee comes from your own economy, so you take no part in it.");
            }

            if (!read.TryGet(out IReadOnlyList<int?>? given))
            {
                return Outcome<ScoreRecord>.Refused(read.Refusals);
            }

            RowKey key = SelectionTable.ScoreOf(code, reviewerId, candidate);
            Row? before = await selections.Table.FindAsync(key, cancellation);
            ScoreRecord? earlier = before?.Body<ScoreRecord>();
            ScoreRecord score = new(reviewerId, candidate, given, marks is null, now);
            if (earlier is not null && earlier.IsRecused == score.IsRecused && earlier.Marks.SequenceEqual(score.Marks))
            {
                return earlier;
            }

            if (earlier is { IsRecused: true })
            {
                return new Refusal("reviewer-recused-already", "You stepped back from this nominee.");
            }

            Batch batch = new Batch(row.Key.Partition)
                .Replace(row.With(reviewer with { Scored = reviewer.Scored + (earlier is null && marks is not null ? 1 : 0) }))
                .Audit(Entry(marks is null ? "reviewer-recused" : "nominee-scored", candidate));
            if (before is null)
            {
                batch.Insert(Row.Of(key, score));
            }
            else
            {
                batch.Replace(before.With(score));
            }

            if ((await decisions.CommitAsync(selections.Table, batch, now, cancellation)).IsDone)
            {
                return score;
            }

            if (attempt == MostAttempts)
            {
                return new Refusal("score-changed-conflict", "You sent several answers at the same moment.", Remedy: "Look at the page again.");
            }
        }

        AuditEntry Entry(string action, string candidate) => new(now, $"reviewer:{reviewerId}", action, candidate);
    }

    private static Outcome<IReadOnlyList<int?>> ReadMarks(ScoringPlan plan, IReadOnlyDictionary<int, string> marks)
    {
        List<Refusal> refusals = [];
        int?[] read = new int?[plan.Phases.Count];
        for (int phase = 0; phase < read.Length; phase++)
        {
            string text = marks.GetValueOrDefault(phase + 1, "").Trim();
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int mark) && mark <= ScoringPlan.BestMark)
            {
                read[phase] = mark;
            }
            else if (text.Length > 0)
            {
                refusals.Add(new Refusal("mark-unreadable", $"“{text}” is no mark.", string.Create(CultureInfo.InvariantCulture, $"{PhasePrefix}{phase + 1}"), $"Write a whole number from 0 to {ScoringPlan.BestMark}, or leave it empty."));
            }
        }

        if (refusals.Count == 0 && read.All(mark => mark is null))
        {
            refusals.Add(new Refusal("marks-missing", "No mark was given.", $"{PhasePrefix}1", "Give at least one, or step back from this nominee."));
        }

        return refusals.Count == 0 ? read : Outcome<IReadOnlyList<int?>>.Refused(refusals);
    }

    private async Task<Nomination?> FindAsync(ProjectCode code, string reviewerId, string number, CancellationToken cancellation)
    {
        await foreach (Nomination nomination in nominations.ListSubmittedAsync(code, cancellation))
        {
            if (BlindNominee.NumberOf(code.ToString(), reviewerId, CandidateId.Of(nomination.Economy, nomination.Id)) == number)
            {
                return nomination;
            }
        }

        return null;
    }
}
