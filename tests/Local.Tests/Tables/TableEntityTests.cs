using Azure.Data.Tables;

namespace Plenary.Local.Tests.Tables;

public sealed class TableEntityTests
{
    [Fact]
    public void A_property_of_another_type_is_not_given_out()
    {
        TableEntity entity = new("p", "r") { ["A"] = 1 };

        Assert.Equal(1, entity.GetInt32("A"));
        Assert.Throws<InvalidOperationException>(() => entity.GetString("A"));
        Assert.Throws<InvalidOperationException>(() => entity.GetInt64("A"));
        Assert.Throws<InvalidOperationException>(() => entity.GetBinary("A"));
        Assert.Null(entity.GetInt64("B"));
        Assert.Null(entity["B"]);
    }

    [Fact]
    public void A_property_keeps_its_type_when_assigned_again()
    {
        TableEntity entity = new("p", "r") { ["Long"] = 1L, ["Double"] = 1.0, ["Int"] = 1 };

        entity["Long"] = 2;
        entity["Double"] = 2;
        entity["Int"] = 2L;

        Assert.Equal((2L, 2.0, 2L), (entity.GetInt64("Long"), entity.GetDouble("Double"), entity.GetInt64("Int")));
        Assert.Throws<InvalidOperationException>(() => entity["Double"] = "two");
    }

    [Fact]
    public void Instants_and_bytes_are_given_out_in_both_forms()
    {
        DateTimeOffset instant = new(2023, 7, 3, 12, 0, 0, TimeSpan.FromHours(7));
        TableEntity entity = new("p", "r") { ["At"] = instant, ["Bytes"] = new byte[] { 1 } };

        Assert.Equal(instant.UtcDateTime, entity.GetDateTime("At"));
        Assert.Equal(instant, entity.GetDateTimeOffset("At"));
        Assert.Equal([1], entity.GetBinaryData("Bytes").ToArray());
    }

    [Fact]
    public void Keys_are_properties_as_well()
    {
        TableEntity entity = new(new Dictionary<string, object> { ["PartitionKey"] = "p", ["RowKey"] = "r", ["A"] = 1 });

        Assert.Equal(("p", "r", 3), (entity.PartitionKey, entity.RowKey, entity.Count));
        Assert.True(entity.Remove("A"));
        Assert.Equal(["PartitionKey", "RowKey"], entity.Keys);
    }
}
