using System.Runtime.CompilerServices;
using Plenary.Infra.Blobs;
using Plenary.Infra.Bus;
using Plenary.Infra.Mail;
using Plenary.Infra.Tables;

namespace Plenary.Support;

/// <summary>Stands before every call on a store, bus or provider.</summary>
public interface ICallGate
{
    /// <summary>Throws, or worse, to keep the call from happening.</summary>
    /// <param name="call">Which, such as <c>Nominations.Commit</c>.</param>
    /// <returns>What happens once the call has had its effect; null for nothing.</returns>
    Action? Enter(string call);
}

/// <summary>Puts a gate around each of the ports.</summary>
public static class CallGates
{
    public static ITables Around(this ICallGate gate, ITables tables) => new Tables(gate, tables);

    public static IBlobs Around(this ICallGate gate, IBlobs blobs) => new Blobs(gate, blobs);

    public static IBus Around(this ICallGate gate, IBus bus) => new Bus(gate, bus);

    public static IMailProvider Around(this ICallGate gate, IMailProvider provider) => new Provider(gate, provider);

    private static async Task<T> PassAsync<T>(this ICallGate gate, string name, Func<Task<T>> call)
    {
        Action? after = gate.Enter(name);
        T answer = await call();
        after?.Invoke();
        return answer;
    }

    private static async Task PassAsync(this ICallGate gate, string name, Func<Task> call)
    {
        Action? after = gate.Enter(name);
        await call();
        after?.Invoke();
    }

    private static async IAsyncEnumerable<T> Pass<T>(
        this ICallGate gate, string name, IAsyncEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        Action? after = gate.Enter(name);
        await foreach (T item in items.WithCancellation(cancellation))
        {
            yield return item;
        }

        after?.Invoke();
    }

    private sealed class Tables(ICallGate gate, ITables inner) : ITables
    {
        public ITable Get(string name) => new Table(gate, inner.Get(name));

        public Task CreateAsync(IEnumerable<string> names, CancellationToken cancellation) => inner.CreateAsync(names, cancellation);
    }

    private sealed class Table(ICallGate gate, ITable inner) : ITable
    {
        public string Name => inner.Name;

        public Task<Row?> FindAsync(RowKey key, CancellationToken cancellation) => gate.PassAsync($"{Name}.Find", () => inner.FindAsync(key, cancellation));

        public IAsyncEnumerable<Row> ListAsync(string partition, KeyRange rows, CancellationToken cancellation, int pageSize = 1000) =>
            gate.Pass($"{Name}.List", inner.ListAsync(partition, rows, cancellation, pageSize), cancellation);

        public IAsyncEnumerable<Row> ListPartitionsAsync(KeyRange partitions, KeyRange rows, CancellationToken cancellation) =>
            gate.Pass($"{Name}.ListPartitions", inner.ListPartitionsAsync(partitions, rows, cancellation), cancellation);

        public IAsyncEnumerable<Row> ScanAllAsync(CancellationToken cancellation) => gate.Pass($"{Name}.ScanAll", inner.ScanAllAsync(cancellation), cancellation);

        public Task<CommitResult> CommitAsync(Batch batch, CancellationToken cancellation) =>
            gate.PassAsync($"{Name}.Commit", () => inner.CommitAsync(batch, cancellation));
    }

    private sealed class Blobs(ICallGate gate, IBlobs inner) : IBlobs
    {
        public Task UploadAsync(
            string container, string name, Stream content, string contentType, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellation) =>
            gate.PassAsync($"{container}.Upload", () => inner.UploadAsync(container, name, content, contentType, metadata, cancellation));

        public Task<Stream?> OpenReadAsync(string container, string name, CancellationToken cancellation) =>
            gate.PassAsync($"{container}.OpenRead", () => inner.OpenReadAsync(container, name, cancellation));

        public Task DeleteAsync(string container, string name, CancellationToken cancellation) =>
            gate.PassAsync($"{container}.Delete", () => inner.DeleteAsync(container, name, cancellation));

        public IAsyncEnumerable<StoredBlob> ListAsync(string container, string startingWith, CancellationToken cancellation) =>
            gate.Pass($"{container}.List", inner.ListAsync(container, startingWith, cancellation), cancellation);

        public Task CreateAsync(IEnumerable<string> containers, CancellationToken cancellation) => inner.CreateAsync(containers, cancellation);
    }

    private sealed class Bus(ICallGate gate, IBus inner) : IBus
    {
        public Task SendAsync(string queue, IReadOnlyCollection<BusMessage> messages, CancellationToken cancellation) =>
            gate.PassAsync($"bus.{queue}", () => inner.SendAsync(queue, messages, cancellation));
    }

    private sealed class Provider(ICallGate gate, IMailProvider inner) : IMailProvider
    {
        public Task<MailAnswer> SendAsync(OutgoingMail mail, DateTimeOffset now, CancellationToken cancellation) =>
            gate.PassAsync("provider.Send", () => inner.SendAsync(mail, now, cancellation));
    }
}
