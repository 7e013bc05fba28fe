using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Plenary.Access;
using Plenary.Agenda;
using Plenary.Attendance;
using Plenary.Closing;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Nominations;
using Plenary.Selection;
using Plenary.Shared;
using Plenary.Surveys;

namespace Plenary.Notifications;

/// <summary>What a new version meets: who takes part, and how far the project has come. Read once, so that all that follows from it agrees.</summary>
public sealed record Surroundings(
    IReadOnlyList<RegistryEntry> Entries, IReadOnlyList<NominationCounts> Desks, IReadOnlyList<OfferStanding> Offers, ProjectProgress Progress);

/// <summary>Reads the surroundings of one project at this moment.</summary>
public sealed class ReadSurroundings(IRegistry registry, INominations nominations, ISelections selections, IAttendance attendance)
{
    public async Task<Surroundings> RunAsync(ProjectCode code, CancellationToken cancellation)
    {
        Task<IReadOnlyList<NominationCounts>> desks = nominations.CountsAsync(code, cancellation);
        Task<IReadOnlyList<OfferStanding>> offers = selections.ListOffersAsync(code, cancellation);
        Task<int?> selected = selections.CountSelectedAsync(code, cancellation);
        Task<IReadOnlyDictionary<string, int>> attended = attendance.ListAttendedAsync(code, cancellation);
        IReadOnlyList<RegistryEntry> entries = await registry.ListAsync(cancellation);
        return new Surroundings(entries, await desks, await offers, new ProjectProgress(await selected is not null, (await attended).Count > 0));
    }

    /// <summary>Of a project that has not been issued yet.</summary>
    public async Task<Surroundings> RunAsync(CancellationToken cancellation) =>
        new(await registry.ListAsync(cancellation), [], [], new ProjectProgress(false, false));
}

/// <summary>What becomes of a date.</summary>
public enum DateFate
{
    Kept,
    Moved,

    /// <summary>There was none, or it has passed and comes again.</summary>
    Added,

    /// <summary>It will not come, or would have come already.</summary>
    Dropped,
}

/// <param name="Before">Null where there was none; past where it has happened.</param>
/// <param name="After">Null where none comes.</param>
public sealed record DateMove(string What, DateTimeOffset? Before, DateTimeOffset? After, DateFate Fate);

/// <summary>What becomes of somebody's place.</summary>
public enum PlaceFate
{
    /// <summary>Holds the place and is told.</summary>
    Told,

    /// <summary>Has an open offer and is told.</summary>
    OfferStands,

    /// <summary>Has an open offer that now ends with the earlier start.</summary>
    OfferShortened,
    OfferVoid,
}

/// <param name="Candidate">As <see cref="CandidateId"/> writes it.</param>
public sealed record ConcernedPlace(string Economy, string Candidate, PlaceFate Fate);

/// <param name="IsTold">False when nobody is registered to be written to.</param>
public sealed record ConcernedEconomy(string Economy, string Name, bool IsTold, int Nominees, int Participants, int OpenOffers)
{
    /// <summary>This version leaves the economy out: its desk closes, and it is told that and nothing else.</summary>
    public bool IsLeftOut { get; init; }

    /// <summary>Nominations that were submitted and do not compete any more; none once a selection has been approved.</summary>
    public int Ineligible { get; init; }

    /// <summary>Places of its nominees, accepted or on offer, which stay as they are although the economy is left out.</summary>
    public int KeptPlaces { get; init; }
}

/// <param name="Count">How many mails of this kind leave.</param>
public sealed record ExpectedMail(string Kind, int Count);

/// <summary>
/// All that follows from a version: the dates it sets or moves, whom it concerns, and which mails leave. The page before publishing shows it,
/// and publishing does it: what is owed comes from here and from nowhere else.
/// </summary>
public sealed record Consequences(
    IReadOnlyList<RevisionKind> Kinds,
    IReadOnlyList<DateMove> Dates,
    IReadOnlyList<ConcernedEconomy> Economies,
    IReadOnlyList<ConcernedPlace> Places,
    IReadOnlyList<ExpectedMail> Mails,
    int CalendarEntries,
    IReadOnlyList<Owed> Owed)
{
    /// <summary>So many candidates fit into one message with room to spare.</summary>
    private const int CandidatesPerMessage = 200;

    /// <summary>Names exactly this, whatever the hour: published is what was seen.</summary>
    public string Digest
    {
        get
        {
            StringBuilder text = new();
            text.AppendJoin(',', Kinds).Append('\n');
            foreach (DateMove date in Dates)
            {
                text.Append(CultureInfo.InvariantCulture, $"{date.What}|{date.After?.UtcTicks}|{date.Fate}\n");
            }

            foreach (ConcernedEconomy economy in Economies)
            {
                text.Append(CultureInfo.InvariantCulture, $"{economy.Economy}|{economy.IsTold}{(economy.IsLeftOut ? $"|left-out|{economy.Ineligible}|{economy.KeptPlaces}" : "")}\n");
            }

            foreach (ConcernedPlace place in Places)
            {
                text.Append(CultureInfo.InvariantCulture, $"{place.Candidate}|{place.Fate}\n");
            }

            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
        }
    }

    /// <param name="before">Null for a first version.</param>
    /// <param name="after">Version, state, closing and sessions as they would be.</param>
    public static Consequences Of(Project? before, Project after, Surroundings around, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(around);
        IReadOnlyList<RevisionKind> kinds = before is null ? [] : Revision.KindsOf(before, after);
        bool isCancelled = after.State == ProjectState.Cancelled;
        bool isTold = before?.State == ProjectState.Circulated;
        ConcernedPlace[] places = isTold && Revision.ConcernsParticipants(kinds) ? [.. PlacesOf(after, around, now)] : [];
        ConcernedEconomy[] economies = isTold ? [.. EconomiesOf(after, around, places, now)] : [];
        ExpectedMail[] mails =
        [
            .. new ExpectedMail[]
            {
                new(isCancelled ? CirculationMail.Cancelled : CirculationMail.Kind, economies.Count(economy => economy is { IsTold: true, IsLeftOut: false })),
                new(CirculationMail.NotInvited, economies.Count(economy => economy is { IsTold: true, IsLeftOut: true })),
                new(isCancelled ? SelectionMails.ParticipationCancelled : SelectionMails.ParticipationChanged, places.Count(place => place.Fate == PlaceFate.Told)),
                new(isCancelled ? SelectionMails.OfferVoided : SelectionMails.OfferChanged, places.Count(place => place.Fate != PlaceFate.Told)),
            }.Where(mail => mail.Count > 0),
        ];
        int holders = places.Count(place => place.Fate == PlaceFate.Told);
        return new Consequences(
            kinds, [.. DatesOf(before, after, around.Entries, now)], economies, places, mails, holders * after.Sessions.Count, [.. OwedBy(before, after, economies, places, now)]);
    }

    private static IEnumerable<ConcernedPlace> PlacesOf(Project after, Surroundings around, DateTimeOffset now)
    {
        foreach (OfferStanding offer in around.Offers.OrderBy(offer => offer.Candidate, StringComparer.Ordinal))
        {
            PlaceFate? fate = offer.State switch
            {
                OfferState.Accepted => PlaceFate.Told,
                OfferState.Made when after.State == ProjectState.Cancelled => PlaceFate.OfferVoid,
                OfferState.Made when now < offer.ExpiresAt => after.StartsAt < offer.ExpiresAt ? PlaceFate.OfferShortened : PlaceFate.OfferStands,
                _ => null,
            };
            if (fate is { } known)
            {
                yield return new ConcernedPlace(offer.Economy, offer.Candidate, known);
            }
        }
    }

    private static IEnumerable<ConcernedEconomy> EconomiesOf(Project after, Surroundings around, ConcernedPlace[] places, DateTimeOffset now)
    {
        Dictionary<string, NominationCounts> desks = around.Desks.ToDictionary(desk => desk.Economy, StringComparer.Ordinal);
        foreach (RegistryEntry entry in Concerned(after, around))
        {
            string id = entry.Economy.Id;
            ConcernedPlace[] own = [.. places.Where(place => place.Economy == id)];
            bool isLeftOut = !after.Notification.Participating.Invites(id);
            int submitted = desks.GetValueOrDefault(id)?.Submitted ?? 0;
            yield return new ConcernedEconomy(
                id,
                entry.Economy.Name,
                entry.ContactOn(ProjectCalendar.DateIn(now, entry.Economy.Zone)) is not null,
                submitted,
                own.Count(place => place.Fate == PlaceFate.Told),
                own.Count(place => place.Fate != PlaceFate.Told))
            {
                IsLeftOut = isLeftOut,
                Ineligible = isLeftOut && !around.Progress.IsApproved ? submitted : 0,
                KeptPlaces = isLeftOut ? around.Offers.Count(offer => offer.Economy == id && (offer.State == OfferState.Accepted || (offer.State == OfferState.Made && now < offer.ExpiresAt))) : 0,
            };
        }
    }

    /// <summary>
    /// Economies whose desk is told: whoever takes part, and whoever was asked and is left out by this version; of a cancellation only those who had been asked.
    /// </summary>
    private static IEnumerable<RegistryEntry> Concerned(Project after, Surroundings around)
    {
        Dictionary<string, bool> invited = around.Desks.ToDictionary(desk => desk.Economy, desk => desk.IsInvited, StringComparer.Ordinal);
        return around.Entries.Where(entry => entry.Economy.IsActive).Where(entry =>
            after.State == ProjectState.Cancelled ? invited.GetValueOrDefault(entry.Economy.Id)
            : after.Notification.Participating.Invites(entry.Economy.Id) || invited.GetValueOrDefault(entry.Economy.Id));
    }

    private static IEnumerable<DateMove> DatesOf(Project? before, Project after, IReadOnlyList<RegistryEntry> entries, DateTimeOffset now)
    {
        foreach (Anchor anchor in AnchorsOf(before, after).Concat(OwnClosingsOf(before, after, entries)))
        {
            yield return Move(anchor.What, anchor.Before, anchor.After, now);
            IEnumerable<Step> steps = anchor.StepsBefore.Union(anchor.StepsAfter).OrderBy(step => step.Offset).ThenBy(step => step.InHours);
            foreach (Step step in steps)
            {
                DateTimeOffset? was = anchor.StepsBefore.Contains(step) ? anchor.Before + step.Offset : null;
                DateTimeOffset? comes = anchor.StepsAfter.Contains(step) ? anchor.After + step.Offset : null;
                if (was > now || comes > now)
                {
                    yield return Move($"{step.Words}: {char.ToLowerInvariant(anchor.What[0])}{anchor.What[1..]}", was, comes > now ? comes : null, now);
                }
            }
        }
    }

    private static DateMove Move(string what, DateTimeOffset? before, DateTimeOffset? after, DateTimeOffset now) => new(what, before, after, (before, after) switch
    {
        (_, null) => DateFate.Dropped,
        (null, _) => DateFate.Added,
        _ when before == after => DateFate.Kept,
        _ when before <= now => DateFate.Added,
        _ => DateFate.Moved,
    });

    private static IEnumerable<Anchor> AnchorsOf(Project? before, Project after)
    {
        bool goesOn = after.State != ProjectState.Cancelled;
        yield return new Anchor(
            "Nominations close",
            before?.ClosesAt,
            goesOn || before?.ClosesAt <= after.IssuedAt ? after.ClosesAt : null,
            before is null ? [] : StepsToClosing(before.Settings),
            goesOn ? StepsToClosing(after.Settings) : []);
        if (before?.Settings.ReplacementsUntil is not null || after.Settings.ReplacementsUntil is not null)
        {
            yield return new Anchor("Replacements may be named until", before?.ReplacementsCloseFor(before.HostZone), goesOn ? after.ReplacementsCloseFor(after.HostZone) : null, [], []);
        }

        yield return new Anchor("First session", before?.StartsAt, goesOn ? after.StartsAt : null, Days(before?.Settings.StartReminderDays), Days(goesOn ? after.Settings.StartReminderDays : null));
        yield return new Anchor(
            "End of the last session, and the survey opens", before?.EndsAt, goesOn ? after.EndsAt : null, Days(before?.Settings.SurveyReminderDays), Days(goesOn ? after.Settings.SurveyReminderDays : null));
    }

    /// <summary>Where economies close at an instant of their own, theirs; the warnings of their drafts are counted from it.</summary>
    private static IEnumerable<Anchor> OwnClosingsOf(Project? before, Project after, IReadOnlyList<RegistryEntry> entries)
    {
        bool goesOn = after.State != ProjectState.Cancelled;
        return
            from entry in entries
            where after.Notification.Participating.Includes(entry.Economy)
            let was = before?.ClosingFor(entry.Economy).At
            let comes = after.ClosingFor(entry.Economy).At
            where was != before?.ClosesAt || comes != after.ClosesAt
            group entry.Economy.Name by (Was: was, Comes: comes) into economies
            orderby economies.Key.Comes
            select new Anchor(
                $"Nominations close in {string.Join(", ", economies)}",
                economies.Key.Was,
                goesOn ? economies.Key.Comes : null,
                Hours(before?.Settings.DraftWarningHours),
                Hours(goesOn ? after.Settings.DraftWarningHours : null));
    }

    private static Step[] Hours(IEnumerable<int>? hours) => [.. (hours ?? []).Select(hour => new Step(TimeSpan.FromHours(hour), InHours: true))];

    private static Step[] StepsToClosing(ProjectSettings settings) => [.. Days(settings.ClosingReminderDays), .. Hours(WarningsOf(settings))];

    private static Step[] Days(IReadOnlyList<int>? days) => [.. (days ?? []).Select(day => new Step(TimeSpan.FromDays(day), InHours: false))];

    /// <summary>A step of the ladder in days tells of incomplete drafts too, so at the same moment there is no other.</summary>
    private static IEnumerable<int> WarningsOf(ProjectSettings settings) => settings.DraftWarningHours.Where(hour => hour % 24 != 0 || !settings.ClosingReminderDays.Contains(hour / 24));

    private static IEnumerable<Owed> OwedBy(Project? before, Project after, ConcernedEconomy[] economies, ConcernedPlace[] places, DateTimeOffset now)
    {
        string code = after.Code.ToString();
        if (after.State != ProjectState.Cancelled)
        {
            // Rows of an earlier version stay, find their anchor moved and do nothing.
            if (after.ClosesAt > now || after.ClosesAt != before?.ClosesAt)
            {
                yield return new Owed(
                    Queues.CloseNominations, $"close-{code}-{after.ClosesAt.UtcTicks}", Envelope.Write(new NominationsDue(code, after.ClosesAt.UtcTicks)), after.ClosesAt);
            }

            yield return new Owed(Queues.OpenSurvey, $"survey-{code}-{after.EndsAt.UtcTicks}", Envelope.Write(new SurveyDue(code, after.EndsAt.UtcTicks)), after.EndsAt);

            foreach (Owed step in ReminderDue.Plan(code, Ladders.Closing, "", after.Settings.ClosingReminderDays, after.ClosesAt, now)
                .Concat(ReminderDue.PlanHours(code, Ladders.Closing, "", WarningsOf(after.Settings), after.ClosesAt, now))
                .Concat(ReminderDue.Plan(code, Ladders.Start, "", after.Settings.StartReminderDays, after.StartsAt, now)))
            {
                yield return step;
            }
        }

        foreach (ConcernedEconomy economy in economies)
        {
            yield return new Owed(
                Queues.OpenDesk, $"desk-{code}-{Keys.Escape(economy.Economy)}-{after.Version}", Envelope.Write(new DeskToOpen(code, economy.Economy)));
        }

        string[][] parts = [.. places.Select(place => place.Candidate).Chunk(CandidatesPerMessage)];
        for (int part = 0; part < parts.Length; part++)
        {
            yield return new Owed(
                Queues.TellParticipants,
                string.Create(CultureInfo.InvariantCulture, $"tell-{code}-{after.Version}-{part + 1}"),
                Envelope.Write(new ProjectRevised(code, after.Version, parts[part])));
        }
    }

    private sealed record Anchor(string What, DateTimeOffset? Before, DateTimeOffset? After, IReadOnlyList<Step> StepsBefore, IReadOnlyList<Step> StepsAfter);

    /// <param name="InHours">Those in hours warn of incomplete drafts and of nothing else.</param>
    private sealed record Step(TimeSpan Offset, bool InHours)
    {
        public string Words
        {
            get
            {
                int count = (int)Math.Abs(InHours ? Offset.TotalHours : Offset.TotalDays);
                string unit = $"{(InHours ? "hour" : "day")}{(count == 1 ? "" : "s")}";
                return string.Create(CultureInfo.InvariantCulture, $"{(InHours ? "Warning of incomplete drafts" : "Reminder")} {count} {unit} {(Offset < TimeSpan.Zero ? "before" : "after")}");
            }
        }
    }
}

/// <summary>A version moved, changed or cancelled the sessions: these people hold a place or an open offer and are to be told.</summary>
public sealed record ProjectRevised(string Project, int Version, IReadOnlyList<string> Candidates);
