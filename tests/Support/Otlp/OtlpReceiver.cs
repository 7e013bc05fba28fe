using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Plenary.Support.Otlp;

/// <summary>An OpenTelemetry collector for one test: takes spans and metrics over HTTP as protobuf and keeps every byte.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly HttpListener listener;
    private readonly Task serving;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> received = new();

    private OtlpReceiver(HttpListener listener, Uri address)
    {
        this.listener = listener;
        Address = address;
        serving = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>What makes an app send to it, and soon.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
    };

    /// <summary>In the order in which they ended.</summary>
    public IReadOnlyList<OtlpSpan> Spans => [.. Bodies("/v1/traces").SelectMany(OtlpSpan.ReadAll)];

    /// <summary>Every text within everything sent, so also what <see cref="Spans"/> does not read.</summary>
    public string AllText => string.Join('\n', received.Select(one => Encoding.UTF8.GetString(one.Body)));

    /// <summary>Names of metrics, and values of their tags, as one text.</summary>
    public string MetricText => string.Join('\n', Bodies("/v1/metrics").Select(Encoding.UTF8.GetString));

    public static OtlpReceiver Start()
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        int port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        Uri address = new($"http://localhost:{port.ToString(CultureInfo.InvariantCulture)}/");
        HttpListener listener = new() { Prefixes = { address.ToString() } };
        listener.Start();
        return new OtlpReceiver(listener, address);
    }

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await serving;
    }

    private IEnumerable<byte[]> Bodies(string path) => received.Where(one => one.Path == path).Select(one => one.Body);

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await listener.GetContextAsync();
                using MemoryStream body = new();
                await context.Request.InputStream.CopyToAsync(body);
                received.Enqueue((context.Request.Url?.AbsolutePath ?? "", body.ToArray()));
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        }
        catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }
}
