using System.Runtime.CompilerServices;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Shared;
using Plenary.Shared.Telemetry;

namespace Plenary.Mail;

/// <param name="Count">How many intents of this kind are in this state.</param>
public sealed record MailCount(string Kind, MailState State, int Count);

/// <summary>What became of the mails of a project, for every slice to read.</summary>
public interface IMailLedger
{
    /// <summary>In order of id, which is no order to a reader.</summary>
    IAsyncEnumerable<MailIntent> ListAsync(string project, CancellationToken cancellation);

    /// <summary>By kind, then state; only what occurs.</summary>
    Task<IReadOnlyList<MailCount>> CountAsync(string project, CancellationToken cancellation);

    /// <summary>Mails to people of one economy that did not arrive, the latest first.</summary>
    Task<IReadOnlyList<UndeliveredMail>> ListUndeliveredAsync(string project, string economy, CancellationToken cancellation);
}

/// <param name="Person">See <see cref="MailOwed.Person"/>.</param>
/// <param name="At">When the provider told so.</param>
public sealed record UndeliveredMail(string Kind, string Person, MailState State, DateTimeOffset At);

/// <summary>Keys and rows of the ledger.</summary>
public static class MailTable
{
    public const string Name = "Mail";

    /// <param name="intent">See <see cref="MailOwed.Id"/>.</param>
    public static RowKey KeyOf(string project, string intent) => new(Keys.Escape(project), intent);

    /// <summary>Mails that did not leave at their first attempt lie here too, oldest first, for as long as that is so.</summary>
    public const string Lingering = "lingering";

    public static RowKey LingeringOf(MailIntent intent)
    {
        ArgumentNullException.ThrowIfNull(intent);
        return new RowKey(Lingering, $"{Keys.Ticks(intent.Since)}|{intent.Owed.Id}");
    }

    /// <summary>What did not arrive is listed beside the intents, by economy, for as long as that is so.</summary>
    public const string UndeliveredPrefix = "undelivered-";

    public static RowKey UndeliveredOf(MailOwed owed, string economy)
    {
        ArgumentNullException.ThrowIfNull(owed);
        return new RowKey(Keys.Escape(owed.Project), $"{UndeliveredPrefix}{Keys.Escape(economy)}-{owed.Id}");
    }

    /// <summary>Audit entries, what is owed and what did not arrive share the partition of a project.</summary>
    public static bool IsIntent(Row row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Key.Partition != Lingering && !((string[])[AuditWrites.RowPrefix, Owed.RowPrefix, UndeliveredPrefix]).Any(prefix => row.Key.Row.StartsWith(prefix, StringComparison.Ordinal));
    }

    internal static (string Name, object Value)[] ColumnsOf(MailIntent intent) =>
        [("Kind", intent.Owed.Kind), ("State", intent.State.ToString()), ("PossibleDuplicate", intent.PossibleDuplicate)];
}

/// <summary>An intent with the row it was read from.</summary>
public sealed record StoredIntent(Row Row, MailIntent Intent);

/// <summary>Of the mails that did not leave at their first attempt, the oldest thousand.</summary>
/// <param name="OldestOwed">Since when the oldest that still has to leave is owed.</param>
/// <param name="Unknown">Of how many nobody knows whether they left.</param>
public sealed record LingeringMails(DateTimeOffset? OldestOwed, int Unknown);

/// <inheritdoc cref="IMailLedger" />
public sealed class MailLedger(ITables tables) : IMailLedger
{
    /// <summary>Each lost race means that somebody else has moved the intent on, which happens a few times in its life.</summary>
    private const int MostRaces = 20;

    private const int PageSize = 1000;

    private readonly ITable table = tables.Get(MailTable.Name);

    /// <summary>The table itself, for the use cases of this slice.</summary>
    internal ITable Table => table;

    public async Task<StoredIntent?> FindAsync(string project, string intent, CancellationToken cancellation)
    {
        Row? row = await table.FindAsync(MailTable.KeyOf(project, intent), cancellation);
        return row is null ? null : new StoredIntent(row, row.Body<MailIntent>());
    }

    /// <summary>Null when it is there already.</summary>
    public async Task<StoredIntent?> InsertAsync(MailIntent intent, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(intent);
        Row row = Row.Of(MailTable.KeyOf(intent.Owed.Project, intent.Owed.Id), intent, MailTable.ColumnsOf(intent));
        return Count(intent, await WriteAsync(intent, row, new Batch(row.Key.Partition).Insert(row), cancellation));
    }

    /// <summary>Intents of one project, all in one transaction; null when one of them is there already, and then none was written.</summary>
    public async Task<IReadOnlyList<StoredIntent>?> InsertAllAsync(IReadOnlyList<MailIntent> intents, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(intents);
        Batch batch = new(Keys.Escape(intents[0].Owed.Project));
        foreach (MailIntent intent in intents)
        {
            batch.Insert(Row.Of(MailTable.KeyOf(intent.Owed.Project, intent.Owed.Id), intent, MailTable.ColumnsOf(intent)));
        }

        CommitResult result = await table.CommitAsync(batch, cancellation);
        if (!result.IsDone)
        {
            return null;
        }

        StoredIntent?[] written = await Task.WhenAll(intents.Select((intent, at) => StoredAsync(intent, batch.Writes[at].Row, result.ETags?[at], cancellation)));
        return [.. written.Select((stored, at) => Count(intents[at], stored) ?? throw new InvalidOperationException($"Intent {intents[at].Owed.Id} has gone from the ledger."))];
    }

    /// <summary>Null when somebody else has changed it since.</summary>
    public async Task<StoredIntent?> ReplaceAsync(StoredIntent stored, MailIntent intent, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(intent);
        await KeepLingeringAsync(stored.Intent, intent, cancellation);
        Row row = stored.Row.With(intent, MailTable.ColumnsOf(intent));
        Batch batch = new Batch(row.Key.Partition).Replace(row);
        await ListUndeliveredAsync(batch, stored.Intent, intent, cancellation);
        StoredIntent? written = await WriteAsync(intent, row, batch, cancellation);
        return intent.State == stored.Intent.State ? written : Count(intent, written);
    }

    /// <summary>Applies a change to the intent as it is by now, however often others are faster.</summary>
    public async Task<MailIntent> UpdateAsync(StoredIntent stored, Func<MailIntent, MailIntent> change, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(change);
        StoredIntent current = stored;
        for (int races = 0; races < MostRaces; races++)
        {
            MailIntent changed = change(current.Intent);
            if (changed == current.Intent || await ReplaceAsync(current, changed, cancellation) is not null)
            {
                return changed;
            }

            current = await FindAsync(stored.Intent.Owed.Project, stored.Intent.Owed.Id, cancellation)
                ?? throw new InvalidOperationException($"Intent {stored.Intent.Owed.Id} has gone from the ledger.");
        }

        throw new InvalidOperationException($"Intent {stored.Intent.Owed.Id} kept changing.");
    }

    public async Task<LingeringMails> FindLingeringAsync(CancellationToken cancellation)
    {
        DateTimeOffset? oldest = null;
        int unknown = 0;
        await foreach (Row row in table.ListAsync(MailTable.Lingering, KeyRange.All, cancellation, PageSize).Take(PageSize))
        {
            if (row.Text("State") == nameof(MailState.Unknown))
            {
                unknown++;
            }
            else
            {
                oldest ??= Keys.InstantOf(row.Key.Row);
            }
        }

        return new LingeringMails(oldest, unknown);
    }

    public async IAsyncEnumerable<MailIntent> ListAsync(string project, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (Row row in table.ListAsync(Keys.Escape(project), KeyRange.All, cancellation).Where(MailTable.IsIntent))
        {
            yield return row.Body<MailIntent>();
        }
    }

    public async Task<IReadOnlyList<MailCount>> CountAsync(string project, CancellationToken cancellation)
    {
        Dictionary<(string Kind, MailState State), int> counts = [];
        await foreach (Row row in table.ListAsync(Keys.Escape(project), KeyRange.All, cancellation).Where(MailTable.IsIntent))
        {
            (string, MailState) group = (row.Text("Kind"), Enum.Parse<MailState>(row.Text("State")));
            counts[group] = counts.GetValueOrDefault(group) + 1;
        }

        return
        [
            .. counts.Select(pair => new MailCount(pair.Key.Kind, pair.Key.State, pair.Value))
                .OrderBy(count => count.Kind, StringComparer.Ordinal)
                .ThenBy(count => count.State),
        ];
    }

    public async Task<IReadOnlyList<UndeliveredMail>> ListUndeliveredAsync(string project, string economy, CancellationToken cancellation) =>
    [
        .. (await table.ListAsync(Keys.Escape(project), KeyRange.StartingWith($"{MailTable.UndeliveredPrefix}{Keys.Escape(economy)}-"), cancellation).ToListAsync(cancellation))
            .Select(row => row.Body<UndeliveredMail>())
            .OrderByDescending(mail => mail.At),
    ];

    /// <summary>Before an intent begins anew under another instant: what lists the old one goes first, since nothing would find it afterwards.</summary>
    internal async Task UnlistAsync(MailIntent intent, CancellationToken cancellation)
    {
        if (intent.Lingers && await table.FindAsync(MailTable.LingeringOf(intent), cancellation) is { } row)
        {
            await table.DeleteAllAsync([row], cancellation);
        }
    }

    /// <summary>In the transaction of the intent itself, so that the list is never behind it.</summary>
    private async Task ListUndeliveredAsync(Batch batch, MailIntent before, MailIntent after, CancellationToken cancellation)
    {
        if (after.Owed.Economy is not { } economy || (!before.DidNotArrive && !after.DidNotArrive))
        {
            return;
        }

        RowKey key = MailTable.UndeliveredOf(after.Owed, economy);
        if (after.DidNotArrive)
        {
            batch.Upsert(Row.Of(key, new UndeliveredMail(after.Owed.Kind, after.Owed.Person, after.State, after.EventAt ?? after.History[^1].At)));
        }
        else if (await table.FindAsync(key, cancellation) is { } listed)
        {
            batch.Delete(listed);
        }
    }

    /// <param name="written">Null when somebody else was faster, and counts.</param>
    private static StoredIntent? Count(MailIntent intent, StoredIntent? written)
    {
        if (written is not null)
        {
            Measures.CountMail(intent.Owed.Kind, intent.State.ToString());
        }

        return written;
    }

    /// <summary>
    /// Before the intent itself is written: a crash in between leaves an intent unlisted that lists itself at its next step, the other order
    /// would leave settled ones listed for good. Mails that leave at once never come here.
    /// </summary>
    private async Task KeepLingeringAsync(MailIntent before, MailIntent after, CancellationToken cancellation)
    {
        RowKey key = MailTable.LingeringOf(after);
        if (after.Lingers)
        {
            await table.CommitAsync(
                new Batch(key.Partition).Upsert(Row.Of(key, ("Project", after.Owed.Project), ("Kind", after.Owed.Kind), ("State", after.State.ToString()))), cancellation);
        }
        else
        {
            await UnlistAsync(before, cancellation);
        }
    }

    private async Task<StoredIntent?> WriteAsync(MailIntent intent, Row row, Batch batch, CancellationToken cancellation)
    {
        CommitResult result = await table.CommitAsync(batch, cancellation);
        return result.IsDone ? await StoredAsync(intent, row, result.ETag, cancellation) : null;
    }

    /// <param name="etag">Null where the store did not tell it, as after a lost answer.</param>
    private async Task<StoredIntent?> StoredAsync(MailIntent intent, Row row, string? etag, CancellationToken cancellation) =>
        etag is not null ? new StoredIntent(Row.Stored(row.Key, row.Values, etag), intent) : await FindAsync(intent.Owed.Project, intent.Owed.Id, cancellation);
}
