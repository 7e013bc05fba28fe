using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Plenary.Access;
using Plenary.Agenda;
using Plenary.Attendance;
using Plenary.Closing;
using Plenary.Infra;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Publishing;
using Plenary.Selection;
using Plenary.Shared;
using Plenary.Surveys;

namespace Plenary;

public static class Wiring
{
    /// <summary>The whole service, for the app and for the operator's command alike.</summary>
    public static IServiceCollection AddPlenary(this IServiceCollection services)
    {
#pragma warning disable RS0030 // The one place that names the system clock.
        services.TryAddSingleton(TimeProvider.System);
#pragma warning restore RS0030
        services.AddInfra();
        services.AddShared();
        services.AddAccess();
        services.AddAgenda();
        services.AddMail();
        services.AddNotifications();
        services.AddNominations();
        services.AddClosing();
        services.AddSelection();
        services.AddAttendance();
        services.AddSurveys();
        services.AddPublishing();
        return services;
    }
}
