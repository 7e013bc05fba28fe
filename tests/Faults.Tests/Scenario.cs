using System.Globalization;
using Plenary.Support.Proof;

namespace Plenary.Faults.Tests;

/// <summary>A fault made to happen from a seed; what does not hold is told with the lines noted on the way.</summary>
public abstract class Scenario(string fault, string title, long asked, string invariants) : IFaultScenario
{
    public string Fault { get; } = fault;

    public string Title { get; } = title;

    public long Asked { get; } = asked;

    public virtual string Unit => "runs";

    public virtual int CasesPerRun => 1;

    public virtual bool IsExclusive => false;

    public virtual bool IsReal => IsExclusive;

    public async Task<Finding?> RunAsync(int seed, CancellationToken cancellation)
    {
        List<string> story = [];
        try
        {
            await PlayAsync(seed, story, cancellation);
            return null;
        }
#pragma warning disable CA1031 // Whatever goes wrong is what the runner wants to be told.
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new Finding(invariants, failure.Message, seed, [.. story, failure.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("Plenary", StringComparison.Ordinal))?.Trim() ?? ""]);
        }
    }

    /// <summary>Runs seeds one after another and fails with the first finding.</summary>
    public async Task HoldsAsync(int seeds, int first = 0)
    {
        for (int seed = first; seed < first + seeds; seed++)
        {
            Finding? finding = await RunAsync(seed, CancellationToken.None);
            Assert.True(finding is null, finding?.ToString());
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Fault} {Title}: {(long)seeds * CasesPerRun} of {Asked} {Unit}."));
    }

    /// <param name="story">Lines that tell what happened, should something not hold.</param>
    protected abstract Task PlayAsync(int seed, List<string> story, CancellationToken cancellation);

#pragma warning disable CA5394 // Chance by a seed, nothing secret.
    protected static int Draw(Random random, int most) => (random ?? throw new ArgumentNullException(nameof(random))).Next(most);
#pragma warning restore CA5394
}
