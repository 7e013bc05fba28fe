using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Azure;
using Plenary.Infra.Blobs;
using Plenary.Infra.Bus;
using Plenary.Infra.Mail;
using Plenary.Infra.Tables;
using Plenary.Support;

namespace Plenary.Simulation;

/// <summary>One instance's way to the tables: every call stands in line and may be struck by a fault.</summary>
internal sealed class SimulatedTables(World world, SimulatedApp app) : ITables
{
    private readonly Dictionary<string, SimulatedTable> tables = new(StringComparer.Ordinal);

    public ITable Get(string name)
    {
        if (!tables.TryGetValue(name, out SimulatedTable? table))
        {
            tables[name] = table = new SimulatedTable(world, app, world.Tables[name]);
        }

        return table;
    }

    public Task CreateAsync(IEnumerable<string> names, CancellationToken cancellation) => Task.CompletedTask;
}

/// <inheritdoc cref="SimulatedTables" />
internal sealed class SimulatedTable(World world, SimulatedApp app, InMemoryTable stored) : ITable
{
    private readonly string find = $"{stored.Name} find";
    private readonly string list = $"{stored.Name} list";
    private readonly string commit = $"{stored.Name} commit";

    public string Name => stored.Name;

    public async Task<Row?> FindAsync(RowKey key, CancellationToken cancellation)
    {
        Strike strike = await world.EnterAsync(app, find, key.Row);
        strike.ThrowIfFailed();
        Row? row = await stored.FindAsync(key, cancellation);
        await world.LeaveAsync(app, strike);
        return row;
    }

    public IAsyncEnumerable<Row> ListAsync(string partition, KeyRange rows, CancellationToken cancellation, int pageSize = 1000) =>
        PagesAsync(new KeyRange(partition, partition + '\0'), rows, pageSize, cancellation);

    public IAsyncEnumerable<Row> ListPartitionsAsync(KeyRange partitions, KeyRange rows, CancellationToken cancellation) =>
        PagesAsync(partitions, rows, 1000, cancellation);

    public IAsyncEnumerable<Row> ScanAllAsync(CancellationToken cancellation) => PagesAsync(KeyRange.All, KeyRange.All, 1000, cancellation);

    public async Task<CommitResult> CommitAsync(Batch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Writes.Count == 0)
        {
            return CommitResult.Done;
        }

        Strike strike = await world.EnterAsync(app, commit, batch.Writes[0].Row.Key.Row);
        strike.ThrowIfFailed();
        Batch written = world.Weakness?.Weaken(Name, batch) ?? batch;
        CommitResult result = await stored.CommitAsync(written, cancellation);
        await world.LeaveAsync(app, strike);
        if (strike.IsAnswerLost && result.IsDone)
        {
            // The client repeats the request by itself and meets what it has just written.
            await world.EnterAsync(app, commit, "repeat");
            result = await stored.CommitAsync(written, cancellation);
        }

        return result.IsDone ? result : await ReadBack.SettleAsync(this, batch, result, cancellation);
    }

    private async IAsyncEnumerable<Row> PagesAsync(KeyRange partitions, KeyRange rows, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        PageToken? next = null;
        do
        {
            Strike strike = await world.EnterAsync(app, list, rows.From ?? partitions.From ?? "");
            strike.ThrowIfFailed();
            TablePage page = stored.ReadPage(partitions, rows, next, Math.Min(pageSize, world.DrawPageSize()));
            await world.LeaveAsync(app, strike);
            foreach (Row row in page.Rows)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return row;
            }

            next = page.Next;
        }
        while (next is not null);
    }
}

/// <summary>One instance's way to the files.</summary>
internal sealed class SimulatedBlobs(World world, SimulatedApp app) : IBlobs
{
    public async Task UploadAsync(
        string container, string name, Stream content, string contentType, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellation)
    {
        Strike strike = await world.EnterAsync(app, "blob upload", name);
        strike.ThrowIfFailed();
        await world.Blobs.UploadAsync(container, name, content, contentType, metadata, cancellation);
        await world.LeaveAsync(app, strike);
    }

    public async Task<Stream?> OpenReadAsync(string container, string name, CancellationToken cancellation)
    {
        Strike strike = await world.EnterAsync(app, "blob read", name);
        strike.ThrowIfFailed();
        Stream? found = await world.Blobs.OpenReadAsync(container, name, cancellation);
        await world.LeaveAsync(app, strike);
        return found;
    }

    public async Task DeleteAsync(string container, string name, CancellationToken cancellation)
    {
        Strike strike = await world.EnterAsync(app, "blob delete", name);
        strike.ThrowIfFailed();
        await world.Blobs.DeleteAsync(container, name, cancellation);
        await world.LeaveAsync(app, strike);
    }

    public async IAsyncEnumerable<StoredBlob> ListAsync(string container, string startingWith, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Strike strike = await world.EnterAsync(app, "blob list", startingWith);
        strike.ThrowIfFailed();
        await foreach (StoredBlob blob in world.Blobs.ListAsync(container, startingWith, cancellation))
        {
            yield return blob;
        }

        await world.LeaveAsync(app, strike);
    }

    public Task CreateAsync(IEnumerable<string> containers, CancellationToken cancellation) => Task.CompletedTask;
}

/// <summary>One instance's way to the broker.</summary>
internal sealed class SimulatedBus(World world, SimulatedApp app) : IBus, IQueueWatch
{
    /// <summary>What the standard tier takes.</summary>
    private const int LargestMessage = 256 * 1024;

    public async Task<DateTimeOffset?> FindOldestWaitingAsync(string queue, CancellationToken cancellation)
    {
        Strike strike = await world.EnterAsync(app, "bus look", queue);
        strike.ThrowIfFailed();
        DateTimeOffset[] waiting = [.. world.Broker.Messages.Where(message => message.Queue == queue && message.VisibleAt <= world.Now).Select(message => message.VisibleAt)];
        await world.LeaveAsync(app, strike);
        return waiting.Length == 0 ? null : waiting.Min();
    }

    public async Task<int> CountDeadLettersAsync(string queue, CancellationToken cancellation)
    {
        Strike strike = await world.EnterAsync(app, "bus look", queue);
        strike.ThrowIfFailed();
        int count = Math.Min(IQueueWatch.MostCounted, world.Broker.Dead.Count(message => message.Queue == queue));
        await world.LeaveAsync(app, strike);
        return count;
    }

    public async Task SendAsync(string queue, IReadOnlyCollection<BusMessage> messages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (messages.Count == 0)
        {
            return;
        }

        Strike strike = await world.EnterAsync(app, $"bus {queue}", messages.First().Id);
        strike.ThrowIfFailed();
        if (world.Broker.IsDown || messages.Any(message => System.Text.Encoding.UTF8.GetByteCount(message.Body) > LargestMessage))
        {
            throw new IOException("The broker takes nothing.");
        }

        int taken = 0;
        foreach (BusMessage message in messages)
        {
            // Hundreds at a time go in parts: the answer to a later part may be lost with the earlier ones taken.
            world.Broker.Accept(queue, message);
            if (++taken == 100 && strike.Kind == FaultKind.AnswerLostForGood)
            {
                break;
            }
        }

        await world.LeaveAsync(app, strike);
    }
}

/// <summary>A mail that the provider took.</summary>
internal sealed record TakenMail(DateTimeOffset At, long Change, OutgoingMail Mail, string MessageId)
{
    public string Intent => Mail.Tags["intent"];

    public string Kind => Mail.Tags["kind"];
}

/// <summary>One instance's way to the mail provider.</summary>
internal sealed class SimulatedProvider(World world, SimulatedApp app) : IMailProvider
{
    public async Task<MailAnswer> SendAsync(OutgoingMail mail, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(mail);
        Strike strike = await world.EnterAsync(app, "provider send", mail.Tags["kind"]);
        if (strike.Kind == FaultKind.Fails)
        {
            return new MailAnswer(MailAnswerKind.TryLater, null, 503);
        }

        MailAnswer answer = world.Mailbox.Take(mail, strike.Kind is FaultKind.AnswerLost or FaultKind.AnswerLostForGood);
        await world.LeaveAsync(app, strike with { Kind = strike.Kind is FaultKind.AnswerLostForGood ? null : strike.Kind });
        return answer;
    }
}

/// <summary>What the provider has, and how it behaves just now.</summary>
internal sealed class SimulatedMailbox(World world)
{
    private readonly List<TakenMail> taken = [];

    public IReadOnlyList<TakenMail> Taken => taken;

    /// <summary>How many more sends are put off, taken silently, or dropped.</summary>
    public int PutsOff { get; set; }

    public int TakesSilently { get; set; }

    public int Drops { get; set; }

    /// <summary>Intents whose answer was lost although the mail was taken.</summary>
    public HashSet<string> InDoubt { get; } = new(StringComparer.Ordinal);

    public MailAnswer Take(OutgoingMail mail, bool isAnswerLost)
    {
        if (PutsOff > 0)
        {
            PutsOff--;
            return (PutsOff % 3) switch
            {
                0 => new MailAnswer(MailAnswerKind.TryLater, null, 429, TimeSpan.FromSeconds(90)),
                1 => new MailAnswer(MailAnswerKind.TryLater, null, 502),
                _ => new MailAnswer(MailAnswerKind.TryLater, null, 0),
            };
        }

        if (Drops > 0)
        {
            Drops--;
            return new MailAnswer(MailAnswerKind.Unknown, null, 0);
        }

        TakenMail mine = new(world.Now, world.Changes.Count, mail, $"m{taken.Count + 1}");
        taken.Add(mine);
        world.Note($"mail {mine.MessageId} {mine.Kind} to {mail.ToAddress}");
        world.Postman.Announce(mine);
        if (TakesSilently > 0 || isAnswerLost)
        {
            TakesSilently = Math.Max(0, TakesSilently - 1);
            InDoubt.Add(mine.Intent);
            return new MailAnswer(MailAnswerKind.Unknown, null, 0);
        }

        return new MailAnswer(MailAnswerKind.Accepted, mine.MessageId, 202);
    }
}

/// <summary>What becomes of one call on a port.</summary>
/// <param name="Kind">Null when nothing goes wrong.</param>
internal readonly record struct Strike(FaultKind? Kind)
{
    public bool IsAnswerLost => Kind == FaultKind.AnswerLost;

    public void ThrowIfFailed()
    {
        if (Kind == FaultKind.Fails)
        {
            throw new RequestFailedException(503, "The server is busy.", "ServerBusy", null);
        }
    }
}

/// <summary>Names a file's content.</summary>
internal static class Content
{
    public static string HashOf(Stream content)
    {
        using (content)
        {
            return Convert.ToHexStringLower(SHA256.HashData(content));
        }
    }
}
