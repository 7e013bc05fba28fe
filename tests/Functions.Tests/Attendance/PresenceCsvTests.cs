using Plenary.Attendance;
using Plenary.Domain;

namespace Plenary.Functions.Tests.Attendance;

public sealed class PresenceCsvTests
{
    private static readonly ProjectSession[] Sessions = [.. Enumerable.Range(1, 2).Select(day => new ProjectSession(day, $"Day {day}", new DateTimeOffset(2023, 8, 13 + day, 2, 0, 0, TimeSpan.Zero), new DateTimeOffset(2023, 8, 13 + day, 5, 0, 0, TimeSpan.Zero)))];

    private readonly string[] references = [.. Enumerable.Range(0, 3).Select(_ => ReferenceNumber.Draw().Text)];

    [Theory]
    [InlineData(',')]
    [InlineData(';')]
    [InlineData('\t')]
    public void A_list_is_read_whatever_the_spreadsheet_puts_between_cells(char separator)
    {
        string text = $"\uFEFFReference,Name,SESSION-1,session-2\r\n{references[0].ToLowerInvariant()},สมชาย,yes,NO\r\n\r\n{references[1]},\"Line\nbreak\",x,\r\n".Replace(',', separator);

        Assert.True(Parse(text).TryGet(out IReadOnlyList<PresenceRow>? rows));
        Assert.Equal([references[0], references[1]], rows.Select(row => row.Reference));
        Assert.Equal([true, false], rows[0].Presence.OrderBy(entry => entry.Key).Select(entry => entry.Value));
        Assert.Equal([true, false], rows[1].Presence.OrderBy(entry => entry.Key).Select(entry => entry.Value));
    }

    [Fact]
    public void Every_bad_line_is_named_and_nothing_is_used()
    {
        string stranger = ReferenceNumber.Draw().Text;
        string text = $"reference,session-1,session-2\n{references[0]},yes,perhaps\n{references[0]},yes,yes\nK7QF,yes,yes\n{stranger},yes,yes\n{references[1]},yes\n";

        IReadOnlyList<Refusal> refusals = Parse(text).Refusals;

        Assert.Equal(
            ["line 2 presence-cell-unreadable", "line 3 presence-reference-twice", "line 4 reference-malformed", "line 5 presence-reference-unknown", "line 6 presence-cells-count"],
            refusals.Select(refusal => $"{refusal.Field} {refusal.Code}"));
        Assert.All(refusals, refusal => Assert.NotNull(refusal.Remedy));
    }

    [Theory]
    [InlineData("", "presence-empty")]
    [InlineData("reference,session-1\n", "presence-empty")]
    [InlineData("session-1,session-2\nyes,no\n", "presence-reference-missing")]
    [InlineData("reference,session-7\n", "presence-column-unknown")]
    [InlineData("reference,session-1,Session-1\n", "presence-column-twice")]
    [InlineData("reference,name\n", "presence-session-missing")]
    [InlineData("PK\u0003\u0004\0\0", "presence-not-text")]
    [InlineData("reference,session-1\n\"ABC,yes\n", "presence-malformed")]
    public void A_file_that_is_no_list_says_why(string text, string code) => Assert.Equal(code, Parse(text).Refusals[0].Code);

    [Fact]
    public void Ten_megabytes_are_refused() => Assert.Equal("presence-too-long", Parse(new string('a', 10_000_000)).Refusals[0].Code);

    [Fact]
    public void A_file_full_of_mistakes_is_answered_in_fifty_lines() =>
        Assert.InRange(Parse("reference,session-1\n" + string.Concat(Enumerable.Repeat("nonsense,nonsense\n", 4_000))).Refusals.Count, 50, 51);

    private Outcome<IReadOnlyList<PresenceRow>> Parse(string text) => PresenceCsv.Parse(text, Sessions, references.ToHashSet());
}
