using Plenary.Domain;

namespace Plenary.Surveys;

/// <summary>Results of surveys, for every slice to read; small groups are kept back already.</summary>
public interface ISurveys
{
    /// <summary>Null before the survey has opened; the response rate alone until <see cref="Survey.ResultsFrom"/>.</summary>
    Task<SurveyResults?> FindResultsAsync(ProjectCode code, CancellationToken cancellation);
}

/// <inheritdoc />
public sealed class ReadSurveys(SurveyRightTable rights, SurveyAnswerTable answers, TimeProvider clock) : ISurveys
{
    public async Task<SurveyResults?> FindResultsAsync(ProjectCode code, CancellationToken cancellation)
    {
        if (await rights.FindSurveyAsync(code, cancellation) is not { } survey)
        {
            return null;
        }

        IReadOnlyList<SurveyAnswers> given = await answers.ListAsync(code, cancellation);
        return clock.GetUtcNow() < survey.ResultsFrom
            ? SurveyResults.OfOpen(survey.Questionnaire, survey.Invited, given.Count)
            : SurveyResults.Of(survey.Questionnaire, survey.Invited, given, survey.MinimumGroup);
    }

    /// <summary>Filters that <see cref="FilterSurvey"/> has let through.</summary>
    public async Task<IReadOnlyList<AnswerFilter>> ListFiltersAsync(ProjectCode code, CancellationToken cancellation) =>
        await rights.FindFiltersAsync(code, cancellation) is { } row ? row.Body<ShownFilters>().Filters : [];

    /// <summary>What the answers say that such a filter keeps.</summary>
    public async Task<SurveyResults?> FindPartAsync(ProjectCode code, AnswerFilter filter, CancellationToken cancellation) =>
        await rights.FindSurveyAsync(code, cancellation) is { } survey
            ? SurveyResults.Of(survey.Questionnaire, survey.Invited, [.. (await answers.ListAsync(code, cancellation)).Where(filter.Keeps)], survey.MinimumGroup)
            : null;
}
