using System.Collections.Concurrent;
using Azure.Data.Tables;

namespace Plenary.Infra.Tables;

/// <summary>Tables of one account under a prefix, which keeps deployments and tests apart.</summary>
public sealed class AzureTables(TableServiceClient service, string prefix) : ITables
{
    private readonly ConcurrentDictionary<string, ITable> tables = new(StringComparer.Ordinal);

    public ITable Get(string name) => tables.GetOrAdd(name, key => new AzureTable(key, service.GetTableClient(prefix + key)));

    public Task CreateAsync(IEnumerable<string> names, CancellationToken cancellation) =>
        Task.WhenAll(names.Select(name => service.CreateTableIfNotExistsAsync(prefix + name, cancellation)));
}
