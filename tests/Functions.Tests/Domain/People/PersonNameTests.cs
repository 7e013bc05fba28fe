using System.Text;
using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.People;

public sealed class PersonNameTests
{
    [Theory]
    [InlineData("สมชาย ใจดี")]
    [InlineData("សុខ ចាន់ធី")]
    [InlineData("محمد بن عبد الله")]
    [InlineData("রহিমা খাতুন")]
    [InlineData("கார்த்திக் இராமன்")]
    [InlineData("ສົມພອນ ວົງສາ")]
    [InlineData("ᠪᠠᠲᠤ")]
    [InlineData("Батбаяр Өлзий")]
    [InlineData("නිමල් පෙරේරා")]
    [InlineData("شاہد آفریدی")]
    [InlineData("山田 太郎")]
    [InlineData("홍길동")]
    [InlineData("陳大文")]
    [InlineData("राम बहादुर श्रेष्ठ")]
    [InlineData("Gülşen İnce")]
    [InlineData("O’Neill-Nakamura, Jr.")]
    [InlineData("ක්\u200Dරිස්ටෝෆර්")]
    [InlineData("می\u200Cخواهم")]
    [InlineData("\u200Fمحمد\u200F (Ali)\u200E")]
    [InlineData("Zoë 👩\u200D🔬")]
    [InlineData("X")]
    public void Names_of_every_script_are_kept_as_they_are(string name)
    {
        Assert.Equal(name.Normalize(NormalizationForm.FormC), Value(PersonName.Parse(name)).Text);
    }

    [Fact]
    public void A_decomposed_Vietnamese_name_is_stored_composed()
    {
        string composed = "Nguyễn Thị Hồng Ngọc";

        PersonName name = Value(PersonName.Parse("  " + composed.Normalize(NormalizationForm.FormD) + " "));

        Assert.Equal(composed.Normalize(NormalizationForm.FormC), name.Text);
        Assert.Equal(Value(PersonName.Parse(composed)), name);
    }

    [Theory]
    [InlineData("Somchai\r\nBcc: a@b.example", "U+000D", 8)]
    [InlineData("Somchai\nJaidee", "U+000A", 8)]
    [InlineData("Somchai\t", "U+0009", 8)]
    [InlineData("A\0B", "U+0000", 2)]
    [InlineData("A\u0085B", "U+0085", 2)]
    [InlineData("A\u2028B", "U+2028", 2)]
    [InlineData("👩AB\u202Etxt", "U+202E", 4)]
    [InlineData("A\u2066B", "U+2066", 2)]
    [InlineData("A\uFFFEB", "U+FFFE", 2)]
    public void What_could_break_a_header_or_turn_a_line_round_is_refused_with_its_place(string name, string codePoint, int position)
    {
        Refusal refusal = PersonName.Parse(name, "nomineeName").Refusals[0];

        Assert.Contains(codePoint, refusal.Reason, StringComparison.Ordinal);
        Assert.Contains($"Character {position} ", refusal.Reason, StringComparison.Ordinal);
        Assert.Equal("nomineeName", refusal.Field);
        Assert.NotNull(refusal.Remedy);
    }

    [Fact]
    public void Half_a_character_is_refused() => Assert.Equal("text-broken-character", Assert.Single(PersonName.Parse("A\uD83D").Refusals).Code);

    [Fact]
    public void All_forbidden_characters_are_told_at_once()
    {
        IReadOnlyList<Refusal> refusals = PersonName.Parse("A\u202EB\nC").Refusals;

        Assert.Equal(["text-direction-override", "text-control-character"], refusals.Select(refusal => refusal.Code));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\u200F\u200D")]
    [InlineData("\u0301")]
    public void An_invisible_name_is_no_name(string? name) => Assert.Equal("name-missing", Assert.Single(PersonName.Parse(name).Refusals).Code);

    [Fact]
    public void Length_is_counted_as_people_count()
    {
        string cluster = "กำ้"[..2];

        Assert.False(PersonName.Parse(string.Concat(Enumerable.Repeat(cluster, 200))).IsRefused);
        Assert.Equal("name-too-long", Assert.Single(PersonName.Parse(new string('A', 201)).Refusals).Code);
        Assert.Equal("name-too-long", Assert.Single(PersonName.Parse("A" + new string('\u0301', 5_000)).Refusals).Code);
    }

    [Fact]
    public void Ten_megabytes_are_refused_without_being_looked_at() => Assert.Equal("name-too-long", Assert.Single(PersonName.Parse(new string('\u202E', 10_000_000)).Refusals).Code);

    [Fact]
    public void Binary_junk_is_answered_in_a_few_lines() => Assert.InRange(PersonName.Parse(new string('\u0001', 900)).Refusals.Count, 1, 5);

    [Theory]
    [InlineData("Nguyễn  Thị\u00A0Hồng", "NGUYỄN THỊ HỒNG")]
    [InlineData("ＴＡＲＯ Yamada", "taro yamada")]
    [InlineData("محمد\u200F", "محمد")]
    public void Spellings_that_look_alike_compare_equal(string left, string right)
    {
        string decomposed = right.Normalize(NormalizationForm.FormD);

        Assert.Equal(Value(PersonName.Parse(left)).ToComparisonForm(), Value(PersonName.Parse(decomposed)).ToComparisonForm());
    }

    [Fact]
    public void Free_text_keeps_its_lines_and_refuses_what_a_name_refuses()
    {
        Assert.True(FreeText.ParseLines("  one\r\ntwo\tthree ", "reason").TryGet(out FreeText? text));
        Assert.Equal("one\ntwo\tthree", text.Text);
        Assert.Equal("text-control-character", Assert.Single(FreeText.ParseLine("one\ntwo", "title").Refusals).Code);
        Assert.Equal("text-direction-override", Assert.Single(FreeText.ParseLines("a\u202Eb", "reason").Refusals).Code);
        Assert.Equal("text-too-long", Assert.Single(FreeText.ParseLines(new string('x', 10_000_000), "reason").Refusals).Code);
        Assert.Equal("text-too-long", Assert.Single(FreeText.ParseLine(new string('x', 201), "title").Refusals).Code);
        Assert.Equal("text-missing", Assert.Single(FreeText.ParseLine(" \u200D", "title").Refusals).Code);
        Assert.True(FreeText.ParseOptionalLines(null, "note").TryGet(out FreeText? empty));
        Assert.Equal(string.Empty, empty.Text);
        Assert.True(FreeText.ParseLines("<script>alert(1)</script>", "reason").TryGet(out FreeText? markup));
        Assert.Equal("<script>alert(1)</script>", markup.Text);
    }

    private static PersonName Value(Outcome<PersonName> outcome) => outcome.TryGet(out PersonName? value) ? value : throw new Xunit.Sdk.XunitException(outcome.Refusals[0].Reason);
}
