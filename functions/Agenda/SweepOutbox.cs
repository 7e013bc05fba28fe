using Microsoft.Extensions.Logging;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;

namespace Plenary.Agenda;

/// <summary>Finds what decisions still owe because a relay was never asked for, or failed. Markers name the partitions worth a look.</summary>
public sealed partial class SweepOutbox(ITables tables, RelayOutbox relay, ILogger<SweepOutbox> logger)
{
    /// <summary>Younger ones are most likely being relayed just now.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Twice the time a marker stands for: no decision leans on it any more.</summary>
    private static readonly TimeSpan Useless = 2 * OutboxNames.Bucket;

    /// <returns>Since when the oldest message found has lain there, to the five minutes of its marker; null when none was found.</returns>
    public async Task<DateTimeOffset?> RunAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        ITable markers = tables.Get(OutboxNames.Markers);
        HashSet<string> empty = new(StringComparer.Ordinal);
        HashSet<string> looked = new(StringComparer.Ordinal);
        List<Row> useless = [];
        DateTimeOffset? oldest = null;
        await foreach (Row marker in markers.ListAsync(OutboxNames.MarkerPartition, OutboxNames.MarkersUpTo(now - Patience), cancellation))
        {
            string place = marker.Text("Place");
            if (looked.Add(place))
            {
                if (await IsEmptyAsync(place, now, cancellation))
                {
                    empty.Add(place);
                }
                else
                {
                    oldest ??= OutboxNames.BucketOf(marker.Key);
                }
            }

            if (empty.Contains(place) && OutboxNames.BucketOf(marker.Key) <= now - Useless)
            {
                useless.Add(marker);
            }
        }

        await markers.DeleteAllAsync(useless, cancellation);
        return oldest;
    }

    private async Task<bool> IsEmptyAsync(string place, DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            return await relay.RunAsync(place, now, cancellation) == 0;
        }
#pragma warning disable CA1031 // One partition in trouble must not stop the rest; its marker stays, so the next sweep looks again.
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.NotRelayed(logger, failure, place);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The outbox of {Place} could not be relayed; the next sweep looks again.")]
        public static partial void NotRelayed(ILogger logger, Exception failure, string place);
    }
}
