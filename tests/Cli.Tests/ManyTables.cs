using System.Runtime.CompilerServices;
using Plenary.Infra.Tables;
using Plenary.Nominations;
using Plenary.Support;

namespace Plenary.Cli.Tests;

/// <summary>
/// A project of any size without a store: each desk is made when it is read, by the rules of its owner, and dropped behind the reader; what is
/// put back is counted and compared, and dropped as well. So whatever grows with the size is the command's own.
/// </summary>
internal sealed class ManyTables(int nominations) : ITables
{
    public const int Each = 500;

    private readonly InMemoryTables few = new();
    private readonly int economies = nominations / Each;

    /// <summary>Rows put back.</summary>
    public long Restored { get; private set; }

    public bool IsTarget { get; init; }

    /// <summary>The most the heap held at any page of rows.</summary>
    public long MostMemory { get; private set; }

    public static async Task<ManyTables> FilledAsync(int nominations)
    {
        ManyTables many = new(nominations);
        await Sample.WriteProjectAsync(many.few);
        return many;
    }

    public ITable Get(string name) => name == NominationTable.Name ? new Desks(this) : few.Get(name);

    public Task CreateAsync(IEnumerable<string> names, CancellationToken cancellation) => Task.CompletedTask;

    private static async Task<List<Row>> DeskAsync(string economy)
    {
        InMemoryTables one = new();
        await Sample.WriteDesksAsync(one, [economy], Each);
        return await one[NominationTable.Name].ScanAllAsync(CancellationToken.None).ToListAsync();
    }

    private void Note() => MostMemory = Math.Max(MostMemory, GC.GetTotalMemory(forceFullCollection: false));

    private sealed class Desks(ManyTables many) : ITable
    {
        public string Name => NominationTable.Name;

        public async Task<Row?> FindAsync(RowKey key, CancellationToken cancellation) => await ScanAllAsync(cancellation).FirstOrDefaultAsync(row => row.Key == key, cancellation);

        public IAsyncEnumerable<Row> ListAsync(string partition, KeyRange rows, CancellationToken cancellation, int pageSize = 1000) =>
            ReadAsync(key => key == partition, cancellation).Where(row => rows.Contains(row.Key.Row));

        public IAsyncEnumerable<Row> ListPartitionsAsync(KeyRange partitions, KeyRange rows, CancellationToken cancellation) =>
            ReadAsync(partitions.Contains, cancellation).Where(row => rows.Contains(row.Key.Row));

        public IAsyncEnumerable<Row> ScanAllAsync(CancellationToken cancellation) => ReadAsync(_ => true, cancellation);

        public Task<CommitResult> CommitAsync(Batch batch, CancellationToken cancellation)
        {
            lock (many.few)
            {
                many.Restored += batch.Writes.Count(write => write.Row.Key.Partition == batch.Partition && batch.OperationOf(write.Row).Length > 0);
                many.Note();
            }

            return Task.FromResult(CommitResult.Done);
        }

        private async IAsyncEnumerable<Row> ReadAsync(Func<string, bool> isWanted, [EnumeratorCancellation] CancellationToken cancellation)
        {
            int count = many.IsTarget ? 0 : many.economies;
            foreach (string economy in Enumerable.Range(1, count).Select(number => $"economy-{number:D4}").Where(economy => isWanted(Sample.PartitionOf(economy))))
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (Row row in await DeskAsync(economy))
                {
                    yield return row;
                }

                many.Note();
            }
        }
    }
}
