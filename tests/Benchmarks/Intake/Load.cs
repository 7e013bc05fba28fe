using System.Diagnostics;
using Plenary.Benchmarks.Figures;

namespace Plenary.Benchmarks.Intake;

/// <summary>So many requests by so many clients, each sending its next one when the last is answered.</summary>
/// <param name="Milliseconds">Of each request.</param>
public sealed record Load(int Clients, double Seconds, IReadOnlyList<double> Milliseconds)
{
    public double PerSecond => Milliseconds.Count / Seconds;

    public double P50 => Arithmetic.Percentile(Milliseconds, 0.5);

    public double P99 => Arithmetic.Percentile(Milliseconds, 0.99);

    /// <param name="send">Gets a number of its own for every request.</param>
    public static async Task<Load> RunAsync(int clients, int requests, Func<int, Task> send)
    {
        double[] took = new double[requests];
        int next = -1;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            await Task.Yield();
            for (int number = Interlocked.Increment(ref next); number < requests; number = Interlocked.Increment(ref next))
            {
                long began = Stopwatch.GetTimestamp();
                await send(number);
                took[number] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }
        }));
        return new Load(clients, Stopwatch.GetElapsedTime(start).TotalSeconds, took);
    }

    /// <summary>Several rounds as one.</summary>
    public static Load Sum(IReadOnlyList<Load> rounds)
    {
        ArgumentNullException.ThrowIfNull(rounds);
        return new Load(rounds[0].Clients, rounds.Sum(round => round.Seconds), [.. rounds.SelectMany(round => round.Milliseconds)]);
    }
}
