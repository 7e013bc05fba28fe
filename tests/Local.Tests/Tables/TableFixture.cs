using Azure.Data.Tables;
using Plenary.Support;

namespace Plenary.Local.Tests.Tables;

internal static class TableFixture
{
    internal static async Task<TableClient> NewTableAsync(TableClientOptions? options = null)
    {
        Azurite azurite = await Azurite.SharedAsync();
        string name = Azurite.Unique("t");
        await new TableClient(azurite.ConnectionString, name).CreateAsync();
        return new TableClient(azurite.ConnectionString, name, options);
    }

    internal static TableClientOptions Quick(FaultyTransport transport) => new()
    {
        Transport = transport,
        Retry = { Delay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(2) },
    };

    internal static TableTransactionAction Add(string row, string partition = "p") =>
        new(TableTransactionActionType.Add, new TableEntity(partition, row));

    internal static async Task<List<string>> RowsAsync(TableClient table)
    {
        List<string> rows = [];
        await foreach (TableEntity entity in table.QueryAsync<TableEntity>())
        {
            rows.Add(entity.RowKey);
        }

        return rows;
    }
}
