using Plenary.Infra.Tables;

namespace Plenary.Notifications;

/// <summary>A notification that an officer is reading in. The text stays as it came; corrections lie beside it.</summary>
/// <param name="Text">As pasted or uploaded.</param>
/// <param name="Corrections">By field name.</param>
/// <param name="Settings">What the officer chose for the project, by form field name.</param>
public sealed record NotificationDraft(
    string Id,
    string Text,
    IReadOnlyDictionary<string, string> Corrections,
    IReadOnlyDictionary<string, string> Settings,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    string? IssuedAs = null);

/// <summary>Drafts, one row each.</summary>
public sealed class DraftTable(ITables tables)
{
    public const string Name = "Drafts";
    public const string Partition = "draft";

    private readonly ITable table = tables.Get(Name);

    public static RowKey KeyOf(string id) => new(Partition, Keys.Escape(id));

    public async Task<NotificationDraft?> FindAsync(string id, CancellationToken cancellation) =>
        (await table.FindAsync(KeyOf(id), cancellation))?.Body<NotificationDraft>();

    /// <summary>The last one wins: a draft is one officer's work until it is issued.</summary>
    public Task SaveAsync(NotificationDraft draft, CancellationToken cancellation) =>
        table.CommitAsync(new Batch(Partition).Upsert(Row.Of(KeyOf(draft.Id), draft)), cancellation);

    public async Task<IReadOnlyList<NotificationDraft>> ListAsync(CancellationToken cancellation)
    {
        List<NotificationDraft> drafts = [];
        await foreach (Row row in table.ListAsync(Partition, KeyRange.All, cancellation))
        {
            drafts.Add(row.Body<NotificationDraft>());
        }

        return [.. drafts.Where(draft => draft.IssuedAs is null).OrderByDescending(draft => draft.CreatedAt)];
    }
}
