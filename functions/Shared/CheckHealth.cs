using Plenary.Infra.Blobs;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;

namespace Plenary.Shared;

/// <summary>Whether one dependency answers.</summary>
public sealed record HealthLine(string Name, bool IsHealthy);

/// <summary>Asks the stores one cheap question each; an answer holds for five seconds, so that watching costs nothing.</summary>
public sealed class CheckHealth(ITables tables, IBlobs blobs, IEnumerable<NeededStores> needed, TimeProvider clock)
{
    private static readonly TimeSpan HoldsFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private (DateTimeOffset At, IReadOnlyList<HealthLine> Lines)? last;

    public async Task<IReadOnlyList<HealthLine>> RunAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (last is { } known && now >= known.At && now - known.At < HoldsFor)
        {
            return known.Lines;
        }

        HealthLine[] lines = await Task.WhenAll(
            AskAsync("tables", token => tables.Get(OutboxNames.Markers).FindAsync(new RowKey("health", "health"), token), cancellation),
            AskAsync("blobs", async token => await blobs.ListAsync(needed.SelectMany(one => one.Containers).First(), "health/", token).AnyAsync(token), cancellation));
        last = (now, lines);
        return lines;
    }

    private static async Task<HealthLine> AskAsync(string name, Func<CancellationToken, Task> ask, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await ask(patience.Token);
            return new HealthLine(name, true);
        }
#pragma warning disable CA1031 // Whatever the store's client throws means the same here: it does not answer.
        catch (Exception) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new HealthLine(name, false);
        }
    }
}
