using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Plenary.Agenda;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Support;

namespace Plenary.Simulation;

/// <summary>A batch that went into a table.</summary>
/// <param name="By">The function that wrote it.</param>
internal sealed record Change(long Number, DateTimeOffset At, string Table, Batch Batch, string By);

/// <summary>A store that is not as safe as it should be: for showing that the checker notices.</summary>
public enum WeaknessKind
{
    /// <summary>Replacements and deletions go in whatever ETag they carry.</summary>
    ETagsIgnored,

    /// <summary>Inserting a place that somebody holds succeeds.</summary>
    PlacesOverwritten,

    /// <summary>What a nomination owes is not written with it.</summary>
    OutboxDropped,
}

/// <inheritdoc cref="WeaknessKind" />
internal sealed record Weakness(WeaknessKind Kind)
{
    public Batch Weaken(string table, Batch batch)
    {
        Batch weak = new(batch.Partition) { OperationId = batch.OperationId, KeepsOperations = batch.KeepsOperations };
        foreach (Write write in batch.Writes)
        {
            bool isOwed = table == "Nominations" && write.Row.Key.Row.StartsWith(Owed.RowPrefix, StringComparison.Ordinal) && batch.Writes.Any(one => one.Row.Key.Row.StartsWith("nominee-", StringComparison.Ordinal));
            bool isPlace = table == "Selections" && write.Row.Key.Row.StartsWith("place-", StringComparison.Ordinal);
            _ = (write.Kind, Kind) switch
            {
                (WriteKind.Insert, WeaknessKind.OutboxDropped) when isOwed => weak,
                (WriteKind.Insert, WeaknessKind.PlacesOverwritten) when isPlace => weak.Upsert(write.Row),
                (WriteKind.Insert, _) => weak.Insert(write.Row),
                (WriteKind.Replace, _) => weak.Replace(write.Row),
                (WriteKind.Upsert, _) => weak.Upsert(write.Row),
                _ => weak.Delete(write.Row),
            };
        }

        return weak;
    }
}

/// <summary>
/// Everything there is: the stores, the broker, the provider, the instances of the app, the time, and who goes next. All of it follows
/// from the seed and the faults.
/// </summary>
internal sealed class World
{
    /// <summary>More than any story needs: something goes round in circles.</summary>
    private const int MostTurns = 100_000;

    private static readonly TimeSpan RestartsAfter = TimeSpan.FromSeconds(5);

    private readonly Random random;
    private readonly PriorityQueue<Action, (long Ticks, int Number)> timeline = new();
    private readonly List<Fault> armed = [];
    private readonly Dictionary<string, int> occurrences = new(StringComparer.Ordinal);
    private readonly int instances;
    private readonly TimeSpan mostSkew;
    private int happenings;
    private int handlers;
    private int callsInStep;
    private int turnsTaken;
    private DateTimeOffset noTickBefore;

    public World(int seed, int instances = 2, TimeSpan mostSkew = default, bool isTelling = false)
    {
        random = new Random(seed);
        this.instances = instances;
        this.mostSkew = mostSkew;
        IsTelling = isTelling;
        Canon = new Canon(seed);
        Turns = new Turns(new Random(seed ^ 0x7e57));
        Tables = new InMemoryTables(Canon.SortKeyOf)
        {
            Committed = (table, batch) => Changes.Add(new Change(Changes.Count, Now, table.Name, batch, Turns.CurrentOrNone?.Name ?? "")),
        };
        Broker = new SimulatedBroker(this, random, random.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromMinutes(10));
        Mailbox = new SimulatedMailbox(this);
        Postman = new Postman(this, random);
        Apps = new SimulatedApp[instances];
        for (int number = 0; number < instances; number++)
        {
            Apps[number] = new SimulatedApp(this, number, DrawSkew(number));
        }
    }

    public DateTimeOffset Now { get; private set; } = new(2023, 7, 3, 0, 0, 0, TimeSpan.Zero);

    public Turns Turns { get; }

    public Canon Canon { get; }

    public InMemoryTables Tables { get; }

    public InMemoryBlobs Blobs { get; } = new("documents", "selections");

    public SimulatedBroker Broker { get; }

    public SimulatedMailbox Mailbox { get; }

    public Postman Postman { get; }

    public SimulatedApp[] Apps { get; }

    public Random Random => random;

    /// <summary>Every batch that went in, in order.</summary>
    public List<Change> Changes { get; } = [];

    public Weakness? Weakness { get; set; }

    /// <summary>Whether the story is written down in full.</summary>
    public bool IsTelling { get; }

    public List<string> Story { get; } = [];

    /// <summary>Every call on a port by its name (function, number within the run, port), with how often it came.</summary>
    public IReadOnlyDictionary<string, int> Points => occurrences;

    public int Calls { get; private set; }

    public int Kills { get; private set; }

    /// <summary>Faults that have struck.</summary>
    public List<Fault> Struck { get; } = [];

    /// <summary>How many messages an instance works on at once.</summary>
    public int AtOnce { get; set; } = 16;

    public int LostTicks { get; set; }

    public bool TicksTwice { get; set; }

    public bool HasShortPages { get; set; }

    public void Note(string what)
    {
        if (IsTelling)
        {
            Story.Add(Canon.Of(string.Create(CultureInfo.InvariantCulture, $"{Now:MM-dd HH:mm:ss.fff} {what}")));
        }
    }

    /// <summary>The faults of a step come into force.</summary>
    public void BeginStep(IEnumerable<Fault> faults)
    {
        callsInStep = 0;
        foreach (Fault fault in faults)
        {
            if (fault.StrikesCalls)
            {
                armed.Add(fault);
            }
            else
            {
                Note($"fault {fault}");
                Struck.Add(fault);
                Set(fault);
            }
        }
    }

    /// <summary>The faults of the story are over; what was armed and has not struck never will.</summary>
    public void EndFaults()
    {
        armed.Clear();
        HasShortPages = false;
        TicksTwice = false;
        LostTicks = 0;
        Broker.RepeatNext = 0;
        Broker.LoseLocks = 0;
        Mailbox.PutsOff = 0;
        Mailbox.Drops = 0;
        Mailbox.TakesSilently = 0;
    }

    public int DrawPageSize() => HasShortPages ? random.Next(4) switch { 0 => 0, 1 => 1, 2 => 2, _ => 1000 } : 1000;

    public void At(DateTimeOffset instant, Action action) => timeline.Enqueue(action, (instant.UtcTicks, happenings++));

    public Signal<bool> SleepAsync(TimeSpan time)
    {
        Signal<bool> over = new(Turns);
        At(Now + time, () => over.Set(true));
        return over;
    }

    /// <summary>A call on a port begins: it stands in line, costs a little time, and may be struck.</summary>
    public async ValueTask<Strike> EnterAsync(SimulatedApp app, string port, string detail)
    {
        await Turns.NextAsync();
        Strand strand = Turns.Current;
        Calls++;
        callsInStep++;
        strand.Calls++;
        Now += TimeSpan.FromMilliseconds(random.Next(1, 4));
        string point = strand.Calls <= 40 ? $"{strand.Name} {strand.Calls} {port}" : $"{strand.Name} 40+ {port}";
        int occurrence = occurrences[point] = occurrences.GetValueOrDefault(point) + 1;
        if (IsTelling)
        {
            Note($"  {strand} on {app.Number}: {port} {detail}");
        }

        for (int index = 0; index < armed.Count; index++)
        {
            Fault fault = armed[index];
            if (fault.Point is null ? callsInStep == fault.Call : fault.Point == point && fault.Call == occurrence)
            {
                armed.RemoveAt(index);
                return await StrikeAsync(app, strand, fault);
            }
        }

        return default;
    }

    /// <summary>The call has had its effect.</summary>
    public async ValueTask LeaveAsync(SimulatedApp app, Strike strike)
    {
        if (strike.Kind == FaultKind.CrashAfter)
        {
            Kill(app);
            await new Signal<bool>(Turns);
        }

        if (strike.Kind == FaultKind.AnswerLostForGood)
        {
            throw new Azure.RequestFailedException(500, "The operation did not answer in time.", "OperationTimedOut", null);
        }
    }

    /// <summary>A client's request to any instance.</summary>
    /// <returns>Null when the connection broke, answered or not.</returns>
    public async Task<HttpAnswer?> SendAsync(HttpCall call)
    {
        SimulatedApp[] alive = [.. Apps.Where(app => !app.IsDead)];
        if (alive.Length == 0)
        {
            return null;
        }

        SimulatedApp chosen = alive[random.Next(alive.Length)];
        Signal<HttpAnswer?> reply = new(Turns);
        chosen.Unanswered.Add(reply);
        HttpAnswer? answer = null;
        Turns.Start(
            call.Function,
            chosen,
            async strand =>
            {
                Note($"{strand} begins on {chosen.Number}: {call.Method} {string.Join(' ', call.Route.Values)}");
                answer = await chosen.AnswerAsync(call);
            },
            strand =>
            {
                chosen.Unanswered.Remove(reply);
                Note($"{strand} answers {answer}{(strand.Work?.Exception is { } fault ? fault.InnerException?.Message : "")}");
                reply.Set(answer);
                if (strand.KillsAtEnd)
                {
                    Kill(chosen);
                }
            });
        return await reply;
    }

    /// <summary>Lets everything happen that is due up to an instant, each thing at its time.</summary>
    public void RunUntil(DateTimeOffset target)
    {
        while (true)
        {
            Deliver();
            if (Turns.Step())
            {
                if (++turnsTaken > MostTurns)
                {
                    throw new InvalidOperationException($"The story does not come to an end.\n{string.Join('\n', Story.TakeLast(60))}");
                }

                continue;
            }

            // What could be received now and was not has nobody to receive it: instances are down.
            DateTimeOffset? next = Earliest(
                timeline.TryPeek(out _, out (long Ticks, int Number) first) ? new DateTimeOffset(first.Ticks, TimeSpan.Zero) : null, Broker.NextAt() is { } message && message > Now ? message : null, NextTick());
            if (next is not { } instant || instant > target)
            {
                Now = target > Now ? target : Now;
                return;
            }

            Now = instant > Now ? instant : Now;
            while (timeline.TryPeek(out _, out (long Ticks, int Number) due) && due.Ticks <= Now.UtcTicks)
            {
                timeline.Dequeue()();
            }

            if (NextTick() <= Now)
            {
                Tick();
            }
        }
    }

    /// <summary>Lets a client act; the action goes on as the world runs.</summary>
    public void Act(string name, Func<Task> act) => Turns.Start(name, null, async _ => await act(), strand =>
    {
        if (strand.Work?.Exception is { } fault)
        {
            throw new InvalidOperationException($"{name} broke: {fault.InnerException}", fault.InnerException);
        }
    });

    public void Kill(SimulatedApp app)
    {
        if (app.IsDead)
        {
            return;
        }

        app.IsDead = true;
        Kills++;
        Note($"instance {app.Number} is killed");
        Broker.Forsake(app);
        handlers -= running.RemoveAll(one => one == app);
        foreach (Signal<HttpAnswer?> reply in app.Unanswered.ToArray())
        {
            reply.Set(null);
        }

        At(Now + RestartsAfter, () =>
        {
            Apps[app.Number] = new SimulatedApp(this, app.Number, DrawSkew(app.Number));
            Note($"instance {app.Number} is started again");
        });
    }

    private readonly List<SimulatedApp> running = [];

    private static DateTimeOffset? Earliest(params ReadOnlySpan<DateTimeOffset?> instants)
    {
        DateTimeOffset? earliest = null;
        foreach (DateTimeOffset? instant in instants)
        {
            if (instant is not null && (earliest is null || instant < earliest))
            {
                earliest = instant;
            }
        }

        return earliest;
    }

    private async ValueTask<Strike> StrikeAsync(SimulatedApp app, Strand strand, Fault fault)
    {
        Note($"fault {fault} strikes {strand}");
        Struck.Add(fault);
        switch (fault.Kind)
        {
            case FaultKind.CrashBefore:
                Kill(app);
                await new Signal<bool>(Turns);
                break;
            case FaultKind.CrashAfterReply:
                strand.KillsAtEnd = true;
                break;
            default:
                break;
        }

        return new Strike(fault.Kind == FaultKind.CrashAfterReply ? null : fault.Kind);
    }

    private void Set(Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.BrokerDown:
                Broker.DownUntil = Now + TimeSpan.FromHours(fault.Amount);
                break;
            case FaultKind.Redelivery:
                Broker.RepeatNext = 6;
                Broker.Copies = fault.Amount;
                break;
            case FaultKind.LocksLost:
                Broker.LoseLocks = fault.Amount;
                break;
            case FaultKind.ProviderPutsOff:
                Mailbox.PutsOff = fault.Amount;
                break;
            case FaultKind.ProviderTakesSilently:
                Mailbox.TakesSilently = fault.Amount;
                break;
            case FaultKind.ProviderDrops:
                Mailbox.Drops = fault.Amount;
                break;
            case FaultKind.EventStorm:
                Postman.Storms = fault.Amount;
                break;
            case FaultKind.TimerLost:
                LostTicks = fault.Amount;
                break;
            case FaultKind.TimerTwice:
                TicksTwice = true;
                break;
            case FaultKind.ShortPages:
                HasShortPages = true;
                break;
            default:
                foreach (string queue in SimulatedApp.Listeners.Keys)
                {
                    Broker.Slip(queue, fault.Amount switch { 0 => "{", 1 => """{"v":9,"kind":"MailOwed","message":{}}""", _ => "null" });
                }

                break;
        }
    }

    private TimeSpan DrawSkew(int number)
    {
        TimeSpan drawn = TimeSpan.FromMilliseconds(random.Next((int)mostSkew.TotalMilliseconds + 1));
        return number % 2 == 0 ? drawn : -drawn;
    }

    private void Deliver()
    {
        while (handlers < AtOnce * instances)
        {
            SimulatedApp[] alive = [.. Apps.Where(app => !app.IsDead)];
            if (alive.Length == 0 || Broker.Messages.Count == 0)
            {
                return;
            }

            SimulatedApp chosen = alive[random.Next(alive.Length)];
            if (Broker.Receive(chosen) is not { } message)
            {
                return;
            }

            handlers++;
            running.Add(chosen);
            Turns.Start(
                SimulatedApp.Listeners[message.Queue],
                chosen,
                async strand =>
                {
                    if (IsTelling)
                    {
                        Note($"{strand} begins on {chosen.Number}: {message.Id}, delivery {message.Deliveries}");
                    }

                    await chosen.RunAsync(strand.Name, message.Body);
                },
                strand =>
                {
                    handlers--;
                    running.Remove(chosen);
                    if (strand.Work?.Exception is { } fault)
                    {
                        Note($"{strand} failed: {fault.InnerException?.Message}");
                        Broker.Abandon(message);
                    }
                    else if (strand.KillsAtEnd)
                    {
                        // It dies before it can complete the message.
                        Kill(chosen);
                    }
                    else
                    {
                        Broker.Complete(message);
                    }
                });
        }
    }

    /// <summary>The next occurrence of the timer that has anything to do; the ones between would find nothing.</summary>
    private DateTimeOffset? NextTick()
    {
        DateTimeOffset? due = null;
        if (Tables[AgendaTable.Name].ReadPage(new KeyRange(AgendaTable.Partition, AgendaTable.Partition + '\0'), KeyRange.All, null, 1).Rows is [Row first])
        {
            due = Keys.InstantOf(first.Key.Row);
        }

        if (Tables[OutboxNames.Markers].ReadPage(KeyRange.All, KeyRange.All, null, 1).Rows is [Row marker])
        {
            DateTimeOffset look = OutboxNames.BucketOf(marker.Key) + (ticksSinceMarker % 2 == 0 ? TimeSpan.FromMinutes(2) : TimeSpan.FromMinutes(11));
            due = Earliest(due, look);
        }

        if (due is not { } instant || Apps.All(app => app.IsDead))
        {
            return null;
        }

        instant = instant < noTickBefore ? noTickBefore : instant;
        long minute = TimeSpan.TicksPerMinute;
        return new DateTimeOffset((instant.UtcTicks + minute - 1) / minute * minute, TimeSpan.Zero);
    }

    private int ticksSinceMarker;

    private void Tick()
    {
        ticksSinceMarker++;
        noTickBefore = Now + TimeSpan.FromSeconds(1);
        if (LostTicks > 0)
        {
            LostTicks--;
            Note("the timer misses an occurrence");
            return;
        }

        SimulatedApp[] alive = [.. Apps.Where(app => !app.IsDead)];
        foreach (SimulatedApp app in TicksTwice ? alive : [alive[random.Next(alive.Length)]])
        {
            Turns.Start(
                "RunAgenda",
                app,
                async strand =>
                {
                    if (IsTelling)
                    {
                        Note($"{strand} begins on {app.Number}");
                    }

                    await app.RunAsync("RunAgenda", new TimerInfo());
                },
                strand =>
                {
                    if (strand.KillsAtEnd)
                    {
                        Kill(app);
                    }

                    if (strand.Work?.Exception is { } fault)
                    {
                        Note($"{strand} failed: {fault.InnerException?.Message}");
                    }
                });
        }
    }
}

/// <summary>Tells the app what became of its mails, as the provider does: signed, repeated until it is heard, in no order.</summary>
internal sealed class Postman(World world, Random random)
{
    private const int CopiesInAStorm = 46;

    private static readonly ECDsa Key = MakeKey();

    /// <summary>How many mails to come are told of 46 times and late.</summary>
    public int Storms { get; set; }

    public void Announce(TakenMail mail)
    {
        int draw = random.Next(10);
        if (Storms > 0)
        {
            Storms--;
            for (int copy = 0; copy < CopiesInAStorm; copy++)
            {
                int minutes = random.Next(24 * 60);
                Tell(mail, copy % 3 == 0 ? "processed" : "delivered", TimeSpan.FromMinutes(minutes), 1);
            }
        }
        else if (draw < 4)
        {
            Tell(mail, "delivered", TimeSpan.FromSeconds(random.Next(1, 90)), 1);
            if (draw == 0)
            {
                Tell(mail, "processed", TimeSpan.FromSeconds(random.Next(1, 90)), 1);
            }
        }
    }

    private static ECDsa MakeKey()
    {
        ECDsa key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(
            Convert.FromBase64String("MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgF1hXDHHSHSoqeA72pzjNoxJKO+RiigaTzhXkg1HLj0GhRANCAAR8GeFaQywVbC/nvOyTn88t2h9+GBOrvcwJMmwrw2fT2Hg7wjOsA/QgnY1kX2BGucgGEKLfv5b5RpOiCH/0yuLq"), out _);
        return key;
    }

    private void Tell(TakenMail mail, string what, TimeSpan after, int attempt) =>
        world.At(world.Now + after, () => world.Act("provider", async () =>
        {
            DateTimeOffset told = mail.At.AddSeconds(what == "processed" ? 1 : 3);
            byte[] body = Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $$"""[{"event":"{{what}}","timestamp":{{told.ToUnixTimeSeconds()}},"sg_message_id":"{{mail.MessageId}}","sg_event_id":"e{{attempt}}","intent":"{{mail.Intent}}","project":"{{mail.Mail.Tags["project"]}}"}]"""));
            string timestamp = world.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            byte[] signature;
            lock (Key)
            {
                signature = Key.SignData([.. Encoding.UTF8.GetBytes(timestamp), .. body], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
            }

            HttpAnswer? answer = await world.SendAsync(new HttpCall("ReceiveMailEvents", "POST", new Dictionary<string, string>())
            {
                Body = body,
                ContentType = "application/json",
                Headers = new Dictionary<string, string>
                {
                    ["X-Twilio-Email-Event-Webhook-Signature"] = Convert.ToBase64String(signature),
                    ["X-Twilio-Email-Event-Webhook-Timestamp"] = timestamp,
                },
            });
            if (answer is not { IsGood: true } && attempt < 8)
            {
                Tell(mail, what, TimeSpan.FromMinutes(attempt * attempt), attempt + 1);
            }
        }));
}
