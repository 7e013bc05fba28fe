using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Plenary.Infra.Blobs;
using Plenary.Infra.Bus;
using Plenary.Infra.Tables;

namespace Plenary.Cli;

/// <summary>
/// Stands before the stores in a dry run: reads go through, writes are counted and dropped. So a use case decides and refuses exactly as it
/// would, whoever wrote it, and nothing it does can get through.
/// </summary>
internal sealed class Rehearsal
{
    /// <summary>Rows, messages and files that would have been written.</summary>
    public int Writes { get; private set; }

    public static void Replace(IServiceCollection services)
    {
        services.AddSingleton<Rehearsal>();
        Wrap<ITables>(services, (inner, rehearsal) => new RehearsedTables(inner, rehearsal));
        Wrap<IBlobs>(services, (inner, rehearsal) => new RehearsedBlobs(inner, rehearsal));
        Wrap<IBus>(services, (_, rehearsal) => new RehearsedBus(rehearsal));
        Wrap<IQueues>(services, (inner, rehearsal) => new RehearsedQueues(inner, rehearsal));
    }

    private static void Wrap<T>(IServiceCollection services, Func<T, Rehearsal, T> wrap)
        where T : class
    {
        ServiceDescriptor inner = services.Last(service => service.ServiceType == typeof(T));
        services.Replace(ServiceDescriptor.Singleton(provider => wrap(
            (T)(inner.ImplementationInstance ?? inner.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType ?? typeof(T))),
            provider.GetRequiredService<Rehearsal>())));
    }

    private void Count(int writes) => Writes += writes;

    private sealed class RehearsedTables(ITables inner, Rehearsal rehearsal) : ITables
    {
        public ITable Get(string name) => new RehearsedTable(inner.Get(name), rehearsal);

        public Task CreateAsync(IEnumerable<string> names, CancellationToken cancellation) => Task.CompletedTask;
    }

    private sealed class RehearsedTable(ITable inner, Rehearsal rehearsal) : ITable
    {
        public string Name => inner.Name;

        public Task<Row?> FindAsync(RowKey key, CancellationToken cancellation) => inner.FindAsync(key, cancellation);

        public IAsyncEnumerable<Row> ListAsync(string partition, KeyRange rows, CancellationToken cancellation, int pageSize = 1000) =>
            inner.ListAsync(partition, rows, cancellation, pageSize);

        public IAsyncEnumerable<Row> ListPartitionsAsync(KeyRange partitions, KeyRange rows, CancellationToken cancellation) =>
            inner.ListPartitionsAsync(partitions, rows, cancellation);

        public IAsyncEnumerable<Row> ScanAllAsync(CancellationToken cancellation) => inner.ScanAllAsync(cancellation);

        public Task<CommitResult> CommitAsync(Batch batch, CancellationToken cancellation)
        {
            rehearsal.Count(batch.Writes.Count);
            return Task.FromResult(CommitResult.Done);
        }
    }

    private sealed class RehearsedBlobs(IBlobs inner, Rehearsal rehearsal) : IBlobs
    {
        public Task UploadAsync(
            string container, string name, Stream content, string contentType, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellation)
        {
            rehearsal.Count(1);
            return Task.CompletedTask;
        }

        public Task<Stream?> OpenReadAsync(string container, string name, CancellationToken cancellation) => inner.OpenReadAsync(container, name, cancellation);

        public Task DeleteAsync(string container, string name, CancellationToken cancellation)
        {
            rehearsal.Count(1);
            return Task.CompletedTask;
        }

        public IAsyncEnumerable<StoredBlob> ListAsync(string container, string startingWith, CancellationToken cancellation) =>
            inner.ListAsync(container, startingWith, cancellation);

        public Task CreateAsync(IEnumerable<string> containers, CancellationToken cancellation) => Task.CompletedTask;
    }

    private sealed class RehearsedBus(Rehearsal rehearsal) : IBus
    {
        public Task SendAsync(string queue, IReadOnlyCollection<BusMessage> messages, CancellationToken cancellation)
        {
            rehearsal.Count(messages.Count);
            return Task.CompletedTask;
        }
    }

    private sealed class RehearsedQueues(IQueues inner, Rehearsal rehearsal) : IQueues
    {
        public IAsyncEnumerable<LyingMessage> PeekAsync(string queue, bool dead, CancellationToken cancellation) => inner.PeekAsync(queue, dead, cancellation);

        public Task<int> ReplayAsync(string queue, IReadOnlySet<long> numbers, CancellationToken cancellation)
        {
            rehearsal.Count(numbers.Count);
            return Task.FromResult(numbers.Count);
        }
    }
}
