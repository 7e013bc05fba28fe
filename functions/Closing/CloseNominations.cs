using System.Globalization;
using Microsoft.Extensions.Logging;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Shared;
using Plenary.Shared.Telemetry;

namespace Plenary.Closing;

/// <summary>
/// Makes visible that nominations have closed: the figures at that moment, and a summary to the secretariat. It closes nothing itself,
/// since every write compares its own instant with the closing. Twice is once; a closing moved since is left alone.
/// </summary>
public sealed partial class CloseNominations(
    ClosingTable closings, IDecisions decisions, IProjects projects, INominations nominations, TimeProvider clock, ILogger<CloseNominations> logger)
{
    public async Task RunAsync(NominationsDue due, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(due);
        ProjectCode code = ProjectCode.Parse(due.Project);
        Project? project = await projects.FindAsync(code, cancellation);
        if (project is null || project.State == ProjectState.Cancelled || project.ClosesAt.UtcTicks != due.ClosesAtTicks)
        {
            Log.Void(logger, due.Project);
            return;
        }

        // Where another instance's clock is ahead of ours, nominations are still coming in.
        DateTimeOffset now = await clock.WaitUntilAsync(project.ClosesAt, $"The closing of {due.Project}", cancellation);
        Row? before = await closings.Table.FindAsync(ClosingTable.KeyOf(code), cancellation);
        if (before?.Number("ClosedTicks") == due.ClosesAtTicks)
        {
            return;
        }

        ClosedNominations closed = new(code, project.ClosesAt, await nominations.CountsAsync(code, cancellation));
        (string, object)[] columns =
        [
            ("ClosedTicks", due.ClosesAtTicks),
            ("ClosedAt", project.ClosesAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
            ("NoticedAt", now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
            ("Submitted", (long)closed.Submitted),
        ];
        RowKey key = ClosingTable.KeyOf(code);
        Batch batch = new(key.Partition);
        _ = before is null ? batch.Insert(Row.Of(key, closed, columns)) : batch.Replace(before.With(closed, columns));
        batch.Audit(new AuditEntry(now, "agenda", "nominations-closed", due.Project, new Dictionary<string, string>
        {
            ["Submitted"] = closed.Submitted.ToString(CultureInfo.InvariantCulture),
            ["Economies"] = closed.Economies.Count.ToString(CultureInfo.InvariantCulture),
        }));
        batch.Owe(new MailOwed(
            due.Project, ClosingSummary.Kind, "secretariat", due.Project, due.ClosesAtTicks.ToString(CultureInfo.InvariantCulture)).ToOwed());
        if ((await decisions.CommitAsync(closings.Table, batch, now, cancellation)).IsDone)
        {
            Measures.CutOffLag.Record((now - project.ClosesAt).TotalSeconds);
            Log.Closed(logger, due.Project, project.ClosesAt, closed.Submitted);
        }

        // A conflict means that the same message, delivered twice, was faster elsewhere.
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Nominations of {Project} closed at {ClosedAt:u} with {Submitted} submitted.")]
        public static partial void Closed(ILogger logger, string project, DateTimeOffset closedAt, int submitted);

        [LoggerMessage(2, LogLevel.Information, "The closing announced for {Project} is void: it has moved, or the project is gone.")]
        public static partial void Void(ILogger logger, string project);
    }
}
