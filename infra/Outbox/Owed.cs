using Plenary.Infra.Tables;
using Plenary.Infra.Telemetry;

namespace Plenary.Infra.Outbox;

/// <summary>A message that a decision owes. It is written with the decision and sent afterwards, at least once.</summary>
/// <param name="Queue">Where it goes.</param>
/// <param name="Id">Deterministic: the same owed message always has the same id.</param>
/// <param name="Body">A JSON envelope with ids only.</param>
/// <param name="DueAt">Null: as soon as possible. Otherwise it waits in the agenda until then.</param>
/// <param name="Trace">The <c>traceparent</c> of the decision, where it was traced; what waits in the agenda begins a trace of its own.</param>
public sealed record Owed(string Queue, string Id, string Body, DateTimeOffset? DueAt = null, string? Trace = null)
{
    /// <summary>Outbox rows sort together within their partition.</summary>
    public const string RowPrefix = "outbox-";

    private const string TraceColumn = "Trace";

    /// <summary>The row that owes this, in the partition of the decision.</summary>
    public Row ToRow(string partition, string operationId, int number)
    {
        RowKey key = new(partition, $"{RowPrefix}{operationId}-{number:D3}");
        (string, object)[] columns = [("Queue", Queue), ("MessageId", Id), ("Message", Body), ("DueTicks", DueAt?.UtcTicks ?? 0L)];
        return (Trace ?? Traces.Current) is { } trace ? Row.Of(key, [.. columns, (TraceColumn, trace)]) : Row.Of(key, columns);
    }

    public static Owed FromRow(Row row)
    {
        ArgumentNullException.ThrowIfNull(row);
        long due = row.Number("DueTicks");
        return new Owed(
            row.Text("Queue"),
            row.Text("MessageId"),
            row.Text("Message"),
            due == 0 ? null : new DateTimeOffset(due, TimeSpan.Zero),
            row.Text(TraceColumn) is { Length: > 0 } trace ? trace : null);
    }
}

/// <summary>Puts what a decision owes into its own batch.</summary>
public static class OwedWrites
{
    public static Batch Owe(this Batch batch, params IEnumerable<Owed> owed)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(owed);
        int number = batch.Writes.Count;
        foreach (Owed one in owed)
        {
            batch.Insert(one.ToRow(batch.Partition, batch.OperationId, number++));
        }

        return batch;
    }
}
