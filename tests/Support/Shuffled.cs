using System.Globalization;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Plenary.Support;

/// <summary>
/// Test order by chance, so that no test can lean on another. The seed is printed at the start; <c>PLENARY_SEED</c> brings an order back.
/// </summary>
public static class Shuffled
{
    private static readonly Lazy<int> Chosen = new(() =>
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("PLENARY_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out int given)
            ? given
            : Random.Shared.Next();
        Console.WriteLine($"Tests run in an order by chance; PLENARY_SEED={seed.ToString(CultureInfo.InvariantCulture)} brings it back.");
        return seed;
    });

    public static int Seed => Chosen.Value;

    internal static IEnumerable<T> Shuffle<T>(IEnumerable<T> items, Func<T, string> name)
    {
        // First into a fixed order, so that the same seed gives the same order.
        T[] all = [.. items.OrderBy(name, StringComparer.Ordinal)];
        new Random(Seed).Shuffle(all);
        return all;
    }
}

/// <inheritdoc cref="Shuffled" />
public sealed class ShuffledCases : ITestCaseOrderer
{
    public IEnumerable<TTestCase> OrderTestCases<TTestCase>(IEnumerable<TTestCase> testCases)
        where TTestCase : ITestCase => Shuffled.Shuffle(testCases, test => test.UniqueID);
}

/// <inheritdoc cref="Shuffled" />
public sealed class ShuffledCollections : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        Shuffled.Shuffle(testCollections, collection => collection.DisplayName);
}
