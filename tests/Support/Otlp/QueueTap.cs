using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace Plenary.Support.Otlp;

/// <summary>Reads along what the broker of one machine writes to its store: every message that was ever in a queue, bodies and properties.</summary>
public sealed partial class QueueTap : IAsyncDisposable
{
    private readonly FaultProxy proxy;
    private readonly ConcurrentQueue<string> seen = new();

    private QueueTap(Azurite azurite)
    {
        proxy = FaultProxy.Start(azurite.TableEndpoint).Add(new FaultRule(FaultMode.Delay)
        {
            Where = request =>
            {
                if (request.Target.Contains("Broker", StringComparison.Ordinal) || request.Body.Contains("Broker", StringComparison.Ordinal))
                {
                    seen.Enqueue(request.Body);
                }

                return false;
            },
        });
        Connection = azurite.ConnectionString.Replace(azurite.TableEndpoint.ToString(), proxy.Endpoint.ToString(), StringComparison.Ordinal);
    }

    /// <summary>For <c>AzureWebJobsStorage</c>.</summary>
    public string Connection { get; }

    /// <summary>The messages as text; what the store keeps in base64 is decoded.</summary>
    public string AllText => string.Join('\n', seen.SelectMany(body => Encoded().Matches(body).Select(match => Decode(match.Value))));

    public static async Task<QueueTap> StartAsync() => new(await Azurite.SharedAsync());

    public ValueTask DisposeAsync() => proxy.DisposeAsync();

    private static string Decode(string text)
    {
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
    }

    [GeneratedRegex("[A-Za-z0-9+/]{40,}={0,2}")]
    private static partial Regex Encoded();
}
