using Plenary.Infra.Tables;

namespace Plenary.Shared;

/// <summary>One entry of the audit trail: who did what to which record. Ids only; what a person is called is found through them.</summary>
/// <param name="Actor">Such as <c>officer:indonesia</c>, <c>secretariat:{directory id}</c>, <c>nominee:…</c>, <c>agenda</c>.</param>
/// <param name="Action">Past participle, such as <c>nomination-submitted</c>.</param>
public sealed record AuditEntry(DateTimeOffset At, string Actor, string Action, string Subject, IReadOnlyDictionary<string, string>? Facts = null);

/// <summary>Writes the entry into the very batch it tells of, so there is one for each change and none for a change that was not made.</summary>
public static class AuditWrites
{
    public const string RowPrefix = "audit-";

    public static Batch Audit(this Batch batch, AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(entry);
        RowKey key = new(batch.Partition, $"{RowPrefix}{Keys.Ticks(entry.At)}-{batch.OperationId}");
        return batch.Insert(Row.Of(key, entry, ("Action", entry.Action), ("Actor", entry.Actor), ("Subject", entry.Subject)));
    }
}
