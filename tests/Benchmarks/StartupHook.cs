using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

/// <summary>
/// Loaded into the measured app by <c>DOTNET_STARTUP_HOOKS</c>, so that the app as it is deployed tells what it allocates and holds, and
/// carries nothing for it. Answers every connection to its port with one line: bytes allocated so far, bytes of the heap.
/// </summary>
#pragma warning disable CA1050 // The runtime looks for this very name outside of any namespace.
internal static class StartupHook
#pragma warning restore CA1050
{
    public const string PortSetting = "PLENARY_BENCH_PORT";

    public static void Initialize()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable(PortSetting), CultureInfo.InvariantCulture, out int port))
        {
            TcpListener listener = new(IPAddress.Loopback, port);
            listener.Start();
            new Thread(() => Serve(listener)) { IsBackground = true }.Start();
        }
    }

    private static void Serve(TcpListener listener)
    {
        while (true)
        {
            using TcpClient client = listener.AcceptTcpClient();
            string line = string.Create(CultureInfo.InvariantCulture, $"{GC.GetTotalAllocatedBytes()} {GC.GetTotalMemory(forceFullCollection: false)}\n");
            client.GetStream().Write(Encoding.ASCII.GetBytes(line));
        }
    }
}
