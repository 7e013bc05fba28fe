using System.Globalization;
using Plenary.Infra.Tables;

namespace Plenary.Infra.Tests.Tables;

public sealed class BatchTests
{
    [Fact]
    public void A_row_of_another_partition_is_refused() =>
        Assert.Throws<ArgumentException>(() => new Batch("p").Insert(Row.Of(new RowKey("q", "r"), ("A", 1))));

    [Fact]
    public void The_same_row_twice_is_refused() =>
        Assert.Throws<ArgumentException>(() => new Batch("p").Insert(Row.Of(new RowKey("p", "r"), ("A", 1))).Upsert(Row.Of(new RowKey("p", "r"), ("A", 2))));

    [Fact]
    public void A_change_without_the_etag_it_was_read_with_is_refused()
    {
        Row fresh = Row.Of(new RowKey("p", "r"), ("A", 1));

        Assert.Throws<ArgumentException>(() => new Batch("p").Replace(fresh));
        Assert.Throws<ArgumentException>(() => new Batch("p").Delete(fresh));
    }

    [Fact]
    public void A_hundred_and_first_write_is_refused()
    {
        Batch batch = new("p");
        for (int number = 0; number < 100; number++)
        {
            batch.Insert(Row.Of(new RowKey("p", number.ToString(CultureInfo.InvariantCulture)), ("A", 1)));
        }

        Assert.Throws<InvalidOperationException>(() => batch.Insert(Row.Of(new RowKey("p", "one-more"), ("A", 1))));
    }

    [Theory]
    [InlineData("a|b", "a=7Cb")]
    [InlineData("100%", "100=25")]
    [InlineData("a=7Cb", "a=3D7Cb")]
    [InlineData("ไทย", "=E0=B9=84=E0=B8=97=E0=B8=A2")]
    [InlineData("A-z_0.9~", "A-z_0.9~")]
    public void Escaped_text_is_ASCII_without_bars_and_comes_back(string text, string escaped)
    {
        Assert.Equal(escaped, Keys.Escape(text));
        Assert.Equal(text, Keys.Unescape(escaped));
    }

    [Fact]
    public void An_instant_in_a_key_sorts_as_time_does_and_comes_back()
    {
        DateTimeOffset at = new(2023, 7, 31, 12, 0, 0, TimeSpan.Zero);

        Assert.Equal("0638264016000000000", Keys.Ticks(at));
        Assert.Equal(at, Keys.InstantOf(Keys.Ticks(at) + "|more"));
    }
}
