using System.Diagnostics;
using System.Globalization;

namespace Plenary.Support;

/// <summary>Asks processes to end, which .NET itself can only force.</summary>
internal static class Signals
{
    /// <summary>Sends SIGTERM and waits; where there is no such signal, or too long passes, nothing has happened.</summary>
    public static async Task TerminateAsync(Process process, TimeSpan patience)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using Process? kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        using CancellationTokenSource late = new(patience);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            // The caller goes on with force.
        }
    }
}
