using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Plenary.Support;

namespace Plenary.Local.Tests.Tables;

public sealed class TableClientTests
{
    [Fact]
    public async Task An_entity_comes_back_as_it_was_added()
    {
        TableClient table = await TableFixture.NewTableAsync();
        Guid id = Guid.NewGuid();
        DateTimeOffset instant = new DateTimeOffset(2023, 7, 31, 23, 59, 59, TimeSpan.FromHours(7)).AddTicks(1234567);
        TableEntity entity = new("p", "r")
        {
            ["Text"] = "Ünïcode ไทย 😀 \"quoted\" <b> \\ \r\n\t",
            ["Empty"] = "",
            ["Flag"] = true,
            ["No"] = false,
            ["Int"] = int.MinValue,
            ["Long"] = long.MaxValue,
            ["SmallLong"] = 5L,
            ["Double"] = 0.1,
            ["WholeDouble"] = 5.0,
            ["NaN"] = double.NaN,
            ["Infinity"] = double.PositiveInfinity,
            ["MinusInfinity"] = double.NegativeInfinity,
            ["Instant"] = instant,
            ["Id"] = id,
            ["Bytes"] = new byte[] { 0, 1, 254, 255 },
            ["Data"] = new BinaryData(new byte[] { 7 }),
            ["Nothing"] = null,
        };

        await table.AddEntityAsync(entity);
        TableEntity back = await table.GetEntityAsync<TableEntity>("p", "r");

        Assert.Equal(("p", "r"), (back.PartitionKey, back.RowKey));
        Assert.Equal("Ünïcode ไทย 😀 \"quoted\" <b> \\ \r\n\t", back.GetString("Text"));
        Assert.Equal("", back.GetString("Empty"));
        Assert.True(back.GetBoolean("Flag"));
        Assert.False(back.GetBoolean("No"));
        Assert.Equal(int.MinValue, back.GetInt32("Int"));
        Assert.Equal(long.MaxValue, back.GetInt64("Long"));
        Assert.Equal(5L, back.GetInt64("SmallLong"));
        Assert.Equal(0.1, back.GetDouble("Double"));
        Assert.Equal(5.0, back.GetDouble("WholeDouble"));
        Assert.Equal(double.NaN, back.GetDouble("NaN"));
        Assert.Equal(double.PositiveInfinity, back.GetDouble("Infinity"));
        Assert.Equal(double.NegativeInfinity, back.GetDouble("MinusInfinity"));
        Assert.Equal(instant, back.GetDateTimeOffset("Instant"));
        Assert.Equal(id, back.GetGuid("Id"));
        Assert.Equal([0, 1, 254, 255], back.GetBinary("Bytes"));
        Assert.Equal([7], back.GetBinaryData("Data").ToArray());
        Assert.False(back.ContainsKey("Nothing"));
        Assert.NotEqual(default, back.ETag);
        Assert.NotNull(back.Timestamp);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData("it's ''quoted''")]
    [InlineData("+%&=%2B%27")]
    [InlineData("a b  c ")]
    [InlineData("ไทย ខ្មែر العربية 😀 é")]
    [InlineData("!\"$()*,-.:;<>@[]^_`{|}~")]
    [InlineData("..")]
    public async Task A_key_may_hold_every_allowed_character(string key)
    {
        TableClient table = await TableFixture.NewTableAsync();
        await table.AddEntityAsync(new TableEntity(key, key) { ["Step"] = 1 });
        ETag etag = (await table.GetEntityAsync<TableEntity>(key, key)).Value.ETag;

        await table.UpdateEntityAsync(new TableEntity(key, key) { ["Step"] = 2 }, etag);
        await table.SubmitTransactionAsync(
        [
            new TableTransactionAction(TableTransactionActionType.UpsertMerge, new TableEntity(key, key) { ["More"] = key }),
            new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(key, key + "2")),
        ]);
        List<TableEntity> found = await table
            .QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {key} and RowKey eq {key}"))
            .ToListAsync();

        TableEntity entity = Assert.Single(found);
        Assert.Equal((key, key, 2, key), (entity.PartitionKey, entity.RowKey, entity.GetInt32("Step"), entity.GetString("More")));
        await table.DeleteEntityAsync(key, key);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>(key, key)).HasValue);
    }

    [Fact]
    public async Task Adding_what_exists_is_a_conflict()
    {
        TableClient table = await TableFixture.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r"));

        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal(409, refusal.Status);
        Assert.True(refusal.ErrorCode == TableErrorCode.EntityAlreadyExists);
    }

    [Fact]
    public async Task Getting_what_is_not_there_is_not_found_or_no_value()
    {
        TableClient table = await TableFixture.NewTableAsync();

        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.GetEntityAsync<TableEntity>("p", "r"));
        NullableResponse<TableEntity> none = await table.GetEntityIfExistsAsync<TableEntity>("p", "r");

        Assert.Equal(404, refusal.Status);
        Assert.False(none.HasValue);
        Assert.Throws<InvalidOperationException>(() => none.Value);
        Assert.Equal(404, none.GetRawResponse().Status);
    }

    [Fact]
    public async Task Merge_keeps_the_other_properties_and_replace_drops_them()
    {
        TableClient table = await TableFixture.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 1 });

        await table.UpdateEntityAsync(new TableEntity("p", "r") { ["B"] = 2 }, ETag.All);
        TableEntity merged = await table.GetEntityAsync<TableEntity>("p", "r");
        await table.UpdateEntityAsync(new TableEntity("p", "r") { ["B"] = 3 }, merged.ETag, TableUpdateMode.Replace);
        TableEntity replaced = await table.GetEntityAsync<TableEntity>("p", "r");

        Assert.Equal((1, 2), (merged.GetInt32("A"), merged.GetInt32("B")));
        Assert.Equal((null, 3), (replaced.GetInt32("A"), replaced.GetInt32("B")));
    }

    [Theory]
    [InlineData(TableUpdateMode.Merge)]
    [InlineData(TableUpdateMode.Replace)]
    public async Task An_update_under_a_stale_tag_is_refused_and_changes_nothing(TableUpdateMode mode)
    {
        TableClient table = await TableFixture.NewTableAsync();
        ETag? stale = (await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 })).Headers.ETag;
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 2 });

        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 3 }, stale!.Value, mode));

        Assert.Equal(412, refusal.Status);
        Assert.True(refusal.ErrorCode == TableErrorCode.UpdateConditionNotSatisfied);
        Assert.Equal(2, (await table.GetEntityAsync<TableEntity>("p", "r")).Value.GetInt32("A"));
    }

    [Fact]
    public async Task An_update_without_a_tag_is_a_mistake_of_the_caller()
    {
        TableClient table = await TableFixture.NewTableAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => table.UpdateEntityAsync(new TableEntity("p", "r"), default));
    }

    [Fact]
    public async Task Updating_what_is_not_there_is_not_found()
    {
        TableClient table = await TableFixture.NewTableAsync();

        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.UpdateEntityAsync(new TableEntity("p", "r"), ETag.All));

        Assert.Equal(404, refusal.Status);
    }

    [Fact]
    public async Task Upsert_adds_and_then_changes()
    {
        TableClient table = await TableFixture.NewTableAsync();

        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["B"] = 2 });
        TableEntity merged = await table.GetEntityAsync<TableEntity>("p", "r");
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["C"] = 3 }, TableUpdateMode.Replace);
        TableEntity replaced = await table.GetEntityAsync<TableEntity>("p", "r");

        Assert.Equal((1, 2), (merged.GetInt32("A"), merged.GetInt32("B")));
        Assert.Equal((null, 3), (replaced.GetInt32("A"), replaced.GetInt32("C")));
    }

    [Fact]
    public async Task Delete_obeys_a_tag_and_shrugs_at_what_is_gone()
    {
        TableClient table = await TableFixture.NewTableAsync();
        ETag? stale = (await table.AddEntityAsync(new TableEntity("p", "r"))).Headers.ETag;
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });

        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.DeleteEntityAsync("p", "r", stale!.Value));
        Response deleted = await table.DeleteEntityAsync(new TableEntity("p", "r"));
        Response again = await table.DeleteEntityAsync("p", "r");

        Assert.Equal((412, 204, 404), (refusal.Status, deleted.Status, again.Status));
    }

    [Fact]
    public async Task A_query_goes_through_all_pages_in_the_order_of_keys()
    {
        TableClient table = await TableFixture.NewTableAsync();
        for (int batch = 0; batch < 3; batch++)
        {
            int first = batch * 50;
            await table.SubmitTransactionAsync(Enumerable.Range(0, 50).Select(row => TableFixture.Add($"{first + row:D4}")));
        }

        List<Page<TableEntity>> pages = await table.QueryAsync<TableEntity>("PartitionKey eq 'p'", maxPerPage: 40).AsPages().ToListAsync();

        Assert.Equal([40, 40, 40, 30], pages.Select(page => page.Values.Count));
        Assert.Equal(
            Enumerable.Range(0, 150).Select(row => $"{row:D4}"), pages.SelectMany(page => page.Values).Select(row => row.RowKey));
        Assert.Null(pages[^1].ContinuationToken);
    }

    [Fact]
    public async Task A_query_can_be_taken_up_from_a_token()
    {
        TableClient table = await TableFixture.NewTableAsync();
        foreach (string partition in (string[])["it's", "ไทย"])
        {
            await table.SubmitTransactionAsync(Enumerable.Range(0, 3).Select(row => TableFixture.Add($"{row} '+%", partition)));
        }

        Page<TableEntity> first = await table.QueryAsync<TableEntity>().AsPages(pageSizeHint: 2).FirstAsync();
        List<Page<TableEntity>> rest = await table.QueryAsync<TableEntity>().AsPages(first.ContinuationToken, pageSizeHint: 3).ToListAsync();

        Assert.Equal(2, first.Values.Count);
        Assert.Equal(
            ["it's/2 '+%", "ไทย/0 '+%", "ไทย/1 '+%", "ไทย/2 '+%"],
            rest.SelectMany(page => page.Values).Select(entity => $"{entity.PartitionKey}/{entity.RowKey}"));
    }

    [Fact]
    public async Task A_query_filters_by_every_type()
    {
        TableClient table = await TableFixture.NewTableAsync();
        Guid id = Guid.NewGuid();
        DateTimeOffset instant = new(2023, 7, 31, 12, 0, 0, TimeSpan.FromHours(7));
        await table.AddEntityAsync(new TableEntity("p", "r")
        {
            ["Text"] = "it's",
            ["Flag"] = true,
            ["Int"] = 5,
            ["Long"] = 1L << 40,
            ["Double"] = 2.0,
            ["Instant"] = instant,
            ["Id"] = id,
        });
        await table.AddEntityAsync(new TableEntity("p", "other")
        {
            ["Text"] = "its",
            ["Flag"] = false,
            ["Int"] = 6,
            ["Long"] = 1L << 41,
            ["Double"] = 2.5,
            ["Instant"] = instant.AddDays(1),
            ["Id"] = Guid.NewGuid(),
        });

        foreach (FormattableString filter in (FormattableString[])
        [
            $"Text eq {"it's"}", $"Flag eq {true}", $"Int lt {6}", $"Long le {1L << 40}", $"Double eq {2.0}",
            $"Instant lt {instant.AddHours(1)}", $"Id eq {id}",
        ])
        {
            List<TableEntity> found = await table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter(filter)).ToListAsync();
            Assert.True(found is [{ RowKey: "r" }], $"{TableClient.CreateQueryFilter(filter)} found {found.Count}");
        }
    }

    [Fact]
    public async Task Only_selected_properties_come()
    {
        TableClient table = await TableFixture.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2 });

        TableEntity one = await table.GetEntityAsync<TableEntity>("p", "r", ["A"]);
        TableEntity queried = await table.QueryAsync<TableEntity>(select: ["B", "RowKey"]).FirstAsync();

        Assert.Equal((1, null), (one.GetInt32("A"), one.GetInt32("B")));
        Assert.Equal((null, 2, "r"), (queried.GetInt32("A"), queried.GetInt32("B"), queried.RowKey));
    }

    [Fact]
    public async Task A_class_of_ones_own_is_stored_and_filled()
    {
        TableClient table = await TableFixture.NewTableAsync();
        Visit visit = new()
        {
            PartitionKey = "p",
            RowKey = "r",
            Seats = 3,
            Total = 1L << 40,
            Kind = DayOfWeek.Friday,
            At = new DateTimeOffset(2023, 7, 3, 0, 0, 0, TimeSpan.Zero),
        };

        await table.AddEntityAsync(visit);
        Visit back = await table.GetEntityAsync<Visit>("p", "r");

        Assert.Equal(
            (visit.Seats, visit.Total, visit.Kind, visit.At, null), (back.Seats, back.Total, back.Kind, back.At, back.Note));
        Assert.NotEqual(default, back.ETag);
    }

    [Fact]
    public async Task Tables_are_created_once_listed_and_deleted()
    {
        Azurite azurite = await Azurite.SharedAsync();
        TableServiceClient service = new(azurite.TableEndpoint, new TableSharedKeyCredential(Azurite.AccountName, Azurite.AccountKey));
        string name = Azurite.Unique("listed");

        Assert.Equal(name, (await service.CreateTableIfNotExistsAsync(name)).Value.Name);
        Assert.Equal(name, (await service.CreateTableIfNotExistsAsync(name)).Value.Name);
        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(() => service.CreateTableAsync(name));
        List<TableItem> listed = await service.QueryAsync($"TableName eq '{name}'").ToListAsync();
        await service.DeleteTableAsync(name);
        Response again = await service.DeleteTableAsync(name);

        Assert.Equal((409, "TableAlreadyExists"), (refusal.Status, refusal.ErrorCode));
        Assert.Equal([name], listed.Select(item => item.Name));
        Assert.Equal(404, again.Status);
        Assert.Equal((name, Azurite.AccountName), (service.GetTableClient(name).Name, service.AccountName));
    }

    [Fact]
    public async Task A_table_that_is_not_there_says_so()
    {
        Azurite azurite = await Azurite.SharedAsync();
        TableClient table = new(azurite.ConnectionString, Azurite.Unique("none"));

        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal((404, "TableNotFound"), (refusal.Status, refusal.ErrorCode));
    }

    [Fact]
    public async Task A_wrong_key_is_forbidden()
    {
        Azurite azurite = await Azurite.SharedAsync();
        TableClient table = new(
            azurite.TableEndpoint, "any", new TableSharedKeyCredential(Azurite.AccountName, Convert.ToBase64String(new byte[64])));

        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(() => table.CreateAsync());

        Assert.Equal(403, refusal.Status);
    }

    private sealed class Visit : ITableEntity
    {
        public string PartitionKey { get; set; } = string.Empty;

        public string RowKey { get; set; } = string.Empty;

        public DateTimeOffset? Timestamp { get; set; }

        public ETag ETag { get; set; }

        public int Seats { get; set; }

        public long Total { get; set; }

        public DayOfWeek Kind { get; set; }

        public DateTimeOffset? At { get; set; }

        public string? Note { get; set; }
    }
}
