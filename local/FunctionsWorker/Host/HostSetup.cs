using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Plenary.Local;

/// <summary>Puts the embedded host together.</summary>
internal static class HostSetup
{
    public const string SourcesKey = "Plenary.Local.FunctionSources";

    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        LocalSettings.Load(AppContext.BaseDirectory, Environment.CurrentDirectory);
        WebApplicationBuilder web = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // Watching configuration files for changes costs start-up time; a change takes effect at the next start.
            Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environment.GetEnvironmentVariable("AZURE_FUNCTIONS_ENVIRONMENT")
                ?? Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
                ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
                ?? Environments.Development,
        });
        HostJson hostJson = HostJson.Read(web.Configuration["Local:HostJson"]);
        string url = Listen(web);

        // Before all other sources, so that any of them wins.
        ((IConfigurationBuilder)web.Configuration).Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData =
            [
                .. hostJson.LogLevels,
                KeyValuePair.Create<string, string?>("Local:BaseUrl", url),
                KeyValuePair.Create<string, string?>("Access:BaseUrl", url),
                KeyValuePair.Create<string, string?>("Access:Authority", url + SignIn.Authority),
                KeyValuePair.Create<string, string?>("Access:Audience", "plenary-local"),
                KeyValuePair.Create<string, string?>(HostBus.Setting, HostBus.DefaultConnection(web.Configuration)),
                KeyValuePair.Create<string, string?>(HostBus.ProductSetting, web.Configuration[HostBus.Setting] ?? HostBus.DefaultConnection(web.Configuration)),
                KeyValuePair.Create<string, string?>("WEBSITE_AUTH_ENABLED", SignIn.IsOn(web.Configuration) ? "True" : "False"),
            ],
        });
        web.Services.AddSingleton(hostJson);
        return web;
    }

    public static IHost Build(
        WebApplicationBuilder web, IEnumerable<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware, bool hasHttp)
    {
        HostJson hostJson = (HostJson)(web.Services.First(service => service.ServiceType == typeof(HostJson)).ImplementationInstance
            ?? throw new InvalidOperationException("The builder has lost its host.json."));
        FunctionCatalog catalog = FunctionCatalog.Find(Sources(web), web.Configuration, hostJson);
        foreach (FunctionEntry entry in catalog.All)
        {
            FunctionExecutor.Prepare(entry);
        }

        if (!hasHttp && catalog.All.Any(entry => entry.Route is not null))
        {
            throw new InvalidOperationException("HTTP functions need builder.ConfigureFunctionsWebApplication().");
        }

        FunctionExecutionDelegate pipeline = middleware.Reverse()
            .Aggregate((FunctionExecutionDelegate)FunctionExecutor.ExecuteAsync, (next, step) => step(next));
        AddServices(web.Services, web.Configuration, catalog, pipeline);
        web.Services.AddMailbox(web.Configuration);
        WebApplication app = web.Build();
        Map(app, catalog);
        return app;
    }

    private static void AddServices(
        IServiceCollection services, IConfiguration settings, FunctionCatalog catalog, FunctionExecutionDelegate pipeline)
    {
        MovableClock clock = services.Select(service => service.ImplementationInstance).OfType<MovableClock>().LastOrDefault() ?? ClockOf(settings);
        services.AddSingleton(clock);
        services.AddSingleton<TimeProvider>(clock);
        services.AddSingleton(catalog);
        services.AddSingleton(provider => new Runs(pipeline, provider.GetRequiredService<IServiceScopeFactory>()));
        services.AddSingleton<FunctionKeys>();
        services.AddSingleton<HttpDoor>();
        services.AddSingleton<HostStorage>();
        services.AddSingleton<HostBus>();
        services.AddSingleton<SigningKey>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<AdminEndpoints>();
        services.AddSingleton<BackgroundHost>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<BackgroundHost>());
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(40));
        services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);

        // The real worker adds MVC and with it Razor components; only what the functions return is added here.
        services.AddRouting();
        services.AddRazorComponents();
        UnregisterKeyRing(services);
        if (catalog.All.Any(entry => ReturnsActionResult(entry.Method.ReturnType)))
        {
            services.AddMvcCore();
        }
    }

    private static MovableClock ClockOf(IConfiguration settings)
    {
        MovableClock clock = new();
        if (settings["Local:ClockOf"] is { Length: > 0 } other)
        {
            Follow(clock, new Uri(new Uri(other), "/local/clock"));
            return clock;
        }

        if ("true".Equals(settings["Local:ClockFrozen"], StringComparison.OrdinalIgnoreCase))
        {
            clock.Freeze();
        }

        if (settings["Local:Clock"] is { Length: > 0 } start)
        {
            clock.MoveTo(DateTimeOffset.Parse(start, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
        }

        return clock;
    }

    /// <summary>Sets the clock as that of another process stands: whoever shares its stores must not be ahead of it.</summary>
    private static void Follow(MovableClock clock, Uri other)
    {
        using HttpClient http = new() { Timeout = TimeSpan.FromSeconds(10) };
        using HttpResponseMessage answer = http.Send(new HttpRequestMessage(HttpMethod.Get, other));
        using JsonDocument read = JsonDocument.Parse(answer.EnsureSuccessStatusCode().Content.ReadAsStream());
        if (read.RootElement.GetProperty("isFrozen").GetBoolean())
        {
            clock.Freeze();
        }

        clock.MoveTo(read.RootElement.GetProperty("now").GetDateTimeOffset());
    }

    /// <summary>Razor's services bring a key ring that is made and written to disk at start; now it is made when first used.</summary>
    private static void UnregisterKeyRing(IServiceCollection services)
    {
        foreach (ServiceDescriptor service in services
            .Where(service => service.ServiceType == typeof(IHostedService) && !service.IsKeyedService &&
                service.ImplementationType?.Name == "DataProtectionHostedService")
            .ToArray())
        {
            services.Remove(service);
        }
    }

    private static bool ReturnsActionResult(Type type) =>
        typeof(IActionResult).IsAssignableFrom(type) ||
        (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>) &&
            (type.GetGenericArguments()[0] == typeof(object) || ReturnsActionResult(type.GetGenericArguments()[0])));

    private static void Map(WebApplication app, FunctionCatalog catalog)
    {
        HttpDoor door = app.Services.GetRequiredService<HttpDoor>();
        app.Use(next => http => HttpDoor.EnterAsync(http, next));
        if (SignIn.IsOn(app.Configuration))
        {
            SignIn signIn = app.Services.GetRequiredService<SignIn>();
            app.Use(next => http => signIn.GuardAsync(http, next));
            signIn.Map(app);
        }

        app.UseRouting();
        app.Use(next => http => door.FindAsync(http, next));
        ((IEndpointRouteBuilder)app).DataSources.Add(new DefaultEndpointDataSource(
            catalog.All.Where(entry => entry is { Route: not null, IsDisabled: false }).Select(door.EndpointOf)));
        app.Services.GetRequiredService<AdminEndpoints>().Map(app);
        app.MapClock();
        app.MapMailbox();
        new BrokerEndpoint(app.Services.GetRequiredService<HostBus>()).Map(app);
        new IdleEndpoint(
            app.Services.GetRequiredService<Runs>(),
            app.Services.GetRequiredService<BackgroundHost>(),
            app.Services.GetRequiredService<HostBus>()).Map(app);
        app.Lifetime.ApplicationStarted.Register(() => Announce(app));
    }

    private static void Announce(WebApplication app)
    {
        foreach (string line in app.Services.GetRequiredService<FunctionKeys>().Made)
        {
            Console.WriteLine(line);
        }

        foreach (string address in app.Urls)
        {
            Console.WriteLine($"Listening on {address}");
        }
    }

    private static IEnumerable<Type> Sources(WebApplicationBuilder web)
    {
        if (((IHostApplicationBuilder)web).Properties.TryGetValue(SourcesKey, out object? given) && given is IEnumerable<Type> types)
        {
            return types;
        }

        return Assembly.GetEntryAssembly() is { } app ? FunctionClasses.Of(app) : [];
    }

    /// <summary>Port 0 is turned into a real one here already, and held, so that the app knows its own address while it is configured.</summary>
    private static string Listen(WebApplicationBuilder web)
    {
        Uri wanted = new(web.Configuration["Local:Urls"] ?? "http://localhost:7071");
        if (wanted.Port != 0)
        {
            string given = wanted.GetLeftPart(UriPartial.Authority);
            web.WebHost.UseUrls(given);
            return given;
        }

        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)(socket.LocalEndPoint ?? throw new InvalidOperationException("No port is free."))).Port;
        web.Services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = _ => socket);
        string url = $"http://127.0.0.1:{port}";
        web.WebHost.UseUrls(url);
        return url;
    }
}
