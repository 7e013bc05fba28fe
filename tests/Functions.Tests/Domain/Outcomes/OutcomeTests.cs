using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Outcomes;

public sealed class OutcomeTests
{
    private static readonly ProjectFigures Example = new("23-IP-10-GE-WSP-A", 50, 72, 18, 50, 38, 35, 14, 31, 35, 28, 21, 20);

    private static readonly NewsFacts Facts = new(
        "Public Service Innovation in the New Normal",
        "workshop",
        new DateOnly(2023, 8, 14),
        new DateOnly(2023, 8, 16),
        "online",
        ["the Ministry of Manpower of the Republic of Indonesia", "the Secretariat"],
        [new ResourcePersons("Indonesia", 2), new ResourcePersons("the Philippines", 1), new ResourcePersons("the UK", 1)],
        ["citizens' needs", "design", "planning"],
        4.33m);

    [Fact]
    public void The_example_fills_seventy_percent_and_misses_seven_economies_six_of_them_active()
    {
        Assert.Equal("70\u00A0%", Example.FillRate.ToString());
        Assert.Equal("80\u00A0%", Example.ResponseRate.ToString());
        Assert.Equal(7, Example.EconomiesAbsent);
        Assert.Equal(6, Example.ActiveEconomiesAbsent);
        Assert.Empty(Example.FindContradictions());
    }

    [Fact]
    public void Figures_that_cannot_be_true_together_are_named() =>
        Assert.Equal(2, (Example with { Attended = 60, Certificates = 61 }).FindContradictions().Count);

    [Fact]
    public void Every_figure_has_its_own_key() =>
        Assert.Equal(Example.ToFigures().Count, Example.ToFigures().Select(figure => figure.Key).Distinct().Count());

    [Fact]
    public void A_project_without_anybody_has_no_rates()
    {
        ProjectFigures none = new("X", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 21, 20);

        Assert.Equal("n/a", none.FillRate.ToString());
        Assert.Null(none.ToFigures().Single(figure => figure.Key == "responseRate").Value);
    }

    [Fact]
    public void The_draft_tells_the_facts_in_plain_sentences()
    {
        NewsDraft draft = NewsDraft.Compose(Facts, Example);

        Assert.Equal(
            [
                "The workshop \u201CPublic Service Innovation in the New Normal\u201D was held online from 14 to 16 August 2023, organised by the Ministry of Manpower of the Republic of Indonesia and the Secretariat.",
                "Thirty-five participants from 14 economies took part in the workshop, filling 70\u00A0% of the 50 places. Eighteen economies had nominated 72 people; 38 confirmed their places.",
                "Two resource persons from Indonesia, one from the Philippines and one from the UK led the sessions. The sessions dealt with citizens' needs, design and planning.",
                "Thirty-one participants received a certificate of attendance. Twenty-eight answered the survey afterwards (80\u00A0% of those asked), and gave the workshop 4.3 out of 5 on the whole.",
            ],
            draft.Paragraphs);
    }

    [Fact]
    public void One_is_one_and_nobody_is_nobody()
    {
        NewsFacts bare = Facts with { ResourcePersons = [], Topics = [], End = Facts.Start };
        ProjectFigures one = new("X", 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 21, 20);

        Assert.Equal(
            [
                "The workshop \u201CPublic Service Innovation in the New Normal\u201D was held online on 14 August 2023, organised by the Ministry of Manpower of the Republic of Indonesia and the Secretariat.",
                "One participant from one economy took part in the workshop, filling 100\u00A0% of the one place. One economy had nominated one person; one confirmed a place.",
                "One participant received a certificate of attendance.",
            ],
            NewsDraft.Compose(bare, one).Paragraphs);
        Assert.StartsWith("Nobody took part. Three people had been nominated", NewsDraft.Compose(bare, one with { Attended = 0, Nominated = 3, Certificates = 0 }).Paragraphs[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "Zero", "zero")]
    [InlineData(9, "Nine", "nine")]
    [InlineData(10, "Ten", "10")]
    [InlineData(21, "Twenty-one", "21")]
    [InlineData(40, "Forty", "40")]
    [InlineData(100, "One hundred", "100")]
    [InlineData(342, "Three hundred and forty-two", "342")]
    [InlineData(1_000, "1,000", "1,000")]
    public void Numbers_are_words_where_a_sentence_wants_words(int number, string atStart, string within)
    {
        Assert.Equal(atStart, NumberWords.AtStart(number));
        Assert.Equal(within, NumberWords.Within(number));
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    [InlineData("  =1")]
    [InlineData("\"=1")]
    [InlineData(" ' \"@x")]
    [InlineData("\u200E=1")]
    [InlineData("\uFF1D1")]
    public void A_cell_that_a_spreadsheet_could_run_is_made_text(string text) => Assert.Equal("'" + text, CsvCell.Neutralise(text));

    [Theory]
    [InlineData("สมชาย")]
    [InlineData("a=b")]
    [InlineData("  Fiji")]
    [InlineData("\"quoted\"")]
    [InlineData("3 - 4")]
    public void Any_other_cell_stays_as_it_is(string text) => Assert.Equal(text, CsvCell.Neutralise(text));

    [Fact]
    public void An_empty_cell_stays_empty() => Assert.Equal(string.Empty, CsvCell.Neutralise(null));
}
