using Plenary.Domain;

namespace Plenary.Surveys;

/// <summary>Puts another questionnaire in the place of the present one; an open survey keeps its questions.</summary>
public sealed class ReplaceQuestionnaire(SurveyRightTable rights, QuestionnaireTable questionnaires)
{
    public const int MostBytes = 1_000_000;

    public async Task<Outcome<Questionnaire>> RunAsync(ProjectCode code, string json, CancellationToken cancellation)
    {
        Outcome<Questionnaire> outcome = await rights.FindSurveyAsync(code, cancellation) is null
            ? Questionnaire.Parse(json)
            : new Refusal("survey-opened-already", "The survey is open; its questions stay as they are.");
        if (outcome.TryGet(out Questionnaire? questionnaire))
        {
            await questionnaires.SaveAsync(code, questionnaire, cancellation);
        }

        return outcome;
    }
}
