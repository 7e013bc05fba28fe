using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.People;

public sealed class ReferenceNumberTests
{
    [Fact]
    public void Ten_thousand_have_no_ambiguous_character_and_no_duplicate()
    {
        HashSet<string> drawn = [];
        for (int index = 0; index < 10_000; index++)
        {
            string text = ReferenceNumber.Draw().Text;
            Assert.Matches("^[2-9A-HJ-NP-TV-Z]{4}-[2-9A-HJ-NP-TV-Z]{4}-[2-9A-HJ-NP-TV-Z]{4}$", text);
            Assert.True(drawn.Add(text));
        }
    }

    [Fact]
    public void Case_spaces_and_dashes_do_not_matter()
    {
        ReferenceNumber reference = ReferenceNumber.Draw();
        string bare = reference.Text.Replace("-", string.Empty, StringComparison.Ordinal);

        Assert.Equal(reference, Value(ReferenceNumber.Parse(bare)));
        Assert.Equal(reference, Value(ReferenceNumber.Parse($"  {reference.Text.ToLowerInvariant()} ")));
        Assert.Equal(reference, Value(ReferenceNumber.Parse(reference.Text.Replace('-', '\u2013'))));
        Assert.Equal(reference, Value(ReferenceNumber.Parse(string.Join(' ', bare.ToCharArray()))));
    }

    [Fact]
    public void Every_single_wrong_character_is_noticed()
    {
        string bare = ReferenceNumber.Draw().Text.Replace("-", string.Empty, StringComparison.Ordinal);
        for (int index = 0; index < bare.Length; index++)
        {
            foreach (char other in "23456789ABCDEFGHJKLMNPQRSTVWXYZ".Where(character => character != bare[index]))
            {
                Assert.Equal("reference-mistyped", Assert.Single(ReferenceNumber.Parse($"{bare[..index]}{other}{bare[(index + 1)..]}").Refusals).Code);
            }
        }
    }

    [Fact]
    public void Swapped_neighbours_are_noticed()
    {
        for (int round = 0; round < 50; round++)
        {
            char[] bare = ReferenceNumber.Draw().Text.Replace("-", string.Empty, StringComparison.Ordinal).ToCharArray();
            for (int index = 1; index < bare.Length; index++)
            {
                char[] swapped = [.. bare];
                (swapped[index - 1], swapped[index]) = (swapped[index], swapped[index - 1]);
                Assert.Equal(swapped[index] != swapped[index - 1], ReferenceNumber.Parse(new string(swapped)).IsRefused);
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("K7QF-2M9X")]
    [InlineData("K7QF-2M9X-B4T0")]
    [InlineData("K7QF-2M9X-B4TD-K7QF")]
    public void What_is_no_reference_is_refused_with_an_example(string? text)
    {
        Refusal refusal = Assert.Single(ReferenceNumber.Parse(text, "ref").Refusals);

        Assert.Equal("reference-malformed", refusal.Code);
        Assert.Equal("ref", refusal.Field);
    }

    [Fact]
    public void A_megabyte_is_refused_like_any_other_nonsense() =>
        Assert.Equal("reference-malformed", Assert.Single(ReferenceNumber.Parse(new string('A', 1_000_000)).Refusals).Code);

    private static ReferenceNumber Value(Outcome<ReferenceNumber> outcome) => outcome.TryGet(out ReferenceNumber? value) ? value : throw new Xunit.Sdk.XunitException(outcome.Refusals[0].Reason);
}
