using Plenary.Domain;

namespace Plenary.Surveys;

/// <summary>Results of surveys, for every slice to read; small groups are kept back already.</summary>
public interface ISurveys
{
    /// <summary>Null before the survey has opened.</summary>
    Task<SurveyResults?> FindResultsAsync(ProjectCode code, CancellationToken cancellation);
}

/// <inheritdoc />
public sealed class ReadSurveys(SurveyRightTable rights, SurveyAnswerTable answers) : ISurveys
{
    public async Task<SurveyResults?> FindResultsAsync(ProjectCode code, CancellationToken cancellation) =>
        await rights.FindSurveyAsync(code, cancellation) is { } survey
            ? SurveyResults.Of(survey.Questionnaire, survey.Invited, await answers.ListAsync(code, cancellation), survey.MinimumGroup)
            : null;
}
