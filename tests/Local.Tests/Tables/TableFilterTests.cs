using Azure.Data.Tables;

namespace Plenary.Local.Tests.Tables;

public sealed class TableFilterTests
{
    [Fact]
    public void Arguments_become_literals_of_their_types()
    {
        Guid id = new("9d5d1c2e-1111-2222-3333-444455556666");
        DateTimeOffset instant = new DateTimeOffset(2023, 7, 31, 23, 59, 59, TimeSpan.FromHours(7)).AddTicks(1234567);

        string filter = TableClient.CreateQueryFilter(
            $"A eq {"x"} and B eq {true} and C eq {5} and D eq {6L} and E eq {2.0} and F eq {id} and G ge {instant} and H eq {new byte[] { 10, 255 }}");

        Assert.Equal(
            "A eq 'x' and B eq true and C eq 5 and D eq 6L and E eq 2.0 and F eq guid'9d5d1c2e-1111-2222-3333-444455556666' " +
            "and G ge datetime'2023-07-31T16:59:59.1234567Z' and H eq X'0AFF'",
            filter);
    }

    [Fact]
    public void No_text_can_change_what_a_filter_means()
    {
        string hostile = "x' or PartitionKey ne '";

        Assert.Equal("A eq 'x'' or PartitionKey ne '''", TableClient.CreateQueryFilter($"A eq {hostile}"));
    }

    [Fact]
    public void What_has_no_literal_is_refused()
    {
        Assert.Throws<ArgumentException>(() => TableServiceClient.CreateQueryFilter($"A eq {1.0m}"));
    }
}
