using Microsoft.Extensions.DependencyInjection;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Mail;

public static class MailServices
{
    public static IServiceCollection AddMail(this IServiceCollection services)
    {
        services.AddOptions<MailOptions>().BindConfiguration(MailOptions.Section)
            .ValidateDataAnnotations()
            .Validate(options => options.HasReadableKeys(), "Mail:WebhookPublicKey holds something that is no public key in DER and base64.")
            .ValidateOnStart();
        services.AddStore(MailTable.Name);
        services.AddSingleton<MailLedger>();
        services.AddSingleton<IMailLedger>(provider => provider.GetRequiredService<MailLedger>());
        services.AddSingleton<EventSignature>();
        services.AddSingleton<IHealthProbe, MailHealth>();

        // Transient, since the provider's HttpClient is: its connections are renewed.
        services.AddTransient<MailComposers>();
        services.AddTransient<Postbox>();
        services.AddTransient<SendMail>();
        services.AddTransient<ReceiveMailEvents>();
        services.AddTransient<ResendMail>();
        services.AddScoped<IProjectPanel, MailPanel>();
        return services;
    }
}
