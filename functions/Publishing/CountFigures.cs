using Plenary.Access;
using Plenary.Attendance;
using Plenary.Domain;
using Plenary.Nominations;
using Plenary.Selection;
using Plenary.Surveys;

namespace Plenary.Publishing;

/// <summary>Counts a project's figures from what each stage keeps; nothing is remembered that could drift.</summary>
public sealed class CountFigures(INominations nominations, ISelections selections, IAttendance attendance, ISurveys surveys, IRegistry registry)
{
    public async Task<ProjectFigures> RunAsync(Project project, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        IReadOnlyList<NominationCounts> counts = await nominations.CountsAsync(project.Code, cancellation);
        IReadOnlyList<Participant> participants = await selections.ListParticipantsAsync(project.Code, cancellation);
        IReadOnlyDictionary<string, int> attended = await attendance.ListAttendedAsync(project.Code, cancellation);
        Participant[] came = [.. participants.Where(participant => attended.ContainsKey(participant.Candidate))];
        SurveyResults? results = await surveys.FindResultsAsync(project.Code, cancellation);
        IReadOnlyList<RegistryEntry> entries = await registry.ListAsync(cancellation);
        return new ProjectFigures(
            project.Code.ToString(),
            project.Notification.Overseas.Count + project.Notification.Local.Count,
            counts.Sum(economy => economy.Submitted),
            counts.Count(economy => economy.Submitted > 0),
            await selections.CountSelectedAsync(project.Code, cancellation) ?? 0,
            participants.Count,
            came.Length,
            came.Select(participant => participant.Economy).Distinct().Count(),
            await attendance.CountCertificatesAsync(project.Code, cancellation),
            results?.Invited ?? 0,
            results?.Answered ?? 0,
            entries.Count,
            entries.Count(entry => entry.Economy.IsActive));
    }
}
