using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Plenary.Support;

/// <summary>
/// One Azurite in memory on free ports, started for a test assembly and ended with it. Tests keep apart by
/// table prefixes and container names of their own (<see cref="Unique"/>), never by restarting it.
/// </summary>
public sealed class Azurite : IAsyncDisposable
{
    /// <summary>The account and key that every Azurite knows; they open nothing else.</summary>
    public const string AccountName = "devstoreaccount1";

    /// <summary>See <see cref="AccountName"/>.</summary>
    public const string AccountKey =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly Lazy<Task<Azurite>> SharedOne = new(() => StartAsync());
    private readonly Process process;
    private readonly bool keeps;

    private Azurite(Process process, int blobPort, int tablePort, bool keeps)
    {
        this.keeps = keeps;
        this.process = process;
        BlobEndpoint = new Uri($"http://127.0.0.1:{blobPort}/{AccountName}");
        TableEndpoint = new Uri($"http://127.0.0.1:{tablePort}/{AccountName}");
    }

    public Uri BlobEndpoint { get; }

    public Uri TableEndpoint { get; }

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={AccountName};AccountKey={AccountKey};" +
        $"BlobEndpoint={BlobEndpoint};TableEndpoint={TableEndpoint};";

    /// <summary>The one of this test process; it ends when the process ends.</summary>
    public static Task<Azurite> SharedAsync() => SharedOne.Value;

    /// <summary>A name no other test uses: letters and digits only, starting with a letter, 3 to 63 long.</summary>
    public static string Unique(string start) => $"{start}{Guid.NewGuid():N}"[..Math.Min(start.Length + 16, 60)];

    /// <summary>Starts one more, for tests that need a store to themselves.</summary>
    /// <param name="folder">Where it keeps what is stored; null to keep it in memory.</param>
    public static async Task<Azurite> StartAsync(string? folder = null)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await StartOnceAsync(folder);
            }
            catch (InvalidOperationException) when (attempt < 5)
            {
                // Another process took one of the ports between choosing and binding: choose again.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            if (keeps)
            {
                // It writes its indexes out when asked to end.
                await Signals.TerminateAsync(process, TimeSpan.FromSeconds(10));
            }

            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private static async Task<Azurite> StartOnceAsync(string? folder)
    {
        int blobPort = FreePort();
        int tablePort = FreePort();
        int queuePort = FreePort();
        string script = Path.Combine(Repository.Root, "node_modules", "azurite", "dist", "src", "azurite.js");
        if (!File.Exists(script))
        {
            throw new FileNotFoundException("Azurite is missing: run `npm ci` in the repository first (./test does).", script);
        }

        ProcessStartInfo start = new("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[
            script, .. folder is null ? (string[])["--inMemoryPersistence"] : ["--location", folder], "--skipApiVersionCheck", "--disableTelemetry",
            "--blobHost", "127.0.0.1", "--tableHost", "127.0.0.1", "--queueHost", "127.0.0.1",
            "--blobPort", $"{blobPort}", "--tablePort", $"{tablePort}", "--queuePort", $"{queuePort}"])
        {
            start.ArgumentList.Add(argument);
        }

        Process process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            try
            {
                process.Kill(entireProcessTree: true);
            }
            catch (InvalidOperationException)
            {
                // It has ended already.
            }
        };

        // The last of its three services to answer is the table service.
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("Table service successfully listens", StringComparison.Ordinal) ||
                line.Contains("Table service is successfully listening", StringComparison.Ordinal))
            {
                _ = DrainAsync(process.StandardOutput);
                _ = DrainAsync(process.StandardError);
                return new Azurite(process, blobPort, tablePort, folder is not null);
            }
        }

        throw new InvalidOperationException($"Azurite did not start: {await process.StandardError.ReadToEndAsync()}");
    }

    private static async Task DrainAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is not null)
        {
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
