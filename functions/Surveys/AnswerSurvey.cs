using Plenary.Domain;
using Plenary.Infra.Tables;

namespace Plenary.Surveys;

/// <summary>
/// Takes one anonymous answer. The right is claimed first with a random key, then the answer stored under that key, then the right
/// spent and the key erased from it. Whoever finds a key there goes on with it, so that crashes, repeats and several links of one person
/// all end with one answer.
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
        ProjectCode code, string candidate, IReadOnlyDictionary<string, string?> fields, DateTimeOffset now, CancellationToken cancellation)
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

            string key = right.Claim ?? SurveyAnswerTable.DrawKey();
            if (right.Claim is null && !await rights.ChangeAsync(rows, row, right with { Claim = key }, cancellation))
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

    /// <summary>Spends the rights whose answer got in just before a crash, so that nobody who answered is asked again and no key is left beside a name.</summary>
    public async Task FinishAsync(ProjectCode code, CancellationToken cancellation)
    {
        foreach (SurveyRight right in (await rights.ListRightsAsync(code, cancellation)).Select(row => row.Body<SurveyRight>()))
        {
            // A key under which nothing is stored leads nowhere, and whoever drew it may be about to store.
            if (right.Claim is { } key && await answers.HasAsync(code, key, cancellation))
            {
                await SpendAsync(code, right.Candidate, cancellation);
            }
        }
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
