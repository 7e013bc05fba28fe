using System.CommandLine;
using Plenary.Attendance;
using Plenary.Domain;

namespace Plenary.Cli.Commands;

internal sealed record PresenceLine(string Candidate, string Attended, bool IsEarned, string Reason, string? Certificate);

/// <summary><c>attendance</c>: who came, and the certificates for it.</summary>
internal static class AttendanceCommands
{
    public static Command Build(OperationSource source)
    {
        Argument<string> project = new("project") { Description = "The project's code." };
        Command list = new("list", "Lists the participants, what they attended, and what the certificate rule says of it.") { project };
        source.Reads(list, Operation.OnProject(project, async (operation, found, cancellation) =>
        {
            IReadOnlyList<CertificateLine> lines = await operation.Get<IssueCertificates>().JudgeAsync(found, cancellation);
            await operation.Paper.ListAsync(
                lines.Select(line => new PresenceLine(
                    line.Participant.Candidate, $"{line.Verdict.Attendance.Part}/{line.Verdict.Attendance.Whole}", line.Verdict.IsEarned, line.Verdict.Reason, line.Issued?.Number)).ToAsyncEnumerable(),
                "No participants.",
                new Column<PresenceLine>("PARTICIPANT", 30, line => line.Candidate),
                new Column<PresenceLine>("ATTENDED", 8, line => line.Attended),
                new Column<PresenceLine>("CERTIFICATE", 16, line => line.Certificate ?? (line.IsEarned ? "earned" : "not earned")),
                new Column<PresenceLine>("WHY", 10, line => line.Reason));
            return ExitCodes.Done;
        }));

        Argument<FileInfo> file = new("file") { Description = "CSV with reference, session-1, session-2 …; yes or no under each." };
        Command record = new("record", "Records who was there, from a CSV file: all lines or none.") { project, file };
        source.Writes(record, Operation.OnProject(project, async (operation, found, cancellation) =>
        {
            Outcome<IReadOnlyDictionary<string, IReadOnlyDictionary<int, bool>>> read =
                await operation.Get<ReadPresence>().RunAsync(found, await Operation.ReadAsync(operation.Value(file), cancellation), cancellation);
            return read.TryGet(out IReadOnlyDictionary<string, IReadOnlyDictionary<int, bool>>? presence)
                ? await operation.AnswerAsync(
                    await operation.Get<RecordAttendance>().RunAsync(found, presence, operation.Caller, operation.Now, cancellation),
                    changed => new { listed = presence.Count, changed },
                    changed => $"{operation.Would("Recorded", "record")} {presence.Count} participants, {changed} of them changed.")
                : await operation.RefuseAsync(read.Refusals);
        }));

        Command certificates = new("certificates", "Issues every certificate that is earned and missing.") { project };
        source.Writes(certificates, Operation.OnProject(project, async (operation, found, cancellation) => await operation.AnswerAsync(
            await operation.Get<IssueCertificates>().RunAsync(found, operation.Caller, operation.Now, cancellation),
            count => new { certificates = count },
            count => $"{operation.Would("Issued", "issue")} what was missing: {count} certificates.")));

        return new Command("attendance", "Who came, and the certificates for it.") { list, record, certificates };
    }
}
