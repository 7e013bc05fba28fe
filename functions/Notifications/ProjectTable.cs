using System.Globalization;
using Plenary.Domain;
using Plenary.Infra.Tables;

namespace Plenary.Notifications;

/// <summary>One immutable version of a notification, with the text it was read from and what changed since the one before.</summary>
public sealed record ProjectVersion(
    int Number,
    DateTimeOffset IssuedAt,
    string IssuedBy,
    string SourceText,
    ProjectNotification Notification,
    IReadOnlyList<ClauseChange> Changes,
    string? Reason)
{
    /// <summary>What the changes mean to those concerned; empty for a first version, and where only words differ.</summary>
    public IReadOnlyList<RevisionKind> Kinds { get; init; } = [];
}

/// <summary>
/// Issued projects: a partition each, holding the head (what the project is now), every version, the audit trail and the outbox.
/// A partition of its own lists the codes.
/// </summary>
public sealed class ProjectTable(ITables tables) : IProjects
{
    public const string Name = "Projects";
    public const string CataloguePartition = "catalogue";
    public const string HeadRow = "head";

    internal ITable Table { get; } = tables.Get(Name);

    public static string PartitionOf(ProjectCode code) => $"project|{Keys.Escape(code.ToString())}";

    public static RowKey HeadOf(ProjectCode code) => new(PartitionOf(code), HeadRow);

    public static RowKey VersionOf(ProjectCode code, int number) =>
        new(PartitionOf(code), string.Create(CultureInfo.InvariantCulture, $"version-{number:D4}"));

    public static RowKey CatalogueOf(ProjectCode code) => new(CataloguePartition, Keys.Escape(code.ToString()));

    public async Task<Project?> FindAsync(ProjectCode code, CancellationToken cancellation) =>
        (await Table.FindAsync(HeadOf(code), cancellation))?.Body<Project>();

    public async Task<IReadOnlyList<Project>> ListAsync(CancellationToken cancellation)
    {
        List<Task<Project?>> reads = [];
        await foreach (Row row in Table.ListAsync(CataloguePartition, KeyRange.All, cancellation))
        {
            reads.Add(FindAsync(ProjectCode.Parse(Keys.Unescape(row.Key.Row)), cancellation));
        }

        return [.. (await Task.WhenAll(reads)).OfType<Project>().OrderByDescending(project => project.ClosesAt)];
    }

    internal Task<Row?> FindHeadAsync(ProjectCode code, CancellationToken cancellation) => Table.FindAsync(HeadOf(code), cancellation);

    internal async Task<IReadOnlyList<ProjectVersion>> ListVersionsAsync(ProjectCode code, CancellationToken cancellation)
    {
        List<ProjectVersion> versions = [];
        await foreach (Row row in Table.ListAsync(PartitionOf(code), KeyRange.StartingWith("version-"), cancellation))
        {
            versions.Add(row.Body<ProjectVersion>());
        }

        return versions;
    }

    internal static Row HeadRowOf(Project project) => Row.Of(HeadOf(project.Code), project, HeadColumns(project));

    /// <summary>The columns of the closing are a contract with <c>bicep/deploy</c>, which asks them before it replaces the app.</summary>
    internal static (string, object)[] HeadColumns(Project project) =>
    [
        ("State", project.State.ToString()),
        ("Version", project.Version),
        ("FirstClosesTicks", project.Calendar.FirstClosing(project.Notification.ClosingOn).At.UtcTicks),
        ("ClosesTicks", project.ClosesAt.UtcTicks),
    ];
}
