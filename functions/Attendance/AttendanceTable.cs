using Plenary.Domain;
using Plenary.Infra.Tables;

namespace Plenary.Attendance;

/// <summary>Who was where: one participant's sessions.</summary>
/// <param name="Candidate">As the selection names the person.</param>
/// <param name="Sessions">Numbers of the sessions attended, ascending.</param>
public sealed record PresenceRecord(string Candidate, IReadOnlyList<int> Sessions);

/// <summary>A certificate as issued: its content never changes.</summary>
public sealed record Certificate(
    string Number,
    string Project,
    string Title,
    string Name,
    string Held,
    string Organisation,
    int SessionsAttended,
    int Sessions,
    DateTimeOffset IssuedAt);

/// <summary>Presence and who got which certificate: one partition a project.</summary>
public sealed class AttendanceTable(ITables tables)
{
    public const string Name = "Attendance";
    public const string PresencePrefix = "presence-";
    public const string CertificatePrefix = "certificate-";

    internal ITable Table { get; } = tables.Get(Name);

    public static string PartitionOf(ProjectCode code) => Keys.Escape(code.ToString());

    public static RowKey PresenceOf(ProjectCode code, string candidate) => new(PartitionOf(code), PresencePrefix + Keys.Escape(candidate));

    public static RowKey CertificateOf(ProjectCode code, string candidate) => new(PartitionOf(code), CertificatePrefix + Keys.Escape(candidate));

    internal async Task<IReadOnlyDictionary<string, Row>> ListPresenceAsync(ProjectCode code, CancellationToken cancellation)
    {
        Dictionary<string, Row> rows = [];
        await foreach (Row row in Table.ListAsync(PartitionOf(code), KeyRange.StartingWith(PresencePrefix), cancellation))
        {
            rows[row.Body<PresenceRecord>().Candidate] = row;
        }

        return rows;
    }

    internal async Task<IReadOnlyDictionary<string, Certificate>> ListCertificatesAsync(ProjectCode code, CancellationToken cancellation)
    {
        Dictionary<string, Certificate> certificates = [];
        await foreach (Row row in Table.ListAsync(PartitionOf(code), KeyRange.StartingWith(CertificatePrefix), cancellation))
        {
            certificates[row.Text("Candidate")] = row.Body<Certificate>();
        }

        return certificates;
    }
}

/// <summary>Certificates by number, for whoever checks one.</summary>
public sealed class CertificateTable(ITables tables)
{
    public const string Name = "Certificates";
    public const string CertificateRow = "certificate";

    private readonly ITable table = tables.Get(Name);

    public static RowKey KeyOf(string number) => new(Keys.Escape(number), CertificateRow);

    public async Task<Certificate?> FindAsync(string number, CancellationToken cancellation) =>
        (await table.FindAsync(KeyOf(number), cancellation))?.Body<Certificate>();

    /// <summary>Writing the same certificate again changes nothing.</summary>
    internal Task PublishAsync(Certificate certificate, CancellationToken cancellation)
    {
        Row row = Row.Of(KeyOf(certificate.Number), certificate);
        return table.CommitAsync(new Batch(row.Key.Partition).Upsert(row), cancellation);
    }
}

/// <summary>Attendance for every slice to read.</summary>
public interface IAttendance
{
    /// <summary>Who was present at one session or more, by candidate, with how many sessions.</summary>
    Task<IReadOnlyDictionary<string, int>> ListAttendedAsync(ProjectCode code, CancellationToken cancellation);

    Task<int> CountCertificatesAsync(ProjectCode code, CancellationToken cancellation);
}

/// <inheritdoc />
public sealed class ReadAttendance(AttendanceTable attendance) : IAttendance
{
    public async Task<IReadOnlyDictionary<string, int>> ListAttendedAsync(ProjectCode code, CancellationToken cancellation) =>
        (await attendance.ListPresenceAsync(code, cancellation)).Values
            .Select(row => row.Body<PresenceRecord>())
            .Where(record => record.Sessions.Count > 0)
            .ToDictionary(record => record.Candidate, record => record.Sessions.Count);

    public async Task<int> CountCertificatesAsync(ProjectCode code, CancellationToken cancellation) =>
        (await attendance.ListCertificatesAsync(code, cancellation)).Count;
}
