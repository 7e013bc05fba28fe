using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Notifications;

public sealed class PlacesTextTests
{
    [Theory]
    [InlineData("38", 38, false)]
    [InlineData("up to 18", 18, true)]
    [InlineData("Up to eighteen participants", 18, true)]
    [InlineData("18 qualified participants from member economies", 18, false)]
    [InlineData("18 qualified participants from 9 economies", 18, false)]
    [InlineData("thirty-eight", 38, false)]
    [InlineData("twenty five", 25, false)]
    [InlineData("Fifty", 50, false)]
    [InlineData("thirty-eight (38)", 38, false)]
    [InlineData("a maximum of 20", 20, true)]
    [InlineData("not more than 20 participants", 20, true)]
    [InlineData("1,200", 1200, false)]
    [InlineData("10,000", 10_000, false)]
    [InlineData("20 (two per economy)", 20, false)]
    [InlineData("20, i.e. 2 participants per member country", 20, false)]
    [InlineData("Not Applicable", 0, false)]
    [InlineData("0", 0, false)]
    public void Numbers_are_read(string text, int count, bool isUpTo)
    {
        Assert.True(PlacesText.Read(text, "f").TryGet(out Places places));
        Assert.Equal(new Places(count, isUpTo, text), places);
    }

    [Theory]
    [InlineData("many", "places-missing")]
    [InlineData("two per economy", "places-missing")]
    [InlineData("18-20", "places-unclear")]
    [InlineData("20 women and 18 men", "places-unclear")]
    [InlineData("at least 10", "places-unclear")]
    [InlineData("about 20", "places-unclear")]
    [InlineData("-5", "places-impossible")]
    [InlineData("−5", "places-impossible")]
    [InlineData("12.5", "places-impossible")]
    [InlineData("1,2", "places-impossible")]
    [InlineData("10,001", "places-impossible")]
    [InlineData("99999999999999999999", "places-impossible")]
    public void What_is_no_number_of_places_is_refused(string text, string code)
    {
        Refusal refusal = Assert.Single(PlacesText.Read(text, "f").Refusals);

        Assert.Equal((code, "f"), (refusal.Code, refusal.Field));
        Assert.NotNull(refusal.Remedy);
    }

    [Fact]
    public void Number_words_go_from_one_to_fifty()
    {
        string[] words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
        (string Ten, int Number)[] tens = [("twenty", 20), ("thirty", 30), ("forty", 40)];
        foreach ((string ten, int number) in tens)
        {
            for (int i = 0; i < words.Length; i++)
            {
                Assert.True(PlacesText.Read($"{ten}-{words[i]}", "f").TryGet(out Places places));
                Assert.Equal(number + i + 1, places.Count);
            }
        }
    }

    [Theory]
    [InlineData("two per economy", 2)]
    [InlineData("one nominee from each member economy", 1)]
    [InlineData("Each economy may nominate up to three candidates.", 3)]
    [InlineData("maximum 2 per member country", 2)]
    [InlineData("38", null)]
    [InlineData("fees are paid per day", null)]
    public void Places_per_economy_are_read(string text, int? maximum) => Assert.Equal(maximum, PlacesText.PerEconomy(text));
}
