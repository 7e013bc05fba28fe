using Azure;
using Azure.Data.Tables;

namespace Plenary.Local.Tests.Tables;

public sealed class TableTransactionTests
{
    [Fact]
    public async Task All_kinds_of_action_go_in_one_transaction()
    {
        TableClient table = await TableFixture.NewTableAsync();
        foreach (string row in (string[])["merge", "replace", "delete", "upsertmerge", "upsertreplace"])
        {
            await table.AddEntityAsync(new TableEntity("p", row) { ["Old"] = 1 });
        }

        ETag tag = (await table.GetEntityAsync<TableEntity>("p", "merge")).Value.ETag;
        Response<IReadOnlyList<Response>> answer = await table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, new TableEntity("p", "add") { ["New"] = "text\r\n--changeset" }),
            new(TableTransactionActionType.UpdateMerge, new TableEntity("p", "merge") { ["New"] = 2 }, tag),
            new(TableTransactionActionType.UpdateReplace, new TableEntity("p", "replace") { ["New"] = 3 }, ETag.All),
            new(TableTransactionActionType.Delete, new TableEntity("p", "delete")),
            new(TableTransactionActionType.UpsertMerge, new TableEntity("p", "upsertmerge") { ["New"] = 4 }),
            new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "upsertreplace") { ["New"] = 5 }),
        ]);
        Dictionary<string, TableEntity> rows = (await table.QueryAsync<TableEntity>().ToListAsync()).ToDictionary(row => row.RowKey);

        Assert.Equal(202, answer.GetRawResponse().Status);
        Assert.Equal([204, 204, 204, 204, 204, 204], answer.Value.Select(part => part.Status));
        Assert.Equal(["add", "merge", "replace", "upsertmerge", "upsertreplace"], rows.Keys.Order());
        Assert.Equal("text\r\n--changeset", rows["add"].GetString("New"));
        Assert.Equal((1, 2), (rows["merge"].GetInt32("Old"), rows["merge"].GetInt32("New")));
        Assert.Equal((null, 3), (rows["replace"].GetInt32("Old"), rows["replace"].GetInt32("New")));
        Assert.Equal((1, 4), (rows["upsertmerge"].GetInt32("Old"), rows["upsertmerge"].GetInt32("New")));
        Assert.Equal((null, 5), (rows["upsertreplace"].GetInt32("Old"), rows["upsertreplace"].GetInt32("New")));
        Assert.Equal(rows["add"].ETag, answer.Value[0].Headers.ETag);
    }

    [Fact]
    public async Task One_failing_action_undoes_all_and_names_its_index()
    {
        TableClient table = await TableFixture.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "there"));

        TableTransactionFailedException refusal = await Assert.ThrowsAsync<TableTransactionFailedException>(
            () => table.SubmitTransactionAsync([TableFixture.Add("a"), TableFixture.Add("b"), TableFixture.Add("there"), TableFixture.Add("c")]));

        Assert.Equal((409, "EntityAlreadyExists", 2), (refusal.Status, refusal.ErrorCode, refusal.FailedTransactionActionIndex));
        Assert.Equal(["there"], await TableFixture.RowsAsync(table));
    }

    [Fact]
    public async Task A_stale_tag_undoes_all()
    {
        TableClient table = await TableFixture.NewTableAsync();
        ETag? stale = (await table.AddEntityAsync(new TableEntity("p", "r"))).Headers.ETag;
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });

        TableTransactionFailedException refusal = await Assert.ThrowsAsync<TableTransactionFailedException>(
            () => table.SubmitTransactionAsync(
            [
                TableFixture.Add("new"),
                new(TableTransactionActionType.UpdateReplace, new TableEntity("p", "r"), stale!.Value),
            ]));

        Assert.Equal((412, 1), (refusal.Status, refusal.FailedTransactionActionIndex));
        Assert.Equal(["r"], await TableFixture.RowsAsync(table));
    }

    [Fact]
    public async Task A_hundred_actions_are_the_most()
    {
        TableClient table = await TableFixture.NewTableAsync();

        Response<IReadOnlyList<Response>> answer =
            await table.SubmitTransactionAsync(Enumerable.Range(0, 100).Select(row => TableFixture.Add($"{row:D3}")));
        TableTransactionFailedException refusal = await Assert.ThrowsAsync<TableTransactionFailedException>(
            () => table.SubmitTransactionAsync(Enumerable.Range(200, 101).Select(row => TableFixture.Add($"{row:D3}"))));

        Assert.Equal(100, answer.Value.Count);
        Assert.Equal((400, "InvalidInput"), (refusal.Status, refusal.ErrorCode));
        Assert.Equal(100, (await TableFixture.RowsAsync(table)).Count);
    }

    [Fact]
    public async Task Two_partitions_in_one_transaction_are_refused()
    {
        TableClient table = await TableFixture.NewTableAsync();

        TableTransactionFailedException refusal = await Assert.ThrowsAsync<TableTransactionFailedException>(
            () => table.SubmitTransactionAsync([TableFixture.Add("a"), TableFixture.Add("b", "other")]));

        Assert.Equal(
            (400, "CommandsInBatchActOnDifferentPartitions", 1),
            (refusal.Status, refusal.ErrorCode, refusal.FailedTransactionActionIndex));
        Assert.Empty(await TableFixture.RowsAsync(table));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(40)]
    public async Task The_same_row_twice_is_refused(int rows)
    {
        TableClient table = await TableFixture.NewTableAsync();

        TableTransactionFailedException refusal = await Assert.ThrowsAsync<TableTransactionFailedException>(
            () => table.SubmitTransactionAsync(
                Enumerable.Range(0, rows).Select(row => TableFixture.Add($"{row}")).Append(
                    new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity("p", "1")))));

        Assert.Equal(
            (400, "InvalidDuplicateRow", rows), (refusal.Status, refusal.ErrorCode, refusal.FailedTransactionActionIndex));
        Assert.Empty(await TableFixture.RowsAsync(table));
    }

    [Fact]
    public async Task More_than_four_mebibytes_are_refused()
    {
        TableClient table = await TableFixture.NewTableAsync();
        string text = new('x', 32 * 1024);

        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.SubmitTransactionAsync(Enumerable.Range(0, 33).Select(row => new TableTransactionAction(
                TableTransactionActionType.Add,
                new TableEntity("p", $"{row}") { ["A"] = text, ["B"] = text, ["C"] = text, ["D"] = text }))));

        Assert.Equal((413, "RequestBodyTooLarge"), (refusal.Status, refusal.ErrorCode));
        Assert.Empty(await TableFixture.RowsAsync(table));
    }

    [Fact]
    public async Task Nearly_four_mebibytes_go_through()
    {
        TableClient table = await TableFixture.NewTableAsync();
        string text = new('x', 32 * 1024);

        await table.SubmitTransactionAsync(Enumerable.Range(0, 31).Select(row => new TableTransactionAction(
            TableTransactionActionType.Add,
            new TableEntity("p", $"{row}") { ["A"] = text, ["B"] = text, ["C"] = text, ["D"] = text })));

        Assert.Equal(31, (await TableFixture.RowsAsync(table)).Count);
    }

    [Fact]
    public async Task An_entity_that_is_refused_refuses_its_transaction_and_is_named()
    {
        TableClient table = await TableFixture.NewTableAsync();
        TableEntity wide = new("p", "wide");
        for (int property = 0; property < 253; property++)
        {
            wide[$"P{property}"] = property;
        }

        TableTransactionFailedException refusal = await Assert.ThrowsAsync<TableTransactionFailedException>(
            () => table.SubmitTransactionAsync([TableFixture.Add("a"), new(TableTransactionActionType.Add, wide)]));

        Assert.Equal((400, "TooManyProperties", 1), (refusal.Status, refusal.ErrorCode, refusal.FailedTransactionActionIndex));
        Assert.Empty(await TableFixture.RowsAsync(table));
    }

    [Fact]
    public async Task An_empty_transaction_is_a_mistake_of_the_caller()
    {
        TableClient table = await TableFixture.NewTableAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => table.SubmitTransactionAsync([]));
    }

    [Fact]
    public async Task Many_transactions_at_once_lose_nothing()
    {
        TableClient table = await TableFixture.NewTableAsync();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(batch => table.SubmitTransactionAsync(
            Enumerable.Range(0, 6).Select(row => new TableTransactionAction(
                TableTransactionActionType.Add, new TableEntity($"p{batch}", $"{row}") { ["Text"] = $"{batch}/{row}" })))));
        List<TableEntity> rows = await table.QueryAsync<TableEntity>().ToListAsync();

        Assert.Equal(240, rows.Count);
        Assert.All(rows, row => Assert.Equal($"{row.PartitionKey[1..]}/{row.RowKey}", row.GetString("Text")));
    }
}
