namespace Plenary.Support.Proof;

/// <summary>
/// A fault of the matrix, made to happen again and again, each time from another seed. A scenario has a constructor without parameters, by which
/// the runner (<c>./test --thorough</c>) finds it; it may be <see cref="IAsyncDisposable"/> when it keeps a store or a process between runs.
/// </summary>
public interface IFaultScenario
{
    /// <summary>Such as <c>F10</c>; several scenarios may stand for one fault.</summary>
    string Fault { get; }

    /// <summary>What is done, in a few words; unique among the scenarios, since progress is kept by it.</summary>
    string Title { get; }

    /// <summary>How many cases the matrix asks for in all.</summary>
    long Asked { get; }

    /// <summary>What is counted, in the plural, such as <c>seeds</c> or <c>submissions</c>.</summary>
    string Unit => "runs";

    /// <summary>How many cases one run stands for.</summary>
    int CasesPerRun => 1;

    /// <summary>Real processes or one store shared by all runs: never two at once, of this scenario or another such.</summary>
    bool IsExclusive => false;

    /// <summary>Whether it is done on Azurite with real processes rather than in the simulator.</summary>
    bool IsReal => IsExclusive;

    /// <param name="seed">0 and up. The same seed makes the same run, as far as real processes allow.</param>
    /// <returns>Null when everything held.</returns>
    Task<Finding?> RunAsync(int seed, CancellationToken cancellation);
}

/// <summary>A broken promise, with the smallest story about it that could be found.</summary>
/// <param name="Invariant">Such as <c>I4</c>.</param>
/// <param name="What">What is wrong, in one sentence.</param>
/// <param name="Seed">Replays it.</param>
/// <param name="Story">What happened, line by line.</param>
public sealed record Finding(string Invariant, string What, int Seed, IReadOnlyList<string> Story)
{
    public override string ToString() => $"{Invariant} (seed {Seed}): {What}{string.Concat(Story.Select(line => $"\n    {line}"))}";
}
