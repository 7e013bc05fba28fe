using System.Text.Json.Serialization;

namespace Plenary.Domain;

/// <summary>The desk of one economy in one project: what decides whether and by whom a nomination may be changed.</summary>
public sealed record Desk
{
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

    public bool IsCancelled { get; init; }

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

    /// <summary>When an endorsement that is asked for now is due, never after the closing; null where the project asks for none.</summary>
    public DateTimeOffset? EndorsementDueAt(DateTimeOffset now) =>
        Eligibility.EndorsementDays is not { } days ? null : now.AddDays(days) < ClosesAt ? now.AddDays(days) : ClosesAt;

    /// <summary>Why a nomination with so many documents cannot be submitted; null when it can.</summary>
    public Refusal? WhyDocumentsMissing(int documents) => documents >= RequiredDocuments
        ? null
        : new Refusal(
            "document-missing",
            $"This project asks for {NumberWords.Within(RequiredDocuments)} {(RequiredDocuments == 1 ? "document" : "documents")}; {NumberWords.Within(documents)} {(documents == 1 ? "is" : "are")} there.",
            "document",
            "Add what is missing on the page for documents, then submit.");

    /// <summary>Why nothing can be changed any more; null while it can.</summary>
    public Refusal? WhyClosed(DateTimeOffset receivedAt) => this switch
    {
        { IsCancelled: true } => new Refusal("project-closed", "This project has been cancelled.", Remedy: "Nothing needs to be done."),
        _ when receivedAt < ClosesAt => null,
        _ => new Refusal(
            "nominations-closed",
            $"Nominations closed. The last moment in time was {ProjectCalendar.LastMoment(ClosesAt, Zone)}.",
            Remedy: "What was submitted before stays. Write to the secretariat if something must be changed."),
    };
}
