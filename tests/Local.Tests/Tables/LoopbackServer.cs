using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Plenary.Local.Tests.Tables;

/// <summary>Serves one connection after the other, each by a script of its own: it reads a request's head, writes what the script says, and hangs up.</summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Task serving;

    public LoopbackServer(params string[] answers)
    {
        listener.Start();
        serving = ServeAsync(answers);
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/account");

    /// <summary>The heads of the requests, in the order in which they came.</summary>
    public List<string> Heads { get; } = [];

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        try
        {
            await serving;
        }
        catch (SocketException)
        {
            // It was still waiting for a connection.
        }

        listener.Dispose();
    }

    private async Task ServeAsync(string[] answers)
    {
        foreach (string answer in answers)
        {
            using TcpClient client = await listener.AcceptTcpClientAsync();
            NetworkStream stream = client.GetStream();
            StringBuilder head = new();
            byte[] one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one) == 1)
            {
                head.Append((char)one[0]);
            }

            Heads.Add(head.ToString());
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
        }
    }
}
