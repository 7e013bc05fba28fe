using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Plenary.Local.TestApp;
using Plenary.Support;

namespace Plenary.Local.Tests.Host;

/// <summary>The test app on a free port in this process, on a clock that stands still at 2023-07-03T09:00:30Z.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    public const string MasterKey = "the-master-key";
    public const string FunctionKey = "the-function-key";

    private readonly IHost host;
    private bool stopped;

    private RunningHost(IHost host, MovableClock clock)
    {
        this.host = host;
        Clock = clock;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = host.Address(),
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    public static DateTimeOffset Start { get; } = new(2023, 7, 3, 9, 0, 30, TimeSpan.Zero);

    public HttpClient Client { get; }

    public MovableClock Clock { get; }

    public IServiceProvider Services => host.Services;

    public Seen Seen => host.Services.GetRequiredService<Seen>();

    /// <summary>The notes of functions, without those of disposed services.</summary>
    public IReadOnlyList<string> Notes => [.. Seen.Notes.Where(note => !note.StartsWith("disposed", StringComparison.Ordinal))];

    public static Task<RunningHost> StartAsync(Type functions, params (string Name, string Value)[] settings) =>
        StartAsync([functions], Start, settings);

    public static async Task<RunningHost> StartAsync(Type[] functions, DateTimeOffset at, params (string Name, string Value)[] settings)
    {
        MovableClock clock = new();
        clock.Freeze();
        clock.MoveTo(at);
        FunctionsApplicationBuilder builder = Build(functions, settings);
        builder.Services.AddSingleton(clock);
        IHost host = builder.Build();
        await host.StartAsync();
        return new RunningHost(host, clock);
    }

    /// <summary>A builder with all settings, for tests of what is refused at start.</summary>
    public static FunctionsApplicationBuilder Build(Type[] functions, params (string Name, string Value)[] settings)
    {
        (string Name, string Value)[] defaults =
        [
            ("Local:Urls", "http://127.0.0.1:0"),
            ("Local:HostJson", Path.Combine(Repository.Root, "host.json")),
            ("Local:MasterKey", MasterKey),
            ("Local:FunctionKey", FunctionKey),
            ("Local:Prefix", Azurite.Unique("Host")),
            ("Logging:LogLevel:Default", "None"),
            ("Logging:LogLevel:Microsoft", "None"),
            ("Test:Schedule", "0 * * * * *"),
            ("Test:Queue", "work"),
        ];
        return TestApp.Program
            .CreateBuilder([.. defaults.Concat(settings).Select(setting => $"--{setting.Name}={setting.Value}")])
            .UseFunctionsOf(functions);
    }

    /// <summary>Waits until nothing is left to do, and says so or fails.</summary>
    public async Task IdleAsync()
    {
        using JsonDocument idle = await GetJsonAsync("/local/idle?wait=20");
        Assert.True(idle.RootElement.GetProperty("idle").GetBoolean(), idle.RootElement.GetRawText());
    }

    public async Task<JsonDocument> GetJsonAsync(string path) =>
        await Client.GetFromJsonAsync<JsonDocument>(path) ?? throw new InvalidOperationException("No JSON came.");

    public async Task StopAsync()
    {
        if (!stopped)
        {
            stopped = true;
            await host.StopAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Seen.Gate.TrySetResult();
        Client.Dispose();
        await StopAsync();
        host.Dispose();
    }
}
