using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Plenary.Benchmarks.Figures;
using Plenary.Support;

namespace Plenary.Benchmarks.Intake;

/// <summary>What the app costs before it does anything: its start, its memory, its package.</summary>
internal static class StartBench
{
    private const string Part = "start";

    public static async Task<IReadOnlyList<SheetLine>> RunAsync(int starts, Action<string> say)
    {
        await using Azurite azurite = await Azurite.StartAsync();
        await using PlenaryApp app = await PlenaryApp.StartAsync(azurite.ConnectionString, Rig.Open);
        using HttpClient http = new();
        List<double> live = [];
        List<double> page = [];
        for (int number = 1; number <= starts; number++)
        {
            say($"start {number} of {starts}");
            await app.StopAsync();
            long start = Stopwatch.GetTimestamp();
            await app.StartAgainAsync();
            (await http.GetAsync(new Uri(app.Address, "/health/live"))).EnsureSuccessStatusCode();
            live.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            (await http.GetAsync(app.Address)).EnsureSuccessStatusCode();
            page.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        await app.SettleAsync();
#pragma warning disable RS0030 // The process has to be left alone for a while of real time.
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
#pragma warning restore RS0030
        double resident = ReadResident(app.ProcessId);
        say("publishing");
        (double unpacked, double zipped) = await PublishAsync();
        return
        [
            SheetLine.Of(Part, $"start to first answer, local host, middle of {starts}", Arithmetic.Percentile(live, 0.5), "s").AtMost(1.5, "< 1.5 s"),
            SheetLine.Of(Part, "start to first page", Arithmetic.Percentile(page, 0.5), "s"),
            SheetLine.Of(Part, "memory of the idle app after its first page (resident; the local host, broker and mailbox live in the same process)", resident, "MB").AtMost(120, "< 120 MB"),
            SheetLine.Of(Part, "published size with the stand-ins, and as a zip", unpacked, "MB", $"{SheetLine.Words(unpacked, "MB")}, {SheetLine.Words(zipped, "MB")}"),
        ];
    }

    private static double ReadResident(int process)
    {
        string line = File.ReadLines($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/status").First(one => one.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }

    private static async Task<(double Unpacked, double Zipped)> PublishAsync()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("plenary-publish-");
        try
        {
            ProcessStartInfo start = new("dotnet") { WorkingDirectory = Repository.Root, RedirectStandardOutput = true };
            foreach (string argument in (string[])["publish", "functions", "-c", "Release", "--no-build", "--nologo", "-v", "quiet", "-o", folder.FullName])
            {
                start.ArgumentList.Add(argument);
            }

            using Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
            string said = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"Publishing failed: {said}");
            }

            using MemoryStream zip = new();
            await ZipFile.CreateFromDirectoryAsync(folder.FullName, zip);
            return (folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) / 1e6, zip.Length / 1e6);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
