using Azure.Data.Tables;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
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

        services.AddSingleton<ITables>(provider => Tables(Options(provider)));
        services.AddSingleton<IBlobs>(provider => Blobs(Options(provider)));
        services.AddSingleton(provider => new Bus.ServiceBus(Client(Options(provider))));
        services.AddSingleton<IBus>(provider => provider.GetRequiredService<Bus.ServiceBus>());
        services.AddSingleton<IQueueWatch>(provider => provider.GetRequiredService<Bus.ServiceBus>());
        services.AddSingleton<IDecisions, Decisions>();
        services.AddHttpClient<IMailProvider, SendGridProvider>();
        services.AddSingleton(provider => new TelemetryExport(provider.GetRequiredService<IConfiguration>(), () => Identity(Options(provider))));
        services.AddHostedService(provider => provider.GetRequiredService<TelemetryExport>());
        return services;
    }

    private static AzureOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<AzureOptions>>().Value;

    private static AzureTables Tables(AzureOptions options) => new(
        options.StorageConnectionString is { } connection
            ? new TableServiceClient(connection)
            : new TableServiceClient(Required(options.TablesEndpoint), Identity(options)),
        options.Prefix);

    private static AzureBlobs Blobs(AzureOptions options) => new(
        options.StorageConnectionString is { } connection
            ? new BlobServiceClient(connection)
            : new BlobServiceClient(Required(options.BlobsEndpoint), Identity(options)),
        options.Prefix.ToLowerInvariant());

    private static ServiceBusClient Client(AzureOptions options) =>
        options.ServiceBusConnectionString is { } connection
            ? new ServiceBusClient(connection)
            : new ServiceBusClient(options.ServiceBusNamespace, Identity(options));

    private static ManagedIdentityCredential Identity(AzureOptions options) =>
        new ManagedIdentityCredential(string.IsNullOrEmpty(options.ClientId)
            ? ManagedIdentityId.SystemAssigned
            : ManagedIdentityId.FromUserAssignedClientId(options.ClientId));

    private static T Required<T>(T? value)
        where T : class => value ?? throw new InvalidOperationException("Settings passed their check without a value.");
}
