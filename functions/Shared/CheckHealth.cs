using Microsoft.Extensions.Logging;

namespace Plenary.Shared;

/// <summary>How one part is.</summary>
/// <param name="Figures">Ages in seconds, and counts: never a name, an address or a setting's value.</param>
public sealed record HealthLine(string Name, bool IsHealthy, IReadOnlyDictionary<string, double>? Figures = null);

/// <summary>A part that can be asked how it is. Whoever owns a table answers for it.</summary>
public interface IHealthProbe
{
    string Name { get; }

    /// <summary>Cheap: a few point reads or single pages, never a scan. To throw, or to take longer than five seconds, is to be unhealthy.</summary>
    Task<HealthLine> AskAsync(DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>Asks every part at once; an answer holds for five seconds, so that watching costs nothing.</summary>
public sealed partial class CheckHealth(IEnumerable<IHealthProbe> probes, TimeProvider clock, ILogger<CheckHealth> logger) : IDisposable
{
    private static readonly TimeSpan HoldsFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim turn = new(1);
    private Answer? last;

    public async Task<IReadOnlyList<HealthLine>> RunAsync(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (last is not { } known || now < known.At || now - known.At >= HoldsFor)
            {
                last = known = new Answer(now, await Task.WhenAll(probes.Select(probe => AskAsync(probe, now, cancellation))));
            }

            return known.Lines;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<HealthLine> AskAsync(IHealthProbe probe, DateTimeOffset now, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            return await probe.AskAsync(now, patience.Token);
        }
#pragma warning disable CA1031 // Whatever a store's client throws means the same here: it does not answer.
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.NoAnswer(logger, failure, probe.Name);
            return new HealthLine(probe.Name, false);
        }
    }

    private sealed record Answer(DateTimeOffset At, IReadOnlyList<HealthLine> Lines);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Part} does not answer.")]
        public static partial void NoAnswer(ILogger logger, Exception failure, string part);
    }
}
