using System.Globalization;
using Plenary.Infra.Tables;

namespace Plenary.Infra.Tests.Tables;

/// <summary>What every table keeps to, the real one and the one that tests of the slices stand on.</summary>
public abstract class TableContract
{
    private sealed record Body(string Text);

    protected abstract Task<ITable> NewAsync();

    [Fact]
    public async Task A_row_comes_back_with_its_body_and_all_its_columns()
    {
        ITable table = await NewAsync();
        RowKey key = new("p", "r");
        DateTimeOffset at = new(2023, 7, 31, 15, 0, 0, TimeSpan.Zero);

        await InsertAsync(table, Row.Of(key, new Body("ไทย 🎓"), ("First", "a"), ("Long", 5_000_000_000L), ("Int", 7), ("Flag", true), ("At", at)));

        Row row = await FoundAsync(table, key);
        Assert.Equal(new Body("ไทย 🎓"), row.Body<Body>());
        Assert.Equal(("a", 5_000_000_000L, 7L, true), (row.Text("First"), row.Number("Long"), row.Number("Int"), row.Flag("Flag")));
        Assert.Equal(at, row.Values["At"]);
        Assert.NotNull(row.ETag);
    }

    [Fact]
    public async Task A_row_without_a_body_keeps_its_first_column()
    {
        ITable table = await NewAsync();

        await InsertAsync(table, Row.Of(new RowKey("p", "r"), ("Queue", "q")));

        Assert.Equal("q", (await FoundAsync(table, new RowKey("p", "r"))).Text("Queue"));
    }

    [Fact]
    public async Task A_long_body_comes_back_whole()
    {
        ITable table = await NewAsync();
        string text = new('x', 100_000);

        await InsertAsync(table, Row.Of(new RowKey("p", "r"), new Body(text)));

        Assert.Equal(text, (await FoundAsync(table, new RowKey("p", "r"))).Body<Body>().Text);
    }

    [Fact]
    public async Task What_is_put_back_elsewhere_keeps_its_types_and_the_operation_it_was_written_by()
    {
        ITable table = await NewAsync();
        ITable elsewhere = await NewAsync();
        RowKey key = new("p", "r");
        await InsertAsync(table, Row.Of(key, ("Whole", 7), ("Long", 7L), ("Share", 0.5), ("Id", Guid.Empty), ("Bytes", new byte[] { 1, 2 })));
        Row read = await FoundAsync(table, key);

        Assert.True((await elsewhere.CommitAsync(new Batch("p") { KeepsOperations = true }.Insert(read), default)).IsDone);

        Row copied = await FoundAsync(elsewhere, key);
        Assert.Equal(
            read.Values.OrderBy(column => column.Key, StringComparer.Ordinal).Select(column => (column.Key, column.Value.GetType())),
            copied.Values.OrderBy(column => column.Key, StringComparer.Ordinal).Select(column => (column.Key, column.Value.GetType())));
        Assert.Equal(read.Text(Batch.OperationColumn), copied.Text(Batch.OperationColumn));
    }

    [Fact]
    public async Task A_row_that_is_not_there_is_null() => Assert.Null(await (await NewAsync()).FindAsync(new RowKey("p", "none"), default));

    [Fact]
    public async Task A_second_insert_conflicts_and_says_at_which_row()
    {
        ITable table = await NewAsync();
        await InsertAsync(table, Named("b"));

        CommitResult result = await table.CommitAsync(new Batch("p").Insert(Named("a")).Insert(Named("b")).Insert(Named("c")), default);

        Assert.False(result.IsDone);
        Assert.Equal(ConflictKind.Exists, result.Kind);
        Assert.True(result.ConflictsAt("b"));
        Assert.Null(await table.FindAsync(new RowKey("p", "a"), default));
    }

    [Fact]
    public async Task A_replacement_of_what_has_changed_conflicts()
    {
        ITable table = await NewAsync();
        await InsertAsync(table, Named("a"));
        Row read = await FoundAsync(table, new RowKey("p", "a"));
        await table.CommitAsync(new Batch("p").Replace(read.With(new Body("theirs"))), default);

        CommitResult result = await table.CommitAsync(new Batch("p").Replace(read.With(new Body("ours"))), default);

        Assert.Equal((false, ConflictKind.Changed), (result.IsDone, result.Kind));
        Assert.Equal("theirs", (await FoundAsync(table, read.Key)).Body<Body>().Text);
    }

    [Fact]
    public async Task A_replacement_or_deletion_of_what_is_gone_conflicts()
    {
        ITable table = await NewAsync();
        await InsertAsync(table, Named("a"));
        await InsertAsync(table, Named("keep"));
        Row read = await FoundAsync(table, new RowKey("p", "a"));
        Row keep = await FoundAsync(table, new RowKey("p", "keep"));
        await table.CommitAsync(new Batch("p").Delete(read), default);

        CommitResult replaced = await table.CommitAsync(new Batch("p").Replace(read), default);
        CommitResult deleted = await table.CommitAsync(new Batch("p").Delete(read).Delete(keep), default);

        Assert.Equal((false, ConflictKind.Missing), (replaced.IsDone, replaced.Kind));
        Assert.False(deleted.IsDone);
        Assert.NotNull(await table.FindAsync(keep.Key, default));
    }

    [Fact]
    public async Task A_commit_of_one_row_tells_the_etag_to_go_on_with()
    {
        ITable table = await NewAsync();
        Row row = Row.Of(new RowKey("p", "r"), new Body("1"));
        CommitResult inserted = await table.CommitAsync(new Batch("p").Insert(row), default);

        Row next = Row.Stored(row.Key, row.Values, inserted.ETag!).With(new Body("2"));
        CommitResult replaced = await table.CommitAsync(new Batch("p").Replace(next), default);

        Assert.True(replaced.IsDone);
        Assert.Equal((await FoundAsync(table, row.Key)).ETag, replaced.ETag);
    }

    [Fact]
    public async Task Lists_come_in_key_order_and_keep_to_their_range_and_partition()
    {
        ITable table = await NewAsync();
        foreach (string name in (string[])["c", "a", "b-2", "b-1", "d"])
        {
            await InsertAsync(table, Named(name));
        }

        await table.CommitAsync(new Batch("q").Insert(Row.Of(new RowKey("q", "b-9"), ("Name", "b-9"))), default);

        Assert.Equal(["b-1", "b-2"], await NamesAsync(table.ListAsync("p", KeyRange.StartingWith("b-"), default)));
        Assert.Equal(["a", "b-1"], await NamesAsync(table.ListAsync("p", KeyRange.UpTo("b-2"), default)));
        Assert.Equal(["a", "b-1", "b-2", "c", "d", "b-9"], await NamesAsync(table.ScanAllAsync(default)));
        Assert.Equal(["b-1", "b-2", "b-9"], await NamesAsync(table.ListPartitionsAsync(KeyRange.All, KeyRange.StartingWith("b-"), default)));
        Assert.Equal(["b-9"], await NamesAsync(table.ListPartitionsAsync(KeyRange.StartingWith("q"), KeyRange.All, default)));
    }

    [Fact]
    public async Task Lists_go_on_over_pages()
    {
        ITable table = await NewAsync();
        Batch batch = new("p");
        for (int number = 0; number < 25; number++)
        {
            batch.Insert(Named(number.ToString("D2", CultureInfo.InvariantCulture)));
        }

        await table.CommitAsync(batch, default);

        Assert.Equal(25, await table.ListAsync("p", KeyRange.All, default, 10).CountAsync());
    }

    [Fact]
    public async Task Deleting_all_leaves_what_others_have_changed_and_minds_nothing_that_is_gone()
    {
        ITable table = await NewAsync();
        for (int start = 0; start < 300; start += 100)
        {
            Batch batch = new("p");
            for (int number = start; number < start + 100; number++)
            {
                batch.Insert(Named(number.ToString("D3", CultureInfo.InvariantCulture)));
            }

            await table.CommitAsync(batch, default);
        }

        List<Row> read = await table.ListAsync("p", KeyRange.All, default).ToListAsync();
        await table.CommitAsync(new Batch("p").Delete(read[5]), default);
        await table.CommitAsync(new Batch("p").Replace(read[150]), default);

        await table.DeleteAllAsync(read, default);

        Assert.Equal(["150"], await NamesAsync(table.ScanAllAsync(default)));
    }

    [Fact]
    public async Task Of_many_who_insert_the_same_row_one_succeeds()
    {
        ITable table = await NewAsync();

        CommitResult[] results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => table.CommitAsync(new Batch("p").Insert(Named("place")), default)));

        Assert.Single(results, result => result.IsDone);
    }

    protected static Row Named(string name) => Row.Of(new RowKey("p", name), ("Name", name));

    protected static async Task InsertAsync(ITable table, Row row)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(row);
        Assert.True((await table.CommitAsync(new Batch(row.Key.Partition).Insert(row), default)).IsDone);
    }

    protected static async Task<Row> FoundAsync(ITable table, RowKey key)
    {
        ArgumentNullException.ThrowIfNull(table);
        Row? row = await table.FindAsync(key, default);
        Assert.NotNull(row);
        return row;
    }

    private static async Task<List<string>> NamesAsync(IAsyncEnumerable<Row> rows) => await rows.Select(row => row.Text("Name")).ToListAsync();
}
