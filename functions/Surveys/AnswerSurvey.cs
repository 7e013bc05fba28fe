using Plenary.Domain;
using Plenary.Infra.Tables;

namespace Plenary.Surveys;

/// <summary>
/// Takes one anonymous answer. The right is claimed first, then the answer stored under a key derived from the token, then the
/// right spent and the claim erased; whichever step a crash hits, sending the form again ends with one answer.
/// </summary>
public sealed class AnswerSurvey(SurveyRightTable rights, SurveyAnswerTable answers)
{
    /// <summary>Why this person cannot answer now, or null. Reads only.</summary>
    public async Task<Refusal?> WhyNotAsync(ProjectCode code, string candidate, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await rights.FindSurveyAsync(code, cancellation) is not { } survey)
        {
            return new Refusal("survey-not-found", "This survey has not been opened.");
        }

        Row? row = Find(await rights.ListRightsAsync(code, cancellation), candidate);
        return row is null ? new Refusal("link-forbidden", "This link does not open this page.")
            : row.Body<SurveyRight>().IsSpent ? Answered()
            : now >= survey.ClosesAt ? new Refusal("survey-closed", $"The survey closed on {survey.ClosesAt:u}.")
            : null;
    }

    public async Task<Outcome<SurveyAnswers>> RunAsync(
        ProjectCode code, string candidate, string token, IReadOnlyDictionary<string, string?> fields, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await rights.FindSurveyAsync(code, cancellation) is not { } survey)
        {
            return new Refusal("survey-not-found", "This survey has not been opened.");
        }

        if (now >= survey.ClosesAt)
        {
            return new Refusal("survey-closed", $"The survey closed on {survey.ClosesAt:u}.");
        }

        Outcome<SurveyAnswers> parsed = SurveyAnswers.Parse(survey.Questionnaire, fields);
        if (!parsed.TryGet(out SurveyAnswers? given))
        {
            return parsed;
        }

        string key = SurveyAnswerTable.KeyFor(token, code);
        string claim = SurveyAnswerTable.ClaimOf(key);
        for (int attempt = 1; attempt <= 20; attempt++)
        {
            IReadOnlyList<Row> rows = await rights.ListRightsAsync(code, cancellation);
            if (Find(rows, candidate) is not { } row)
            {
                return new Refusal("link-forbidden", "This link does not open this page.");
            }

            SurveyRight right = row.Body<SurveyRight>();
            if (right.IsSpent)
            {
                return Answered();
            }

            if (right.Claim is { } other && other != claim && await answers.HasClaimedAsync(code, other, cancellation))
            {
                // An earlier form of this person was stored under another link just before a crash: it counts.
                await rights.ChangeAsync(rows, row, right with { IsSpent = true, Claim = null }, cancellation);
                return Answered();
            }

            if (right.Claim != claim && !await rights.ChangeAsync(rows, row, right with { Claim = claim }, cancellation))
            {
                continue;
            }

            await answers.StoreAsync(code, key, given, cancellation);
            if (await SpendAsync(code, candidate, cancellation))
            {
                return given;
            }
        }

        return new Refusal("survey-busy-conflict", "Too many people are answering at this very moment.", Remedy: "Send the form again in a minute; nothing you wrote is lost.");
    }

    private static Refusal Answered() => new("survey-answered-already", "Your answer has been stored; each participant answers once.");

    private static Row? Find(IReadOnlyList<Row> rows, string candidate)
    {
        string rowKey = SurveyRightTable.RightPrefix + Keys.Escape(candidate);
        return rows.FirstOrDefault(row => row.Key.Row == rowKey);
    }

    private async Task<bool> SpendAsync(ProjectCode code, string candidate, CancellationToken cancellation)
    {
        for (int attempt = 1; attempt <= 20; attempt++)
        {
            IReadOnlyList<Row> rows = await rights.ListRightsAsync(code, cancellation);
            if (Find(rows, candidate) is { } row &&
                (row.Body<SurveyRight>().IsSpent || await rights.ChangeAsync(rows, row, new SurveyRight(candidate, true, null), cancellation)))
            {
                return true;
            }
        }

        return false;
    }
}
