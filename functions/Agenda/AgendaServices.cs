using Microsoft.Extensions.DependencyInjection;
using Plenary.Shared;

namespace Plenary.Agenda;

public static class AgendaServices
{
    public static IServiceCollection AddAgenda(this IServiceCollection services)
    {
        services.AddOptions<AgendaOptions>().BindConfiguration(AgendaOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddStore(AgendaTable.Name, ReminderTable.Name);
        services.AddTransient<KeepBeat>();
        services.AddTransient<RunAgenda>();
        services.AddTransient<SweepOutbox>();
        services.AddTransient<RelayOutbox>();
        services.AddSingleton<RelayTurns>();
        services.AddTransient<SendReminder>();
        services.AddSingleton<IReminders, Reminders>();
        services.AddSingleton<IHealthProbe, TimerHealth>();
        return services;
    }
}
