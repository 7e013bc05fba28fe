using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Plenary.Infra.Bus;
using Plenary.Infra.Tables;

namespace Plenary.Infra.Outbox;

/// <summary>Commits a batch so that what it owes is sent, whatever happens next.</summary>
public interface IDecisions
{
    /// <summary>
    /// Writes the batch. When it owes messages, its partition is marked beforehand (once per five minutes and process) so that
    /// the sweep finds leftovers, and a relay is asked for afterwards; a broker that is down costs only the time to the next sweep.
    /// </summary>
    /// <param name="now">As the use case has it; markers go by the later of this and the clock, since an upload may have taken long.</param>
    Task<CommitResult> CommitAsync(ITable table, Batch batch, DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>Names of the outbox's own table and queue.</summary>
public static class OutboxNames
{
    public const string Markers = "OutboxMarkers";

    public const string RelayQueue = "relay-outbox";

    /// <summary>The one partition of <see cref="Markers"/>.</summary>
    public const string MarkerPartition = "marker";

    public static TimeSpan Bucket { get; } = TimeSpan.FromMinutes(5);

    /// <param name="bucket">The start of the five minutes in which the place was marked.</param>
    public static RowKey MarkerKey(DateTimeOffset bucket, string place) => new(MarkerPartition, $"{Keys.Ticks(bucket)}|{place}");

    /// <summary>Markers whose five minutes began at this instant or before.</summary>
    public static KeyRange MarkersUpTo(DateTimeOffset instant) => KeyRange.UpTo(Keys.Ticks(instant.UtcTicks + 1));

    /// <summary>When the marker's five minutes began.</summary>
    public static DateTimeOffset BucketOf(RowKey marker) => Keys.InstantOf(marker.Row);

    /// <summary>Names a partition of a table to the relay: no personal data, since keys hold none.</summary>
    public static string Place(string table, string partition) => $"{Keys.Escape(table)}|{Keys.Escape(partition)}";

    public static (string Table, string Partition) ReadPlace(string place)
    {
        ArgumentNullException.ThrowIfNull(place);
        string[] parts = place.Split('|');
        return parts.Length == 2
            ? (Keys.Unescape(parts[0]), Keys.Unescape(parts[1]))
            : throw new FormatException("A place in the outbox is a table and a partition.");
    }
}

/// <inheritdoc />
public sealed partial class Decisions(ITables tables, IBus bus, ILogger<Decisions> logger, TimeProvider? clock = null) : IDecisions
{
    private readonly ConcurrentDictionary<(long Bucket, string Place), byte> marked = new();

    public async Task<CommitResult> CommitAsync(ITable table, Batch batch, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(batch);
        bool owes = batch.Writes.Any(write => write.Row.Key.Row.StartsWith(Owed.RowPrefix, StringComparison.Ordinal));
        string place = OutboxNames.Place(table.Name, batch.Partition);
        if (owes)
        {
            // Mark first: a crash after this costs one look at an empty outbox, the other order could lose a mail.
            await MarkAsync(place, Later(now, clock?.GetUtcNow()), cancellation);
        }

        CommitResult result = await table.CommitAsync(batch, cancellation);
        if (owes && result.IsDone)
        {
            try
            {
                await bus.SendAsync(OutboxNames.RelayQueue, [new BusMessage($"relay-{batch.OperationId}", place)], cancellation);
            }
#pragma warning disable CA1031 // The decision stands and its marker is set: the sweep sends what this could not.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Log.RelayNotAsked(logger, failure, batch.OperationId);
            }
        }

        return result;
    }

    private static DateTimeOffset Later(DateTimeOffset now, DateTimeOffset? other) => other > now ? other.Value : now;

    private async Task MarkAsync(string place, DateTimeOffset now, CancellationToken cancellation)
    {
        long bucket = now.UtcTicks / OutboxNames.Bucket.Ticks * OutboxNames.Bucket.Ticks;
        if (marked.ContainsKey((bucket, place)))
        {
            return;
        }

        RowKey key = OutboxNames.MarkerKey(new DateTimeOffset(bucket, TimeSpan.Zero), place);
        Batch mark = new Batch(key.Partition).Upsert(Row.Of(key, ("Place", place)));
        await tables.Get(OutboxNames.Markers).CommitAsync(mark, cancellation);
        if (marked.Count > 10_000)
        {
            marked.Clear();
        }

        marked.TryAdd((bucket, place), 0);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The relay of operation {OperationId} could not be asked for; the sweep will see to it.")]
        public static partial void RelayNotAsked(ILogger logger, Exception failure, string operationId);
    }
}
