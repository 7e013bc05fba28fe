using System.Text.Json.Serialization;

namespace Plenary.Domain;

/// <summary>A late submission that was let in.</summary>
/// <param name="Nominee">Id.</param>
public sealed record ExtensionUse(string Nominee, DateTimeOffset At, int Minutes);

/// <summary>The secretariat lets one economy's officer, or one nominee, in after the closing.</summary>
/// <param name="Id">As the officer quotes it; safe in keys.</param>
/// <param name="Nominee">Id of the only nominee it is for; null when the officer may use it for any.</param>
/// <param name="Until">The instant itself is already too late.</param>
/// <param name="MostUses">How many submissions it lets in; saving a draft uses nothing up.</param>
/// <param name="GrantedBy">As the audit trail writes it.</param>
/// <param name="GrantedByName">For pages only.</param>
/// <param name="EndedAt">When the secretariat took it back; null while it stands.</param>
public sealed record Extension(
    string Id,
    string? Nominee,
    string Reason,
    DateTimeOffset Until,
    int MostUses,
    string GrantedBy,
    string GrantedByName,
    DateTimeOffset GrantedAt,
    IReadOnlyList<ExtensionUse> Uses,
    DateTimeOffset? EndedAt = null)
{
    [JsonIgnore]
    public int UsesLeft => MostUses - Uses.Count;

    public bool IsOpenAt(DateTimeOffset now) => EndedAt is null && now < Until && UsesLeft > 0;

    /// <param name="nominee">Null for one who is not there yet.</param>
    public bool Covers(string? nominee) => Nominee is null || Nominee == nominee;

    /// <summary>For whoever comes once it is not open any more.</summary>
    public string WhyOver(string zone) => this switch
    {
        { EndedAt: { } ended } => $"Extension {Id} was taken back {ProjectCalendar.InZone(ended, zone)}.",
        { UsesLeft: <= 0 } => $"Extension {Id} has been used {(MostUses == 1 ? "once, as often as it may be" : $"{NumberWords.Within(MostUses)} times, as often as it may be")}.",
        _ => $"The last moment of extension {Id} was {ProjectCalendar.LastMoment(Until, zone)}.",
    };
}

/// <summary>How late a submission came, and what let it in.</summary>
/// <param name="Minutes">After the closing; one that has begun counts.</param>
/// <param name="Extension">Its id; null where the project's grace let it in.</param>
/// <param name="By">Who granted it, by name; null under grace.</param>
public sealed record Lateness(int Minutes, string? Extension, string? By)
{
    public static Lateness Of(DateTimeOffset closesAt, DateTimeOffset receivedAt, Extension? by) =>
        new((int)((receivedAt - closesAt).Ticks / TimeSpan.TicksPerMinute) + 1, by?.Id, by?.GrantedByName);

    /// <summary>Such as <c>late by 12 minutes, extension K7QF-2M9X by Aiko Mori</c>.</summary>
    [JsonIgnore]
    public string Words => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"late by {Minutes} {(Minutes == 1 ? "minute" : "minutes")}, {(Extension is null ? "within the grace of the project" : $"extension {Extension} by {By}")}");
}

/// <summary>Whether something may still be written.</summary>
/// <param name="Closed">Why not; null when it may.</param>
/// <param name="Late">Null in time.</param>
/// <param name="By">The extension that a submission uses up.</param>
public sealed record Admission(Refusal? Closed, Lateness? Late = null, Extension? By = null)
{
    public static Admission InTime { get; } = new((Refusal?)null);
}
