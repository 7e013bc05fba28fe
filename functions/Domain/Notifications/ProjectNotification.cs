using System.Text.Json.Serialization;

namespace Plenary.Domain;

/// <summary>What a project notification says, as one version of it. Texts are NFC; economies are registry ids.</summary>
public sealed record ProjectNotification
{
    public required ProjectCode Code { get; init; }

    /// <summary>The issuer's running number, kept as text: leading zeros and suffixes mean something there.</summary>
    public string? Reference { get; init; }

    public DateOnly? IssuedOn { get; init; }

    public required string Title { get; init; }

    public required DateOnly StartsOn { get; init; }

    /// <summary>The last day, included.</summary>
    public required DateOnly EndsOn { get; init; }

    /// <summary>Economy ids; empty when no economy hosts.</summary>
    public required IReadOnlyList<string> HostEconomies { get; init; }

    /// <summary>Venue cities as written; empty when not applicable.</summary>
    public required IReadOnlyList<string> Venues { get; init; }

    public required Modality Modality { get; init; }

    public required IReadOnlyList<string> ImplementingOrganizations { get; init; }

    public required ParticipatingEconomies Participating { get; init; }

    public required Places Overseas { get; init; }

    public required Places Local { get; init; }

    /// <summary>The most places one economy may take of the overseas pool; null when the notification sets no such limit.</summary>
    public int? PerEconomyMaximum { get; init; }

    /// <summary>The last day on which nominations are taken. The instant it means depends on the project's <see cref="ClosingPolicy"/>.</summary>
    public required DateOnly ClosingOn { get; init; }

    public string? Remarks { get; init; }

    public required IReadOnlyList<string> Objectives { get; init; }

    public required string Rationale { get; init; }

    /// <summary>Cleaned HTML: safe to write to a page as it is.</summary>
    public required string BackgroundHtml { get; init; }

    public required IReadOnlyList<string> Topics { get; init; }

    public required IReadOnlyList<string> Outcomes { get; init; }

    public required string Qualifications { get; init; }

    /// <summary>Rules that every nominee is measured by; none unless the notification declares them.</summary>
    public EligibilityRules Eligibility { get; init; } = EligibilityRules.None;

    public string? Signatory { get; init; }

    public string? SignatoryTitle { get; init; }
}

/// <summary>How a project is held, with the notification's own words for it.</summary>
public sealed record Modality(ModalityKind Kind, string AsWritten)
{
    /// <summary>Participants travel, so the long lead times hold. Unknown modalities count as travel: the careful side.</summary>
    [JsonIgnore]
    public bool IsHeldInPerson => Kind is ModalityKind.FaceToFace or ModalityKind.Hybrid or ModalityKind.Other;
}

[JsonConverter(typeof(JsonStringEnumConverter<ModalityKind>))]
public enum ModalityKind
{
    Online,
    FaceToFace,
    Hybrid,
    DigitalMultiCountry,

    /// <summary>None of the others; the words say what.</summary>
    Other,
}

/// <summary>Places of one pool.</summary>
/// <param name="Count">How many; with <paramref name="IsUpTo"/> the most there may be.</param>
/// <param name="IsUpTo">The notification says "up to".</param>
/// <param name="AsWritten">The notification's own words.</param>
public readonly record struct Places(int Count, bool IsUpTo, string AsWritten);

/// <summary>Whose nominations are taken.</summary>
/// <param name="All">All member economies but those excepted; otherwise only those named.</param>
/// <param name="Named">Economy ids; empty when all are meant.</param>
/// <param name="Except">Economy ids left out.</param>
public sealed record ParticipatingEconomies(bool All, IReadOnlyList<string> Named, IReadOnlyList<string> Except)
{
    public static ParticipatingEconomies AllMembers { get; } = new(true, [], []);

    /// <summary>Whether the economy may nominate; an inactive one never may.</summary>
    public bool Includes(Economy economy)
    {
        ArgumentNullException.ThrowIfNull(economy);
        return economy.IsActive && Invites(economy.Id);
    }

    /// <summary>By what is said: lists of the same economies are the same, whoever made them.</summary>
    public bool IsSameAs(ParticipatingEconomies other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return All == other.All && Named.Order(StringComparer.Ordinal).SequenceEqual(other.Named.Order(StringComparer.Ordinal)) && Except.Order(StringComparer.Ordinal).SequenceEqual(other.Except.Order(StringComparer.Ordinal));
    }

    /// <summary>What the notification says, whether the economy is active or not.</summary>
    public bool Invites(string economyId) => !Except.Contains(economyId, StringComparer.Ordinal) && (All || Named.Contains(economyId, StringComparer.Ordinal));
}
