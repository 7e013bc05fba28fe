using System.Text.Json;
using System.Text.Json.Serialization;
using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Outcomes;

/// <summary>What slices keep as JSON comes back as it was.</summary>
public sealed class StoredFormTests
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private static readonly SelectionRules Rules = new(2, 1, new HashSet<string> { "indonesia" }, "seed", 2, 1, true, true);

    [Fact]
    public void A_selection_result_keeps_its_digest()
    {
        SelectionResult result = RoundRobinSelection.Select(Rules, [new("a", "fiji", 1), new("b", "fiji", 2), new("c", "fiji", 3, "late"), new("d", "indonesia", 1)]);

        SelectionResult back = Again(result);

        Assert.Equal(result.Decisions, back.Decisions);
        Assert.Equal(result.ComputeDigest(), back.ComputeDigest());
        Assert.Equal("place-overseas-01", back.Decisions[0].Place.ToString());
    }

    [Fact]
    public void An_offer_keeps_its_place_and_instants()
    {
        DateTimeOffset now = new(2023, 8, 2, 9, 0, 0, TimeSpan.Zero);
        Offer offer = new("n-1", "fiji", Pool.Overseas, new PlaceName(Pool.Local, 7), now, now.AddDays(2), OfferState.Declined, now.AddHours(1), "On mission.");

        Assert.Equal(offer, Again(offer));
    }

    [Fact]
    public void Answers_and_figures_and_steps_come_back()
    {
        SurveyAnswers answers = new(new Dictionary<string, int> { ["overall"] = 4 }, new Dictionary<string, string> { ["missed"] = "ไม่มี" });
        SurveyAnswers back = Again(answers);
        Assert.Equal(answers.Ratings, back.Ratings);
        Assert.Equal(answers.Texts, back.Texts);

        ProjectFigures figures = new("X", 50, 72, 18, 50, 38, 35, 14, 31, 35, 28, 21, 20);
        Assert.Equal(figures, Again(figures));

        Assert.Equal(Questionnaire.Default.ToJson(), Again(Questionnaire.Default).ToJson());
    }

    private static T Again<T>(T value) => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value, Options), Options) ?? throw new InvalidOperationException();
}
