using System.Text.Json.Serialization;

namespace Plenary.Domain;

/// <summary>Where a project stands. Later states are told by what exists: a selection, attendance, an outcome.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProjectState>))]
public enum ProjectState
{
    /// <summary>Version 1 is public; nobody has been written to.</summary>
    Issued,

    /// <summary>The liaison officers have been written to and may nominate.</summary>
    Circulated,

    /// <summary>Will not be held.</summary>
    Cancelled,
}

/// <summary>One meeting of a project.</summary>
/// <param name="Number">1 and up, in order of time.</param>
/// <param name="StartsAt">UTC.</param>
/// <param name="EndsAt">UTC, after the start.</param>
public sealed record ProjectSession(int Number, string Name, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>What a project may set for itself. Every value has a default; none is a constant elsewhere.</summary>
public sealed record ProjectSettings
{
    public ClosingPolicy Closing { get; init; } = ClosingPolicy.Default;

    /// <summary>Most places for one economy of the overseas pool; null for no limit beyond the notification's own.</summary>
    public int? PerEconomyMaximum { get; init; }

    /// <summary>Places that every nominating economy should hold at least; null when nothing is promised.</summary>
    public int? PerEconomyMinimum { get; init; }

    /// <summary>Places left over in the local pool may go to overseas nominees.</summary>
    public bool LocalMayFlowToOverseas { get; init; }

    /// <summary>Places left over in the overseas pool may go to local nominees.</summary>
    public bool OverseasMayFlowToLocal { get; init; }

    /// <summary>1 to 60: how many nominees one economy may put forward.</summary>
    public int MostNomineesPerEconomy { get; init; } = 40;

    /// <summary>0 to 10: how many documents a nomination needs.</summary>
    public int RequiredDocuments { get; init; }

    /// <summary>How long an offer stands, unless the project starts earlier. Default seven days.</summary>
    public TimeSpan OfferStands { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Whether an offer's days are working days of the nominee's own economy; otherwise all days count.</summary>
    public bool OffersCountWorkingDays { get; init; }

    /// <summary>What reviewers score, and what their scores decide; nothing by default.</summary>
    public ScoringPlan Scoring { get; init; } = ScoringPlan.None;

    /// <summary>The last day on which an economy may name somebody for a place that its participant gave back; null when places go to alternates at once.</summary>
    public DateOnly? ReplacementsUntil { get; init; }

    /// <summary>Percent of sessions, 0 to 100, for a certificate.</summary>
    public decimal CertificateMinimum { get; init; } = 80m;

    /// <summary>How long the survey stays open after the last session. Default fourteen days.</summary>
    public TimeSpan SurveyOpen { get; init; } = TimeSpan.FromDays(14);

    /// <summary>5 to 10: smaller groups are not shown.</summary>
    public int MinimumGroup { get; init; } = 5;

    /// <summary>Days before (negative) or after (positive) the closing, offer expiry, start and survey opening.</summary>
    public IReadOnlyList<int> ClosingReminderDays { get; init; } = [-14, -7, -1];

    /// <summary>Hours before the closing (negative) at which officers and drafters learn which drafts are still incomplete.</summary>
    public IReadOnlyList<int> DraftWarningHours { get; init; } = [-168, -48, -4];

    /// <summary>0 to 60: minutes after the closing in which what comes late is still taken, and marked late. None by default, and shown wherever the closing is.</summary>
    public int GraceMinutes { get; init; }

    public IReadOnlyList<int> OfferReminderDays { get; init; } = [-2, -1];

    public IReadOnlyList<int> StartReminderDays { get; init; } = [-7, -1];

    public IReadOnlyList<int> SurveyReminderDays { get; init; } = [1, 4, 8];

    /// <summary>By what is set: lists of the same days are the same, whoever made them.</summary>
    public bool Equals(ProjectSettings? other) =>
        other is not null &&
        (Closing, PerEconomyMaximum, PerEconomyMinimum, LocalMayFlowToOverseas, OverseasMayFlowToLocal, MostNomineesPerEconomy, RequiredDocuments) ==
        (other.Closing, other.PerEconomyMaximum, other.PerEconomyMinimum, other.LocalMayFlowToOverseas, other.OverseasMayFlowToLocal, other.MostNomineesPerEconomy, other.RequiredDocuments) &&
        (OfferStands, ReplacementsUntil, OffersCountWorkingDays, Scoring, CertificateMinimum, SurveyOpen, MinimumGroup) ==
        (other.OfferStands, other.ReplacementsUntil, other.OffersCountWorkingDays, other.Scoring, other.CertificateMinimum, other.SurveyOpen, other.MinimumGroup) &&
        GraceMinutes == other.GraceMinutes && DraftWarningHours.SequenceEqual(other.DraftWarningHours) &&
        ClosingReminderDays.SequenceEqual(other.ClosingReminderDays) && OfferReminderDays.SequenceEqual(other.OfferReminderDays) &&
        StartReminderDays.SequenceEqual(other.StartReminderDays) && SurveyReminderDays.SequenceEqual(other.SurveyReminderDays);

    public override int GetHashCode() => HashCode.Combine(Closing, PerEconomyMaximum, OfferStands, CertificateMinimum, SurveyOpen, ClosingReminderDays.Count);
}

/// <summary>A project as issued: the current version of its notification with what was fixed when it was issued.</summary>
public sealed record Project
{
    public required ProjectCode Code { get; init; }

    /// <summary>1 and up; each is immutable.</summary>
    public required int Version { get; init; }

    public required ProjectState State { get; init; }

    public required ProjectNotification Notification { get; init; }

    public required ProjectSettings Settings { get; init; }

    /// <summary>IANA zone of the first host economy, or the organisation's where none hosts; sessions follow it.</summary>
    public required string HostZone { get; init; }

    public required IReadOnlyList<ProjectSession> Sessions { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When nominations are over for everybody.</summary>
    public required DateTimeOffset ClosesAt { get; init; }

    public DateTimeOffset? CirculatedAt { get; init; }

    /// <summary>What this version changed for those concerned, and why; empty and null for the first.</summary>
    public IReadOnlyList<RevisionKind> Changed { get; init; } = [];

    public string? Reason { get; init; }

    /// <summary>SEQUENCE of the calendar entries: one more with every version that moved, changed or cancelled the sessions.</summary>
    public int CalendarSequence { get; init; }

    /// <summary>Sessions of earlier versions that are no longer held; calendars that took them are told to drop them.</summary>
    public IReadOnlyList<ProjectSession> DroppedSessions { get; init; } = [];

    /// <summary>When a version invited other economies than the one before; null while none did.</summary>
    public DateTimeOffset? InvitedSince { get; init; }

    /// <summary>Everybody who changed what decides the selection after nominations had closed, as the audit trail writes them.</summary>
    public IReadOnlyList<string> RulesChangedBy { get; init; } = [];

    [JsonIgnore]
    public ProjectCalendar Calendar => new(Settings.Closing, HostZone);

    [JsonIgnore]
    public DateTimeOffset StartsAt => Sessions[0].StartsAt;

    [JsonIgnore]
    public DateTimeOffset EndsAt => Sessions[^1].EndsAt;

    /// <summary>The instant at which nominations of this economy are too late.</summary>
    public ClosingInstant ClosingFor(Economy economy)
    {
        ArgumentNullException.ThrowIfNull(economy);
        return Calendar.Closing(Notification.ClosingOn, economy.Zone);
    }

    /// <summary>Before this instant nominations may still come in, late ones within the grace included.</summary>
    [JsonIgnore]
    public DateTimeOffset GraceEndsAt => ClosesAt.AddMinutes(Settings.GraceMinutes);

    /// <summary>The instant at which naming somebody for a place that fell free is too late, under the same policy as the closing; null without such a window.</summary>
    /// <param name="zone">Of the economy that names.</param>
    public DateTimeOffset? ReplacementsCloseFor(string zone) => Settings.ReplacementsUntil is { } day ? Calendar.Closing(day, zone).At : null;

    /// <summary>Nominees of a host economy compete for the local places, all others for the overseas places.</summary>
    public bool IsHost(string economyId) => Notification.HostEconomies.Contains(economyId, StringComparer.Ordinal);
}
