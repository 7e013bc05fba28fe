#nullable enable

using System.Globalization;
using Azure.Messaging.ServiceBus;

namespace Plenary.Local;

/// <summary>
/// One queue with its dead-letter queue. Memory holds all of its messages; the store is written first and memory follows. All
/// writes of the queue go through one loop, which takes what has gathered while the write before was under way: many
/// senders and receivers share one transaction.
/// </summary>
internal sealed class BrokerQueue : IAsyncDisposable
{
    private const int BlockSize = 1000;
    private const int LargestGroup = 100;
    private const int LargestGroupBytes = 2 * 1024 * 1024;
    private const int LongestReason = 4096;

    private static readonly TimeSpan StoreRest = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim reserving = new(1, 1);
    private readonly SemaphoreSlim refreshing = new(1, 1);
    private readonly Dictionary<long, Entry> entries = [];
    private readonly Dictionary<Guid, Entry> locks = [];
    private readonly SortedSet<(DateTimeOffset At, long Id)> locked = [];
    private readonly SortedSet<(DateTimeOffset At, long Id)> scheduled = [];
    private readonly SortedSet<(DateTimeOffset At, long Id)> expiring = [];
    private readonly Dictionary<string, DateTimeOffset> seen = new(StringComparer.Ordinal);
    private readonly Queue<(DateTimeOffset Until, string MessageId)> seenInOrder = new();
    private readonly Queue<Write> pending = new();
    private readonly Lane active = new();
    private readonly Lane dead = new();
    private readonly Broker broker;
    private readonly IBrokerStore store;
    private readonly QueueOptions options;
    private readonly TimeProvider clock;
    private readonly string name;
    private readonly ITimer timer;
    private DateTimeOffset armed = DateTimeOffset.MaxValue;
    private HashSet<long>? goneMeanwhile;
    private Task? opening;
    private bool opened;
    private bool committing;
    private bool resting;
    private bool ended;
    private long changes;
    private long nextId = 1;
    private long lastId;
    private int deadCount;
    private bool needsLook;
    private long lookedAt;
    private TimeSpan lookTook;

    public BrokerQueue(Broker broker, string name, QueueOptions options)
    {
        this.broker = broker;
        this.name = name;
        this.options = options;
        store = broker.Store;
        clock = broker.Options.Clock;
        opened = !store.IsShared;
        lastId = store.IsShared ? 0 : long.MaxValue;
        using (ExecutionContext.SuppressFlow())
        {
            timer = clock.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>
    /// True when the store may hold what memory does not know and there was rest enough since the last look: looks at a long queue
    /// take at most a tenth of the time.
    /// </summary>
    public bool ShouldLook
    {
        get
        {
            lock (gate)
            {
                return needsLook && MovableClock.Machine.GetElapsedTime(lookedAt) >= 10 * lookTook;
            }
        }
    }

    public bool IsIdle()
    {
        Look();
        lock (gate)
        {
            return entries.Count - scheduled.Count - deadCount == 0 && pending.Count == 0 && !committing;
        }
    }

    public BrokerQueueCounts Count()
    {
        Look();
        lock (gate)
        {
            int lockedAlive = locked.Count(item => !entries[item.Id].Dead);
            return new BrokerQueueCounts(
                entries.Count - scheduled.Count - deadCount - lockedAlive,
                lockedAlive,
                scheduled.Count,
                deadCount,
                scheduled.Count > 0 ? scheduled.Min.At : null);
        }
    }

    public async Task OpenAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref opened))
        {
            return;
        }

        await broker.OpenStoreAsync(cancellation);
        Task task;
        lock (gate)
        {
            if (opening is null || opening.IsFaulted || opening.IsCanceled)
            {
                opening = LoadAsync();
            }

            task = opening;
        }

        await Broker.Guarded(name, token => task.WaitAsync(token), cancellation);
    }

    /// <summary>Returns the sequence numbers, which cancel what is scheduled.</summary>
    public async Task<IReadOnlyList<long>> SendAsync(IReadOnlyList<Outgoing> messages, CancellationToken cancellation)
    {
        ThrowIfStopped();
        cancellation.ThrowIfCancellationRequested();
        await OpenAsync(cancellation);
        Ticket ticket = new(messages.Count);
        long[] numbers = new long[messages.Count];
        while (!TrySend(messages, numbers, ticket))
        {
            await ReserveAsync(messages.Count, cancellation);
        }

        Commit();
        await ticket.Task;
        return numbers;
    }

    public async Task CancelAsync(IReadOnlyList<long> numbers, CancellationToken cancellation)
    {
        ThrowIfStopped();
        await OpenAsync(cancellation);
        Ticket? ticket = TryCancel(numbers);
        if (ticket is null && store.IsShared)
        {
            // Another process may have scheduled it.
            await RefreshAsync(cancellation);
            ticket = TryCancel(numbers);
        }

        if (ticket is null)
        {
            throw NotFound();
        }

        Commit();
        await ticket.Task;
    }

    public async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveAsync(
        bool fromDead,
        ServiceBusReceiveMode mode,
        int most,
        TimeSpan longest,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await OpenAsync(cancellation);
        Waiter waiter = new(fromDead ? dead : active, mode, most);
        lock (gate)
        {
            if (ended)
            {
                throw Broker.Unreachable(name);
            }

            waiter.Lane.Waiters.AddLast(waiter.Node);
        }

        Look();
        if (waiter.Task.IsCompleted)
        {
            return await waiter.Task;
        }

        using CancellationTokenRegistration cancelling = cancellation.UnsafeRegister(_ => GiveUp(waiter, cancelled: true), null);
        using ITimer patience = MovableClock.Machine.CreateTimer(_ => GiveUp(waiter, cancelled: false), null, longest, Timeout.InfiniteTimeSpan);
        return await waiter.Task;
    }

    public async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekAsync(bool fromDead, int most, long from, CancellationToken cancellation)
    {
        ThrowIfStopped();
        await OpenAsync(cancellation);
        Look();
        lock (gate)
        {
            return [.. entries.Values
                .Where(entry => entry.Dead == fromDead && entry.Sequence >= from && entry.ETag != default)
                .OrderBy(entry => entry.Sequence)
                .Take(most)
                .Select(entry => entry.ToReceived(locked: false))];
        }
    }

    public Task CompleteAsync(Guid token, CancellationToken cancellation) => SettleAsync(token, (entry, ticket) =>
    {
        if (entry.Repeats < broker.Redeliveries)
        {
            // Free in memory only, like a delivery that reached nobody: see Release.
            entry.Repeats++;
            ticket.Done(null);
            MakeReady(entry, clock.GetUtcNow());
            return;
        }

        Enqueue(WriteKind.Delete, entry, null, null, outcome =>
        {
            if (outcome.Result == WriteResult.Stored)
            {
                Remove(entry);
                ticket.Done(null);
            }
            else
            {
                Unsettled(entry, outcome, ticket);
            }
        });
    }, cancellation);

    public Task AbandonAsync(Guid token, IDictionary<string, object>? changed, CancellationToken cancellation) =>
        SettleAsync(token, (entry, ticket) =>
        {
            byte[]? payload = Modified(entry, changed);
            if (!entry.Dead && entry.Attempts >= options.MaxDeliveryCount)
            {
                BuryAsUndeliverable(entry, payload, ticket);
                return;
            }

            Standing standing = entry.Standing with { LockedUntil = default, Token = Guid.Empty };
            Enqueue(WriteKind.Update, entry, payload, standing, outcome =>
            {
                if (outcome.Result == WriteResult.Stored)
                {
                    entry.Take(standing);
                    entry.Payload = payload ?? entry.Payload;
                    MakeReady(entry, clock.GetUtcNow());
                    ticket.Done(null);
                }
                else
                {
                    Unsettled(entry, outcome, ticket);
                }
            });
        }, cancellation);

    public Task DeadLetterAsync(
        Guid token,
        string? reason,
        string? description,
        IDictionary<string, object>? changed,
        CancellationToken cancellation) =>
        SettleAsync(token, (entry, ticket) => Bury(entry, reason, description, Modified(entry, changed), ticket), cancellation);

    /// <summary>Until when the lock now holds.</summary>
    public async Task<DateTimeOffset> RenewAsync(Guid token, CancellationToken cancellation)
    {
        ThrowIfStopped();
        cancellation.ThrowIfCancellationRequested();
        Ticket ticket = new(1);
        DateTimeOffset until;
        lock (gate)
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (!locks.TryGetValue(token, out Entry? entry) || entry.LockedUntil <= now)
            {
                throw LockLost();
            }

            locked.Remove((entry.LockedUntil, entry.Id));
            until = entry.LockedUntil = now + options.LockDuration;
            locked.Add((until, entry.Id));
            Enqueue(WriteKind.Update, entry, null, entry.Standing, outcome =>
            {
                if (outcome.Result == WriteResult.Lost && entry.State == EntryState.Locked && entry.Token == token)
                {
                    Detach(entry);
                    Merge(entry, outcome.Current);
                }

                ticket.Done(outcome.Result switch
                {
                    WriteResult.Stored => null,
                    WriteResult.Lost => LockLost(),
                    _ => Broker.Unreachable(name, outcome.Error),
                });
            });
            SetTimer();
        }

        Commit();
        await ticket.Task;
        return until;
    }

    /// <summary>Looks at what has fallen due, and hands out what can be handed out.</summary>
    public void Wake()
    {
        lock (gate)
        {
            armed = DateTimeOffset.MaxValue;
        }

        Look();
        broker.Changed();
    }

    /// <summary>Another process is, or was, at work on the store.</summary>
    public void NeedLook()
    {
        lock (gate)
        {
            needsLook = true;
        }
    }

    public void ExpireLocks()
    {
        lock (gate)
        {
            DateTimeOffset now = clock.GetUtcNow();
            foreach (Entry entry in locked.Select(item => entries[item.Id]).ToList())
            {
                Detach(entry);
                MakeReady(entry, now);
            }
        }

        Wake();
    }

    /// <summary>Brings memory in line with the store, where another process has been at work.</summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        if (!Volatile.Read(ref opened) || !store.IsShared)
        {
            return;
        }

        await refreshing.WaitAsync(cancellation);
        try
        {
            long begun = MovableClock.Machine.GetTimestamp();
            long before;
            lock (gate)
            {
                before = changes;
                goneMeanwhile = [];
                needsLook = false;
            }

            Dictionary<long, StoredMessage> rows = [];
            await Broker.Guarded(name, async token =>
            {
                await foreach (StoredMessage row in store.ReadAsync(name, token))
                {
                    rows[row.Id] = row;
                }
            }, cancellation);
            lock (gate)
            {
                Reconcile(rows, before);
                lookedAt = MovableClock.Machine.GetTimestamp();
                lookTook = MovableClock.Machine.GetElapsedTime(begun, lookedAt);
            }
        }
        catch
        {
            NeedLook();
            throw;
        }
        finally
        {
            lock (gate)
            {
                goneMeanwhile = null;
            }

            refreshing.Release();
        }

        Wake();
    }

    /// <summary>Who still waits is told that the broker is out of reach.</summary>
    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync();
        List<Waiter> waiting;
        lock (gate)
        {
            ended = true;
            waiting = [.. active.Waiters, .. dead.Waiters];
            active.Waiters.Clear();
            dead.Waiters.Clear();
        }

        foreach (Waiter waiter in waiting)
        {
            waiter.Fail(Broker.Unreachable(name));
        }
    }

    private void Look()
    {
        lock (gate)
        {
            Sweep(clock.GetUtcNow());
            Pump();
            SetTimer();
        }

        Commit();
    }

    private async Task LoadAsync()
    {
        long first = await store.AllocateAsync(name, BlockSize, CancellationToken.None);
        List<StoredMessage> rows = [];
        await foreach (StoredMessage row in store.ReadAsync(name, CancellationToken.None))
        {
            rows.Add(row);
        }

        lock (gate)
        {
            nextId = first;
            lastId = first + BlockSize - 1;
            foreach (StoredMessage row in rows)
            {
                Adopt(row);
            }

            opened = true;
        }

        Wake();
    }

    private async Task ReserveAsync(int count, CancellationToken cancellation)
    {
        await reserving.WaitAsync(cancellation);
        try
        {
            lock (gate)
            {
                if (lastId - nextId + 1 >= count)
                {
                    return;
                }
            }

            int size = Math.Max(BlockSize, count);
            long first = await Broker.Guarded(name, token => store.AllocateAsync(name, size, token), cancellation);
            lock (gate)
            {
                // What is left of the block before is given up: numbers may have gaps, but never go back.
                nextId = first;
                lastId = first + size - 1;
            }
        }
        finally
        {
            reserving.Release();
        }
    }

    private bool TrySend(IReadOnlyList<Outgoing> messages, long[] numbers, Ticket ticket)
    {
        lock (gate)
        {
            if (ended)
            {
                throw Broker.Unreachable(name);
            }

            if (lastId - nextId + 1 < messages.Count)
            {
                return false;
            }

            DateTimeOffset now = clock.GetUtcNow();
            Claim? claim = null;
            for (int i = 0; i < messages.Count; i++)
            {
                Outgoing message = messages[i];
                Entry entry = new(nextId++, message.Payload) { Enqueued = now, Touched = ++changes };
                numbers[i] = entry.Id;
                if (IsDuplicate(message.MessageId, now))
                {
                    ticket.Done(null);
                    continue;
                }

                entry.Due = message.ScheduledEnqueueTime > now ? message.ScheduledEnqueueTime.ToUniversalTime() : null;
                entry.SetLife(Shorter(message.TimeToLive, options.DefaultTimeToLive));
                entries.Add(entry.Id, entry);
                Insert(entry, entry.Due is null ? TryClaimUnsent(ref claim) : null, message.MessageId, ticket, now);
            }

            Seal(claim);
            return true;
        }
    }

    // A receiver is waiting and nothing is before this message: it is stored locked for him, which saves the write of the lock.
    private Claim? TryClaimUnsent(ref Claim? claim)
    {
        if (claim is not null && claim.Taken < claim.Waiter.Most)
        {
            return claim;
        }

        Seal(claim);
        claim = null;
        if (active.Ready.Count == 0 && CanHandOut && active.Waiters.First is { Value.Mode: ServiceBusReceiveMode.PeekLock } node)
        {
            active.Waiters.Remove(node);
            claim = new Claim(node.Value);
        }

        return claim;
    }

    private void Insert(Entry entry, Claim? claim, string? messageId, Ticket ticket, DateTimeOffset now)
    {
        if (claim is not null)
        {
            claim.Taken++;
            claim.Open++;
            LockFor(entry, now);
        }

        Enqueue(WriteKind.Insert, entry, entry.Payload, entry.Standing, outcome =>
        {
            if (outcome.Result == WriteResult.Stored)
            {
                ticket.Done(null);
                if (claim is not null)
                {
                    claim.Won.Add(entry);
                }
                else if (entry.Due is { } due)
                {
                    entry.State = EntryState.Scheduled;
                    scheduled.Add((due, entry.Id));
                }
                else
                {
                    Watch(entry);
                    MakeReady(entry, clock.GetUtcNow());
                }
            }
            else
            {
                if (messageId is not null)
                {
                    seen.Remove(messageId);
                }

                Remove(entry);
                ticket.Done(Broker.Unreachable(name, outcome.Error));
            }

            Finish(claim);
        });
    }

    private bool IsDuplicate(string? messageId, DateTimeOffset now)
    {
        if (options.DuplicateDetectionWindow is not { } window || messageId is null)
        {
            return false;
        }

        while (seenInOrder.TryPeek(out (DateTimeOffset Until, string MessageId) oldest) && oldest.Until <= now)
        {
            seenInOrder.Dequeue();
            if (seen.TryGetValue(oldest.MessageId, out DateTimeOffset until) && until <= now)
            {
                seen.Remove(oldest.MessageId);
            }
        }

        if (!seen.TryAdd(messageId, now + window))
        {
            return true;
        }

        seenInOrder.Enqueue((now + window, messageId));
        return false;
    }

    private Ticket? TryCancel(IReadOnlyList<long> numbers)
    {
        Look();
        lock (gate)
        {
            List<Entry> found = [];
            foreach (long number in numbers.Distinct())
            {
                if (!entries.TryGetValue(number, out Entry? entry) || entry.State != EntryState.Scheduled)
                {
                    return null;
                }

                found.Add(entry);
            }

            Ticket ticket = new(found.Count);
            foreach (Entry entry in found)
            {
                Detach(entry);
                Enqueue(WriteKind.Delete, entry, null, null, outcome =>
                {
                    if (outcome.Result == WriteResult.Stored)
                    {
                        Remove(entry);
                        ticket.Done(null);
                    }
                    else
                    {
                        bool lost = outcome.Result == WriteResult.Lost;
                        Merge(entry, lost ? outcome.Current : entry.AsStored());
                        ticket.Done(lost ? NotFound() : Broker.Unreachable(name, outcome.Error));
                    }
                });
            }

            return ticket;
        }
    }

    private async Task SettleAsync(Guid token, Action<Entry, Ticket> settle, CancellationToken cancellation)
    {
        ThrowIfStopped();
        cancellation.ThrowIfCancellationRequested();
        Ticket ticket = new(1);
        lock (gate)
        {
            if (!locks.TryGetValue(token, out Entry? entry) || entry.LockedUntil <= clock.GetUtcNow())
            {
                throw LockLost();
            }

            Detach(entry);
            settle(entry, ticket);
        }

        Commit();
        await ticket.Task;
    }

    private void Unsettled(Entry entry, WriteOutcome outcome, Ticket ticket)
    {
        if (outcome.Result == WriteResult.Lost)
        {
            Merge(entry, outcome.Current);
            ticket.Done(LockLost());
        }
        else
        {
            // The lock still holds, so its holder may try again.
            HoldLock(entry);
            ticket.Done(Broker.Unreachable(name, outcome.Error));
        }
    }

    private void BuryAsUndeliverable(Entry entry, byte[]? payload = null, Ticket? ticket = null) => Bury(
        entry,
        "MaxDeliveryCountExceeded",
        string.Create(CultureInfo.InvariantCulture, $"Message could not be consumed after {options.MaxDeliveryCount} delivery attempts."),
        payload,
        ticket);

    private void Bury(Entry entry, string? reason, string? description, byte[]? payload, Ticket? ticket)
    {
        entry.State = EntryState.Busy;
        Standing standing = entry.Standing with
        {
            Dead = true,
            LockedUntil = default,
            Token = Guid.Empty,
            Reason = Shortened(reason),
            Description = Shortened(description),
        };
        Enqueue(WriteKind.Update, entry, payload, standing, outcome =>
        {
            if (outcome.Result == WriteResult.Stored)
            {
                expiring.Remove((entry.ExpiresAt, entry.Id));
                entry.Take(standing);
                entry.Payload = payload ?? entry.Payload;
                deadCount++;
                MakeReady(entry, clock.GetUtcNow());
                ticket?.Done(null);
            }
            else if (ticket is not null)
            {
                Unsettled(entry, outcome, ticket);
            }
            else if (outcome.Result == WriteResult.Lost)
            {
                Merge(entry, outcome.Current);
            }
            else
            {
                // Tried again when the next receiver comes upon it.
                PutReady(entry);
            }
        });
    }

    private void Expire(Entry entry)
    {
        if (options.DeadLetteringOnMessageExpiration)
        {
            Bury(entry, "TTLExpiredException", "The message expired and was dead lettered.", null, null);
            return;
        }

        entry.State = EntryState.Busy;
        Enqueue(WriteKind.Delete, entry, null, null, outcome =>
        {
            if (outcome.Result == WriteResult.Stored)
            {
                Remove(entry);
            }
            else if (outcome.Result == WriteResult.Lost)
            {
                Merge(entry, outcome.Current);
            }
            else
            {
                PutReady(entry);
            }
        });
    }

    private bool CanHandOut => broker.IsRunning && !resting && !ended;

    /// <summary>Brings receivers and messages together. Callers hold the gate, here and in all that follows.</summary>
    private void Pump()
    {
        Pump(active);
        Pump(dead);
    }

    private void Pump(Lane lane)
    {
        while (CanHandOut && lane.Ready.Count > 0 && lane.Waiters.First is { } node)
        {
            DateTimeOffset now = clock.GetUtcNow();
            Claim? claim = null;
            while (lane.Ready.Count > 0 && (claim is null || claim.Taken < node.Value.Most))
            {
                Entry entry = lane.Next(broker.Disorder);
                lane.Ready.Remove(entry);
                if (!entry.Dead && entry.ExpiresAt <= now)
                {
                    Expire(entry);
                }
                else if (!entry.Dead && entry.Attempts >= options.MaxDeliveryCount)
                {
                    BuryAsUndeliverable(entry);
                }
                else
                {
                    if (claim is null)
                    {
                        lane.Waiters.Remove(node);
                        claim = new Claim(node.Value);
                    }

                    claim.Taken++;
                    claim.Open++;
                    Take(entry, claim, now);
                }
            }

            Seal(claim);
        }
    }

    private void Take(Entry entry, Claim claim, DateTimeOffset now)
    {
        bool delete = claim.Waiter.Mode == ServiceBusReceiveMode.ReceiveAndDelete;
        entry.State = EntryState.Busy;
        LockFor(entry, now);
        Enqueue(delete ? WriteKind.Delete : WriteKind.Update, entry, null, delete ? null : entry.Standing, outcome =>
        {
            switch (outcome.Result)
            {
                case WriteResult.Stored:
                    claim.Won.Add(entry);
                    break;
                case WriteResult.Lost:
                    Merge(entry, outcome.Current);
                    break;
                default:
                    Release(entry);
                    break;
            }

            Finish(claim);
        });
    }

    private void LockFor(Entry entry, DateTimeOffset now)
    {
        entry.Deliveries++;
        entry.Token = Guid.NewGuid();
        entry.LockedUntil = now + options.LockDuration;
    }

    private void Seal(Claim? claim)
    {
        if (claim is not null && !claim.Sealed)
        {
            claim.Sealed = true;
            Hand(claim);
        }
    }

    private void Finish(Claim? claim)
    {
        if (claim is not null)
        {
            claim.Open--;
            Hand(claim);
        }
    }

    private void Hand(Claim claim)
    {
        if (!claim.Sealed || claim.Open > 0)
        {
            return;
        }

        Waiter waiter = claim.Waiter;
        bool delete = waiter.Mode == ServiceBusReceiveMode.ReceiveAndDelete;
        if (claim.Won.Count == 0)
        {
            if (!waiter.GivenUp)
            {
                waiter.Lane.Waiters.AddFirst(waiter.Node);
            }
            else
            {
                waiter.Deliver([]);
            }

            return;
        }

        List<ServiceBusReceivedMessage> messages = [];
        foreach (Entry entry in claim.Won)
        {
            if (waiter.Cancelled && !delete)
            {
                Watch(entry);
                Release(entry);
                continue;
            }

            entry.State = EntryState.Locked;
            messages.Add(entry.ToReceived(locked: !delete));
            if (delete)
            {
                Remove(entry);
            }
            else
            {
                Watch(entry);
                HoldLock(entry);
            }
        }

        SetTimer();
        waiter.Deliver(messages);
    }

    private void GiveUp(Waiter waiter, bool cancelled)
    {
        lock (gate)
        {
            waiter.GivenUp = true;
            if (waiter.Node.List is not null)
            {
                waiter.Node.List.Remove(waiter.Node);
                if (!cancelled)
                {
                    waiter.Deliver([]);
                }
            }

            // With a claim under way, who only ran out of time still gets what it brings in a moment.
            if (cancelled)
            {
                waiter.Cancelled = true;
                waiter.Cancel();
            }
        }
    }

    /// <summary>Undoes a delivery that reached nobody. In the store the lock stays until it runs out; only this process can tell it is free.</summary>
    private void Release(Entry entry)
    {
        entry.Deliveries--;
        MakeReady(entry, clock.GetUtcNow());
    }

    private void HoldLock(Entry entry)
    {
        entry.State = EntryState.Locked;
        locks[entry.Token] = entry;
        locked.Add((entry.LockedUntil, entry.Id));
        SetTimer();
    }

    private void MakeReady(Entry entry, DateTimeOffset now)
    {
        if (!entry.Dead && entry.ExpiresAt <= now)
        {
            Expire(entry);
        }
        else if (!entry.Dead && entry.Attempts >= options.MaxDeliveryCount)
        {
            BuryAsUndeliverable(entry);
        }
        else
        {
            PutReady(entry);
        }
    }

    private void PutReady(Entry entry)
    {
        entry.State = EntryState.Ready;
        Of(entry).Ready.Add(entry);
    }

    private void Watch(Entry entry)
    {
        if (entry.ExpiresAt < DateTimeOffset.MaxValue && !entry.Dead)
        {
            expiring.Add((entry.ExpiresAt, entry.Id));
            SetTimer();
        }
    }

    private Lane Of(Entry entry) => entry.Dead ? dead : active;

    /// <summary>Takes it out of whatever list its state has put it in.</summary>
    private void Detach(Entry entry)
    {
        switch (entry.State)
        {
            case EntryState.Ready:
                Of(entry).Ready.Remove(entry);
                break;
            case EntryState.Scheduled:
                scheduled.Remove((entry.Due ?? default, entry.Id));
                break;
            case EntryState.Locked:
                locks.Remove(entry.Token);
                locked.Remove((entry.LockedUntil, entry.Id));
                break;
            case EntryState.Elsewhere:
                locked.Remove((entry.LockedUntil, entry.Id));
                break;
            default:
                break;
        }

        entry.State = EntryState.Busy;
    }

    private void Remove(Entry entry)
    {
        Detach(entry);
        entry.State = EntryState.Gone;
        expiring.Remove((entry.ExpiresAt, entry.Id));
        if (entries.Remove(entry.Id) && entry.Dead)
        {
            deadCount--;
        }

        goneMeanwhile?.Add(entry.Id);
    }

    /// <summary>Takes over what the store says of a detached entry.</summary>
    private void Merge(Entry entry, StoredMessage? row)
    {
        if (row is null)
        {
            Remove(entry);
            return;
        }

        expiring.Remove((entry.ExpiresAt, entry.Id));
        deadCount += (row.Standing.Dead ? 1 : 0) - (entry.Dead ? 1 : 0);
        entry.Take(row.Standing);
        entry.Payload = row.Payload;
        entry.ETag = row.ETag;
        entry.SetLife(Shorter(BrokeredContent.Decode(row.Payload).TimeToLive, options.DefaultTimeToLive));
        Watch(entry);
        DateTimeOffset now = clock.GetUtcNow();
        if (entry.Due is { } due)
        {
            entry.State = EntryState.Scheduled;
            scheduled.Add((due, entry.Id));
        }
        else if (entry.LockedUntil > now)
        {
            entry.State = EntryState.Elsewhere;
            locked.Add((entry.LockedUntil, entry.Id));
        }
        else
        {
            MakeReady(entry, now);
        }

        SetTimer();
    }

    private void Adopt(StoredMessage row)
    {
        Entry entry = new(row.Id, row.Payload) { Touched = ++changes };
        entries.Add(entry.Id, entry);
        Merge(entry, row);
    }

    private void Reconcile(Dictionary<long, StoredMessage> rows, long before)
    {
        foreach (StoredMessage row in rows.Values)
        {
            if (!entries.TryGetValue(row.Id, out Entry? entry))
            {
                if (goneMeanwhile?.Contains(row.Id) != true)
                {
                    Adopt(row);
                }
            }
            else if (entry.ETag != row.ETag && IsSteady(entry, before))
            {
                Detach(entry);
                Merge(entry, row);
            }
        }

        foreach (Entry entry in entries.Values.Where(entry => !rows.ContainsKey(entry.Id) && IsSteady(entry, before)).ToList())
        {
            Remove(entry);
        }
    }

    // Not touched by this process since the look at the store began, nor being touched now.
    private static bool IsSteady(Entry entry, long before) =>
        entry.Touched <= before && entry.State is EntryState.Ready or EntryState.Scheduled or EntryState.Elsewhere;

    private void Sweep(DateTimeOffset now)
    {
        while (scheduled.Count > 0 && scheduled.Min.At <= now)
        {
            if (nextId > lastId)
            {
                _ = ReserveForDueAsync();
                break;
            }

            Entry entry = entries[scheduled.Min.Id];
            Detach(entry);

            // As if sent at this moment: behind what is already there.
            entry.Sequence = nextId++;
            entry.Enqueued = now;
            entry.Due = null;
            entry.Touched = ++changes;
            entry.SetLife(entry.TimeToLive);
            Watch(entry);
            MakeReady(entry, now);
        }

        while (locked.Count > 0 && locked.Min.At <= now)
        {
            Entry entry = entries[locked.Min.Id];
            Detach(entry);
            MakeReady(entry, now);
        }

        while (expiring.Count > 0 && expiring.Min.At <= now)
        {
            Entry entry = entries[expiring.Min.Id];
            expiring.Remove(expiring.Min);

            // A locked one is its receiver's until the lock ends.
            if (entry.State == EntryState.Ready)
            {
                Detach(entry);
                Expire(entry);
            }
        }
    }

    private async Task ReserveForDueAsync()
    {
        try
        {
            await ReserveAsync(1, CancellationToken.None);
            Wake();
        }
        catch (ServiceBusException)
        {
            Rest();
        }
    }

    private void SetTimer()
    {
        DateTimeOffset next = DateTimeOffset.MaxValue;
        next = locked.Count > 0 && locked.Min.At < next ? locked.Min.At : next;
        next = expiring.Count > 0 && expiring.Min.At < next ? expiring.Min.At : next;
        next = scheduled.Count > 0 && scheduled.Min.At < next && nextId <= lastId ? scheduled.Min.At : next;

        // One that rings too early only looks and sets itself anew, which is cheaper than setting it at each change.
        if (next < armed && !ended)
        {
            armed = next;
            TimeSpan wait = next - clock.GetUtcNow();
            TimeSpan longest = TimeSpan.FromDays(1);
            timer.Change(wait <= TimeSpan.Zero ? TimeSpan.Zero : wait < longest ? wait : longest, Timeout.InfiniteTimeSpan);
        }
    }

    private void Enqueue(WriteKind kind, Entry entry, byte[]? payload, Standing? standing, Action<WriteOutcome> applied) =>
        pending.Enqueue(new Write(kind, entry, payload, standing, applied));

    private void Commit()
    {
        lock (gate)
        {
            if (committing || pending.Count == 0)
            {
                return;
            }

            committing = true;
        }

        _ = CommitAllAsync();
    }

    private async Task CommitAllAsync()
    {
        while (true)
        {
            List<Write> group;
            lock (gate)
            {
                Pump();
                SetTimer();
                group = NextGroup();
                if (group.Count == 0)
                {
                    committing = false;
                    break;
                }
            }

            IReadOnlyList<WriteOutcome> outcomes = await store.CommitAsync(name, group);
            bool failed = false;
            lock (gate)
            {
                for (int i = 0; i < group.Count; i++)
                {
                    WriteOutcome outcome = outcomes[i];
                    Entry entry = group[i].Entry;
                    entry.Touched = ++changes;
                    failed |= outcome.Result == WriteResult.Failed;
                    if (outcome.Result == WriteResult.Stored)
                    {
                        entry.ETag = outcome.ETag;
                    }

                    group[i].Applied(outcome);
                }
            }

            if (failed)
            {
                Rest();
            }
        }

        broker.Changed();
    }

    private List<Write> NextGroup()
    {
        List<Write> group = [];
        HashSet<long> rows = [];
        int bytes = 0;
        while (group.Count < LargestGroup && pending.TryPeek(out Write? write) && rows.Add(write.Id))
        {
            bytes += write.Payload?.Length ?? 0;
            if (group.Count > 0 && bytes > LargestGroupBytes)
            {
                break;
            }

            group.Add(pending.Dequeue());
        }

        return group;
    }

    // The store does not answer: nothing is handed out for a moment, and what it may have kept is looked up.
    private void Rest()
    {
        lock (gate)
        {
            needsLook = true;
            if (resting || ended)
            {
                return;
            }

            resting = true;
        }

        _ = Task.Delay(StoreRest, MovableClock.Machine).ContinueWith(
            _ =>
            {
                lock (gate)
                {
                    resting = false;
                }

                Wake();
            },
            TaskScheduler.Default);
    }

    private void ThrowIfStopped()
    {
        if (!broker.IsRunning)
        {
            throw Broker.Unreachable(name);
        }
    }

    private ServiceBusException LockLost() => new(
        "The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.",
        ServiceBusFailureReason.MessageLockLost,
        name);

    private ServiceBusException NotFound() => new(
        "No scheduled message has this sequence number: it was never scheduled, is cancelled, or has been enqueued.",
        ServiceBusFailureReason.MessageNotFound,
        name);

    private static byte[]? Modified(Entry entry, IDictionary<string, object>? changed)
    {
        if (changed is null || changed.Count == 0)
        {
            return null;
        }

        BrokeredContent content = BrokeredContent.Decode(entry.Payload);
        foreach ((string property, object value) in changed)
        {
            content.Properties[property] = value;
        }

        return content.Encode();
    }

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private static string? Shortened(string? text) => text?.Length > LongestReason ? text[..LongestReason] : text;

    /// <summary>Messages that can be handed out, and who waits for them.</summary>
    private sealed class Lane
    {
        public SortedSet<Entry> Ready { get; } = new(Comparer<Entry>.Create(Entry.CompareSequence));

        public LinkedList<Waiter> Waiters { get; } = new();

        public Entry Next(Random? disorder) =>
#pragma warning disable CA5394 // A test's disorder, nothing secret.
            disorder is null
                ? Ready.Min ?? throw new InvalidOperationException("Nothing is ready.")
                : Ready.ElementAt(disorder.Next(Math.Min(Ready.Count, 50)));
#pragma warning restore CA5394
    }

    private sealed class Waiter
    {
        private readonly TaskCompletionSource<IReadOnlyList<ServiceBusReceivedMessage>> source =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Waiter(Lane lane, ServiceBusReceiveMode mode, int most)
        {
            Lane = lane;
            Mode = mode;
            Most = most;
            Node = new LinkedListNode<Waiter>(this);
        }

        public Lane Lane { get; }

        public ServiceBusReceiveMode Mode { get; }

        public int Most { get; }

        public LinkedListNode<Waiter> Node { get; }

        public bool GivenUp { get; set; }

        public bool Cancelled { get; set; }

        public Task<IReadOnlyList<ServiceBusReceivedMessage>> Task => source.Task;

        public void Deliver(IReadOnlyList<ServiceBusReceivedMessage> messages) => source.TrySetResult(messages);

        public void Cancel() => source.TrySetCanceled();

        public void Fail(Exception error) => source.TrySetException(error);
    }

    /// <summary>Messages on their way to one receiver: handed over together, when the last write is done.</summary>
    private sealed class Claim(Waiter waiter)
    {
        public Waiter Waiter { get; } = waiter;

        public List<Entry> Won { get; } = [];

        public int Taken { get; set; }

        public int Open { get; set; }

        public bool Sealed { get; set; }
    }

    /// <summary>What a caller waits for: so many writes, and the first error among them.</summary>
    private sealed class Ticket(int open)
    {
        private readonly TaskCompletionSource source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Exception? error;
        private int left = open;

        public Task Task => source.Task;

        public void Done(Exception? failure)
        {
            error ??= failure;
            if (--left > 0)
            {
                return;
            }

            if (error is null)
            {
                source.SetResult();
            }
            else
            {
                source.SetException(error);
            }
        }
    }
}
