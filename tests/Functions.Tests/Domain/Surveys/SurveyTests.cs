using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Surveys;

public sealed class SurveyTests
{
    private static readonly Question Overall = Questionnaire.Default.Questions[0];

    [Fact]
    public void The_questionnaire_that_ships_asks_eight_rated_and_three_open_questions()
    {
        Assert.Equal(8, Questionnaire.Default.Rated.Count());
        Assert.Equal(3, Questionnaire.Default.Open.Count());
        Assert.All(Questionnaire.Default.Rated, question => Assert.Equal(5, question.Labels.Count));
    }

    [Fact]
    public void A_questionnaire_reads_back_what_it_writes()
    {
        Assert.True(Questionnaire.Parse(Questionnaire.Default.ToJson()).TryGet(out Questionnaire? again));
        Assert.Equal(Questionnaire.Default.ToJson(), again.ToJson());
    }

    [Fact]
    public void Everything_wrong_with_a_questionnaire_is_told_at_once()
    {
        const string json = """
            { "id": "Bad Id", "title": "", "questions": [
              { "id": "a", "kind": "rated", "text": "How?", "labels": ["1", "2"] },
              { "id": "a", "kind": "guess", "text": "Why?\u202E" },
              { "id": "c", "kind": "open", "text": "What?", "labels": ["x"] },
              null ] }
            """;

        Assert.Equal(
            [
                "id id-malformed", "title text-missing", "questions[0].labels labels-count-invalid", "questions[1].id question-id-twice",
                "questions[1].text text-direction-override", "questions[1].kind question-kind-unknown", "questions[2].labels labels-unexpected", "questions[3] question-missing",
            ],
            Questionnaire.Parse(json).Refusals.Select(refusal => $"{refusal.Field} {refusal.Code}"));
    }

    [Theory]
    [InlineData("", "questionnaire-unreadable")]
    [InlineData("null", "questionnaire-unreadable")]
    [InlineData("[]", "questionnaire-unreadable")]
    [InlineData("{\"id\":", "questionnaire-unreadable")]
    [InlineData("{\"id\":\"a\",\"title\":\"T\",\"surprise\":1}", "questionnaire-unreadable")]
    [InlineData("{\"id\":\"a\",\"title\":\"T\",\"questions\":[]}", "questions-count-invalid")]
    public void A_file_that_is_no_questionnaire_is_refused(string json, string code) => Assert.Equal(code, Questionnaire.Parse(json).Refusals[0].Code);

    [Fact]
    public void A_broken_file_names_the_line() => Assert.Contains("line 3", Questionnaire.Parse("{\n\"id\": \"a\",\n!}").Refusals[0].Reason, StringComparison.Ordinal);

    [Fact]
    public void Answers_are_read_from_a_form_and_all_mistakes_told()
    {
        Dictionary<string, string?> fields = Questionnaire.Default.Rated.ToDictionary(question => question.Id, _ => (string?)"4");
        fields["first-step"] = " เริ่มเลย\r\nnow ";
        fields["token"] = "ignored";
        Assert.True(SurveyAnswers.Parse(Questionnaire.Default, fields).TryGet(out SurveyAnswers? answers));
        Assert.Equal(8, answers.Ratings.Count);
        Assert.Equal("เริ่มเลย\nnow", Assert.Single(answers.Texts).Value);

        fields["overall"] = "6";
        fields["pace"] = null;
        fields["missed"] = "\u202E";
        Assert.Equal(
            ["overall answer-not-a-step", "pace answer-missing", "missed text-direction-override"],
            SurveyAnswers.Parse(Questionnaire.Default, fields).Refusals.Select(refusal => $"{refusal.Field} {refusal.Code}"));
    }

    [Fact]
    public void An_empty_form_of_voluntary_questions_is_refused()
    {
        Questionnaire questionnaire = new("q", "T", string.Empty, [new Question("a", QuestionKind.Open, "Why?", [], false)]);

        Assert.Equal("survey-empty", Assert.Single(SurveyAnswers.Parse(questionnaire, new Dictionary<string, string?>()).Refusals).Code);
    }

    [Fact]
    public void Results_tell_mean_distribution_and_response_rate()
    {
        SurveyResults results = SurveyResults.Of(Questionnaire.Default, 8, [.. Rate(5, 4, 4, 3, 5, 5)]);

        RatedResult overall = results.Rated[0];
        Assert.Equal(6, overall.Count);
        Assert.Equal(4.33m, overall.Mean);
        Assert.Equal([0, 0, 1, 2, 3], overall.Distribution);
        Assert.Equal("75\u00A0%", results.ResponseRate.ToString());
        Assert.Equal(0, results.Rated[1].Count);
        Assert.Null(results.Rated[1].Mean);
    }

    [Fact]
    public void Four_answers_are_not_shown_but_counted()
    {
        SurveyResults results = SurveyResults.Of(Questionnaire.Default, 8, [.. Rate(5, 4, 4, 3).Select(one => one with { Texts = new Dictionary<string, string> { ["missed"] = "x" } })]);

        Assert.True(results.IsSuppressed);
        Assert.Equal(4, results.Answered);
        Assert.All(results.Rated, rated => Assert.True(rated is { IsSuppressed: true, Count: null, Mean: null, Distribution.Count: 0 }));
        Assert.All(results.Open, open => Assert.Empty(open.Texts));
    }

    [Fact]
    public void A_question_that_fewer_than_five_answered_is_kept_back_alone()
    {
        List<SurveyAnswers> answers = [.. Rate(5, 4, 4, 3, 5)];
        answers[0] = answers[0] with { Ratings = new Dictionary<string, int> { ["overall"] = 5, ["pace"] = 1 } };

        SurveyResults results = SurveyResults.Of(Questionnaire.Default, 5, answers);

        Assert.False(results.Rated.Single(rated => rated.Question.Id == "overall").IsSuppressed);
        Assert.True(results.Rated.Single(rated => rated.Question.Id == "pace").IsSuppressed);
    }

    [Fact]
    public void Texts_come_in_an_order_that_tells_nothing()
    {
        List<SurveyAnswers> answers = [.. "ecabd".Select(letter => new SurveyAnswers(new Dictionary<string, int>(), new Dictionary<string, string> { ["missed"] = letter.ToString() }))];

        Assert.Equal(["a", "b", "c", "d", "e"], SurveyResults.Of(Questionnaire.Default, 5, answers).Open.Single(open => open.Question.Id == "missed").Texts);
    }

    [Theory]
    [InlineData("a:7 b:8", "")]
    [InlineData("a:4 b:8", "a b")]
    [InlineData("a:4 b:8 c:9", "a b")]
    [InlineData("a:1 b:1 c:9 d:10", "a b c")]
    [InlineData("a:3 b:4 c:9", "a b")]
    [InlineData("a:0 b:4 c:9 d:9", "b c")]
    [InlineData("a:4", "a")]
    public void What_is_hidden_cannot_be_found_by_subtracting(string counts, string hidden)
    {
        List<(string, int)> groups = [.. counts.Split(' ').Select(entry => (entry[..1], int.Parse(entry[2..], System.Globalization.CultureInfo.InvariantCulture)))];

        Assert.Equal(hidden, string.Join(' ', SurveyResults.FindHidden(groups).Order()));
    }

    [Fact]
    public void A_table_by_group_hides_small_groups_and_their_cover()
    {
        IEnumerable<(string, SurveyAnswers)> answers = Rate(5, 5, 5, 5).Select(one => ("local", one))
            .Concat(Rate(1, 2, 3, 4, 5).Select(one => ("overseas", one)))
            .Concat(Rate(2, 2, 2, 2, 2, 3).Select(one => ("online", one)));

        Assert.Equal(
            [new GroupCell("local", null, null), new GroupCell("online", 6, 2.17m), new GroupCell("overseas", null, null)],
            SurveyResults.RateByGroup(Overall, answers));
    }

    private static IEnumerable<SurveyAnswers> Rate(params int[] steps) =>
        steps.Select(step => new SurveyAnswers(new Dictionary<string, int> { [Overall.Id] = step }, new Dictionary<string, string>()));
}
