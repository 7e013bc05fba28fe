using System.CommandLine;
using System.Globalization;
using Plenary.Benchmarks.Figures;
using Plenary.Benchmarks.Stores;
using Plenary.Cli;
using Plenary.Closing;
using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Nominations;
using Plenary.Selection;

namespace Plenary.Benchmarks.Volume;

/// <summary>One project with more and more nominations: what closing, listing, exporting and selecting cost.</summary>
internal static class VolumeBench
{
    private const string Part = "volume";

    /// <summary>A project takes 60 of an economy at most, and the summary of its closing has a line for each economy.</summary>
    private const int PerEconomy = 50;

    public static async Task<IReadOnlyList<SheetLine>> RunAsync(IReadOnlyList<int> sizes, Action<string> say)
    {
        (string Name, bool IsStreamed, Func<Rig, Project, Task> Use)[] uses =
        [
            ("closing", true, (rig, project) => rig.RunAsync<CloseNominations>(use => use.RunAsync(new NominationsDue(project.Code.ToString(), project.ClosesAt.UtcTicks), default))),
            ("listing", true, (rig, project) => rig.RunAsync<INominations>(async use => await use.ListSubmittedAsync(project.Code, default).CountAsync())),
            ("exporting", true, (rig, project) => rig.RunAsync<IServiceProvider>(services => ExportAsync(services, project))),
            ("selecting", false, (rig, project) => rig.RunAsync<ProposeSelection>(use => use.RunAsync(project.Code, Rig.Officer, project.ClosesAt.AddHours(1), default))),
        ];
        List<SheetLine> figures = [];
        Dictionary<int, double> bare = [];

        // Once unmeasured, so that the first size does not pay for the compiler.
        _ = await TimeAsync(sizes[sizes.Count / 2], ReadBareAsync);
        foreach (int size in sizes)
        {
            bare[size] = await TimeAsync(size, ReadBareAsync);
        }

        foreach ((string name, bool isStreamed, Func<Rig, Project, Task> use) in uses)
        {
            List<(double Size, double Seconds)> times = [];
            List<(double Size, double Bytes)> memory = [];
            _ = await TimeAsync(sizes[sizes.Count / 2], use);
            foreach (int size in sizes)
            {
                say($"{name} {size:#,0}");
                times.Add((size, await TimeAsync(size, use)));
                memory.Add((size, await WeighAsync(size, use)));
            }

            (double most, double seconds) = times[^1];
            string sizesSaid = string.Join(" / ", sizes.Select(size => size.ToString("#,0", CultureInfo.InvariantCulture)));
            double growth = Arithmetic.GrowthExponent(times);
            double memoryGrowth = Arithmetic.GrowthExponent(memory);
            figures.Add(SheetLine.Ratio(Part, $"{name}: growth of processor time with the number of nominations (exponent, 1 is linear)", growth).AtMost(1.15, "linear (≤ 1.15)"));
            SheetLine held = SheetLine.Ratio(Part, $"{name}: growth of the memory held (exponent, 0 is flat)", memoryGrowth);
            figures.Add(isStreamed ? held.AtMost(0.25, "flat (≤ 0.25)") : held);
            figures.Add(SheetLine.Ratio(Part, $"{name} {most:#,0}: processor time over that of reading the same rows bare", seconds / bare[(int)most], "×"));
            figures.Add(SheetLine.Of(Part, $"{name} {sizesSaid}: processor time", seconds, "s", string.Join(" / ", times.Select(time => SheetLine.Words(time.Seconds, "s")))));
            figures.Add(SheetLine.Of(
                Part, $"{name} {sizesSaid}: most memory held at once", memory[^1].Bytes / 1e6, "MB", string.Join(" / ", memory.Select(one => SheetLine.Words(one.Bytes / 1e6, "MB")))));
        }

        return figures;
    }

    private static async Task ReadBareAsync(Rig rig, Project project) =>
        _ = await rig.Tables.Get(NominationTable.Name).ListPartitionsAsync(KeyRange.StartingWith($"{Keys.Escape(project.Code.ToString())}|"), KeyRange.All, default).CountAsync();

    /// <summary>As the operator's command writes it, to nowhere.</summary>
    private static async Task ExportAsync(IServiceProvider services, Project project)
    {
        Operation operation = new(new RootCommand().Parse([]), services, new Paper(TextWriter.Null, TextWriter.Null, isJson: false), Rig.Officer, isRehearsal: true);
        await using StreamWriter writer = new(Stream.Null);
        await ProjectExport.WriteAsync(operation, project, writer, default);
    }

    /// <summary>Seconds of all cores, the collector's included: what else the machine does at the moment takes more from a long run than from a short one.</summary>
    private static async Task<double> TimeAsync(int size, Func<Rig, Project, Task> use)
    {
        (Rig rig, Project project, _) = await PrepareAsync(size);
        using (rig)
        {
            GC.Collect();
            TimeSpan before = Environment.CpuUsage.TotalTime;
            await use(rig, project);
            return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        }
    }

    /// <returns>At least the bytes of one row, so that there is a logarithm.</returns>
    private static async Task<double> WeighAsync(int size, Func<Rig, Project, Task> use)
    {
        (Rig rig, Project project, SyntheticNominations nominations) = await PrepareAsync(size);
        using (rig)
        {
            LiveMemory memory = new(looks: 12, chances: size * 4 / 1000);
            nominations.OnPage = memory.Pass;
            rig.Blobs.OnUpload = memory.Look;
            await use(rig, project);
            return Math.Max(memory.Peak, 1000);
        }
    }

    private static async Task<(Rig Rig, Project Project, SyntheticNominations Nominations)> PrepareAsync(int size)
    {
        Rig rig = new();
        IReadOnlyList<Project> projects = Rig.Projects(1);
        SyntheticNominations nominations = new(projects, size / PerEconomy, PerEconomy);
        rig.Tables.Put(nominations);
        await rig.PutAsync(projects, 0);
        rig.Clock.Now = projects[0].ClosesAt.AddSeconds(30);
        return (rig, projects[0], nominations);
    }
}
