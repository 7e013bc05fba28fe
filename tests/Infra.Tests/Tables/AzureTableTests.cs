using Azure.Data.Tables;
using Plenary.Infra.Tables;
using Plenary.Support;

namespace Plenary.Infra.Tests.Tables;

public sealed class AzureTableTests : TableContract
{
    private readonly LossyTransport transport = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_commit_whose_answer_was_lost_is_done_and_not_in_conflict_with_itself(int losses)
    {
        ITable table = await NewAsync();
        transport.Losses = losses;

        Assert.True((await table.CommitAsync(new Batch("p").Insert(Named("a")), default)).IsDone);
        transport.Losses = losses;
        Assert.True((await table.CommitAsync(new Batch("p").Insert(Named("b")).Insert(Named("c")), default)).IsDone);

        Row a = await FoundAsync(table, new RowKey("p", "a"));
        transport.Losses = losses;
        Assert.True((await table.CommitAsync(new Batch("p").Replace(a), default)).IsDone);

        Row again = await FoundAsync(table, new RowKey("p", "a"));
        transport.Losses = losses;
        Assert.True((await table.CommitAsync(new Batch("p").Delete(again), default)).IsDone);

        Row b = await FoundAsync(table, new RowKey("p", "b"));
        Row c = await FoundAsync(table, new RowKey("p", "c"));
        transport.Losses = losses;
        Assert.True((await table.CommitAsync(new Batch("p").Delete(b).Delete(c), default)).IsDone);
        Assert.Equal(0, await table.ScanAllAsync(default).CountAsync());
    }

    [Fact]
    public async Task Where_another_was_first_a_lost_answer_changes_nothing_about_the_conflict()
    {
        ITable table = await NewAsync();
        await InsertAsync(table, Named("a"));
        transport.Losses = 1;

        Assert.False((await table.CommitAsync(new Batch("p").Insert(Named("a")).Insert(Named("b")), default)).IsDone);
        Assert.Null(await table.FindAsync(new RowKey("p", "b"), default));
    }

    [Fact]
    public async Task Ours_went_in_even_when_another_changed_one_of_its_rows_before_we_looked()
    {
        ITable table = await NewAsync();
        transport.Losses = 1;
        transport.Meanwhile = async () => await table.CommitAsync(new Batch("p").Upsert(Named("a")), default);

        Assert.True((await table.CommitAsync(new Batch("p").Insert(Named("a")).Insert(Named("audit")), default)).IsDone);
    }

    [Fact]
    public async Task A_batch_is_one_request_and_so_is_a_point_read()
    {
        ITable table = await NewAsync();
        int before = transport.Requests;

        await table.CommitAsync(new Batch("p").Insert(Named("a")).Insert(Named("b")), default);
        await table.FindAsync(new RowKey("p", "a"), default);

        Assert.Equal(2, transport.Requests - before);
    }

    [Theory]
    [InlineData("it's")]
    [InlineData("a'b''c")]
    [InlineData("100%_~!*()")]
    public async Task Keys_with_quotes_and_signs_are_found_again(string name)
    {
        ITable table = await NewAsync();
        await InsertAsync(table, Row.Of(new RowKey(name, name), ("Name", name)));

        Assert.NotNull(await table.FindAsync(new RowKey(name, name), default));
        Assert.Equal(1, await table.ListAsync(name, KeyRange.StartingWith(name), default).CountAsync());
    }

    [Fact]
    public async Task A_prefix_keeps_deployments_in_one_account_apart()
    {
        Azurite azurite = await Azurite.SharedAsync();
        TableServiceClient service = new(azurite.ConnectionString);
        AzureTables one = new(service, Azurite.Unique("one"));
        AzureTables two = new(service, Azurite.Unique("two"));
        await one.CreateAsync(["T"], default);
        await two.CreateAsync(["T"], default);
        await one.CreateAsync(["T"], default);

        await InsertAsync(one.Get("T"), Named("a"));

        Assert.Equal("T", one.Get("T").Name);
        Assert.Equal(0, await two.Get("T").ScanAllAsync(default).CountAsync());
    }

    protected override async Task<ITable> NewAsync()
    {
        Azurite azurite = await Azurite.SharedAsync();
        TableClientOptions options = new()
        {
            Transport = transport,
            Retry = { Delay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(2) },
        };
        AzureTables tables = new(new TableServiceClient(azurite.ConnectionString, options), Azurite.Unique("t"));
        await tables.CreateAsync(["T"], default);
        return tables.Get("T");
    }
}
