using Plenary.Infra.Blobs;
using Plenary.Infra.Bus;
using Plenary.Infra.Mail;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;

namespace Plenary.Simulation;

/// <summary>Ports of whichever instance runs the strand that calls them.</summary>
internal static class InCharge
{
    public static SimulatedApp App => Turns.Current.App ?? throw new InvalidOperationException("No instance runs here.");
}

/// <inheritdoc cref="InCharge" />
internal sealed class TablesInCharge : ITables
{
    public ITable Get(string name) => new Table(name);

    public Task CreateAsync(IEnumerable<string> names, CancellationToken cancellation) => Task.CompletedTask;

    private sealed class Table(string name) : ITable
    {
        public string Name => name;

        private ITable Present => InCharge.App.Tables.Get(name);

        public Task<Row?> FindAsync(RowKey key, CancellationToken cancellation) => Present.FindAsync(key, cancellation);

        public IAsyncEnumerable<Row> ListAsync(string partition, KeyRange rows, CancellationToken cancellation, int pageSize = 1000) =>
            Present.ListAsync(partition, rows, cancellation, pageSize);

        public IAsyncEnumerable<Row> ListPartitionsAsync(KeyRange partitions, KeyRange rows, CancellationToken cancellation) =>
            Present.ListPartitionsAsync(partitions, rows, cancellation);

        public IAsyncEnumerable<Row> ScanAllAsync(CancellationToken cancellation) => Present.ScanAllAsync(cancellation);

        public Task<CommitResult> CommitAsync(Batch batch, CancellationToken cancellation) => Present.CommitAsync(batch, cancellation);
    }
}

/// <inheritdoc cref="InCharge" />
internal sealed class BlobsInCharge : IBlobs
{
    public Task UploadAsync(
        string container, string name, Stream content, string contentType, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellation) =>
        InCharge.App.Blobs.UploadAsync(container, name, content, contentType, metadata, cancellation);

    public Task<Stream?> OpenReadAsync(string container, string name, CancellationToken cancellation) => InCharge.App.Blobs.OpenReadAsync(container, name, cancellation);

    public Task DeleteAsync(string container, string name, CancellationToken cancellation) => InCharge.App.Blobs.DeleteAsync(container, name, cancellation);

    public IAsyncEnumerable<StoredBlob> ListAsync(string container, string startingWith, CancellationToken cancellation) =>
        InCharge.App.Blobs.ListAsync(container, startingWith, cancellation);

    public Task CreateAsync(IEnumerable<string> containers, CancellationToken cancellation) => Task.CompletedTask;
}

/// <inheritdoc cref="InCharge" />
internal sealed class BusInCharge : IBus, IQueueWatch
{
    public Task<DateTimeOffset?> FindOldestWaitingAsync(string queue, CancellationToken cancellation) => InCharge.App.Bus.FindOldestWaitingAsync(queue, cancellation);

    public Task<int> CountDeadLettersAsync(string queue, CancellationToken cancellation) => InCharge.App.Bus.CountDeadLettersAsync(queue, cancellation);

    public Task SendAsync(string queue, IReadOnlyCollection<BusMessage> messages, CancellationToken cancellation) =>
        InCharge.App.Bus.SendAsync(queue, messages, cancellation);
}

/// <inheritdoc cref="InCharge" />
internal sealed class ProviderInCharge : IMailProvider
{
    public Task<MailAnswer> SendAsync(OutgoingMail mail, DateTimeOffset now, CancellationToken cancellation) => InCharge.App.Provider.SendAsync(mail, now, cancellation);
}

/// <inheritdoc cref="InCharge" />
internal sealed class DecisionsInCharge : IDecisions
{
    public Task<CommitResult> CommitAsync(ITable table, Batch batch, DateTimeOffset now, CancellationToken cancellation) =>
        InCharge.App.Decisions.CommitAsync(table, batch, now, cancellation);
}

/// <inheritdoc cref="InCharge" />
internal sealed class ClockInCharge : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => InCharge.App.Clock.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        InCharge.App.Clock.CreateTimer(callback, state, dueTime, period);
}
