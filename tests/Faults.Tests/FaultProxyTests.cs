using System.Net;
using System.Text;
using Azure;
using Plenary.Infra.Tables;
using Plenary.Support;

namespace Plenary.Faults.Tests;

/// <summary>The proxy itself: what it does to a request and what the store has seen of it.</summary>
public sealed class FaultProxyTests
{
    private static readonly RowKey Key = new("p", "r");

    [Fact]
    public async Task Without_rules_everything_passes_unchanged_and_is_noted()
    {
        await using Stores stores = await Stores.StartAsync(0, "T");
        ITable table = stores.Tables.Get("T");

        Assert.True((await table.CommitAsync(new Batch("p").Insert(Named("a")).Insert(Named("b", new string('ü', 20_000))), default)).IsDone);
        Row[] rows = await ListAsync(table);

        Assert.Equal(["a", "b"], rows.Select(row => row.Key.Row));
        Assert.Equal(20_000, rows[1].Text("Name").Length);
        Assert.StartsWith("POST ", stores.TableProxy.Requests[0], StringComparison.Ordinal);
        Assert.StartsWith("GET ", stores.TableProxy.Requests[1], StringComparison.Ordinal);
        Assert.Equal(0, stores.TableProxy.Faults);
    }

    [Theory]
    [InlineData(FaultMode.FailBefore, false)]
    [InlineData(FaultMode.DropBefore, false)]
    [InlineData(FaultMode.DropWithin, false)]
    [InlineData(FaultMode.CommitThenDrop, true)]
    [InlineData(FaultMode.CommitThenFail, true)]
    public async Task A_write_that_fails_for_good_has_gone_in_only_where_the_mode_says_so(FaultMode mode, bool isThere)
    {
        await using Stores stores = await Stores.StartAsync(0, "T");
        stores.TableProxy.Add(new FaultRule(mode).OnWrites());

        await Assert.ThrowsAnyAsync<Exception>(() => stores.Tables.Get("T").CommitAsync(new Batch("p").Upsert(Named("r")), default));

        Assert.Equal(isThere, await stores.Direct.Get("T").FindAsync(Key, default) is not null);
        Assert.Equal(4, stores.TableProxy.Faults);
    }

    [Fact]
    public async Task A_rule_skips_counts_and_ends_and_matches_by_method_and_path()
    {
        await using Stores stores = await Stores.StartAsync(0, "T", "U");
        stores.TableProxy.Add(new FaultRule(FaultMode.FailBefore) { Skip = 1, Times = 1, Status = 400 }.On("POST", $"{stores.Prefix}T"));

        foreach (string name in (string[])["U", "T", "T", "T"])
        {
            Batch batch = new Batch("p").Insert(Named(Guid.NewGuid().ToString("N")));
            Task<CommitResult> commit = stores.Tables.Get(name).CommitAsync(batch, default);
            await commit.ContinueWith(_ => { }, TaskScheduler.Default);
        }

        Assert.Equal(1, stores.TableProxy.Faults);
        Assert.Equal(2, (await ListAsync(stores.Direct.Get("T"))).Length);
        Assert.Single(await ListAsync(stores.Direct.Get("U")));
    }

    [Fact]
    public async Task A_chance_falls_alike_for_the_same_seed()
    {
        int[] faults = [await FaultsAsync(7), await FaultsAsync(7), await FaultsAsync(8)];

        Assert.Equal(faults[0], faults[1]);
        Assert.InRange(faults[0], 1, 199);

        static async Task<int> FaultsAsync(int seed)
        {
            await using Stores stores = await Stores.StartAsync(seed, "T");
            stores.TableProxy.Add(new FaultRule(FaultMode.FailBefore) { Chance = 0.3, Status = 503 });
            for (int read = 0; read < 40; read++)
            {
                await stores.Tables.Get("T").FindAsync(Key, default).ContinueWith(_ => { }, TaskScheduler.Default);
            }

            return stores.TableProxy.Faults;
        }
    }

    [Fact]
    public async Task Empty_pages_lead_on_to_the_same_rows_and_short_ones_to_each_of_them_once()
    {
        await using Stores stores = await Stores.StartAsync(0, "T");
        string[] names = [.. Enumerable.Range(0, 25).Select(number => $"r{number:D2}")];
        foreach (string name in names)
        {
            await stores.Direct.Get("T").CommitAsync(new Batch("p").Insert(Named(name)), default);
        }

        stores.TableProxy.Add(
            new FaultRule(FaultMode.EmptyPage) { Times = 3 }.OnQueries(),
            new FaultRule(FaultMode.ShortPage) { PageSize = 4 }.OnQueries());
        Row[] rows = await ListAsync(stores.Tables.Get("T"));

        Assert.Equal(names, rows.Select(row => row.Key.Row));
        Assert.Equal(3 + 7, stores.TableProxy.Requests.Count);
    }

    [Fact]
    public async Task A_duplicate_reaches_the_store_twice_and_the_second_answer_arrives()
    {
        await using Stores stores = await Stores.StartAsync(0, "T");
        stores.TableProxy.Add(new FaultRule(FaultMode.Duplicate) { Times = 1 }.OnWrites());
        using HttpClient client = new();

        // The product's own table reads back and finds that the conflict is with itself; what came over the wire was one.
        Assert.True((await stores.Tables.Get("T").CommitAsync(new Batch("p").Insert(Named("r")), default)).IsDone);
        Assert.Contains(stores.TableProxy.Requests, request => request.StartsWith("GET ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Writes_above_the_rate_are_told_that_the_server_is_busy()
    {
        FakeClock clock = new();
        await using FaultProxy proxy = FaultProxy.Start((await Azurite.SharedAsync()).TableEndpoint, 0, clock);
        proxy.LimitWrites(3);
        using HttpClient client = new();
        List<HttpStatusCode> answers = [];
        for (int write = 0; write < 4; write++)
        {
            using StringContent content = new("{}", Encoding.UTF8, "application/json");
            answers.Add((await client.PostAsync(new Uri(proxy.Endpoint + "/T"), content)).StatusCode);
        }

        Assert.DoesNotContain(HttpStatusCode.ServiceUnavailable, answers[..3]);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answers[3]);
    }

    [Fact]
    public async Task A_conflict_that_is_a_lie_is_not_believed_before_the_row_was_read()
    {
        await using Stores stores = await Stores.StartAsync(0, "T");
        stores.TableProxy.Add(new FaultRule(FaultMode.CommitThenFail) { Times = 1, Status = 409 }.OnWrites());

        Assert.True((await stores.Tables.Get("T").CommitAsync(new Batch("p").Insert(Named("r")), default)).IsDone);
    }

    [Fact]
    public async Task Once_healed_nothing_fails_any_more()
    {
        await using Stores stores = await Stores.StartAsync(0, "T");
        stores.TableProxy.Add(new FaultRule(FaultMode.FailBefore));
        await Assert.ThrowsAsync<RequestFailedException>(() => stores.Tables.Get("T").FindAsync(Key, default));

        stores.TableProxy.Heal();

        Assert.Null(await stores.Tables.Get("T").FindAsync(Key, default));
    }

    private static Row Named(string row, string name = "x") => Row.Of(new RowKey("p", row), ("Name", name));

    private static async Task<Row[]> ListAsync(ITable table) => await table.ListAsync("p", KeyRange.All, default).ToArrayAsync();
}
