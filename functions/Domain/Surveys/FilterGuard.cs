namespace Plenary.Domain;

/// <summary>
/// Which selections of answers may be shown after others have been: two that differ by fewer people than the minimum would tell, by subtraction, what those
/// few said. Remembers what it has let through, so it must be told of everything shown before, to any reader.
/// </summary>
public sealed class FilterGuard(int minimumGroup = SurveyResults.DefaultMinimumGroup)
{
    private readonly List<HashSet<int>> shown = [];

    /// <param name="answers">Positions of the selected answers in the survey's fixed list.</param>
    public Outcome<SurveySelection> Allow(IEnumerable<int> answers)
    {
        HashSet<int> asked = [.. answers];
        if (asked.Count < minimumGroup)
        {
            return new Refusal("survey-group-small", $"Fewer than {minimumGroup} answers fit this filter.", AnswerFilter.QuestionField, "Choose a wider filter.");
        }

        foreach (HashSet<int> before in shown)
        {
            int inBoth = asked.Count(before.Contains);
            int onlyNow = asked.Count - inBoth;
            int onlyBefore = before.Count - inBoth;
            if ((onlyNow > 0 && onlyNow < minimumGroup) || (onlyBefore > 0 && onlyBefore < minimumGroup))
            {
                return new Refusal("survey-group-difference", $"This filter differs from one already shown by fewer than {minimumGroup} answers.", AnswerFilter.QuestionField, "Choose a filter that differs more.");
            }
        }

        shown.Add(asked);
        return new SurveySelection([.. asked.Order()]);
    }
}

/// <summary>Answers that may be shown together, by position.</summary>
public sealed record SurveySelection(IReadOnlyList<int> Answers);
