using System.Diagnostics;
using System.Globalization;
using Plenary.Support;
using Xunit.Abstractions;

namespace Plenary.Cli.Tests;

/// <summary>
/// What long work holds in memory does not grow with its length. <c>PLENARY_NOMINATIONS=100000 ./test Cli</c> prints the figures for as
/// many nominations and a tenth of them.
/// </summary>
[Collection(nameof(FlatMemoryTests))]
[CollectionDefinition(nameof(FlatMemoryTests), DisableParallelization = true)]
public sealed class FlatMemoryTests(ITestOutputHelper said) : IDisposable
{
    private const int Megabyte = 1024 * 1024;

    private static readonly int Many = int.Parse(Environment.GetEnvironmentVariable("PLENARY_NOMINATIONS") ?? "20000", CultureInfo.InvariantCulture);

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"plenary-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Ten_times_as_many_nominations_take_the_same_memory()
    {
        Dictionary<string, long> few = await PlayAsync(Many / 10);
        Dictionary<string, long> many = await PlayAsync(Many);

        Assert.All(many, step => Assert.True(step.Value < few[step.Key] + (48 * Megabyte), $"{step.Key}: {few[step.Key] / Megabyte} MB, then {step.Value / Megabyte} MB"));
    }

    /// <returns>The most memory by step.</returns>
    private async Task<Dictionary<string, long>> PlayAsync(int nominations)
    {
        string kept = Path.Combine(folder, nominations.ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(folder);
        Dictionary<string, long> most = [];
        ManyTables target = new(0) { IsTarget = true };
        foreach ((ManyTables tables, string[] args) in new (ManyTables, string[])[]
        {
            (await ManyTables.FilledAsync(nominations), ["backup", "--folder", kept]),
            (target, ["restore", "--folder", kept]),
            (await ManyTables.FilledAsync(nominations), ["verify"]),
            (await ManyTables.FilledAsync(nominations), ["projects", "export", Sample.Code.ToString(), "--to", kept + ".jsonl"]),
        })
        {
            GC.Collect();
            Stopwatch watch = Stopwatch.StartNew();
            await using Terminal terminal = new();
            using StringWriter output = new();
            int exit = await terminal.RunOverAsync(args, output, new InMemoryBlobs("documents", "selections"), tables: tables);
            Assert.True(exit == ExitCodes.Done, $"{args[0]} ended with {exit}: {output}");
            most[args[0]] = tables.MostMemory;
            string line = string.Create(CultureInfo.InvariantCulture, $"{nominations:N0} nominations, {args[0]}: {watch.Elapsed.TotalSeconds:0.0} s, heap at most {tables.MostMemory / Megabyte} MB.");
            said.WriteLine(line);
        }

        Assert.Equal(nominations, File.ReadLines(kept + ".jsonl").Count(line => line.StartsWith("""{"kind":"nomination","value""", StringComparison.Ordinal)));
        Assert.Equal((4L * nominations) + (nominations / ManyTables.Each), target.Restored);
        return most;
    }
}
