using Microsoft.Extensions.Logging;

namespace Plenary.Mail;

/// <summary>Moves intents forward by what the provider tells of them: signed, in batches, repeated and out of order.</summary>
public sealed partial class ReceiveMailEvents(MailLedger ledger, ILogger<ReceiveMailEvents> logger)
{
    private const int AtATime = 8;

    public async Task RunAsync(IReadOnlyCollection<MailEvent> events, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(events);
        IEnumerable<IGrouping<(string Project, string Intent), MailEvent>> byIntent = events.GroupBy(happened => (happened.Project, happened.Intent));
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation };
        await Parallel.ForEachAsync(byIntent, parallel, async (group, stop) =>
        {
            StoredIntent? stored = await ledger.FindAsync(group.Key.Project, group.Key.Intent, stop);
            if (stored is null)
            {
                Log.UnknownIntent(logger, group.Key.Intent);
                return;
            }

            MailEvent[] inOrder = [.. group.OrderBy(happened => happened.At)];
            await ledger.UpdateAsync(stored, intent => inOrder.Aggregate(intent, (moved, happened) => moved.After(happened)), stop);
        });
        Log.Taken(logger, events.Count);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Took {Count} delivery events.")]
        public static partial void Taken(ILogger logger, int count);

        [LoggerMessage(2, LogLevel.Warning, "Delivery events of intent {Intent}, which the ledger does not hold.")]
        public static partial void UnknownIntent(ILogger logger, string intent);
    }
}
