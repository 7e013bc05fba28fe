using Azure;
using Azure.Data.Tables;
using Plenary.Support;

namespace Plenary.Local.Tests.Tables;

public sealed class TableRetryTests
{
    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task A_passing_failure_is_tried_again(int status)
    {
        FaultyTransport transport = new(new Fault(status), new Fault(status));
        TableClient table = await TableFixture.NewTableAsync(TableFixture.Quick(transport));

        await table.SubmitTransactionAsync([TableFixture.Add("a"), TableFixture.Add("b")]);

        Assert.Equal(3, transport.Attempts.Count);
        Assert.Equal(["a", "b"], await TableFixture.RowsAsync(table));
    }

    [Fact]
    public async Task A_lost_connection_is_tried_again()
    {
        FaultyTransport transport = new(Fault.ConnectionLost, Fault.ConnectionLost, Fault.ConnectionLost);
        TableClient table = await TableFixture.NewTableAsync(TableFixture.Quick(transport));

        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });

        Assert.Equal(4, transport.Attempts.Count);
        Assert.Equal(1, (await table.GetEntityAsync<TableEntity>("p", "r")).Value.GetInt32("A"));
    }

    [Fact]
    public async Task After_three_retries_the_failure_is_told()
    {
        FaultyTransport transport = new([.. Enumerable.Repeat(new Fault(503), 10)]);
        TableClient table = await TableFixture.NewTableAsync(TableFixture.Quick(transport));

        RequestFailedException failure = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.GetEntityAsync<TableEntity>("p", "r"));

        Assert.Equal((503, 4), (failure.Status, transport.Attempts.Count));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(409)]
    [InlineData(412)]
    public async Task A_refusal_is_not_tried_again(int status)
    {
        FaultyTransport transport = new(new Fault(status));
        TableClient table = await TableFixture.NewTableAsync(TableFixture.Quick(transport));

        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal((status, 1), (refusal.Status, transport.Attempts.Count));
    }

    [Fact]
    public async Task The_wait_is_the_one_the_service_asks_for()
    {
        FaultyTransport transport = new(new Fault(429, RetryAfter: "1"));
        TableClient table = await TableFixture.NewTableAsync(TableFixture.Quick(transport));
        long start = Environment.TickCount64;

        await table.AddEntityAsync(new TableEntity("p", "r"));

        Assert.InRange(Environment.TickCount64 - start, 900, 60_000);
    }

    // As with the official client: who repeats a write must expect its own success as a conflict.
    [Fact]
    public async Task A_write_whose_answer_was_lost_meets_itself()
    {
        FaultyTransport transport = new(Fault.LostAnswer);
        TableClient table = await TableFixture.NewTableAsync(TableFixture.Quick(transport));

        TableTransactionFailedException refusal = await Assert.ThrowsAsync<TableTransactionFailedException>(
            () => table.SubmitTransactionAsync([TableFixture.Add("a"), TableFixture.Add("b")]));

        Assert.Equal((409, 2), (refusal.Status, transport.Attempts.Count));
        Assert.Equal(["a", "b"], await TableFixture.RowsAsync(table));
    }

    [Fact]
    public async Task Each_attempt_is_signed_anew()
    {
        FaultyTransport transport = new(new Fault(500));
        TableClient table = await TableFixture.NewTableAsync(TableFixture.Quick(transport));

        await table.AddEntityAsync(new TableEntity("p", "r"));

        Assert.All(transport.Attempts, attempt => Assert.StartsWith(
            $"SharedKeyLite {Azurite.AccountName}:", attempt.Authorization, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_hangs_up_is_asked_again()
    {
        string body = "{\"PartitionKey\":\"p\",\"RowKey\":\"r\",\"A\":7}";
        await using LoopbackServer server = new(
            string.Empty,
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body[..10]}",
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
        TableClient table = new(
            server.Address,
            "t",
            new TableSharedKeyCredential("account", Azurite.AccountKey),
            new TableClientOptions { Retry = { Delay = TimeSpan.FromMilliseconds(1) } });

        TableEntity entity = await table.GetEntityAsync<TableEntity>("p", "r");

        Assert.Equal(7, entity.GetInt32("A"));
        Assert.Equal(3, server.Heads.Count);
    }

    [Fact]
    public async Task A_token_is_asked_for_storage_and_sent_as_bearer()
    {
        RecordingCredential credential = new("the-token");
        FaultyTransport transport = new(new Fault(404), new Fault(404));
        TableClient table = new(
            new Uri("https://plenary.table.core.windows.net"), "t", credential, TableFixture.Quick(transport));

        await table.GetEntityIfExistsAsync<TableEntity>("p", "r");
        await table.GetEntityIfExistsAsync<TableEntity>("p", "r");

        Assert.Equal(["https://storage.azure.com/.default"], credential.Scopes);
        Assert.All(transport.Attempts, attempt => Assert.Equal("Bearer the-token", attempt.Authorization));
        Assert.Equal(
            "https://plenary.table.core.windows.net/t(PartitionKey='p',RowKey='r')", transport.Attempts[0].Uri.AbsoluteUri);
        Assert.Equal("plenary", table.AccountName);
    }
}
