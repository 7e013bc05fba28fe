using System.Text.Json.Serialization;

namespace Plenary.Domain;

/// <summary>Names are stored; they never change.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NomineeState>))]
public enum NomineeState
{
    Draft,
    Submitted,
    Withdrawn,
}

/// <summary>A document as it was when a nomination was submitted.</summary>
/// <param name="Sha256">Of its content, in hexadecimal.</param>
public sealed record SentDocument(string Id, string FileName, long Length, string Sha256)
{
    /// <inheritdoc cref="NomineeDocument.Kind" />
    public string Kind { get; init; } = "";

    /// <inheritdoc cref="NomineeDocument.ExpiresOn" />
    public DateOnly? ExpiresOn { get; init; }

    /// <inheritdoc cref="NomineeDocument.Fingerprint" />
    [JsonIgnore]
    public string Fingerprint => NomineeDocument.FingerprintOf(Sha256, Kind, ExpiresOn);

    public static SentDocument Of(NomineeDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return new SentDocument(document.Id, document.FileName, document.Length, document.Sha256) { Kind = document.Kind, ExpiresOn = document.ExpiresOn };
    }
}

/// <summary>What was submitted; later changes to the entry do not count until they are submitted too.</summary>
/// <param name="Version">1 and up: each is a receipt of its own.</param>
/// <param name="FirstAt">When version 1 was received.</param>
/// <param name="At">When this version was received.</param>
/// <param name="Late">What let this version in after the closing; null in time.</param>
public sealed record Submission(
    NomineeEntry Entry, IReadOnlyList<SentDocument> Documents, string ContentHash, int Version, DateTimeOffset FirstAt, DateTimeOffset At, Lateness? Late = null)
{
    /// <summary>As it was then.</summary>
    public Endorsement? Endorsement { get; init; }

    /// <summary>Among the economy's nominees as this was received, for its receipt; null where that was not noted. The ranks that count are rows of their own.</summary>
    public int? Rank { get; init; }
}

/// <summary>Somebody was sent a link to fill in the draft.</summary>
/// <param name="Number">1 and up: each is a mail of its own.</param>
public sealed record DraftInvitation(string Address, int Number, DateTimeOffset At)
{
    /// <summary>Links sent with this number or an earlier one open nothing any more.</summary>
    public int RevokedThrough { get; init; }

    /// <summary>When the last of them were revoked; null while none was.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The link that was sent last has been revoked.</summary>
    [JsonIgnore]
    public bool IsRevoked => Number <= RevokedThrough;
}

/// <summary>One nominee of one economy: what is being written, and what was submitted of it.</summary>
/// <param name="Id">The reference in lower case without dashes; safe in keys and addresses.</param>
/// <param name="Entry">As last saved.</param>
/// <param name="Sent">Null while it has never been submitted.</param>
/// <param name="Replaces">Id of the nomination whose place fell free; null for everybody nominated before the closing.</param>
public sealed record Nominee(
    string Id, NomineeState State, NomineeEntry Entry, Submission? Sent, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, DateTimeOffset? WithdrawnAt = null,
    string? Replaces = null)
{
    /// <summary>The last asking, where the project asks for endorsements; null while nobody has been asked.</summary>
    public Endorsement? Endorsement { get; init; }

    /// <summary>Who fills in the draft beside the officer; null when nobody was asked.</summary>
    public DraftInvitation? Invitation { get; init; }

    /// <summary>As the nominator quotes it.</summary>
    [JsonIgnore]
    public string Reference => ReferenceNumber.Parse(Id).TryGet(out ReferenceNumber? number) ? number.Text : Id.ToUpperInvariant();

    /// <summary>For lists: what is known of the name so far.</summary>
    [JsonIgnore]
    public string DisplayName => Entry.Name.Length > 0 ? Entry.Name : "Name not given yet";

    /// <summary>A fresh id; the caller inserts with refusal of duplicates.</summary>
    public static string DrawId() => IdOf(ReferenceNumber.Draw());

    public static string IdOf(ReferenceNumber reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return reference.Text.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
    }

    /// <param name="replaces">Given when the nominee is named for a place that fell free.</param>
    public static Nominee Start(string id, NomineeEntry entry, DateTimeOffset now, string? replaces = null) => new(id, NomineeState.Draft, entry, null, now, now, Replaces: replaces);

    /// <summary>Whether something was saved that has not been submitted. Documents count.</summary>
    public bool HasUnsent(IEnumerable<string> documentHashes) =>
        State == NomineeState.Draft || (State == NomineeState.Submitted && Sent?.ContentHash != Entry.ComputeHash(documentHashes));

    /// <summary>Refused once withdrawn.</summary>
    public Outcome<Nominee> Save(NomineeEntry entry, DateTimeOffset now) =>
        WhyFixed() is { } refusal ? refusal : this with { Entry = entry, ChangedAt = entry == Entry ? ChangedAt : now };

    /// <summary>Takes what was saved as the nomination. Submitting the same content again changes nothing.</summary>
    /// <param name="rank">See <see cref="Submission.Rank"/>.</param>
    public Outcome<Nominee> Submit(IReadOnlyList<SentDocument> documents, DateTimeOffset now, Lateness? late = null, int? rank = null)
    {
        ArgumentNullException.ThrowIfNull(documents);
        if (WhyFixed() is { } refusal)
        {
            return refusal;
        }

        IReadOnlyList<Refusal> missing = TypedNominee.FindMissing(Entry);
        if (missing.Count > 0)
        {
            return Outcome<Nominee>.Refused(missing);
        }

        string hash = Entry.ComputeHash(documents.Select(document => document.Fingerprint));
        return State == NomineeState.Submitted && Sent?.ContentHash == hash
            ? this
            : this with
            {
                State = NomineeState.Submitted,
                Sent = new Submission(Entry, documents, hash, (Sent?.Version ?? 0) + 1, Sent?.FirstAt ?? now, now, late) { Endorsement = Endorsement, Rank = rank },
                ChangedAt = now,
            };
    }

    /// <summary>Only what was submitted can be withdrawn; a draft is thrown away instead.</summary>
    public Outcome<Nominee> Withdraw(DateTimeOffset now) => State switch
    {
        NomineeState.Withdrawn => this,
        NomineeState.Submitted => this with { State = NomineeState.Withdrawn, WithdrawnAt = now, ChangedAt = now },
        _ => new Refusal("nomination-not-submitted", "This nomination was never submitted, so there is nothing to withdraw.", Remedy: "Remove the draft instead."),
    };

    private Refusal? WhyFixed() => State == NomineeState.Withdrawn
        ? new Refusal("nomination-withdrawn-already", $"This nomination was withdrawn at {WithdrawnAt:u}.", Remedy: "Start a new nomination for this person.")
        : null;
}
