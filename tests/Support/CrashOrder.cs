using System.Globalization;
using System.Text.RegularExpressions;

namespace Plenary.Support;

/// <summary>
/// How a test tells a running process to die at its next call number <paramref name="At"/> on a port: through a file, which the process looks for at every
/// call. As long as the file is there the process counts its calls and writes each to its console, so that an order that kills
/// nothing (0) is a dry run.
/// </summary>
/// <param name="AfterEffect">The call takes effect first, but nobody learns of it.</param>
public sealed partial record CrashOrder(int At, bool AfterEffect)
{
    /// <summary>The environment variable that names the file.</summary>
    public const string Setting = "PLENARY_CRASH_ORDER";

    /// <summary>Null where no order lies.</summary>
    public static CrashOrder? Read(string file)
    {
        try
        {
            string[] words = File.ReadAllText(file).Split(' ');
            return words is [string at, string when] ? new CrashOrder(int.Parse(at, CultureInfo.InvariantCulture), when == "after") : null;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Appears at once and whole.</summary>
    public void Write(string file)
    {
        File.WriteAllText($"{file}.new", string.Create(CultureInfo.InvariantCulture, $"{At} {(AfterEffect ? "after" : "before")}"));
        File.Move($"{file}.new", file, overwrite: true);
    }

    /// <summary>As the process writes a call to its console.</summary>
    public static string Line(int number, string call) => string.Create(CultureInfo.InvariantCulture, $"Port call {number}: {call}");

    /// <summary>The calls in what a process has written, in order.</summary>
    public static IReadOnlyList<string> CallsIn(IEnumerable<string> output) =>
        [.. output.Select(line => PortCall().Match(line)).Where(match => match.Success).Select(match => match.Groups["call"].Value)];

    [GeneratedRegex(@"^Port call \d+: (?<call>\S+)$")]
    private static partial Regex PortCall();
}
