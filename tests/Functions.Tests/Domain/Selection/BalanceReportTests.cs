using FsCheck;
using FsCheck.Fluent;
using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Selection;

public sealed class BalanceReportTests
{
    private static readonly Gen<BalanceRow[]> AnyRows =
        from list in (
            from selected in Gen.Choose(0, 12)
            from others in Gen.Choose(0, 12)
            select (selected, others)).NonEmptyListOf()
        select list.Where(row => row.selected + row.others > 0).Select((row, index) => new BalanceRow($"g{index:00}", row.selected + row.others, row.selected)).ToArray();

    [Fact]
    public void Counts_are_those_of_the_list()
    {
        SelectionResult result = RoundRobinSelection.Select(
            new SelectionRules(5, 2, new HashSet<string> { "indonesia" }, "seed"),
            Enumerable.Range(0, 24).Select(index => new Candidate($"n{index:00}", index % 3 == 0 ? "indonesia" : index % 3 == 1 ? "fiji" : "japan", index)));

        BalanceReport report = BalanceReport.Of(result.Decisions, id => (id[^1] < '5' ? "government" : "private", id[^1] < '3' ? "" : "female"));

        foreach (IReadOnlyList<BalanceRow> rows in new[] { report.Economies, report.Sectors, report.Genders })
        {
            Assert.Equal((24, 7), (rows.Sum(row => row.Nominated), rows.Sum(row => row.Selected)));
        }

        Assert.All(report.Economies, row => Assert.Equal(
            (result.Decisions.Count(decision => decision.Economy == row.Group), result.Decisions.Count(decision => decision.Economy == row.Group && decision.Kind == DecisionKind.Selected)),
            (row.Nominated, row.Selected)));
        Assert.Equal(["", "female"], report.Genders.Select(row => row.Group));
    }

    [Fact]
    public void Rows_of_enough_people_everywhere_are_published()
    {
        BalanceRow[] rows = [new("a", 20, 10), new("b", 10, 5)];

        Assert.Equal([new PublicBalanceRow("a", 20, 10), new PublicBalanceRow("b", 10, 5)], BalanceReport.Publish(rows, 5));
    }

    [Theory]
    [InlineData("a:20/10 b:12/6 c:4/2", "b c")]
    [InlineData("a:20/10 b:12/6 c:12/9", "b c")]
    [InlineData("a:30/10 b:12/6 c:8/4 d:8/4", "b c d")]
    [InlineData("a:30/10 b:12/6 c:9/5 d:9/1", "c d")]
    [InlineData("a:30/10 b:4/0", "a b")]
    [InlineData("a:30/30 b:6/6 c:3/3 d:4/4", "c d")]
    [InlineData("a:30/30 b:6/6 c:4/4 d:4/4", "b c d")]
    public void A_row_that_tells_of_too_few_goes_and_with_it_what_would_give_it_away(string rows, string withheld)
    {
        BalanceRow[] read = [.. rows.Split(' ').Select(row => row.Split(':', '/')).Select(row => new BalanceRow(row[0], Number(row[1]), Number(row[2])))];

        Assert.Equal(withheld.Split(' '), BalanceReport.Publish(read, 5).Where(row => row.Nominated is null).Select(row => row.Group));
        Assert.All(BalanceReport.Publish(read, 5), row => Assert.Equal(row.Nominated is null, row.Selected is null));
    }

    [Fact]
    public void No_published_number_is_small_and_no_withheld_one_follows_from_the_totals() => Prop.ForAll(AnyRows.ToArbitrary(), rows =>
    {
        IReadOnlyList<PublicBalanceRow> published = BalanceReport.Publish(rows, 5);
        Assert.Equal(rows.Select(row => row.Group), published.Select(row => row.Group));
        Func<BalanceRow, int>[] cells = [row => row.Nominated, row => row.Selected, row => row.NotSelected];
        BalanceRow[] hidden = [.. rows.Where((_, index) => published[index].Nominated is null)];
        foreach (Func<BalanceRow, int> cell in cells.Where(cell => rows.Any(row => cell(row) > 0)))
        {
            Assert.All(rows.Except(hidden), row => Assert.True(cell(row) >= 5));
            if (hidden.Length == 0 || hidden.Length == rows.Length)
            {
                // Either nothing is withheld, or nothing but the totals is told.
                continue;
            }

            // Another distribution of the same sum over the same rows, small wherever all of them are small, fits everything that was published.
            int sum = hidden.Sum(cell);
            int most = hidden.All(row => cell(row) < 5) ? 4 : sum;
            foreach (BalanceRow row in hidden)
            {
                bool canBeMore = cell(row) < most && hidden.Any(other => other != row && cell(other) > 0);
                bool canBeLess = cell(row) > 0 && hidden.Any(other => other != row && cell(other) < most);
                Assert.True(canBeMore || canBeLess, $"{row} follows from the others.");
            }
        }
    }).QuickCheckThrowOnFailure();

    private static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
