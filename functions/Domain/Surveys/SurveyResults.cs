namespace Plenary.Domain;

/// <summary>A rated question's answers. Suppressed: fewer than the minimum answered it, and only that is told.</summary>
/// <param name="Count">How many rated; null when suppressed.</param>
/// <param name="Mean">Rounded to two decimals, half away from zero; null when suppressed or nobody answered.</param>
/// <param name="Distribution">How many chose step 1 to 5; empty when suppressed.</param>
public sealed record RatedResult(Question Question, bool IsSuppressed, int? Count, decimal? Mean, IReadOnlyList<int> Distribution);

/// <param name="Texts">In the order of their characters, so that nothing is left of the order in which they came; empty when suppressed.</param>
public sealed record OpenResult(Question Question, bool IsSuppressed, IReadOnlyList<string> Texts);

/// <summary>One group in a table by group; both null when suppressed.</summary>
public sealed record GroupCell(string Group, int? Count, decimal? Mean)
{
    public bool IsSuppressed => Count is null;
}

/// <summary>What a survey says, with everything kept back that could point to a person.</summary>
/// <param name="IsSuppressed">Fewer answers than the minimum, or the survey is still open: nothing but the response rate is told.</param>
public sealed record SurveyResults(
    Questionnaire Questionnaire,
    int Invited,
    int Answered,
    bool IsSuppressed,
    IReadOnlyList<RatedResult> Rated,
    IReadOnlyList<OpenResult> Open)
{
    /// <summary>The smallest group that is shown, unless a project asks for larger ones.</summary>
    public const int DefaultMinimumGroup = 5;

    public Share ResponseRate => new(Answered, Invited);

    public static SurveyResults Of(Questionnaire questionnaire, int invited, IReadOnlyCollection<SurveyAnswers> answers, int minimumGroup = DefaultMinimumGroup)
    {
        ArgumentNullException.ThrowIfNull(questionnaire);
        ArgumentNullException.ThrowIfNull(answers);

        bool isSuppressed = answers.Count < minimumGroup;
        return new SurveyResults(
            questionnaire,
            invited,
            answers.Count,
            isSuppressed,
            [.. questionnaire.Rated.Select(question => Rate(question, answers, isSuppressed, minimumGroup))],
            [.. questionnaire.Open.Select(question => new OpenResult(
                question,
                isSuppressed,
                isSuppressed
                    ? []
                    : [.. answers.Select(answer => answer.Texts.GetValueOrDefault(question.Id)).OfType<string>().Order(StringComparer.Ordinal)]))]);
    }

    /// <summary>What may be told while answers still come: how many, and nothing of what they say.</summary>
    public static SurveyResults OfOpen(Questionnaire questionnaire, int invited, int answered)
    {
        ArgumentNullException.ThrowIfNull(questionnaire);
        return new SurveyResults(
            questionnaire,
            invited,
            answered,
            true,
            [.. questionnaire.Rated.Select(question => new RatedResult(question, true, null, null, []))],
            [.. questionnaire.Open.Select(question => new OpenResult(question, true, []))]);
    }

    /// <summary>One rated question by group, with groups kept back until what can be subtracted from the total is again at least two groups and the minimum of people.</summary>
    /// <param name="answers">Each with its group; a group must be coarse, and never finer than what is published elsewhere.</param>
    public static IReadOnlyList<GroupCell> RateByGroup(
        Question question,
        IEnumerable<(string Group, SurveyAnswers Answers)> answers,
        int minimumGroup = DefaultMinimumGroup)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(answers);

        SortedDictionary<string, List<int>> byGroup = new(StringComparer.Ordinal);
        foreach ((string group, SurveyAnswers one) in answers)
        {
            if (!byGroup.TryGetValue(group, out List<int>? steps))
            {
                byGroup.Add(group, steps = []);
            }

            if (one.Ratings.TryGetValue(question.Id, out int step))
            {
                steps.Add(step);
            }
        }

        IReadOnlySet<string> hidden = FindHidden([.. byGroup.Select(entry => (entry.Key, entry.Value.Count))], minimumGroup);
        return [.. byGroup.Select(entry => hidden.Contains(entry.Key)
            ? new GroupCell(entry.Key, null, null)
            : new GroupCell(entry.Key, entry.Value.Count, Average(entry.Value.Sum(), entry.Value.Count)))];
    }

    /// <summary>
    /// The groups to keep back in any table of counts whose total is known: those under the minimum, and then the smallest others, until at least
    /// two groups with at least the minimum of people together are hidden. An empty group is shown as such, for there is nobody in it.
    /// </summary>
    public static IReadOnlySet<string> FindHidden(IReadOnlyCollection<(string Group, int Count)> counts, int minimumGroup = DefaultMinimumGroup)
    {
        HashSet<string> hidden = new(StringComparer.Ordinal);
        int people = 0;
        foreach ((string group, int count) in counts.Where(entry => entry.Count > 0).OrderBy(entry => entry.Count).ThenBy(entry => entry.Group, StringComparer.Ordinal))
        {
            bool isSmall = count < minimumGroup;
            bool isNeededAsCover = hidden.Count > 0 && (hidden.Count < 2 || people < minimumGroup);
            if (!isSmall && !isNeededAsCover)
            {
                break;
            }

            hidden.Add(group);
            people += count;
        }

        return hidden;
    }

    private static RatedResult Rate(Question question, IReadOnlyCollection<SurveyAnswers> answers, bool isSuppressed, int minimumGroup)
    {
        int[] distribution = new int[Questionnaire.Steps];
        foreach (SurveyAnswers answer in answers)
        {
            if (answer.Ratings.TryGetValue(question.Id, out int step) && step is >= 1 and <= Questionnaire.Steps)
            {
                distribution[step - 1]++;
            }
        }

        int count = distribution.Sum();
        return isSuppressed || (count > 0 && count < minimumGroup)
            ? new RatedResult(question, true, null, null, [])
            : new RatedResult(question, false, count, Average(distribution.Select((chosen, index) => chosen * (index + 1)).Sum(), count), distribution);
    }

    private static decimal? Average(int sum, int count) => count > 0 ? Math.Round((decimal)sum / count, 2, MidpointRounding.AwayFromZero) : null;
}
