using System.Globalization;

namespace Plenary.Domain;

/// <summary>Keeps the answers that rated one question between two steps, both included.</summary>
/// <param name="Question">Id of a rated question.</param>
/// <param name="From">1 to 5.</param>
/// <param name="To">From <paramref name="From"/> to 5.</param>
public sealed record AnswerFilter(string Question, int From, int To)
{
    public const string QuestionField = "filter";
    public const string FromField = "from";
    public const string ToField = "to";

    /// <summary>Reads form fields; everything wrong is told at once.</summary>
    public static Outcome<AnswerFilter> Parse(Questionnaire questionnaire, IReadOnlyDictionary<string, string?> fields)
    {
        ArgumentNullException.ThrowIfNull(questionnaire);
        ArgumentNullException.ThrowIfNull(fields);
        List<Refusal> refusals = [];
        string question = fields.GetValueOrDefault(QuestionField) ?? "";
        if (!questionnaire.Rated.Any(rated => rated.Id == question))
        {
            refusals.Add(new Refusal("filter-question-unknown", "That is not a rated question of this survey.", QuestionField, "Choose one from the list."));
        }

        int from = ReadStep(fields, FromField, refusals);
        int to = ReadStep(fields, ToField, refusals);
        if (refusals.Count == 0 && from > to)
        {
            refusals.Add(new Refusal("filter-steps-reversed", "The first step is above the last.", FromField, "Choose the lower step first."));
        }

        return refusals.Count > 0 ? Outcome<AnswerFilter>.Refused(refusals) : new AnswerFilter(question, from, to);
    }

    public bool Keeps(SurveyAnswers answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        return answers.Ratings.TryGetValue(Question, out int step) && step >= From && step <= To;
    }

    /// <summary>Where in a fixed list the kept answers stand.</summary>
    public IEnumerable<int> PositionsIn(IReadOnlyList<SurveyAnswers> answers) => answers.Index().Where(entry => Keeps(entry.Item)).Select(entry => entry.Index);

    private static int ReadStep(IReadOnlyDictionary<string, string?> fields, string name, List<Refusal> refusals)
    {
        if (int.TryParse(fields.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out int step) && step is >= 1 and <= Questionnaire.Steps)
        {
            return step;
        }

        refusals.Add(new Refusal("filter-step-unknown", $"That is not a step from 1 to {Questionnaire.Steps}.", name, "Choose one from the list."));
        return 0;
    }
}
