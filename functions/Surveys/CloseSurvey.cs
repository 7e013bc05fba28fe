using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Surveys;

/// <summary>Takes away what a survey needed only while it was open: keys that a crash left beside people, and the times at which answers came.</summary>
public sealed class CloseSurvey(SurveyRightTable rights, SurveyAnswerTable answers, AnswerSurvey answer, TimeProvider clock)
{
    public async Task RunAsync(SurveyOver over, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(over);
        ProjectCode code = ProjectCode.Parse(over.Project);
        if (await rights.FindSurveyAsync(code, cancellation) is not { } survey)
        {
            return;
        }

        await clock.WaitUntilAsync(survey.ResultsFrom, $"The end of the survey of {code}", cancellation);
        await answer.FinishAsync(code, cancellation);
        await answers.RestampAsync(code, cancellation);
    }
}
