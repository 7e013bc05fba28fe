using System.Globalization;

namespace Plenary.Domain;

/// <summary>One person's answers, without the person. Only questions that were answered occur.</summary>
/// <param name="Ratings">Question id to step, 1 to 5.</param>
/// <param name="Texts">Question id to text.</param>
public sealed record SurveyAnswers(IReadOnlyDictionary<string, int> Ratings, IReadOnlyDictionary<string, string> Texts)
{
    /// <summary>Reads form fields named by question id; other fields are ignored. Everything wrong is told at once, and a form without any answer is refused.</summary>
    public static Outcome<SurveyAnswers> Parse(Questionnaire questionnaire, IReadOnlyDictionary<string, string?> fields)
    {
        ArgumentNullException.ThrowIfNull(questionnaire);
        ArgumentNullException.ThrowIfNull(fields);

        List<Refusal> refusals = [];
        Dictionary<string, int> ratings = new(StringComparer.Ordinal);
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach (Question question in questionnaire.Questions)
        {
            string? given = fields.GetValueOrDefault(question.Id);
            if (string.IsNullOrWhiteSpace(given))
            {
                if (question.IsRequired)
                {
                    refusals.Add(new Refusal(
                        "answer-missing",
                        $"\u201C{question.Text}\u201D has no answer.",
                        question.Id,
                        question.Kind == QuestionKind.Rated ? "Choose one of the five steps." : "Write an answer."));
                }
            }
            else if (question.Kind == QuestionKind.Rated)
            {
                if (int.TryParse(given.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int step) && step is >= 1 and <= Questionnaire.Steps)
                {
                    ratings.Add(question.Id, step);
                }
                else
                {
                    refusals.Add(new Refusal("answer-not-a-step", $"The answer to \u201C{question.Text}\u201D is not one of the five steps.", question.Id, "Choose one of the five steps."));
                }
            }
            else
            {
                Outcome<FreeText> text = FreeText.ParseOptionalLines(given, question.Id);
                refusals.AddRange(text.Refusals);
                if (text.TryGet(out FreeText? answer) && answer.Text.Length > 0)
                {
                    texts.Add(question.Id, answer.Text);
                }
            }
        }

        if (refusals.Count == 0 && ratings.Count == 0 && texts.Count == 0)
        {
            refusals.Add(new Refusal("survey-empty", "No question was answered.", null, "Answer at least one question."));
        }

        return refusals.Count > 0 ? Outcome<SurveyAnswers>.Refused(refusals) : new SurveyAnswers(ratings, texts);
    }
}
