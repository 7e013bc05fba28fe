using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Plenary.Local;

/// <summary>The mailbox: SendGrid's side of the wire, on this machine. Nothing here leaves it.</summary>
public static class MailboxServices
{
    /// <summary>
    /// What <see cref="MailboxEndpoints.MapMailbox"/> needs. A <see cref="TimeProvider"/> must be registered as well. Settings:
    /// <c>Local:Storage</c> or <c>AzureWebJobsStorage</c> (neither: in memory), <c>Local:Prefix</c>, <c>Local:WebhookUrl</c>,
    /// <c>Local:WebhookPrivateKey</c>, <c>Local:AutoDeliver</c>.
    /// </summary>
    public static IServiceCollection AddMailbox(this IServiceCollection services, IConfiguration configuration)
    {
        MailboxSettings settings = MailboxSettings.From(configuration);
        services.AddSingleton(settings);
        if (settings.Storage is null)
        {
            services.AddSingleton<IMailStore, MemoryMailStore>();
        }
        else
        {
            services.AddSingleton<IMailStore, TableMailStore>();
        }

        services.AddSingleton<ProviderBehaviour>();
        services.AddSingleton<EventWebhook>();
        services.AddHttpClient(EventWebhook.ClientName, client => client.Timeout = TimeSpan.FromSeconds(30)).RemoveAllLoggers();
        services.AddRouting();
        return services;
    }

    /// <summary>The public key that the mailbox signs its events for: base64 of the DER SubjectPublicKeyInfo.</summary>
    public static Task<string> GetMailboxWebhookKeyAsync(this IServiceProvider services, CancellationToken cancellation = default) =>
        services.GetRequiredService<EventWebhook>().PublicKeyAsync(cancellation);
}
