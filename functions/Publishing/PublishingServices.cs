using Microsoft.Extensions.DependencyInjection;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Publishing;

public static class PublishingServices
{
    public static IServiceCollection AddPublishing(this IServiceCollection services)
    {
        services.AddSingleton<OutcomeTable>();
        services.AddScoped<CountFigures>();
        services.AddScoped<DraftOutcome>();
        services.AddScoped<PublishOutcome>();
        services.AddScoped<IProjectSection, OutcomeSection>();
        services.AddScoped<IProjectPanel, OutcomePanel>();
        services.AddStore(OutcomeTable.Name);
        return services;
    }
}
