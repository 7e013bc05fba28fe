using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Plenary.Domain;

/// <summary>One submitted nomination, as far as the selection may know it.</summary>
/// <param name="Rank">The liaison officer's order within the economy; 1 comes first. Equal ranks fall back to the nomination id.</param>
/// <param name="IneligibleCode">The rule the nominee fails; null when eligible.</param>
/// <param name="Score">What reviewers make of the nominee; null when nobody scored. Looked at only where the rules say so.</param>
public sealed record Candidate(string NominationId, string Economy, int Rank, string? IneligibleCode = null, decimal? Score = null);

/// <summary>Declared in the order in which a result lists them.</summary>
public enum DecisionKind
{
    Selected,
    Alternate,
    NotSelected,
    Ineligible,
}

/// <summary>What became of one candidate, with the one reason for it.</summary>
/// <param name="Order">Within pool and kind, from 1: the order of selection, or the alternate's number.</param>
/// <param name="ReasonCode">A <see cref="SelectionReason"/>, or the candidate's own ineligibility code.</param>
/// <param name="Reason">The same as a sentence with the numbers, fit for the nominee and the nominator.</param>
/// <param name="Place">The place held; null unless selected. It belongs to the other pool when places flowed.</param>
public sealed record SelectionDecision(
    string NominationId,
    string Economy,
    Pool Pool,
    DecisionKind Kind,
    int Order,
    string ReasonCode,
    string Reason,
    PlaceName? Place = null)
{
    /// <summary>Not selected for the economy's maximum alone: follows when the economy's own place falls free.</summary>
    [JsonIgnore]
    public bool StandsBy => Kind == DecisionKind.NotSelected && ReasonCode == SelectionReason.OverEconomyMaximum;
}

/// <summary>Public codes of the reasons; never reused for another meaning.</summary>
public static class SelectionReason
{
    public const string WithinPlaces = "selected-within-places";
    public const string OnUnusedPlaces = "selected-on-unused-places";
    public const string PlacesFilled = "alternate-places-filled";
    public const string ReplacementNamed = "replacement-named";
    public const string EconomyNotInvited = "economy-not-invited";
    public const string OverEconomyMaximum = "over-economy-maximum";
}

/// <summary>The sums of one pool: Candidates = Selected + Alternates + NotSelected + Ineligible, and Places + FlowedIn - FlowedOut = Selected + Unused.</summary>
/// <param name="FlowedIn">Places taken over from the other pool and used here.</param>
/// <param name="EconomiesBelowMinimum">Economies with an eligible nominee that hold fewer places than the declared minimum.</param>
public sealed record PoolArithmetic(
    Pool Pool,
    int Places,
    int Candidates,
    int Selected,
    int Alternates,
    int NotSelected,
    int Ineligible,
    int Unused,
    int FlowedIn,
    int FlowedOut,
    IReadOnlyList<string> EconomiesBelowMinimum);

/// <summary>The whole selection. Equal candidates and rules give an equal result, whatever order they came in.</summary>
/// <param name="EconomyOrder">The order of economies in a round, over both pools.</param>
/// <param name="Decisions">By pool, kind and order; one for each candidate.</param>
public sealed record SelectionResult(
    string RuleVersion,
    string DrawSeed,
    IReadOnlyList<string> EconomyOrder,
    IReadOnlyList<SelectionDecision> Decisions,
    PoolArithmetic Overseas,
    PoolArithmetic Local)
{
    /// <summary>Names exactly this list of decisions, so that an approval can say what was approved.</summary>
    public string ComputeDigest()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{RuleVersion}\n{DrawSeed}\n"));
        foreach (SelectionDecision decision in Decisions)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"{decision.Pool}|{decision.Kind}|{decision.Order}|{Uri.EscapeDataString(decision.Economy)}|{Uri.EscapeDataString(decision.NominationId)}|{decision.ReasonCode}\n")));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Who would be moved by going from one result to the other: a what-if shown before anything is approved.</summary>
    public static IReadOnlyList<SelectionMove> Compare(SelectionResult before, SelectionResult after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);

        Dictionary<string, SelectionDecision> earlier = before.Decisions.ToDictionary(decision => decision.NominationId, StringComparer.Ordinal);
        Dictionary<string, SelectionDecision> later = after.Decisions.ToDictionary(decision => decision.NominationId, StringComparer.Ordinal);
        return [.. earlier.Keys.Union(later.Keys, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(id => new SelectionMove(id, earlier.GetValueOrDefault(id), later.GetValueOrDefault(id)))
            .Where(move => move.Before?.Kind != move.After?.Kind || move.Before?.Order != move.After?.Order)];
    }
}

/// <summary>One line of a what-if; a side is null when the nomination is not in that result.</summary>
public sealed record SelectionMove(string NominationId, SelectionDecision? Before, SelectionDecision? After)
{
    public bool GainsPlace => Before?.Kind != DecisionKind.Selected && After?.Kind == DecisionKind.Selected;

    public bool LosesPlace => Before?.Kind == DecisionKind.Selected && After?.Kind != DecisionKind.Selected;
}
