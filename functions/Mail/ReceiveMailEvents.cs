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
        foreach (IGrouping<(string Project, string Intent), MailEvent>[] some in byIntent.Chunk(AtATime))
        {
            await Task.WhenAll(some.Select(group => MoveAsync(group.Key.Project, group.Key.Intent, group, cancellation)));
        }

        Log.Taken(logger, events.Count);
    }

    private async Task MoveAsync(string project, string intent, IEnumerable<MailEvent> events, CancellationToken cancellation)
    {
        if (await ledger.FindAsync(project, intent, cancellation) is not { } stored)
        {
            Log.UnknownIntent(logger, intent);
            return;
        }

        MailEvent[] inOrder = [.. events.OrderBy(happened => happened.At)];
        await ledger.UpdateAsync(stored, known => inOrder.Aggregate(known, (moved, happened) => moved.After(happened)), cancellation);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Took {Count} delivery events.")]
        public static partial void Taken(ILogger logger, int count);

        [LoggerMessage(2, LogLevel.Warning, "Delivery events of intent {Intent}, which the ledger does not hold.")]
        public static partial void UnknownIntent(ILogger logger, string intent);
    }
}
