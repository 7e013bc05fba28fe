using Microsoft.Extensions.Options;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Mail;
using Plenary.Nominations;

namespace Plenary.Attendance;

/// <summary>Sends participants the address of their certificate.</summary>
public sealed class CertificateMails(INominations nominations, AttendanceTable attendance, IOptions<AccessOptions> access) : IComposeMail
{
    public const string Issued = "certificate-issued";

    public IReadOnlyCollection<string> Kinds { get; } = [Issued];

    public async Task<Composition> ComposeAsync(MailOwed owed, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(owed);
        ProjectCode code = ProjectCode.Parse(owed.Project);
        (string economy, string id) = CandidateId.Read(owed.Subject);
        if (await nominations.FindAsync(code, economy, id, cancellation) is not { } nomination ||
            (await attendance.Table.FindAsync(AttendanceTable.CertificateOf(code, owed.Subject), cancellation))?.Body<Certificate>() is not { } certificate ||
            certificate.Number != owed.Version)
        {
            return Composition.Skip("record-gone");
        }

        return new MailDraft(
            nomination.Email,
            nomination.Name,
            "en",
            $"Your certificate of attendance: {certificate.Title}",
            new MailBody()
                .Paragraph($"Dear {nomination.Name},")
                .Paragraph($"Thank you for taking part in “{certificate.Title}” ({certificate.Project}). You attended {certificate.SessionsAttended} of {certificate.Sessions} sessions. Your certificate of attendance has the number {certificate.Number}.")
                .Link("Open and print the certificate", $"{access.Value.BaseUrl.TrimEnd('/')}/certificates/{certificate.Number}")
                .Paragraph("Anybody to whom you give the number can check the certificate at the same address."));
    }
}
