namespace Plenary.Infra.Tables;

/// <summary>One table, as its owner sees it. Reads follow continuation tokens, short and empty pages included.</summary>
public interface ITable
{
    /// <summary>Without the prefix of the deployment.</summary>
    string Name { get; }

    /// <summary>One point read.</summary>
    Task<Row?> FindAsync(RowKey key, CancellationToken cancellation);

    /// <summary>Rows of one partition in key order.</summary>
    /// <param name="pageSize">1 to 1,000: how many rows one answer of the store may hold.</param>
    IAsyncEnumerable<Row> ListAsync(string partition, KeyRange rows, CancellationToken cancellation, int pageSize = 1000);

    /// <summary>Rows of a run of partitions in key order: a range scan, so its cost is what lies in the range.</summary>
    IAsyncEnumerable<Row> ListPartitionsAsync(KeyRange partitions, KeyRange rows, CancellationToken cancellation);

    /// <summary>Everything. For operators and recounts.</summary>
    IAsyncEnumerable<Row> ScanAllAsync(CancellationToken cancellation);

    /// <summary>
    /// Writes all or nothing. A conflict is an answer; a batch of ours that went in though its answer was lost is reported as done.
    /// </summary>
    /// <exception cref="Azure.RequestFailedException">The store failed for longer than the retries of the client last.</exception>
    Task<CommitResult> CommitAsync(Batch batch, CancellationToken cancellation);
}

/// <summary>Hands out tables by name.</summary>
public interface ITables
{
    ITable Get(string name);

    /// <summary>For one machine and for tests; in Azure the tables are provisioned.</summary>
    Task CreateAsync(IEnumerable<string> names, CancellationToken cancellation);
}
