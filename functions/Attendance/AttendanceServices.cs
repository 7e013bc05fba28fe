using Microsoft.Extensions.DependencyInjection;
using Plenary.Mail;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Attendance;

public static class AttendanceServices
{
    public static IServiceCollection AddAttendance(this IServiceCollection services)
    {
        services.AddSingleton<AttendanceTable>();
        services.AddSingleton<CertificateTable>();
        services.AddSingleton<IAttendance, ReadAttendance>();
        services.AddScoped<ReadPresence>();
        services.AddScoped<RecordAttendance>();
        services.AddScoped<IssueCertificates>();
        services.AddScoped<IComposeMail, CertificateMails>();
        services.AddScoped<IProjectPanel, AttendancePanel>();
        services.AddStore(AttendanceTable.Name, CertificateTable.Name);
        return services;
    }
}
