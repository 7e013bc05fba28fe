using System.Globalization;
using Microsoft.Extensions.Logging;
using Plenary.Access;
using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>
/// Opens the desk of one economy and writes to its liaison officer; told again, it takes over the closing and title of a later
/// version of the project and writes again, or closes where that version invites the economy no longer. Where somebody else is in post than holds the
/// desk, it changes hands: every link of the one before dies in this one step. The same message twice changes nothing.
/// </summary>
public sealed partial class OpenDesk(NominationTable table, IProjects projects, IRegistry registry, TimeProvider clock, ILogger<OpenDesk> logger)
{
    public async Task RunAsync(DeskToOpen message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        DateTimeOffset now = message.AtTicks is { } ticks
            ? await clock.WaitUntilAsync(new DateTimeOffset(ticks, TimeSpan.Zero), $"A change at the desk of {message.Economy}", cancellation)
            : clock.GetUtcNow();
        Project? project = ProjectCode.TryParse(message.Project, out ProjectCode code) ? await projects.FindAsync(code, cancellation) : null;
        RegistryEntry? entry = await registry.FindAsync(message.Economy, cancellation);
        if (project is null || entry is null)
        {
            // Can never succeed as asked; a later circulation asks anew.
            Log.NotOpened(logger, message.Project, message.Economy);
            return;
        }


        for (int attempt = 0; attempt < 5; attempt++)
        {
            DeskRows? rows = await table.FindGateAsync(code, message.Economy, cancellation);
            if (rows is null && (!project.Notification.Participating.Includes(entry.Economy) || message.Handover is not null))
            {
                Log.NotOpened(logger, message.Project, message.Economy);
                return;
            }

            Desk desk = Describe(project, entry, rows?.Desk, message.Handover, now);
            if (rows?.Desk == desk || (rows is null && desk.IsCancelled))
            {
                return;
            }

            RowKey key = NominationTable.GateKey(code, message.Economy);
            (string, object)[] columns = ColumnsOf(desk);
            Batch batch = new(key.Partition);
            _ = rows is null ? batch.Insert(Row.Of(key, desk, columns)) : batch.Replace(rows.GateRow.With(desk, columns));
            batch.Audit(new AuditEntry(now, "agenda", rows is null ? "desk-opened" : desk.Generation == rows.Desk.Generation ? "desk-updated" : "desk-handed-over", message.Economy, new Dictionary<string, string>
            {
                ["ClosesAt"] = desk.ClosesAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
                ["Generation"] = desk.Generation.ToString(CultureInfo.InvariantCulture),
                ["ProjectVersion"] = desk.ProjectVersion.ToString(CultureInfo.InvariantCulture),
            }));
            batch.Owe(desk.IsOver ? [] : PlanWarnings(desk, project, now));
            batch.Owe(desk.Vacancies.Except(rows?.Desk.Vacancies ?? []).Select(moved => new VacancyDue(message.Project, message.Economy, moved.Former, moved.Until.UtcTicks).ToOwed()));
            if (message.Handover is null || (now < project.EndsAt && rows?.Desk.IsOver != true))
            {
                // The same mail as long as version and generation are the same, and the ledger takes it once.
                batch.Owe(new MailOwed(message.Project, CirculationMail.KindOf(desk), $"officer:{message.Economy}", message.Project, CirculationMail.VersionOf(desk)).ToOwed());
            }

            if ((await table.CommitAsync(batch, cancellation)).IsDone)
            {
                Log.Opened(logger, message.Project, message.Economy, desk.ProjectVersion, desk.Generation);
                return;
            }
        }

        throw new InvalidOperationException($"The desk of {message.Economy} in {message.Project} kept changing while it was opened.");
    }

    internal static (string Name, object Value)[] ColumnsOf(Desk desk) =>
    [
        ("ClosesTicks", desk.ClosesAt.UtcTicks),
        ("ClosesAt", desk.ClosesAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
        ("Generation", (long)desk.Generation),
    ];

    /// <summary>Warnings of incomplete drafts that the project's own ladder does not carry: where a desk closes at another instant, or its drafters do.</summary>
    internal static IEnumerable<Owed> PlanWarnings(Desk desk, Project project, DateTimeOffset now) =>
        new[] { desk.ClosesAt, desk.DraftersCloseAt }.Distinct().Where(anchor => anchor != project.ClosesAt).SelectMany(anchor =>
            ReminderDue.PlanHours(desk.Project.ToString(), Ladders.Closing, desk.Economy, project.Settings.DraftWarningHours, anchor, now));

    /// <summary>What the gate is to say; equal to what it says when there is nothing to do.</summary>
    private static Desk Describe(Project project, RegistryEntry entry, Desk? before, string? handover, DateTimeOffset now)
    {
        // Messages overtake one another: an older version of the project never replaces a later one, since project and registry are read anew each time.
        Economy economy = entry.Economy;
        string holder = entry.ContactAt(now)?.Holder ?? "";
        bool handsOver = before is not null && (before.Holder is { } known ? known != holder : handover is not null && handover != before.Handover);
        return new Desk
        {
            Project = project.Code,
            ProjectTitle = project.Notification.Title,
            ProjectVersion = project.Version,
            Economy = economy.Id,
            EconomyName = economy.Name,
            Zone = economy.Zone,
            ClosesAt = project.ClosingFor(economy).At,
            ProjectEndsAt = project.EndsAt,
            StartsOn = project.Notification.StartsOn,
            EndsOn = project.Notification.EndsOn,
            Eligibility = project.Notification.Eligibility.For(economy),
            MostNominees = project.Settings.MostNomineesPerEconomy,
            RequiredDocuments = project.Settings.RequiredDocuments,
            Generation = (before?.Generation ?? 1) + (handsOver ? 1 : 0),
            Handover = handsOver ? handover ?? before?.Handover : before?.Handover,
            Holder = holder,
            HolderUntil = entry.LetsInUntil(holder, now),
            Overlap = before is null ? null : handsOver ? OverlapOf(entry, before.Holder, before.Generation, now) : OverlapOf(entry, before.Overlap?.Holder, before.Overlap?.Generation ?? 0, now),
            IsInvited = project.Notification.Participating.Invites(economy.Id),
            IsCancelled = project.State == ProjectState.Cancelled,
            NationalDate = before?.NationalDate,
            GraceMinutes = project.Settings.GraceMinutes,
            Vacancies = Retime(before?.Vacancies ?? [], project.ReplacementsCloseFor(economy.Zone)),
        };
    }

    /// <summary>Somebody else is written to, but the officer before has days in post that are registered; null where that is not so.</summary>
    private static DeskOverlap? OverlapOf(RegistryEntry entry, string? holder, int generation, DateTimeOffset now) => holder is { Length: > 0 } && entry.LetsIn(holder, now)
        ? new DeskOverlap(holder, generation, entry.LetsInUntil(holder, now) ?? DateTimeOffset.MaxValue)
        : null;

    /// <summary>Places that wait for a name follow the date; the very same list when none moves, since a desk is compared by it.</summary>
    private static IReadOnlyList<Vacancy> Retime(IReadOnlyList<Vacancy> vacancies, DateTimeOffset? until) =>
        until is { } day && vacancies.Any(vacancy => vacancy is { FilledBy: null, IsOver: false } && vacancy.Until != day)
            ? [.. vacancies.Select(vacancy => vacancy is { FilledBy: null, IsOver: false } ? vacancy with { Until = day } : vacancy)]
            : vacancies;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Opened the desk of {Economy} in {Project}, version {Version}, links of generation {Generation}.")]
        public static partial void Opened(ILogger logger, string project, string economy, int version, int generation);

        [LoggerMessage(2, LogLevel.Warning, "No desk of {Economy} in {Project}: no such project, or the economy does not take part.")]
        public static partial void NotOpened(ILogger logger, string project, string economy);
    }
}
