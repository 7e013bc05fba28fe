using System.Globalization;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Shared;

namespace Plenary.Notifications;

/// <summary>How a version is written: the head, the immutable row beside it, and everything that follows, in one transaction.</summary>
public sealed class VersionWriter(ProjectTable projects, IDecisions decisions)
{
    /// <param name="head">As it was read; null for a first version.</param>
    public async Task<Outcome<Project>> CommitAsync(
        Row? head, Project project, ProjectVersion version, Consequences consequences, Caller caller, string action, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(consequences);
        ArgumentNullException.ThrowIfNull(caller);
        Batch batch = new Batch(ProjectTable.PartitionOf(project.Code))
            .Insert(Row.Of(ProjectTable.VersionOf(project.Code, project.Version), version))
            .Audit(new AuditEntry(now, caller.Actor, action, project.Code.ToString(), new Dictionary<string, string>
            {
                ["version"] = project.Version.ToString(CultureInfo.InvariantCulture),
                ["closesAt"] = project.ClosesAt.ToString("O", CultureInfo.InvariantCulture),
                ["changed"] = string.Join(' ', consequences.Kinds),
                ["mails"] = string.Join(' ', consequences.Mails.Select(mail => string.Create(CultureInfo.InvariantCulture, $"{mail.Kind}:{mail.Count}"))),
            }))
            .Owe(consequences.Owed);
        _ = head is null ? batch.Insert(ProjectTable.HeadRowOf(project)) : batch.Replace(head.With(project, ProjectTable.HeadColumns(project)));
        return (await decisions.CommitAsync(projects.Table, batch, now, cancellation)).IsDone
            ? project
            : new Refusal("project-changed-conflict", "Somebody else issued a version of this project at the same moment.", Remedy: "Look at the project, then issue again if it is still needed.");
    }

    /// <summary>Null when what would happen is what the officer saw.</summary>
    /// <param name="seen">The digest that was shown; null or empty when the officer did not ask to see.</param>
    internal static Refusal? WhyUnseen(Consequences consequences, string? seen) => string.IsNullOrEmpty(seen) || seen == consequences.Digest
        ? null
        : new Refusal("consequences-changed-conflict", "What would happen is no longer what was shown.", Remedy: "Read below what happens now, then publish.");
}
