using System.Globalization;
using Microsoft.Extensions.Options;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Notifications;
using Plenary.Selection;
using Plenary.Shared;

namespace Plenary.Attendance;

/// <summary>What the rule says of one participant.</summary>
public sealed record CertificateLine(Participant Participant, CertificateVerdict Verdict, Certificate? Issued);

/// <summary>Issues a certificate to everybody who attended enough; running it again issues only what is missing.</summary>
public sealed class IssueCertificates(
    ISelections selections, AttendanceTable attendance, CertificateTable certificates, IDecisions decisions, IOptions<OrganisationOptions> organisation)
{
    public async Task<IReadOnlyList<CertificateLine>> JudgeAsync(Project project, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        CertificateRule rule = new(project.Settings.CertificateMinimum);
        IReadOnlyDictionary<string, Row> presence = await attendance.ListPresenceAsync(project.Code, cancellation);
        IReadOnlyDictionary<string, Certificate> issued = await attendance.ListCertificatesAsync(project.Code, cancellation);
        return [.. (await selections.ListParticipantsAsync(project.Code, cancellation)).Select(participant =>
        {
            int attended = presence.TryGetValue(participant.Candidate, out Row? row) ? row.Body<PresenceRecord>().Sessions.Count : 0;
            return new CertificateLine(participant, rule.Judge(new Share(attended, project.Sessions.Count)), issued.GetValueOrDefault(participant.Candidate));
        })];
    }

    /// <summary>How many certificates exist afterwards.</summary>
    public async Task<Outcome<int>> RunAsync(Project project, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(caller);
        if (now < project.EndsAt)
        {
            return new Refusal("project-not-over", "The last session is not over yet.", Remedy: $"Issue certificates from {ProjectCalendar.InZone(project.EndsAt, project.HostZone)} on.");
        }

        int count = 0;
        foreach (CertificateLine line in await JudgeAsync(project, cancellation))
        {
            if (line.Issued is { } existing)
            {
                // A crash between the two writes below is made good here.
                await certificates.PublishAsync(existing, cancellation);
                count++;
            }
            else if (line.Verdict.IsEarned && await IssueAsync(project, line, caller, now, cancellation))
            {
                count++;
            }
        }

        return count;
    }

    private async Task<bool> IssueAsync(Project project, CertificateLine line, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        Certificate certificate = new(
            CertificateNumber.Draw(now.UtcDateTime.Year).Text,
            project.Code.ToString(),
            project.Notification.Title,
            line.Participant.Name,
            ClauseChanges.Span(project.Notification.StartsOn, project.Notification.EndsOn),
            organisation.Value.FullName,
            (int)line.Verdict.Attendance.Part,
            project.Sessions.Count,
            now);
        string candidate = line.Participant.Candidate;
        Batch batch = new Batch(AttendanceTable.PartitionOf(project.Code))
            .Insert(Row.Of(AttendanceTable.CertificateOf(project.Code, candidate), certificate, ("Candidate", candidate), ("Number", certificate.Number)))
            .Audit(new AuditEntry(now, caller.Actor, "certificate-issued", candidate, new Dictionary<string, string>
            {
                ["number"] = certificate.Number,
                ["attended"] = certificate.SessionsAttended.ToString(CultureInfo.InvariantCulture),
            }))
            .Owe(new MailOwed(project.Code.ToString(), CertificateMails.Issued, $"nominee:{candidate}", candidate, certificate.Number).ToOwed());

        // Who got which number first, its public copy second: the other order could publish a number that belongs to nobody.
        if (!(await decisions.CommitAsync(attendance.Table, batch, now, cancellation)).IsDone)
        {
            return false;
        }

        await certificates.PublishAsync(certificate, cancellation);
        return true;
    }
}
