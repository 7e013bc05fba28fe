using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Plenary.Support;

/// <summary>
/// Stands on a loopback port before a table, blob or mail service, notes every request, and does to it what the rules say; without
/// rules it passes every byte on as it came, so that signatures stay good. Table queries may be rewritten all the same: the
/// signature of tables covers the path only.
/// </summary>
/// <example><c>proxy.Add(new FaultRule(FaultMode.CommitThenDrop) { Times = 1 }.OnWrites("Nominations"))</c></example>
public sealed partial class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly List<string> requests = [];
    private readonly List<Armed> rules = [];
    private readonly ConcurrentDictionary<string, string> tokens = new();
    private readonly Uri behind;
    private readonly Random random;
    private readonly TimeProvider clock;
    private readonly Task accepting;
    private RateLimit? limit;

    private FaultProxy(Uri behind, int seed, TimeProvider clock)
    {
        this.behind = behind;
        this.clock = clock;
        random = new Random(seed);
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>The same address as behind it, but for the port.</summary>
    public Uri Endpoint => new UriBuilder(behind) { Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port }.Uri;

    /// <summary>Method and path of each request so far, those that met a fault included.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (gate)
            {
                return [.. requests];
            }
        }
    }

    /// <summary>How many requests met a fault.</summary>
    public int Faults { get; private set; }

    /// <param name="seed">Decides what <see cref="FaultRule.Chance"/> leaves open.</param>
    /// <param name="clock">Times delays and rates; real time when null.</param>
    public static FaultProxy Start(Uri behind, int seed = 0, TimeProvider? clock = null) =>
#pragma warning disable RS0030 // A proxy lives on a real network; whoever wants another clock passes one.
        new(behind, seed, clock ?? TimeProvider.System);
#pragma warning restore RS0030

    public FaultProxy Add(params IEnumerable<FaultRule> more)
    {
        lock (gate)
        {
            rules.AddRange(more.Select(rule => new Armed(rule)));
        }

        return this;
    }

    /// <summary>Takes all rules away.</summary>
    public void Heal()
    {
        lock (gate)
        {
            rules.Clear();
            limit = null;
        }
    }

    /// <summary>
    /// Writes above so many rows a second are answered with 503, as a partition of the real service does. A transaction counts as
    /// many rows as it writes.
    /// </summary>
    public void LimitWrites(int rowsPerSecond)
    {
        lock (gate)
        {
            limit = new RateLimit(rowsPerSecond, clock);
        }
    }

    /// <summary>Forgets the requests noted so far.</summary>
    public void Forget()
    {
        lock (gate)
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
            NetworkStream toClient = front.GetStream();
            NetworkStream toStore = back.GetStream();
            HttpFrames asked = new(toClient);
            HttpFrames answered = new(toStore);
            while (await asked.ReadAsync(isBodiless: false, stopping.Token) is { } request)
            {
                if (await ServeAsync(request, toStore, answered) is not { } answer)
                {
                    // Reset, not closed: a line that ends in order could pass for an answer without a body.
                    front.Client.LingerState = new LingerOption(true, 0);
                    return;
                }

                await toClient.WriteAsync(answer.Bytes, stopping.Token);
                if ("close".Equals(answer.Header("Connection"), StringComparison.OrdinalIgnoreCase))
                {
                    return;
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or IOException or SocketException)
        {
            // One side has hung up; the other learns of it by the lines being closed.
        }
    }

    /// <returns>Null to break the line.</returns>
    private async Task<HttpFrame?> ServeAsync(HttpFrame request, NetworkStream toStore, HttpFrames answers)
    {
        FaultRule? fault = Meet(request);
        switch (fault?.Mode)
        {
            case null:
                return await PassAsync(Restore(request));
            case FaultMode.FailBefore:
                return Refusal(fault);
            case FaultMode.DropBefore:
                return null;
            case FaultMode.CommitThenDrop:
                await PassAsync(Restore(request));
                return null;
            case FaultMode.CommitThenFail:
                await PassAsync(Restore(request));
                return Refusal(fault);
            case FaultMode.Delay:
                await Task.Delay(fault.Delay, clock, stopping.Token);
                return await PassAsync(Restore(request));
            case FaultMode.EmptyPage:
                string token = $"fault-{Guid.NewGuid():N}";
                tokens[token] = TargetOf(Restore(request));
                return HttpFrame.Answer(
                    200, """{"value":[]}""", ("x-ms-continuation-NextPartitionKey", token), ("x-ms-continuation-NextRowKey", token), ("x-ms-version", "2019-02-02"));
            case FaultMode.ShortPage:
                return await PassAsync(Shorten(Restore(request), fault.PageSize));
            case FaultMode.Duplicate:
                await PassAsync(Restore(request));
                return await PassAsync(Restore(request));
            case FaultMode.DropWithin:
                int sent = (int)(request.Body.Length * fault.Share);
                await toStore.WriteAsync(request.Bytes.AsMemory(0, request.Bytes.Length - request.Body.Length + Math.Min(sent, request.Body.Length - 1)), stopping.Token);
                return null;
            default:
                throw new InvalidOperationException($"Unknown fault {fault.Mode}.");
        }

        async Task<HttpFrame> PassAsync(HttpFrame asked)
        {
            await toStore.WriteAsync(asked.Bytes, stopping.Token);
            return await answers.ReadAsync(asked.Head.StartsWith("HEAD ", StringComparison.Ordinal), stopping.Token) ?? throw new IOException("The store has hung up.");
        }
    }

    private FaultRule? Meet(HttpFrame request)
    {
        string[] words = request.FirstLine.Split(' ');
        ProxiedRequest asked = new(words[0], words[1], Encoding.UTF8.GetString(request.Body));
        lock (gate)
        {
            requests.Add($"{asked.Method} {asked.Target}");
            if (limit is not null && asked.IsWrite && !limit.Take(RowsOf(asked)))
            {
                Faults++;
                return new FaultRule(FaultMode.FailBefore) { Status = 503 };
            }

            // Every rule counts every request it matches, whichever of them decides.
            FaultRule? met = null;
            foreach (Armed rule in rules)
            {
                bool isMet = rule.Meets(asked, random);
                met ??= isMet ? rule.Rule : null;
            }

            Faults += met is null ? 0 : 1;
            return met;
        }
    }

    private static int RowsOf(ProxiedRequest request) =>
        Math.Max(1, InnerRequest().Count(request.Body));

    private static HttpFrame Refusal(FaultRule fault)
    {
        string code = fault.Status switch
        {
            404 => "ResourceNotFound",
            409 => "EntityAlreadyExists",
            412 => "UpdateConditionNotSatisfied",
            503 => "ServerBusy",
            _ => "InternalError",
        };
        return HttpFrame.Answer(
            fault.Status,
            $$"""{"odata.error":{"code":"{{code}}","message":{"lang":"en-US","value":"Fault."} } }""",
            [("x-ms-error-code", code), .. fault.Headers]);
    }

    private static string TargetOf(HttpFrame request) => request.FirstLine.Split(' ')[1];

    private static HttpFrame WithTarget(HttpFrame request, string target)
    {
        string first = request.FirstLine;
        string[] words = first.Split(' ');
        return request with { Head = $"{words[0]} {target} {words[2]}{request.Head[first.Length..]}" };
    }

    /// <summary>A query that carries a token of ours goes on from where that token was given.</summary>
    private HttpFrame Restore(HttpFrame request) =>
        OwnToken().Match(TargetOf(request)) is { Success: true } match && tokens.TryGetValue(match.Value, out string? target)
            ? WithTarget(request, target)
            : request;

    private static HttpFrame Shorten(HttpFrame request, int size)
    {
        string target = PageSize().Replace(TargetOf(request), "");
        char join = target.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return WithTarget(request, string.Create(CultureInfo.InvariantCulture, $"{target}{join}$top={size}"));
    }

    [GeneratedRegex("fault-[0-9a-f]{32}")]
    private static partial Regex OwnToken();

    [GeneratedRegex(@"(?<=[?&])(\$|%24)top=\d+&?")]
    private static partial Regex PageSize();

    [GeneratedRegex(@"^(POST|PUT|MERGE|PATCH|DELETE) http", RegexOptions.Multiline)]
    private static partial Regex InnerRequest();

    /// <summary>A rule with what it has counted.</summary>
    private sealed class Armed(FaultRule rule)
    {
        private int seen;
        private int met;

        public FaultRule Rule { get; } = rule;

        public bool Meets(ProxiedRequest request, Random random)
        {
            if (met >= Rule.Times || !Rule.Where(request) || ++seen <= Rule.Skip || (Rule.Chance < 1 && random.NextDouble() >= Rule.Chance))
            {
                return false;
            }

            met++;
            return true;
        }
    }

    /// <summary>A bucket that fills at the rate and holds one second's worth.</summary>
    private sealed class RateLimit(int perSecond, TimeProvider clock)
    {
        private double left = perSecond;
        private long last = clock.GetTimestamp();

        public bool Take(int count)
        {
            long now = clock.GetTimestamp();
            left = Math.Min(perSecond, left + (clock.GetElapsedTime(last, now).TotalSeconds * perSecond));
            last = now;
            if (left < count)
            {
                return false;
            }

            left -= count;
            return true;
        }
    }
}
