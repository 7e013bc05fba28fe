using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;

namespace Plenary.Agenda;

/// <summary>
/// What waits for an instant, in order of that instant: one partition, so that finding what is due is one range from its beginning.
/// Owned by this slice; others put rows here through their outbox.
/// </summary>
public static class AgendaTable
{
    public const string Name = "Agenda";

    public const string Partition = "due";

    /// <summary>Where the timer notes that it ran: apart from what waits.</summary>
    public static RowKey BeatKey { get; } = new("beat", "agenda");

    public static RowKey KeyOf(DateTimeOffset dueAt, string id) => new(Partition, $"{Keys.Ticks(dueAt)}|{Keys.Escape(id)}");

    /// <summary>Everything due at this instant or before, however old.</summary>
    public static KeyRange DueBy(DateTimeOffset now) => KeyRange.UpTo(Keys.Ticks(now.UtcTicks + 1));

    /// <exception cref="ArgumentException">The message waits for nothing.</exception>
    public static Row ToRow(Owed owed)
    {
        ArgumentNullException.ThrowIfNull(owed);
        return owed.DueAt is { } dueAt
            ? Row.Of(KeyOf(dueAt, owed.Id), ("Queue", owed.Queue), ("MessageId", owed.Id), ("Message", owed.Body))
            : throw new ArgumentException($"Message {owed.Id} has no due time.", nameof(owed));
    }

    public static Owed FromRow(Row row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new Owed(row.Text("Queue"), row.Text("MessageId"), row.Text("Message"), Keys.InstantOf(row.Key.Row));
    }
}
