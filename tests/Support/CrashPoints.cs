using System.Runtime.CompilerServices;
using Plenary.Infra.Bus;
using Plenary.Infra.Mail;
using Plenary.Infra.Tables;

namespace Plenary.Support;

/// <summary>Stands for the end of the process: nothing catches it on purpose.</summary>
public sealed class CrashException : Exception
{
    public CrashException()
        : base("The process was killed here.")
    {
    }

    public CrashException(string message)
        : base(message)
    {
    }

    public CrashException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>
/// Numbers every call on a store, bus or provider, and kills the process at one of them: before the call, or after it had its effect.
/// Once dead, every further call fails too, until <see cref="Restart"/>.
/// </summary>
/// <param name="at">1 and up; beyond the last call nothing happens.</param>
/// <param name="afterEffect">The call takes effect, but nobody learns of it.</param>
public sealed class CrashPoints(int at, bool afterEffect)
{
    private int calls;
    private bool dead;

    public int Calls => calls;

    public bool HasCrashed { get; private set; }

    public void Restart() => dead = false;

    public ITables Around(ITables tables) => new Tables(this, tables);

    public IBus Around(IBus bus) => new Bus(this, bus);

    public IMailProvider Around(IMailProvider provider) => new Provider(this, provider);

    private async Task<T> PassAsync<T>(Func<Task<T>> call)
    {
        bool isHere = Enter();
        T answer = await call();
        return isHere ? throw Die() : answer;
    }

    /// <returns>Whether to die once the call has had its effect.</returns>
    private bool Enter()
    {
        if (dead)
        {
            throw new CrashException();
        }

        bool isHere = Interlocked.Increment(ref calls) == at;
        return isHere && !afterEffect ? throw Die() : isHere;
    }

    private CrashException Die()
    {
        dead = true;
        HasCrashed = true;
        return new CrashException();
    }

    private sealed class Tables(CrashPoints points, ITables inner) : ITables
    {
        public ITable Get(string name) => new Table(points, inner.Get(name));

        public Task CreateAsync(IEnumerable<string> names, CancellationToken cancellation) => inner.CreateAsync(names, cancellation);
    }

    private sealed class Table(CrashPoints points, ITable inner) : ITable
    {
        public string Name => inner.Name;

        public Task<Row?> FindAsync(RowKey key, CancellationToken cancellation) => points.PassAsync(() => inner.FindAsync(key, cancellation));

        public IAsyncEnumerable<Row> ListAsync(string partition, KeyRange rows, CancellationToken cancellation, int pageSize = 1000) =>
            Pass(inner.ListAsync(partition, rows, cancellation, pageSize), cancellation);

        public IAsyncEnumerable<Row> ListPartitionsAsync(KeyRange partitions, KeyRange rows, CancellationToken cancellation) =>
            Pass(inner.ListPartitionsAsync(partitions, rows, cancellation), cancellation);

        public IAsyncEnumerable<Row> ScanAllAsync(CancellationToken cancellation) => Pass(inner.ScanAllAsync(cancellation), cancellation);

        public Task<CommitResult> CommitAsync(Batch batch, CancellationToken cancellation) =>
            points.PassAsync(() => inner.CommitAsync(batch, cancellation));

        private async IAsyncEnumerable<Row> Pass(IAsyncEnumerable<Row> rows, [EnumeratorCancellation] CancellationToken cancellation)
        {
            bool isHere = points.Enter();
            await foreach (Row row in rows.WithCancellation(cancellation))
            {
                yield return row;
            }

            if (isHere)
            {
                throw points.Die();
            }
        }
    }

    private sealed class Bus(CrashPoints points, IBus inner) : IBus
    {
        public Task SendAsync(string queue, IReadOnlyCollection<BusMessage> messages, CancellationToken cancellation) => points.PassAsync(async () =>
        {
            await inner.SendAsync(queue, messages, cancellation);
            return true;
        });
    }

    private sealed class Provider(CrashPoints points, IMailProvider inner) : IMailProvider
    {
        public Task<MailAnswer> SendAsync(OutgoingMail mail, DateTimeOffset now, CancellationToken cancellation) =>
            points.PassAsync(() => inner.SendAsync(mail, now, cancellation));
    }
}
