using System.Text.Json.Serialization;

namespace Plenary.Domain;

/// <summary>Whoever held a desk before and is in post for some more days beside the successor.</summary>
/// <param name="Generation">Of the links that still open it.</param>
/// <param name="Until">The instant itself is already too late.</param>
public sealed record DeskOverlap(string Holder, int Generation, DateTimeOffset Until);

/// <summary>The desk of one economy in one project: what decides whether and by whom a nomination may be changed.</summary>
public sealed record Desk
{
    /// <summary>Links outlive the project by this much, so that follow-up can still be read.</summary>
    public static TimeSpan LinksOutlive { get; } = TimeSpan.FromDays(60);

    public required ProjectCode Project { get; init; }

    public required string ProjectTitle { get; init; }

    /// <summary>The project's version this desk knows.</summary>
    public required int ProjectVersion { get; init; }

    public required string Economy { get; init; }

    public required string EconomyName { get; init; }

    /// <summary>IANA zone of the economy; its times are shown in it.</summary>
    public required string Zone { get; init; }

    /// <summary>The closing of this economy; the instant itself is already too late.</summary>
    public required DateTimeOffset ClosesAt { get; init; }

    /// <summary>When the project is over: links live until some time after.</summary>
    public required DateTimeOffset ProjectEndsAt { get; init; }

    /// <summary>The project's first and last day.</summary>
    public DateOnly StartsOn { get; init; }

    public DateOnly EndsOn { get; init; }

    public EligibilityRules Eligibility { get; init; } = EligibilityRules.None;

    public required int MostNominees { get; init; }

    /// <summary>How many documents a nomination needs before it can be submitted.</summary>
    public int RequiredDocuments { get; init; }

    /// <summary>Personal links of an earlier generation open nothing any more.</summary>
    public required int Generation { get; init; }

    /// <summary>The hand-over that led to this generation; null for the first.</summary>
    public string? Handover { get; init; }

    /// <summary>Who holds this generation's links, without saying it; empty when nobody is registered, null where it was not yet kept.</summary>
    public string? Holder { get; init; }

    /// <summary>From this instant on the links of this generation open nothing any more, whether or not a successor has been written to; null when no date says so.</summary>
    public DateTimeOffset? HolderUntil { get; init; }

    /// <summary>The officer before, where the posts overlap; null otherwise.</summary>
    public DeskOverlap? Overlap { get; init; }

    /// <summary>Whether a link of this generation opens the desk at this instant.</summary>
    public bool LetsIn(int generation, DateTimeOffset at) => generation == Generation
        ? HolderUntil is null || at < HolderUntil
        : Overlap is { } overlap && generation == overlap.Generation && at < overlap.Until;

    public bool IsCancelled { get; init; }

    /// <summary>False once a revision has left the economy out: nothing new is taken, and what was submitted does not compete.</summary>
    public bool IsInvited { get; init; } = true;

    /// <summary>Nothing is taken any more, whatever the dates say.</summary>
    [JsonIgnore]
    public bool IsOver => IsCancelled || !IsInvited;

    /// <summary>A nomination needs documents or an endorsement, so nobody can be nominated in one step.</summary>
    [JsonIgnore]
    public bool NeedsMoreThanWords => NeedsDocuments || Eligibility.EndorsementDays is not null;

    [JsonIgnore]
    public bool NeedsDocuments => RequiredDocuments > 0 || Eligibility.Documents.Count > 0;

    [JsonIgnore]
    public ProjectTerms Terms => new(ProjectTitle, StartsOn, EndsOn);

    /// <summary>Everything a nomination lacks or fails here, all at once: empty when it may be submitted.</summary>
    /// <param name="earlier">Needed where the project rules about earlier participation; of anybody.</param>
    public IReadOnlyList<Refusal> WhyNotSubmitted(
        NomineeEntry entry, IReadOnlyCollection<NomineeDocument> documents, Endorsement? endorsement, IEnumerable<EarlierParticipation> earlier)
    {
        ArgumentNullException.ThrowIfNull(documents);
        return
        [
            .. TypedNominee.FindMissing(entry),
            .. Eligibility.FindMissing(entry),
            .. Eligibility.FindFailures(entry, Terms, earlier),
            .. WhyDocumentsMissing(documents.Count) is { } missing ? [missing] : Array.Empty<Refusal>(),
            .. Eligibility.FindDocumentFailures(documents, Terms),
            .. Eligibility.EndorsementDays is not null && Endorsement.WhyNotEndorsed(endorsement, entry) is { } refusal ? [refusal] : Array.Empty<Refusal>(),
        ];
    }

    /// <summary>The economy's own last day for the people who fill in a draft; null: they have as long as the officer.</summary>
    public DateOnly? NationalDate { get; init; }

    /// <summary>See <see cref="ProjectSettings.GraceMinutes"/>.</summary>
    public int GraceMinutes { get; init; }

    /// <summary>When the forms of nominees and agencies close: with the national date, and never after the desk. The instant itself is already too late.</summary>
    [JsonIgnore]
    public DateTimeOffset DraftersCloseAt => NationalDate is { } date && ProjectCalendar.EndOf(date, Zone).At is var end && end < ClosesAt ? end : ClosesAt;

    /// <summary>Until then what is late is taken without an extension; the closing itself where there is no grace.</summary>
    [JsonIgnore]
    public DateTimeOffset GraceEndsAt => ClosesAt.AddMinutes(GraceMinutes);

    /// <summary>When an endorsement that is asked for now is due, never after the closing, or the end of the vacancy, unless it has come; null where the project asks for none.</summary>
    public DateTimeOffset? EndorsementDueAt(Nominee nominee, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(nominee);
        DateTimeOffset last = nominee.Replaces is { } former ? FindVacancy(former)?.Until ?? ClosesAt : ClosesAt;
        return Eligibility.EndorsementDays is not { } days ? null : now >= last || now.AddDays(days) < last ? now.AddDays(days) : last;
    }

    /// <summary>In the order in which they fell free.</summary>
    public IReadOnlyList<Vacancy> Vacancies { get; init; } = [];

    public Vacancy? FindVacancy(string former) => Vacancies.FirstOrDefault(vacancy => vacancy.Former == former);

    /// <summary>The desk with one vacancy as it is by now.</summary>
    public Desk With(Vacancy changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        return this with { Vacancies = [.. Vacancies.Select(vacancy => vacancy.Former == changed.Former ? changed : vacancy)] };
    }

    /// <summary>Why nobody can be named for that place; null while somebody can.</summary>
    public Refusal? WhyNoReplacement(string former, DateTimeOffset receivedAt) => FindVacancy(former) switch
    {
        null => new Refusal("replacement-not-found", "No such place fell free.", Remedy: "Go back to the list."),
        _ when IsOver => WhyClosed(receivedAt),
        { FilledBy: not null } => new Refusal("replacement-named-already", "Somebody has been named for this place.", Remedy: "Look at the list."),
        { IsOver: false } vacancy when receivedAt < vacancy.Until => null,
        { IsOver: true } vacancy when receivedAt < vacancy.Until => new Refusal(
            "replacement-passed-already",
            "This place has gone to the next in line: you named nobody, or what you sent in time could not be written before the place was given on.",
            Remedy: "What was saved stays at the desk as a draft. Write to the secretariat if something is wrong."),
        { } vacancy => new Refusal(
            "replacement-closed",
            $"Nobody can be named for this place any more. The last moment was {ProjectCalendar.LastMoment(vacancy.Until, Zone)}, or it was given on before.",
            Remedy: "The place goes to the next in line; write to the secretariat if something is wrong."),
    };

    /// <summary>Why this nominee cannot be changed any more: a draft for a place that fell free follows that place, everybody else the closing.</summary>
    public Refusal? WhyClosedFor(Nominee nominee, DateTimeOffset receivedAt)
    {
        ArgumentNullException.ThrowIfNull(nominee);
        return nominee is { Replaces: { } former, State: NomineeState.Draft } ? WhyNoReplacement(former, receivedAt) : WhyClosed(receivedAt);
    }

    /// <summary>Why a nomination with so many documents cannot be submitted; null when it can.</summary>
    public Refusal? WhyDocumentsMissing(int documents) => documents >= RequiredDocuments
        ? null
        : new Refusal(
            "document-missing",
            $"This project asks for {NumberWords.Within(RequiredDocuments)} {(RequiredDocuments == 1 ? "document" : "documents")}; {NumberWords.Within(documents)} {(documents == 1 ? "is" : "are")} there.",
            "document",
            "Add what is missing on the page for documents, then submit.");

    /// <summary>Why this cannot be the economy's own last day; null when it can. The last day of the desk itself, as its clocks show it, can.</summary>
    public Refusal? WhyNotNational(DateOnly date, DateTimeOffset now)
    {
        const string Field = "nationalDate";
        DateOnly last = ProjectCalendar.DateIn(ClosesAt.AddTicks(-1), Zone);
        DateTimeOffset end = ProjectCalendar.EndOf(date, Zone).At;
        return date > last
            ? new Refusal(
                "national-date-late",
                $"Your date would end at {ProjectCalendar.LastMoment(end, Zone)}, after the closing of the project, {ProjectCalendar.LastMoment(ClosesAt, Zone)}.",
                Field,
                $"Choose {last.ToString(DateText.DisplayFormat, System.Globalization.CultureInfo.InvariantCulture)} or an earlier day.")
            : end <= now
            ? new Refusal("national-date-past", $"That day ended at {ProjectCalendar.LastMoment(end, Zone)}.", Field, "Choose today or a later day.")
            : null;
    }

    /// <summary>Whether something received now for a nominee may still be written, and what lets it in where it is late.</summary>
    /// <param name="nominee">Null for one who is not there yet.</param>
    public Admission Admit(DateTimeOffset receivedAt, string? nominee, IEnumerable<Extension> extensions)
    {
        if (WhyClosed(receivedAt) is not { } closed)
        {
            return Admission.InTime;
        }

        if (!IsOver && receivedAt < GraceEndsAt)
        {
            return new Admission(null, Lateness.Of(ClosesAt, receivedAt, null));
        }

        Extension[] covering = [.. extensions.Where(extension => extension.Covers(nominee)).OrderBy(extension => extension.Nominee is null).ThenBy(extension => extension.Until)];
        return !IsOver && Array.Find(covering, extension => extension.IsOpenAt(receivedAt)) is { } open
            ? new Admission(null, Lateness.Of(ClosesAt, receivedAt, open), open)
            : new Admission(covering is [.., { } ended] && !IsOver ? closed with { Reason = $"{closed.Reason} {ended.WhyOver(Zone)}" } : closed);
    }

    /// <summary>The same for whoever holds a link to one draft. Grace and the officer's extensions are not for them; one for this very nominee is.</summary>
    public Admission AdmitDrafter(DateTimeOffset receivedAt, string nominee, IEnumerable<Extension> extensions) =>
        IsOver ? new Admission(WhyClosed(receivedAt))
        : receivedAt < DraftersCloseAt || extensions.Any(extension => extension.Nominee == nominee && extension.IsOpenAt(receivedAt)) ? Admission.InTime
        : new Admission(new Refusal(
            "drafts-closed",
            $"This form has closed. The last moment in time was {ProjectCalendar.LastMoment(DraftersCloseAt, Zone)}.",
            Remedy: $"What was saved before is with the liaison officer of {EconomyName}, who can nominate until {ProjectCalendar.LastMoment(ClosesAt, Zone)}."));

    /// <summary>Why nothing can be changed any more; null while it can. Extensions and grace are for <see cref="Admit"/>.</summary>
    public Refusal? WhyClosed(DateTimeOffset receivedAt) => this switch
    {
        { IsCancelled: true } => new Refusal("project-closed", "This project has been cancelled.", Remedy: "Nothing needs to be done."),
        { IsInvited: false } => new Refusal(
            "desk-closed", $"The notification was revised and invites {EconomyName} no longer.", Remedy: "Nothing more can be changed here. Write to the secretariat if something is wrong."),
        _ when receivedAt < ClosesAt => null,
        _ => new Refusal(
            "nominations-closed",
            $"Nominations closed. The last moment in time was {ProjectCalendar.LastMoment(ClosesAt, Zone)}.",
            Remedy: "What was submitted before stays. Write to the secretariat if something must be changed."),
    };
}
