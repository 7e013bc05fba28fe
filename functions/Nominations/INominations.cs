using Plenary.Domain;

namespace Plenary.Nominations;

/// <summary>Nominations, for every slice to read. Only this slice writes them.</summary>
public interface INominations
{
    /// <summary>What was submitted and not withdrawn: economy by economy, first rank first. Streamed; memory holds one economy at a time.</summary>
    IAsyncEnumerable<Nomination> ListSubmittedAsync(ProjectCode project, CancellationToken cancellation);

    /// <summary>One query. Null when it does not exist or was never submitted; withdrawn ones are found and say so.</summary>
    Task<Nomination?> FindAsync(ProjectCode project, string economy, string id, CancellationToken cancellation);

    /// <summary>Those of some candidates that are found as <see cref="FindAsync"/> finds them, by candidate: one query for each economy.</summary>
    /// <param name="candidates">As <see cref="CandidateId"/> writes them.</param>
    Task<IReadOnlyDictionary<string, Nomination>> FindAllAsync(ProjectCode project, IReadOnlyCollection<string> candidates, CancellationToken cancellation);

    /// <summary>One entry for each economy whose desk was opened, in order of economy id, those without any nominee included.</summary>
    Task<IReadOnlyList<NominationCounts>> CountsAsync(ProjectCode project, CancellationToken cancellation);
}

/// <summary>An extension with the economy whose desk it lies at.</summary>
public sealed record DeskExtension(string Economy, Extension Extension);

/// <summary>Extensions, for every slice to read. Only this slice writes them.</summary>
public interface IExtensions
{
    /// <summary>All of a project, used up and ended ones too.</summary>
    Task<IReadOnlyList<DeskExtension>> ListExtensionsAsync(ProjectCode project, CancellationToken cancellation);
}

/// <summary>A nomination as submitted; what was saved afterwards and not submitted does not show here.</summary>
/// <param name="Id">Lower-case letters and digits; unique over all economies and projects.</param>
/// <param name="Economy">Economy id.</param>
/// <param name="Rank">1, 2, 3 … among the submitted ones of the economy; 0 when withdrawn.</param>
/// <param name="Entry">Name, e-mail address and all else as submitted.</param>
public sealed record Nomination(
    string Id,
    string Reference,
    string Economy,
    string EconomyName,
    int Rank,
    NomineeState State,
    NomineeEntry Entry,
    IReadOnlyList<SentDocument> Documents,
    DateTimeOffset FirstSubmittedAt,
    DateTimeOffset SubmittedAt)
{
    /// <summary>As submitted; null where the project asks for none.</summary>
    public Endorsement? Endorsement { get; init; }

    /// <summary>What let it in after the closing; null in time.</summary>
    public Lateness? Late { get; init; }

    public string Name => Entry.Name;

    public string Email => Entry.Email;
}

/// <summary>How one economy stands.</summary>
/// <param name="Submitted">Submitted and not withdrawn.</param>
/// <param name="Drafts">Never submitted.</param>
/// <param name="Unsent">Submitted, but with changes saved since that are not.</param>
/// <param name="ClosesAt">The closing of this economy.</param>
public sealed record NominationCounts(
    string Economy, string EconomyName, int Submitted, int Drafts, int Unsent, int Withdrawn, DateTimeOffset ClosesAt)
{
    /// <inheritdoc cref="Desk.IsInvited" />
    public bool IsInvited { get; init; } = true;
}
