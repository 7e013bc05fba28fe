using System.Globalization;
using System.Runtime.InteropServices;

namespace Plenary.Benchmarks.Figures;

/// <summary>What a figure was measured on: never whose machine it is.</summary>
public sealed record Machine(int Cores, double MemoryGiB, string Processor, string System, string Runtime)
{
    public static Machine Read() => new(
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1024d / 1024 / 1024,
        ReadProcessor(),
        RuntimeInformation.OSDescription.Split(' ')[0],
        RuntimeInformation.FrameworkDescription);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Cores} cores of {Processor}, {MemoryGiB:0.#} GiB of memory, {System}, {Runtime}");

    private static string ReadProcessor()
    {
        string? line = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(one => one.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
