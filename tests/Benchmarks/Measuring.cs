using System.Diagnostics;
using Plenary.Benchmarks.Figures;
using Plenary.Benchmarks.Intake;
using Plenary.Benchmarks.Volume;
using Plenary.Support;

namespace Plenary.Benchmarks;

/// <summary>What to measure, and how much of it.</summary>
internal sealed record Plan(
    IReadOnlyList<string> Parts, IReadOnlyList<int> Clients, int Requests, int Rounds, IReadOnlyList<int> Sizes, int Waiting, int Reminders);

/// <summary>The one command: measures part by part and prints one table.</summary>
internal static class Measuring
{
    public static IReadOnlyList<string> Parts { get; } = ["intake", "volume", "selection", "agenda", "reminders", "waits", "start"];

    private static IReadOnlyList<string> Notes { get; } =
    [
        "Figures of one run belong together: compare them with one another, not with those of another machine or day.",
        "`intake`: the app over HTTP as a process of its own, Azurite 3 in memory as another, the clients in a third. Azurite has one thread, and all three share the cores, so that thread is what limits both sides. "
        + "What a nomination owes (relay, receipt) is left out there as a deployment scales those functions apart; one line has it all in one process. The broker keeps to memory.",
        "`volume`, `agenda`, `reminders`, `waits`: the app's use cases in this process, over stores in memory that count, hand rows out in pages of 1,000 and make the rows of `volume` when they are asked for, "
        + "since Azurite takes too long to fill. Memory is what is still held after a collection, looked at during a run of its own.",
        "`waits`: every call of a store, the bus or the mailbox takes one wave of 10 ms; calls that are under way together end together.",
    ];

    public static async Task<int> RunAsync(Plan plan, bool json, bool readme)
    {
        long start = Stopwatch.GetTimestamp();
#pragma warning disable RS0030 // A run has a date.
        DateTimeOffset at = TimeProvider.System.GetUtcNow();
#pragma warning restore RS0030
        (string Part, Func<Task<IReadOnlyList<SheetLine>>> Measure)[] all =
        [
            ("volume", () => VolumeBench.RunAsync(plan.Sizes, Say)),
            ("selection", () => SelectionBench.RunAsync(plan.Sizes, Say)),
            ("agenda", () => AgendaBench.RunAsync(plan.Waiting, Say)),
            ("reminders", () => ReminderBench.RunAsync(plan.Reminders, Math.Min(plan.Reminders, 5000), Say)),
            ("waits", () => WaitsBench.RunAsync(Say)),
            ("intake", () => IntakeBench.RunAsync(plan.Clients, plan.Requests, plan.Rounds, Say)),
            ("start", () => StartBench.RunAsync(5, Say)),
        ];
        Dictionary<string, IReadOnlyList<SheetLine>> measured = [];
        foreach ((string part, Func<Task<IReadOnlyList<SheetLine>>> measure) in all.Where(one => plan.Parts.Contains(one.Part, StringComparer.Ordinal)))
        {
            measured[part] = await measure();
        }

        Sheet sheet = new(
            Machine.Read(), at, Stopwatch.GetElapsedTime(start), [.. Parts.Where(measured.ContainsKey).SelectMany(part => measured[part])], Notes);
        Console.WriteLine(json ? sheet.ToJson() : sheet.ToMarkdown());
        if (readme)
        {
            string page = Path.Combine(Repository.Root, "README.md");
            await File.WriteAllTextAsync(page, sheet.WriteInto(await File.ReadAllTextAsync(page)));
        }

        return 0;
    }

    private static void Say(string what) => Console.Error.WriteLine($"… {what}");
}
