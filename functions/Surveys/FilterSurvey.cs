using System.Globalization;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Shared;

namespace Plenary.Surveys;

/// <summary>Lets a part of a closed survey's answers be looked at, unless what has been shown before would then tell what a few people said.</summary>
public sealed class FilterSurvey(SurveyRightTable rights, SurveyAnswerTable answers, IDecisions decisions)
{
    /// <returns>The filter's number, from 1; one that was let through before keeps its own.</returns>
    public async Task<Outcome<int>> RunAsync(
        ProjectCode code, IReadOnlyDictionary<string, string?> fields, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (await rights.FindSurveyAsync(code, cancellation) is not { } survey || now < survey.ResultsFrom)
        {
            return new Refusal("survey-still-open", "Results are shown once the survey has closed.");
        }

        Outcome<AnswerFilter> parsed = AnswerFilter.Parse(survey.Questionnaire, fields);
        if (!parsed.TryGet(out AnswerFilter? filter))
        {
            return Outcome<int>.Refused(parsed.Refusals);
        }

        IReadOnlyList<SurveyAnswers> given = await answers.ListAsync(code, cancellation);
        Row? row = await rights.FindFiltersAsync(code, cancellation);
        List<AnswerFilter> shown = [.. row?.Body<ShownFilters>().Filters ?? []];
        if (shown.IndexOf(filter) is >= 0 and int known)
        {
            return known + 1;
        }

        FilterGuard guard = new(survey.MinimumGroup);
        guard.Allow(Enumerable.Range(0, given.Count));
        foreach (AnswerFilter before in shown)
        {
            guard.Allow(before.PositionsIn(given));
        }

        Outcome<SurveySelection> allowed = guard.Allow(filter.PositionsIn(given));
        if (allowed.IsRefused)
        {
            return Outcome<int>.Refused(allowed.Refusals);
        }

        shown.Add(filter);
        Row next = row is null ? Row.Of(SurveyRightTable.FiltersOf(code), new ShownFilters(shown)) : row.With(new ShownFilters(shown));
        Batch batch = new Batch(next.Key.Partition).Audit(new AuditEntry(now, caller.Actor, "survey-filtered", code.ToString(), new Dictionary<string, string>
        {
            ["question"] = filter.Question,
            ["from"] = filter.From.ToString(CultureInfo.InvariantCulture),
            ["to"] = filter.To.ToString(CultureInfo.InvariantCulture),
        }));
        return (await decisions.CommitAsync(rights.Table, row is null ? batch.Insert(next) : batch.Replace(next), now, cancellation)).IsDone
            ? shown.Count
            : new Refusal("survey-filtered-conflict", "Somebody else chose a filter at the same moment.", AnswerFilter.QuestionField, "Send the form again.");
    }
}
