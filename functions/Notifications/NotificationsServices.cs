using Microsoft.Extensions.DependencyInjection;
using Plenary.Shared;

namespace Plenary.Notifications;

public static class NotificationsServices
{
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddSingleton<ProjectTable>();
        services.AddSingleton<IProjects>(provider => provider.GetRequiredService<ProjectTable>());
        services.AddSingleton<DraftTable>();
        services.AddScoped<ImportNotification>();
        services.AddScoped<ReadSurroundings>();
        services.AddScoped<VersionWriter>();
        services.AddScoped<IssueNotification>();
        services.AddScoped<CancelProject>();
        services.AddScoped<CirculateNotification>();
        services.AddScoped<HandOverDesks>();
        services.AddScoped<ShowProject>();
        services.AddScoped<CheckDraftEndpoint>();
        services.AddStore(ProjectTable.Name, DraftTable.Name);
        return services;
    }
}
