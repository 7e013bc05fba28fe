using System.Runtime.CompilerServices;
using Plenary.Infra.Tables;

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
}

/// <summary>Keys and rows of the ledger.</summary>
public static class MailTable
{
    public const string Name = "Mail";

    /// <param name="intent">See <see cref="MailOwed.Id"/>.</param>
    public static RowKey KeyOf(string project, string intent) => new(Keys.Escape(project), intent);

    internal static (string Name, object Value)[] ColumnsOf(MailIntent intent) =>
        [("Kind", intent.Owed.Kind), ("State", intent.State.ToString()), ("PossibleDuplicate", intent.PossibleDuplicate)];
}

/// <summary>An intent with the row it was read from.</summary>
public sealed record StoredIntent(Row Row, MailIntent Intent);

/// <inheritdoc cref="IMailLedger" />
public sealed class MailLedger(ITables tables) : IMailLedger
{
    /// <summary>Each lost race means that somebody else has moved the intent on, which happens a few times in its life.</summary>
    private const int MostRaces = 20;

    private readonly ITable table = tables.Get(MailTable.Name);

    public async Task<StoredIntent?> FindAsync(string project, string intent, CancellationToken cancellation)
    {
        Row? row = await table.FindAsync(MailTable.KeyOf(project, intent), cancellation);
        return row is null ? null : new StoredIntent(row, row.Body<MailIntent>());
    }

    /// <summary>Null when it is there already.</summary>
    public Task<StoredIntent?> InsertAsync(MailIntent intent, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(intent);
        Row row = Row.Of(MailTable.KeyOf(intent.Owed.Project, intent.Owed.Id), intent, MailTable.ColumnsOf(intent));
        return WriteAsync(intent, row, new Batch(row.Key.Partition).Insert(row), cancellation);
    }

    /// <summary>Null when somebody else has changed it since.</summary>
    public Task<StoredIntent?> ReplaceAsync(StoredIntent stored, MailIntent intent, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stored);
        Row row = stored.Row.With(intent, MailTable.ColumnsOf(intent));
        return WriteAsync(intent, row, new Batch(row.Key.Partition).Replace(row), cancellation);
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

    public async IAsyncEnumerable<MailIntent> ListAsync(string project, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (Row row in table.ListAsync(Keys.Escape(project), KeyRange.All, cancellation))
        {
            yield return row.Body<MailIntent>();
        }
    }

    public async Task<IReadOnlyList<MailCount>> CountAsync(string project, CancellationToken cancellation)
    {
        Dictionary<(string Kind, MailState State), int> counts = [];
        await foreach (Row row in table.ListAsync(Keys.Escape(project), KeyRange.All, cancellation))
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

    private async Task<StoredIntent?> WriteAsync(MailIntent intent, Row row, Batch batch, CancellationToken cancellation)
    {
        CommitResult result = await table.CommitAsync(batch, cancellation);
        if (!result.IsDone)
        {
            return null;
        }

        return result.ETag is { } etag
            ? new StoredIntent(Row.Stored(row.Key, row.Values, etag), intent)
            : await FindAsync(intent.Owed.Project, intent.Owed.Id, cancellation);
    }
}
