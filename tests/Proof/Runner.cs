using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Plenary.Support;
using Plenary.Support.Proof;

namespace Plenary.Proof;

/// <summary>
/// Works through all scenarios for as long as it is given: whoever has had the least time is next, so that the time is spread over all faults. Goes
/// on where an earlier run of the same build ended.
/// </summary>
internal sealed partial class Runner
{
    private const int MostFindings = 5;

    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(3);

    /// <summary>A run that takes longer hangs; it is told and left behind.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>What a run still has when the time is over; what takes longer does not count.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private static readonly string Folder = Path.Combine(Repository.Root, "artifacts", "proof");

    private readonly Lock gate = new();
    private readonly List<IFaultScenario> scenarios;
    private readonly Dictionary<IFaultScenario, ScenarioProgress> reached = [];
    private readonly HashSet<IFaultScenario> busy = [];
    private readonly HashSet<IFaultScenario> leftBehind = [];
    private readonly Progress progress;
    private readonly Stopwatch watch = Stopwatch.StartNew();

    public Runner(bool again, string only)
    {
        scenarios = [.. Find().Where(one => only.Length == 0 || one.Fault == only).OrderBy(one => one.Fault, StringComparer.Ordinal).ThenBy(one => one.Title, StringComparer.Ordinal)];
        progress = again ? new Progress { Build = Build() } : Progress.Load(State, Build());
        foreach (IFaultScenario scenario in scenarios)
        {
            string key = $"{scenario.Fault} {scenario.Title}";
            if (!progress.Scenarios.TryGetValue(key, out ScenarioProgress? known))
            {
                progress.Scenarios[key] = known = new ScenarioProgress();
            }

            reached[scenario] = known;
        }
    }

    private static string State => Path.Combine(Folder, "state.json");

    /// <returns>Whether nothing was found.</returns>
    public async Task<bool> RunAsync(TimeSpan time, CancellationToken cancellation)
    {
        progress.Began ??= Now();
        double before = progress.Seconds;
        Console.WriteLine($"{scenarios.Count} scenarios, {time.TotalHours:0.##} hours, {Environment.ProcessorCount} at once. Figures go to tests/PROOF.md; interrupt and start again as you like.");
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(time);
        using CancellationTokenSource late = new();
        await using CancellationTokenRegistration over = end.Token.Register(() => late.CancelAfter(Grace));
        Task[] workers = [.. Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount)).Select(_ => Task.Run(() => WorkAsync(end.Token, late.Token), CancellationToken.None))];
        Task all = Task.WhenAll(workers);
        while (!all.IsCompleted)
        {
#pragma warning disable RS0030 // Progress is shown to a person, in their time.
            await Task.WhenAny(all, Task.Delay(TimeSpan.FromSeconds(30), CancellationToken.None));
#pragma warning restore RS0030
            lock (gate)
            {
                progress.Seconds = before + watch.Elapsed.TotalSeconds;
                progress.Save(State);
                Console.WriteLine($"{watch.Elapsed:hh\\:mm\\:ss}  {string.Join("  ", scenarios.GroupBy(one => one.Fault).Select(fault => $"{fault.Key} {fault.Min(Share):P0}"))}");
            }
        }

        lock (gate)
        {
            progress.Save(State);
            Report();
        }

        foreach (IAsyncDisposable held in scenarios.OfType<IAsyncDisposable>())
        {
            await held.DisposeAsync();
        }

        await all;
        return reached.Values.All(one => one.Findings.Count == 0);
    }

    /// <summary>Every scenario of the assemblies this program was built with.</summary>
    private static IEnumerable<IFaultScenario> Find() => Directory.GetFiles(AppContext.BaseDirectory, "Plenary.*.dll")
        .Where(path => Path.GetFileName(path) is "Plenary.Simulation.dll" or "Plenary.Faults.Tests.dll")
        .SelectMany(path => Assembly.LoadFrom(path).GetTypes())
        .Where(type => type is { IsAbstract: false, IsInterface: false } && typeof(IFaultScenario).IsAssignableFrom(type) && type.GetConstructor(Type.EmptyTypes) is not null)
        .Select(type => (IFaultScenario)(Activator.CreateInstance(type) ?? throw new InvalidOperationException($"{type} cannot be made.")));

    private static string Build() => string.Join(' ', Directory.GetFiles(AppContext.BaseDirectory, "Plenary.*.dll").Order(StringComparer.Ordinal)
        .Select(path => Assembly.LoadFrom(path).ManifestModule.ModuleVersionId.ToString("N")[..6]));

    private static DateTimeOffset Now()
    {
#pragma warning disable RS0030 // The date under the figures is the real one.
        return DateTimeOffset.UtcNow;
#pragma warning restore RS0030
    }

    private static string Machine()
    {
        string model = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown"
            : System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString();
        double memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        return string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores ({model}), {memory:0} GB of memory, .NET {Environment.Version}");
    }

    private async Task WorkAsync(CancellationToken end, CancellationToken late)
    {
        while (!end.IsCancellationRequested && Take() is { } scenario)
        {
            try
            {
                await SliceAsync(scenario, end, late);
            }
            finally
            {
                lock (gate)
                {
                    busy.Remove(scenario);
                }
            }
        }
    }

    private IFaultScenario? Take()
    {
        lock (gate)
        {
            bool isExclusiveBusy = busy.Any(one => one.IsExclusive);
            IFaultScenario? next = scenarios
                .Where(one => reached[one].Cases < one.Asked && reached[one].Findings.Count < MostFindings && !busy.Contains(one) && !leftBehind.Contains(one) && !(one.IsExclusive && isExclusiveBusy))
                .MinBy(one => reached[one].Seconds);
            if (next is not null)
            {
                busy.Add(next);
            }

            return next;
        }
    }

    private async Task SliceAsync(IFaultScenario scenario, CancellationToken end, CancellationToken late)
    {
        ScenarioProgress mine = reached[scenario];
        Stopwatch spent = Stopwatch.StartNew();
        while (spent.Elapsed < Slice && !end.IsCancellationRequested && mine.Cases < scenario.Asked && mine.Findings.Count < MostFindings)
        {
            int seed = mine.NextSeed;
            double start = spent.Elapsed.TotalSeconds;
            Finding? finding = null;
            bool isLeftBehind = false;
            try
            {
                finding = await Task.Run(() => scenario.RunAsync(seed, end), CancellationToken.None).WaitAsync(Longest, late);
            }
            catch (TimeoutException)
            {
                isLeftBehind = true;
                finding = new Finding("?", $"not at an end after {Longest.TotalMinutes:0} minutes", seed, []);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A scenario that breaks is a finding like any other; the rest goes on.
            catch (Exception broken)
#pragma warning restore CA1031
            {
                finding = new Finding("?", $"{broken.GetType().Name}: {broken.Message}", seed, [broken.ToString()]);
            }

            lock (gate)
            {
                mine.NextSeed = seed + 1;
                mine.Cases += scenario.CasesPerRun;
                mine.Seconds += spent.Elapsed.TotalSeconds - start;
                if (finding is not null)
                {
                    mine.Findings.Add($"{finding.Invariant}, seed {finding.Seed}: {finding.What}");
                    Console.WriteLine($"{scenario.Fault} {scenario.Title}\n{finding}");
                    Directory.CreateDirectory(Folder);
                    File.AppendAllText(Path.Combine(Folder, "findings.txt"), $"{scenario.Fault} {scenario.Title}\n{finding}\n\n");
                }

                if (isLeftBehind)
                {
                    leftBehind.Add(scenario);
                    return;
                }
            }
        }
    }

    private double Share(IFaultScenario scenario) => Math.Min(1, (double)reached[scenario].Cases / Math.Max(1, scenario.Asked));

    /// <summary>The figures, into the part of tests/PROOF.md that the runner owns.</summary>
    private void Report()
    {
        List<string> lines =
        [
            string.Create(CultureInfo.InvariantCulture, $"Written by `./test --thorough` on {Now():yyyy-MM-dd HH:mm} UTC after {progress.Seconds / 3600:0.00} hours on {Machine()}; one build from {progress.Began:yyyy-MM-dd HH:mm} UTC on."),
            "",
            "| fault | what was done | where | asked | reached | found | minutes |",
            "| --- | --- | --- | ---: | ---: | ---: | ---: |",
            .. scenarios.Select(one => string.Create(
                CultureInfo.InvariantCulture,
                $"| {one.Fault} | {one.Title} | {(one.IsReal ? "Azurite, processes" : "in memory")} | {one.Asked:N0} {one.Unit} | {reached[one].Cases:N0} | {reached[one].Findings.Count} | {reached[one].Seconds / 60:0.0} |")),
            "",
            .. reached.Values.SelectMany(one => one.Findings).Select(one => $"- found: {one}"),
        ];
        foreach (string line in lines)
        {
            Console.WriteLine(line);
        }

        string path = Path.Combine(Repository.Root, "tests", "PROOF.md");
        string text = File.Exists(path) ? File.ReadAllText(path) : "# Proof\n\n<!-- figures -->\n<!-- end of figures -->\n";
        File.WriteAllText(path, Figures().Replace(text, _ => $"<!-- figures -->\n{string.Join('\n', lines).TrimEnd()}\n<!-- end of figures -->"));
    }

    [GeneratedRegex("<!-- figures -->.*?<!-- end of figures -->", RegexOptions.Singleline)]
    private static partial Regex Figures();
}
