namespace Plenary.Benchmarks.Volume;

/// <summary>What is really held, not what is waiting for the collector: every look collects first, so it is for runs that nobody times.</summary>
internal sealed class LiveMemory(int looks, int chances)
{
    private readonly int every = Math.Max(1, chances / looks);
    private readonly long before = Held();
    private long most;
    private int seen;

    /// <summary>Bytes above what was held at the beginning.</summary>
    public long Peak => most;

    /// <summary>A chance to look; only so many are taken.</summary>
    public void Pass()
    {
        if (seen++ % every == 0)
        {
            Look();
        }
    }

    public void Look() => most = Math.Max(most, Held() - before);

    private static long Held()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
