using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Plenary.Infra.Blobs;
using Plenary.Infra.Bus;
using Plenary.Infra.Mail;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Local;
using Plenary.Shared;

namespace Plenary.Simulation;

/// <summary>A request to one of the app's doors, named by its function.</summary>
internal sealed record HttpCall(string Function, string Method, IReadOnlyDictionary<string, string> Route)
{
    public byte[] Body { get; init; } = [];

    public string? ContentType { get; init; }

    public string? Cookie { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}

/// <param name="ReceivedAt">When the instance that took it says it came.</param>
internal sealed record HttpAnswer(int Status, string Body, string Location, string Cookie, DateTimeOffset ReceivedAt)
{
    public bool IsGood => Status is >= 200 and < 400;

    public override string ToString() => $"{Status}{(Location.Length > 0 ? $" to {Location}" : "")}{(Status >= 400 ? $": {Body[..Math.Min(Body.Length, 300)]}" : "")}";
}

/// <summary>
/// One process of the app: the services of Program.cs, over stores of the simulation. Its doors are opened as the embedded host
/// opens them, front middleware included. When it dies, nothing of it ever goes on.
/// </summary>
internal sealed class SimulatedApp
{
    private const string Issuer = "https://sign-in.example.org/v2.0";

    /// <summary>The pair from the sample settings: it opens nothing.</summary>
    private static readonly IConfiguration Settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["ServiceBus"] = "-",
        ["Azure:StorageConnectionString"] = "-",
        ["Azure:ServiceBusConnectionString"] = "-",
        ["SendGrid:ApiKey"] = "-",
        ["SendGrid:FromAddress"] = "projects@example.org",
        ["SendGrid:FromName"] = "The Secretariat",
        ["Organisation:Name"] = "Plenary",
        ["Organisation:FullName"] = "The Secretariat",
        ["Organisation:ContactAddress"] = "projects@example.org",
        ["Organisation:Zone"] = "Asia/Tokyo",
        ["Access:BaseUrl"] = "https://plenary.example.org",
        ["Access:LinkPepper"] = Pepper,
        ["Access:Authority"] = Issuer,
        ["Access:Audience"] = "plenary",
        ["Mail:SecretariatAddress"] = "secretariat@example.org",
        ["Mail:SecretariatName"] = "The Secretariat",
        ["Mail:WebhookPublicKey"] = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEfBnhWkMsFWwv57zsk5/PLdoffhgTq73MCTJsK8Nn09h4O8IzrAP0IJ2NZF9gRrnIBhCi37+W+UaTogh/9Mri6g==",
        ["Agenda:Schedule"] = "0 * * * * *",
    }).Build();

    private static readonly FunctionCatalog Catalog = FunctionCatalog.Find(
        typeof(FrontMiddleware).Assembly.GetTypes().Where(type => type is { IsClass: true } && (!type.IsAbstract || type.IsSealed)), Settings, HostJson.Read(null));

    private static readonly SymmetricSecurityKey SigningKey = new(Encoding.UTF8.GetBytes("only for simulations: it opens nothing at all")) { KeyId = "s" };
    private static readonly StaticConfigurationManager<OpenIdConnectConfiguration> Keys = new(MakeConfiguration());

    /// <summary>
    /// One set of services for all instances, since making one costs more than a whole story; what they reach through their ports, and what a process
    /// keeps in memory, is the instance's whose strand it is.
    /// </summary>
    private static readonly ServiceProvider Services = MakeServices();
    private static readonly FunctionExecutionDelegate Pipeline = MakePipeline();

    public SimulatedApp(World world, int number, TimeSpan skew)
    {
        World = world;
        Number = number;
        Skew = skew;
        Tables = new SimulatedTables(world, this);
        Blobs = new SimulatedBlobs(world, this);
        Bus = new SimulatedBus(world, this);
        Provider = new SimulatedProvider(world, this);
        Clock = new SimulatedClock(world, skew);
        Decisions = new Decisions(Tables, Bus, Services.GetRequiredService<ILogger<Decisions>>(), Clock);
    }

    internal const string Pepper = "local-pepper-for-one-machine-only-0123456789";

    public int Number { get; }

    public TimeSpan Skew { get; }

    public World World { get; }

    public SimulatedTables Tables { get; }

    public SimulatedBlobs Blobs { get; }

    public SimulatedBus Bus { get; }

    public SimulatedProvider Provider { get; }

    public SimulatedClock Clock { get; }

    /// <summary>Remembers which partitions it has marked, as long as the process lives.</summary>
    public Decisions Decisions { get; }

    public bool IsDead { get; set; }

    /// <summary>Requests that nobody has answered yet.</summary>
    public List<Signal<HttpAnswer?>> Unanswered { get; } = [];

    /// <summary>Names of the queues and of the functions that listen there.</summary>
    public static IReadOnlyDictionary<string, string> Listeners { get; } = new SortedDictionary<string, string>(
        Catalog.All.Where(entry => entry.QueueName is not null).ToDictionary(entry => entry.QueueName ?? "", entry => entry.Name), StringComparer.Ordinal);

    public static string TokenOf(string id, params string[] roles) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Issuer,
        Audience = "plenary",
        NotBefore = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        IssuedAt = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        Expires = new DateTime(2040, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        Claims = new Dictionary<string, object> { ["oid"] = id, ["name"] = id, ["roles"] = roles },
        SigningCredentials = new SigningCredentials(SigningKey, SecurityAlgorithms.HmacSha256),
    });

    /// <summary>Of the reading of one message, or of a timer's occurrence.</summary>
    public async Task RunAsync(string function, object input)
    {
        CheckCharge();
        await using AsyncServiceScope scope = Services.CreateAsyncScope();
        await Pipeline(new Invocation(EntryOf(function), scope.ServiceProvider, CancellationToken.None) { Input = input });
    }

    public async Task<HttpAnswer> AnswerAsync(HttpCall call)
    {
        CheckCharge();
        await using AsyncServiceScope scope = Services.CreateAsyncScope();
        FunctionEntry entry = EntryOf(call.Function);
        using MemoryStream answer = new();
        DefaultHttpContext http = new() { RequestServices = scope.ServiceProvider };
        http.Request.Method = call.Method;
        http.Request.Scheme = "https";
        http.Request.Host = new HostString("plenary.example.org");
        http.Request.Path = PathOf(entry, call.Route);
        http.Request.Body = new MemoryStream(call.Body, writable: false);
        http.Request.ContentLength = call.Body.Length;
        http.Request.ContentType = call.ContentType;
        foreach ((string name, string value) in call.Headers)
        {
            http.Request.Headers[name] = value;
        }

        if (call.Cookie is not null)
        {
            http.Request.Headers.Cookie = call.Cookie;
        }

        foreach ((string name, string value) in call.Route)
        {
            http.Request.RouteValues[name] = value;
        }

        http.Response.Body = answer;
        await Pipeline(new Invocation(entry, scope.ServiceProvider, CancellationToken.None) { Http = http });
        string cookie = http.Response.Headers.SetCookie.ToString();
        return new HttpAnswer(
            http.Response.StatusCode,
            Encoding.UTF8.GetString(answer.ToArray()),
            http.Response.Headers.Location.ToString(),
            cookie.Split(';')[0],
            http.Request.ReceivedAt());
    }

    /// <summary>Only a strand of this instance reaches its ports.</summary>
    private void CheckCharge()
    {
        if (InCharge.App != this)
        {
            throw new InvalidOperationException("Another instance's strand runs here.");
        }
    }

    private static ServiceProvider MakeServices()
    {
        ServiceCollection all = [];
        all.AddSingleton(Settings);
        all.AddLogging(logging => logging.AddProvider(new Notes()));
        all.AddSingleton<TimeProvider>(new ClockInCharge());
        all.AddPlenary();
        all.AddSingleton<ITables>(new TablesInCharge());
        all.AddSingleton<IBlobs>(new BlobsInCharge());
        all.AddSingleton<IBus>(new BusInCharge());
        all.AddSingleton<IQueueWatch>(new BusInCharge());
        all.AddSingleton<IMailProvider>(new ProviderInCharge());
        all.AddSingleton<IDecisions>(new DecisionsInCharge());
        all.AddSingleton<IConfigurationManager<OpenIdConnectConfiguration>>(Keys);
        all.AddSingleton<FrontMiddleware>();

        // Reads only, and remembers its answer for all who ask: one strand would wait for another's.
        all.AddSingleton(provider => new CheckHealth([], provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<CheckHealth>>()));
        all.AddSingleton<IWebHostEnvironment>(new Surroundings());
        return all.BuildServiceProvider();
    }

    private static FunctionExecutionDelegate MakePipeline()
    {
        FrontMiddleware front = Services.GetRequiredService<FrontMiddleware>();
        return HttpDoor.Proxy(context => front.Invoke(context, FunctionExecutor.ExecuteAsync));
    }

    private static FunctionEntry EntryOf(string function) => Catalog.Get(function) ?? throw new InvalidOperationException($"There is no function {function}.");

    private static OpenIdConnectConfiguration MakeConfiguration()
    {
        OpenIdConnectConfiguration configuration = new() { Issuer = Issuer };
        configuration.SigningKeys.Add(SigningKey);
        return configuration;
    }

    private static string PathOf(FunctionEntry entry, IReadOnlyDictionary<string, string> route) => "/" + string.Join('/', (entry.Route ?? "").Split('/').Select(part =>
        part.StartsWith('{') ? route[part.Trim('{', '}').Split(':')[0]] : part));

    private sealed class Surroundings : IWebHostEnvironment
    {
        public string ApplicationName { get; set; } = "Plenary.Functions";

        public string EnvironmentName { get; set; } = "Production";

        public string ContentRootPath { get; set; } = AppContext.BaseDirectory;

        public string WebRootPath { get; set; } = AppContext.BaseDirectory;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();

        public IFileProvider WebRootFileProvider { get; set; } = new NullFileProvider();
    }

    /// <summary>What the app logs as trouble, into the story.</summary>
    private sealed class Notes : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && Turns.CurrentOrNone?.App is { World.IsTelling: true };

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Turns.Current.App?.World.Note(string.Create(
                    CultureInfo.InvariantCulture, $"log {logLevel}: {formatter(state, null)}{(exception is null ? "" : $" [{exception.GetType().Name}: {exception.Message}]")}"));
            }
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}

/// <summary>The time one instance believes it is; its timers run on the time of the world.</summary>
internal sealed class SimulatedClock(World world, TimeSpan skew) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => world.Now + skew;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Timer timer = new(Turns.Current);
        if (dueTime >= TimeSpan.Zero)
        {
            timer.Owner.Pending++;
            world.At(world.Now + dueTime, () =>
            {
                timer.Release();
                if (!timer.IsStopped)
                {
                    world.Turns.Enqueue(timer.Owner, () => callback(state));
                }
            });
        }

        return timer;
    }

    private sealed class Timer(Strand owner) : ITimer
    {
        private bool released;

        public Strand Owner => owner;

        public bool IsStopped { get; private set; }

        public void Release()
        {
            if (!released)
            {
                released = true;
                owner.Pending--;
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException("No timer of the app is changed.");

        public void Dispose()
        {
            IsStopped = true;
            Release();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
