using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Plenary.Infra.Blobs;
using Plenary.Infra.Tables;

namespace Plenary.Support;

/// <summary>
/// The app as a process of its own on a free port, over an Azurite under a prefix of its own, with a clock that stands still
/// until it is moved. Killing and starting it again goes on from the stores, at the instant the clock had reached.
/// </summary>
public sealed class PlenaryApp : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(5) };

    private readonly string connection;
    private readonly string prefix;
    private readonly string webhookKey;
    private readonly string webhookPublicKey;
    private readonly IReadOnlyDictionary<string, string> settings;
    private readonly List<string> output = [];
    private Process? process;

    private PlenaryApp(string connection, string prefix, int port, DateTimeOffset now, bool isFrozen, IReadOnlyDictionary<string, string> settings)
    {
        this.connection = connection;
        this.prefix = prefix;
        this.settings = settings;
        Address = new Uri($"http://localhost:{port.ToString(CultureInfo.InvariantCulture)}");
        Now = now;
        IsFrozen = isFrozen;
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        webhookKey = Convert.ToBase64String(key.ExportPkcs8PrivateKey());
        webhookPublicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }

    public Uri Address { get; }

    /// <summary>Where the clock stands.</summary>
    public DateTimeOffset Now { get; private set; }

    public bool IsFrozen { get; }

    /// <summary>Of the process that runs now.</summary>
    public int ProcessId => process?.Id ?? throw new InvalidOperationException("Nothing runs.");

    /// <summary>Everything it wrote to its console, restarts included.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (output)
            {
                return [.. output];
            }
        }
    }

    /// <summary>What another process on the same stores is given, such as the operator's command; it goes by this app's clock.</summary>
    public IReadOnlyDictionary<string, string> SettingsForOthers =>
        new Dictionary<string, string>(Settings()) { ["Local:ClockOf"] = Address.ToString().TrimEnd('/'), ["Local:SoleProcess"] = "false" };

    /// <summary>The stores themselves, read past the app: for recounts.</summary>
    public ITables Tables => new AzureTables(new TableServiceClient(connection), prefix);

    public IBlobs Blobs => new AzureBlobs(new Azure.Storage.Blobs.BlobServiceClient(connection), prefix.ToLowerInvariant());

    /// <param name="connection">Of the storage account.</param>
    /// <param name="settings">Over the usual ones of one machine.</param>
    /// <param name="port">0 for a free one.</param>
    public static async Task<PlenaryApp> StartAsync(
        string connection, DateTimeOffset now, bool isFrozen = true, IReadOnlyDictionary<string, string>? settings = null, int port = 0, string? prefix = null)
    {
        PlenaryApp app = new(connection, prefix ?? Azurite.Unique("p"), port == 0 ? FreePort() : port, now, isFrozen, settings ?? new Dictionary<string, string>());
        await app.StartAgainAsync();
        return app;
    }

    /// <summary>Starts the process, after the first time on the same stores and at the same instant.</summary>
    public async Task StartAgainAsync()
    {
        string library = Path.Combine(Repository.Root, "artifacts", "bin", "Plenary.Functions", Configuration(), "Plenary.Functions.dll");
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(library) };
        start.ArgumentList.Add(library);
        foreach ((string name, string value) in Settings())
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        Process started = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        process = started;
        TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        started.OutputDataReceived += (_, line) => Note(line.Data, ready);
        started.ErrorDataReceived += (_, line) => Note(line.Data, ready);
        started.EnableRaisingEvents = true;
        started.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"The app ended before it listened:\n{string.Join('\n', Output.TakeLast(40))}"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill(started);
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>As a power cut would: no draining, nothing said.</summary>
    public async Task KillAsync()
    {
        if (process is { } running)
        {
            running.EnableRaisingEvents = false;
            Kill(running);
            await running.WaitForExitAsync();

            // What the dead process held is locked for thirty seconds of the clock; it starts again after that.
            Now = Now.AddSeconds(31);
        }
    }

    /// <summary>As an operator would: it drains, then ends. Killed after ten seconds.</summary>
    public async Task StopAsync()
    {
        if (process is { HasExited: false } running)
        {
            running.EnableRaisingEvents = false;
            await Signals.TerminateAsync(running, TimeSpan.FromSeconds(10));
            Kill(running);
            await running.WaitForExitAsync();
        }
    }

    /// <summary>What the app's own clock says; for clocks that run.</summary>
    public async Task<DateTimeOffset> ReadClockAsync(CancellationToken cancellation)
    {
        JsonNode? clock = await Http.GetFromJsonAsync<JsonNode>(new Uri(Address, "/local/clock"), cancellation);
        return clock?["now"]?.GetValue<DateTimeOffset>() ?? throw new InvalidOperationException("The clock says nothing.");
    }

    /// <summary>Moves the clock there and waits until nothing is left to do at that instant.</summary>
    public async Task MoveToAsync(DateTimeOffset instant)
    {
        await SetClockAsync(instant);
        await SettleAsync();
    }

    /// <summary>Moves the clock there and waits for nothing.</summary>
    public async Task SetClockAsync(DateTimeOffset instant)
    {
        (await Http.PostAsJsonAsync(new Uri(Address, "/local/clock"), new { to = instant.UtcDateTime })).EnsureSuccessStatusCode();
        Now = instant;
    }

    /// <summary>
    /// Lets the time pass as it would: stops at every instant at which something is due (agenda rows, scheduled messages), so that each thing
    /// happens at its own time and not all at the end.
    /// </summary>
    public async Task AdvanceToAsync(DateTimeOffset target)
    {
        await SettleAsync();
        for (DateTimeOffset? next = await NextDueAsync(); next is { } due && due < target; next = await NextDueAsync())
        {
            await MoveToAsync(due > Now ? due : Now.AddMinutes(1));
        }

        await MoveToAsync(target);
    }

    /// <summary>Waits until no function runs and no queue holds a message that is due.</summary>
    public async Task SettleAsync()
    {
        JsonNode idle = await IdleAsync(wait: 240);
        if (idle["idle"]?.GetValue<bool>() != true)
        {
            throw new TimeoutException($"The app did not come to rest: {idle.ToJsonString()}\n{string.Join('\n', Output.TakeLast(30))}");
        }
    }

    /// <summary>Wakes a timer or queue function, as an operator can.</summary>
    public async Task WakeAsync(string function)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(Address, $"/admin/functions/{function}"))
        {
            Content = JsonContent.Create(new { }),
            Headers = { { "x-functions-key", "local-master-key" } },
        };
        (await Http.SendAsync(request)).EnsureSuccessStatusCode();
        await SettleAsync();
    }

    public Web NewWeb() => new(Address);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process?.Dispose();
    }

    private static string Configuration()
    {
        // artifacts/bin/{project}/{configuration}/ is where this very test runs from.
        string folder = new DirectoryInfo(AppContext.BaseDirectory).Name;
        return folder is "debug" or "release" ? folder : "debug";
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Kill(Process running)
    {
        try
        {
            running.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
    }

    private async Task<DateTimeOffset?> NextDueAsync()
    {
        DateTimeOffset? next = null;
        await foreach (Row row in Tables.Get("Agenda").ListAsync("due", KeyRange.All, CancellationToken.None, pageSize: 1))
        {
            next = new DateTimeOffset(long.Parse(row.Key.Row.Split('|')[0], CultureInfo.InvariantCulture), TimeSpan.Zero);
            break;
        }

        JsonNode idle = await IdleAsync(wait: 0);
        DateTimeOffset? scheduled = idle["nextScheduledAt"]?.GetValue<DateTimeOffset>();
        return next is null || scheduled < next ? scheduled ?? next : next;
    }

    private async Task<JsonNode> IdleAsync(int wait) =>
        await Http.GetFromJsonAsync<JsonNode>(new Uri(Address, $"/local/idle?wait={wait.ToString(CultureInfo.InvariantCulture)}"))
        ?? throw new InvalidOperationException("No answer about idleness.");

    private void Note(string? line, TaskCompletionSource ready)
    {
        if (line is null)
        {
            return;
        }

        lock (output)
        {
            output.Add(line);
        }

        if (line.StartsWith("Listening on ", StringComparison.Ordinal))
        {
            ready.TrySetResult();
        }
    }

    private Dictionary<string, string> Settings()
    {
        const string Bus = "Endpoint=sb://local.servicebus.plenary/;SharedAccessKeyName=local;SharedAccessKey=bG9jYWw=";
        string address = Address.ToString().TrimEnd('/');
        Dictionary<string, string> all = new()
        {
            ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
            ["AzureWebJobsStorage"] = connection,
            ["AzureWebJobsDisableHomepage"] = "true",
            ["ServiceBus"] = Bus,
            ["Azure:StorageConnectionString"] = connection,
            ["Azure:ServiceBusConnectionString"] = Bus,
            ["Azure:CreateStores"] = "true",
            ["Azure:Prefix"] = prefix,
            ["SendGrid:ApiKey"] = "SG.local-key-that-opens-nothing",
            ["SendGrid:Host"] = $"{address}/local/sendgrid",
            ["SendGrid:FromAddress"] = "projects@example.org",
            ["SendGrid:FromName"] = "The Secretariat",
            ["Organisation:Name"] = "Plenary",
            ["Organisation:FullName"] = "The Secretariat",
            ["Organisation:ContactAddress"] = "projects@example.org",
            ["Organisation:Zone"] = "Asia/Tokyo",
            ["Access:BaseUrl"] = address,
            ["Access:LinkPepper"] = "local-pepper-for-one-machine-only-0123456789",
            ["Access:Authority"] = $"{address}/local/entra/v2.0",
            ["Access:Audience"] = "plenary-local",
            ["Mail:SecretariatAddress"] = "secretariat@example.org",
            ["Mail:SecretariatName"] = "The Secretariat",
            ["Mail:WebhookPublicKey"] = webhookPublicKey,
            ["Agenda:Schedule"] = "0 * * * * *",
            ["Local:Urls"] = address,
            ["Local:Prefix"] = prefix + "Local",
            ["Local:SoleProcess"] = "true",
            ["Local:MasterKey"] = "local-master-key",
            ["Local:WebhookPrivateKey"] = webhookKey,
            ["Local:WebhookUrl"] = $"{address}/api/mail/events",
            ["Local:Clock"] = Now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["Local:ClockFrozen"] = IsFrozen ? "true" : "false",
        };
        foreach ((string name, string value) in settings)
        {
            all[name] = value;
        }

        return all;
    }
}
