using Azure;
using Azure.Data.Tables;

namespace Plenary.Local.Tests.Tables;

/// <summary>What Azure refuses and Azurite lets pass, or may.</summary>
public sealed class TableLimitsTests
{
    [Fact]
    public async Task Two_hundred_and_fifty_two_properties_are_the_most()
    {
        TableClient table = await TableFixture.NewTableAsync();
        TableEntity entity = new("p", "r");
        for (int property = 0; property < 252; property++)
        {
            entity[$"P{property}"] = property;
        }

        await table.AddEntityAsync(entity);
        entity["OneMore"] = 1;
        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(() => table.UpsertEntityAsync(entity));

        Assert.Equal((400, "TooManyProperties"), (refusal.Status, refusal.ErrorCode));
    }

    [Fact]
    public async Task An_entity_read_at_the_limit_can_be_written_again()
    {
        TableClient table = await TableFixture.NewTableAsync();
        TableEntity entity = new("p", "r");
        for (int property = 0; property < 252; property++)
        {
            entity[$"P{property}"] = property;
        }

        await table.AddEntityAsync(entity);
        TableEntity back = await table.GetEntityAsync<TableEntity>("p", "r");

        await table.UpdateEntityAsync(back, back.ETag, TableUpdateMode.Replace);
    }

    [Fact]
    public async Task A_property_holds_at_most_sixty_four_kibibytes()
    {
        TableClient table = await TableFixture.NewTableAsync();

        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = new string('x', 32 * 1024), ["B"] = new byte[64 * 1024] });
        RequestFailedException text = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.AddEntityAsync(new TableEntity("p", "text") { ["A"] = new string('x', (32 * 1024) + 1) }));
        RequestFailedException bytes = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.AddEntityAsync(new TableEntity("p", "bytes") { ["A"] = new byte[(64 * 1024) + 1] }));

        Assert.Equal((400, "PropertyValueTooLarge"), (text.Status, text.ErrorCode));
        Assert.Equal((400, "PropertyValueTooLarge"), (bytes.Status, bytes.ErrorCode));
    }

    [Fact]
    public async Task An_entity_holds_at_most_one_mebibyte()
    {
        TableClient table = await TableFixture.NewTableAsync();
        TableEntity entity = new("p", "r");
        for (int property = 0; property < 15; property++)
        {
            entity[$"P{property}"] = new string('x', 32 * 1024);
        }

        await table.AddEntityAsync(entity);
        entity["P15"] = new string('x', 32 * 1024);
        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(() => table.UpsertEntityAsync(entity));

        Assert.Equal((400, "EntityTooLarge"), (refusal.Status, refusal.ErrorCode));
    }

    [Theory]
    [InlineData("with-dash")]
    [InlineData("with.dot")]
    [InlineData("with space")]
    [InlineData("1st")]
    public async Task A_property_name_that_is_no_identifier_is_refused(string name)
    {
        TableClient table = await TableFixture.NewTableAsync();

        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.AddEntityAsync(new TableEntity("p", "r") { [name] = 1 }));

        Assert.Equal((400, "PropertyNameInvalid"), (refusal.Status, refusal.ErrorCode));
    }

    [Fact]
    public async Task A_property_name_has_at_most_255_characters()
    {
        TableClient table = await TableFixture.NewTableAsync();

        await table.AddEntityAsync(new TableEntity("p", "r") { [new string('x', 255)] = 1 });
        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.AddEntityAsync(new TableEntity("p", "r2") { [new string('x', 256)] = 1 }));

        Assert.Equal((400, "PropertyNameTooLong"), (refusal.Status, refusal.ErrorCode));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\tb")]
    [InlineData("a\u0085b")]
    public async Task A_key_with_a_forbidden_character_is_refused_however_it_is_written(string key)
    {
        TableClient table = await TableFixture.NewTableAsync();

        foreach (Func<Task> write in (Func<Task>[])
        [
            () => table.AddEntityAsync(new TableEntity("p", key)),
            () => table.UpsertEntityAsync(new TableEntity("p", key)),
            () => table.SubmitTransactionAsync([TableFixture.Add(key)]),
        ])
        {
            RequestFailedException refusal = await Assert.ThrowsAnyAsync<RequestFailedException>(write);
            Assert.Equal((400, "InvalidInput"), (refusal.Status, refusal.ErrorCode));
        }

        Assert.Empty(await TableFixture.RowsAsync(table));
    }

    [Fact]
    public async Task An_instant_before_1601_is_refused()
    {
        TableClient table = await TableFixture.NewTableAsync();

        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.AddEntityAsync(new TableEntity("p", "r") { ["At"] = DateTimeOffset.MinValue }));

        Assert.Equal((400, "OutOfRangeInput"), (refusal.Status, refusal.ErrorCode));
    }

    [Fact]
    public async Task A_type_that_tables_do_not_know_is_refused()
    {
        TableClient table = await TableFixture.NewTableAsync();

        await Assert.ThrowsAsync<NotSupportedException>(() => table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1.0m }));
    }

    [Fact]
    public async Task Fifteen_comparisons_are_the_most()
    {
        TableClient table = await TableFixture.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = "x eq y or z ne w" });
        string fifteen = string.Join(" or ", Enumerable.Range(0, 14).Select(number => $"RowKey eq '{number} eq'")) +
            " or A eq 'x eq y or z ne w'";

        List<TableEntity> found = await table.QueryAsync<TableEntity>(fifteen).ToListAsync();
        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(
            async () => await table.QueryAsync<TableEntity>(fifteen + " or (not (A ge 'it''s'))").ToListAsync());

        Assert.Single(found);
        Assert.Equal((400, "InvalidInput"), (refusal.Status, refusal.ErrorCode));
    }
}
