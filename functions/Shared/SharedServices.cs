using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Plenary.Shared;

public static class SharedServices
{
    public static IServiceCollection AddShared(this IServiceCollection services)
    {
        services.AddOptions<OrganisationOptions>().BindConfiguration(OrganisationOptions.Section)
            .ValidateDataAnnotations()
            .Validate(options => TimeZoneInfo.TryFindSystemTimeZoneById(options.Zone ?? "", out _), "Organisation:Zone must be an IANA zone.")
            .ValidateOnStart();

        // The server writes its own name after every middleware has run, so it is told not to.
        services.Configure<KestrelServerOptions>(options => options.AddServerHeader = false);
        services.AddRazorComponents();
        services.AddScoped<Pages>();
        services.AddScoped<Answers>();
        services.AddSingleton<CheckHealth>();
        services.AddSingleton<IHealthProbe, TablesHealth>();
        services.AddSingleton<IHealthProbe, BlobsHealth>();
        services.AddSingleton<IHealthProbe, BusHealth>();
        services.AddSingleton<IHealthProbe, SecretsHealth>();
        services.AddSingleton<IHealthProbe, MailKeyHealth>();
        services.AddHostedService<StoreCreation>();
        return services;
    }

    /// <summary>Each owner says which tables and containers it needs; one machine makes them, Azure has them provisioned.</summary>
    public static IServiceCollection AddStore(this IServiceCollection services, params IEnumerable<string> tables) =>
        services.AddSingleton(new NeededStores([.. tables], []));

    /// <inheritdoc cref="AddStore" />
    public static IServiceCollection AddContainer(this IServiceCollection services, string container) =>
        services.AddSingleton(new NeededStores([], [container]));
}

/// <summary>What one slice keeps.</summary>
public sealed record NeededStores(IReadOnlyList<string> Tables, IReadOnlyList<string> Containers);
