using Plenary.Access;
using Plenary.Domain;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Attendance;

/// <inheritdoc />
public sealed class AttendancePanel(IAttendance attendance, Pages pages) : IProjectPanel
{
    public int Order => 60;

    public async Task<string?> RenderAsync(Project project, Caller caller, string formToken, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        int attended = (await attendance.ListAttendedAsync(project.Code, cancellation)).Count;
        int certificates = await attendance.CountCertificatesAsync(project.Code, cancellation);
        return await pages.RenderAsync<AttendancePanelView, AttendancePanelModel>(new AttendancePanelModel(project, attended, certificates));
    }
}

public sealed record AttendancePanelModel(Project Project, int Attended, int Certificates);
