using Microsoft.Extensions.DependencyInjection;
using Plenary.Mail;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Closing;

public static class ClosingServices
{
    public static IServiceCollection AddClosing(this IServiceCollection services)
    {
        services.AddSingleton<ClosingTable>();
        services.AddSingleton<IClosings>(provider => provider.GetRequiredService<ClosingTable>());
        services.AddScoped<CloseNominations>();
        services.AddScoped<IComposeMail, ClosingSummary>();
        services.AddScoped<IProjectPanel, ClosingPanel>();
        services.AddStore(ClosingTable.Name);
        return services;
    }
}
