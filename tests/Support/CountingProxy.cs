using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Plenary.Support;

/// <summary>
/// Stands on a loopback port before a store and notes the first line of each request that passes. It changes no byte, so signatures stay
/// good. Knows bodies by their Content-Length only, which is how the storage clients send them.
/// </summary>
public sealed class CountingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly List<string> requests = [];
    private readonly Uri behind;
    private readonly Task accepting;

    private CountingProxy(Uri behind)
    {
        this.behind = behind;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>The same address as behind it, but for the port.</summary>
    public Uri Endpoint => new UriBuilder(behind) { Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port }.Uri;

    /// <summary>Method and path of each request so far.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (requests)
            {
                return [.. requests];
            }
        }
    }

    public static CountingProxy Start(Uri behind) => new(behind);

    public void Forget()
    {
        lock (requests)
        {
            requests.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> lines = [];
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                lines.Add(CarryAsync(await listener.AcceptTcpClientAsync(stopping.Token)));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(lines);
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using TcpClient front = client;
        using TcpClient back = new() { NoDelay = true };
        front.NoDelay = true;
        try
        {
            await back.ConnectAsync(behind.Host, behind.Port, stopping.Token);
            Task requestsDone = CarryRequestsAsync(front.GetStream(), back.GetStream());
            Task answersDone = back.GetStream().CopyToAsync(front.GetStream(), stopping.Token);
            await Task.WhenAny(requestsDone, answersDone);
        }
        catch (Exception end) when (end is OperationCanceledException or IOException or SocketException)
        {
            // One side has hung up; the other learns of it by the lines being closed.
        }
    }

    private async Task CarryRequestsAsync(NetworkStream from, NetworkStream to)
    {
        byte[] buffer = new byte[64 * 1024];
        StringBuilder head = new();
        long bodyLeft = 0;
        for (int read; (read = await from.ReadAsync(buffer, stopping.Token)) > 0;)
        {
            for (int at = 0; at < read;)
            {
                if (bodyLeft > 0)
                {
                    int body = (int)Math.Min(bodyLeft, read - at);
                    bodyLeft -= body;
                    at += body;
                    continue;
                }

                head.Append((char)buffer[at++]);
                if (head.Length >= 4 && head[^1] == '\n' && head[^2] == '\r' && head[^3] == '\n' && head[^4] == '\r')
                {
                    bodyLeft = Note(head.ToString());
                    head.Clear();
                }
            }

            await to.WriteAsync(buffer.AsMemory(0, read), stopping.Token);
        }
    }

    /// <returns>How many bytes of body follow.</returns>
    private long Note(string head)
    {
        string[] lines = head.Split("\r\n");
        lock (requests)
        {
            requests.Add(lines[0][..lines[0].LastIndexOf(' ')]);
        }

        if (lines.Any(line => line.StartsWith("Transfer-Encoding:", StringComparison.OrdinalIgnoreCase)))
        {
            throw new IOException("A body without a length cannot be counted past.");
        }

        string? length = lines.FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return length is null ? 0 : long.Parse(length.Split(':')[1], CultureInfo.InvariantCulture);
    }
}
