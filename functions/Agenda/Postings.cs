using Microsoft.Extensions.Logging;
using Plenary.Infra.Bus;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;

namespace Plenary.Agenda;

/// <summary>A stored row and the message it stands for.</summary>
internal sealed record Posting(Row Row, Owed Owed);

/// <summary>Posts many messages so that one which the broker does not take keeps no other back.</summary>
internal static partial class Postings
{
    /// <summary>More failures in a row than halving needs to find one bad message in a page: it is the queue that is in trouble.</summary>
    private const int MostFailures = 12;

    /// <returns>The rows whose messages the broker has; the others were logged and stay where they are.</returns>
    public static async Task<List<Row>> PostAsync(this IBus bus, IReadOnlyCollection<Posting> postings, ILogger logger, CancellationToken cancellation)
    {
        List<Row> posted = [];
        foreach (IGrouping<string, Posting> queue in postings.GroupBy(posting => posting.Owed.Queue, StringComparer.Ordinal))
        {
            Stack<Posting[]> pieces = new([[.. queue]]);
            int failures = 0;
            while (failures < MostFailures && pieces.TryPop(out Posting[]? piece))
            {
                try
                {
                    await bus.SendAsync(queue.Key, [.. piece.Select(posting => new BusMessage(posting.Owed.Id, posting.Owed.Body, Trace: posting.Owed.Trace))], cancellation);
                    posted.AddRange(piece.Select(posting => posting.Row));
                    failures = 0;
                }
#pragma warning disable CA1031 // One message must not stop the rest; what was not posted keeps its row and is tried at the next run.
                catch (Exception failure) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    failures++;
                    if (piece.Length == 1)
                    {
                        Log.NotPosted(logger, failure, piece[0].Owed.Id, queue.Key);
                        continue;
                    }

                    pieces.Push(piece[..(piece.Length / 2)]);
                    pieces.Push(piece[(piece.Length / 2)..]);
                }
            }

            if (pieces.Count > 0)
            {
                Log.QueueInTrouble(logger, queue.Key, pieces.Sum(piece => piece.Length));
            }
        }

        return posted;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Message {MessageId} could not be posted to {Queue}; it waits for the next run.")]
        public static partial void NotPosted(ILogger logger, Exception failure, string messageId, string queue);

        [LoggerMessage(2, LogLevel.Error, "Queue {Queue} takes nothing; {Count} messages wait for the next run.")]
        public static partial void QueueInTrouble(ILogger logger, string queue, int count);
    }
}
