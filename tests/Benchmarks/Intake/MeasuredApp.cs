using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Plenary.Support;

namespace Plenary.Benchmarks.Intake;

/// <summary>The app as a process of its own with the meter of <see cref="StartupHook"/> in it.</summary>
internal sealed class MeasuredApp : IAsyncDisposable
{
    /// <summary>What a decision owes is taken up by other functions, which a deployment scales apart from those that answer HTTP.</summary>
    private static readonly string[] Behind = ["RelayOutbox", "SendMail", "SendReminder", "OpenDesk", "IndexPeople"];

    private readonly int port;

    private MeasuredApp(PlenaryApp app, int port)
    {
        App = app;
        this.port = port;
    }

    public PlenaryApp App { get; }

    /// <param name="store">Of the tables and blobs; the broker and the mailbox keep to the app's own memory.</param>
    /// <param name="isAlone">Leaves out the functions behind the queues.</param>
    public static async Task<MeasuredApp> StartAsync(string store, string prefix, bool isAlone)
    {
        int port = FreePort();
        Dictionary<string, string> settings = new()
        {
            ["AzureWebJobsStorage"] = "",
            ["DOTNET_STARTUP_HOOKS"] = typeof(MeasuredApp).Assembly.Location,
            [StartupHook.PortSetting] = port.ToString(CultureInfo.InvariantCulture),
        };
        foreach (string function in isAlone ? Behind : [])
        {
            settings[$"AzureWebJobs.{function}.Disabled"] = "true";
        }

        return new MeasuredApp(await PlenaryApp.StartAsync(store, Rig.Open, settings: settings, prefix: prefix), port);
    }

    /// <summary>Bytes allocated since the start.</summary>
    public async Task<long> ReadAllocatedAsync()
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port);
        using StreamReader reader = new(client.GetStream());
        string line = await reader.ReadLineAsync() ?? throw new InvalidOperationException("The app's meter says nothing.");
        return long.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture);
    }

    /// <summary>Since the start, on all cores.</summary>
    public TimeSpan ReadProcessorTime()
    {
        using Process process = Process.GetProcessById(App.ProcessId);
        return process.TotalProcessorTime;
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
