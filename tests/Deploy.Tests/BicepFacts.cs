using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Plenary.Support;

namespace Plenary.Deploy.Tests;

/// <summary>What the files under <c>bicep/</c> declare, as <c>scripts/check-bicep.mjs --facts</c> reads them from the parsed tree.</summary>
internal static class BicepFacts
{
    private static readonly Lazy<IReadOnlyDictionary<string, JsonElement>> All = new(Read);

    public static string Folder { get; } = Path.Combine(Repository.Root, "bicep");

    public static IEnumerable<string> Files => All.Value.Keys;

    public static JsonElement File(string path) => All.Value[path];

    /// <summary>The default of a template's parameter, or the value in a parameter file.</summary>
    public static JsonElement Param(string file, string name) => Named(File(file).GetProperty("params"), name).GetProperty("value");

    public static JsonElement Variable(string file, string name) => Named(File(file).GetProperty("vars"), name).GetProperty("value");

    public static IEnumerable<JsonElement> Resources(string file) => File(file).GetProperty("resources").EnumerateArray();

    public static string[] Texts(JsonElement array) => [.. array.EnumerateArray().Select(Text)];

    public static string Text(JsonElement value) => value.GetString() ?? throw new InvalidOperationException("No text.");

    /// <summary>A computed value as it is written.</summary>
    public static string Expression(JsonElement value) => Text(value.GetProperty("expression"));

    /// <summary>The words between quotes in all files, comments left out: what is written once may be there once.</summary>
    public static int CountLiterals(string word) => Directory
        .EnumerateFiles(Folder, "*.bicep*", SearchOption.AllDirectories)
        .SelectMany(System.IO.File.ReadLines)
        .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
        .Sum(line => Regex.Count(line, $"'{Regex.Escape(word)}'"));

    /// <summary>Runs the check as CI does; the output is what a person would read.</summary>
    public static (int ExitCode, string Output) Check(params string[] arguments)
    {
        ProcessStartInfo start = new("node", ["scripts/check-bicep.mjs", .. arguments])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("node does not start.");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }

    private static Dictionary<string, JsonElement> Read()
    {
        (int exitCode, string output) = Check("--facts");
        return exitCode == 0
            ? JsonDocument.Parse(output).RootElement.EnumerateArray().ToDictionary(file => Path.GetRelativePath("bicep", Text(file.GetProperty("path"))).Replace('\\', '/'), file => file)
            : throw new InvalidOperationException(output);
    }

    private static JsonElement Named(JsonElement list, string name) => list.EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);
}
