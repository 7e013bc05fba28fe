using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Plenary.Infra.Blobs;
using Plenary.Infra.Bus;
using Plenary.Infra.Identity;
using Plenary.Infra.Mail;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Infra.Telemetry;

namespace Plenary.Infra;

public static class InfraServices
{
    /// <summary>Tables, blobs, bus, mail provider and outbox, by identity or by connection string.</summary>
    public static IServiceCollection AddInfra(this IServiceCollection services)
    {
        services.AddOptions<AzureOptions>().BindConfiguration(AzureOptions.Section)
            .Validate(
                options => options.StorageConnectionString is not null || (options.TablesEndpoint is not null && options.BlobsEndpoint is not null),
                "Set Azure:TablesEndpoint and Azure:BlobsEndpoint, or Azure:StorageConnectionString on one machine.")
            .Validate(
                options => options.ServiceBusConnectionString is not null || options.ServiceBusNamespace is not null,
                "Set Azure:ServiceBusNamespace, or Azure:ServiceBusConnectionString on one machine.")
            .ValidateOnStart();
        services.AddOptions<SendGridOptions>().BindConfiguration(SendGridOptions.Section).ValidateDataAnnotations().ValidateOnStart();

        services.TryAddSingleton<TokenCredential>(provider => Identity(Options(provider)));
        services.AddSingleton<ITables>(provider => Tables(Options(provider), provider));
        services.AddSingleton<IBlobs>(provider => Blobs(Options(provider), provider));
        services.AddSingleton(provider => Client(Options(provider), provider));
        services.AddSingleton<Bus.ServiceBus>();
        services.AddSingleton<IBus>(provider => provider.GetRequiredService<Bus.ServiceBus>());
        services.AddSingleton<IQueueWatch>(provider => provider.GetRequiredService<Bus.ServiceBus>());
        services.AddSingleton<IQueues, ServiceBusQueues>();
        services.AddSingleton<IDecisions, Decisions>();
        services.AddHttpClient<IMailProvider, SendGridProvider>(http => http.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(provider => SendGridProvider.Connect(provider.GetRequiredService<IOptions<SendGridOptions>>().Value.TimeoutSeconds));
        services.AddSingleton(provider => new TelemetryExport(provider.GetRequiredService<IConfiguration>(), () => Credential(provider)));
        services.AddHostedService(provider => provider.GetRequiredService<TelemetryExport>());
        return services;
    }

    /// <summary>
    /// Before <see cref="AddInfra"/>, for a person at a terminal: whoever is signed in with Azure's own tools, or the machine's identity,
    /// in the place of the app's managed identity.
    /// </summary>
    public static IServiceCollection AddOperatorIdentity(this IServiceCollection services) =>
        services.AddSingleton<TokenCredential>(_ => new DefaultAzureCredential());

    private static AzureOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<AzureOptions>>().Value;

    private static AzureTables Tables(AzureOptions options, IServiceProvider provider) => new(
        options.StorageConnectionString is { } connection
            ? new TableServiceClient(connection)
            : new TableServiceClient(Required(options.TablesEndpoint), Credential(provider)),
        options.Prefix);

    private static AzureBlobs Blobs(AzureOptions options, IServiceProvider provider) => new(
        options.StorageConnectionString is { } connection
            ? new BlobServiceClient(connection)
            : new BlobServiceClient(Required(options.BlobsEndpoint), Credential(provider)),
        options.Prefix.ToLowerInvariant());

    private static ServiceBusClient Client(AzureOptions options, IServiceProvider provider) =>
        options.ServiceBusConnectionString is { } connection
            ? new ServiceBusClient(connection)
            : new ServiceBusClient(options.ServiceBusNamespace, Credential(provider));

    private static TokenCredential Credential(IServiceProvider provider) => provider.GetRequiredService<TokenCredential>();

    private static ManagedIdentityCredential Identity(AzureOptions options) =>
        new ManagedIdentityCredential(string.IsNullOrEmpty(options.ClientId)
            ? ManagedIdentityId.SystemAssigned
            : ManagedIdentityId.FromUserAssignedClientId(options.ClientId));

    private static T Required<T>(T? value)
        where T : class => value ?? throw new InvalidOperationException("Settings passed their check without a value.");
}
