using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Plenary.Domain;

/// <summary>The two kinds of places of a project; a nominee belongs to one of them by economy.</summary>
public enum Pool
{
    /// <summary>Nominees of every economy that is not a host.</summary>
    Overseas,

    /// <summary>Nominees of a host economy.</summary>
    Local,
}

/// <summary>What is declared before closing and decides the selection together with the nominations, and nothing else does.</summary>
/// <param name="HostEconomies">Ids of the economies whose nominees compete for the local places.</param>
/// <param name="DrawSeed">Published before closing, normally the project code; it alone fixes the order of economies.</param>
/// <param name="PerEconomyMaximum">The most places one economy may hold; null when there is no cap.</param>
/// <param name="PerEconomyMinimum">
/// What each nominating economy should hold at least. Rounds already give it wherever that is possible (see <see cref="AssuredMinimum"/>), so it changes nobody's decision;
/// economies left below are listed.
/// </param>
/// <param name="Scoring">Given only where scores decide something.</param>
public sealed record SelectionRules(
    int OverseasPlaces,
    int LocalPlaces,
    IReadOnlySet<string> HostEconomies,
    string DrawSeed,
    int? PerEconomyMaximum = null,
    int? PerEconomyMinimum = null,
    bool OverseasMayFlowToLocal = false,
    bool LocalMayFlowToOverseas = false,
    ScoringPlan? Scoring = null)
{
    /// <summary>Stored with every result; a change of the rule gets a new version, this one is never redefined.</summary>
    public const string RuleVersion = "round-robin-1";

    /// <summary>The same rule where scores decide an order in it.</summary>
    public const string ScoredRuleVersion = "round-robin-scored-1";

    public const int MostPlaces = 10_000;

    /// <summary>The rule for the people it concerns, where no scores decide; shown before closing and beside every result.</summary>
    public const string InPlainWords = Opening
        + "The liaison officer's ranking decides within an economy, and nothing else. "
        + "Which economy comes first in a round is settled before nominations close: "
        + Ending;

    private const string Opening =
        "Nominees of the host economy compete for the local places, all others for the overseas places. "
        + "In each pool places are given in rounds: in every round each economy receives one place, for its best-ranked eligible nominee who has none yet, "
        + "until the places are gone or an economy has reached its maximum. ";

    private const string Ending =
        "economies stand in the order of the SHA-256 value of "
        + "\u201Cround-robin-1|seed|economy\u201D, and the seed is published with the project, so anybody can check the order and nobody can bend it once nominations are known. "
        + "Eligible nominees who receive no place become alternates, numbered in the same order; those above their economy's maximum stand by for their own economy alone. "
        + "When a place falls free it goes to the next alternate of the same economy, then to whoever stands by for it, and if there is none, to the pool's next alternate. "
        + "Unused places of one pool pass to the other only if the project notification says so.";

    /// <summary>Stored with every result made by these rules.</summary>
    public string Version => Scoring is null ? RuleVersion : ScoredRuleVersion;

    /// <summary>These rules for the people they concern.</summary>
    public string Words => Scoring is not { } plan
        ? InPlainWords
        : Opening
            + $"Reviewers score every nominee in {plan.WritePhases()} (the numbers are weights), from 0 to {ScoringPlan.BestMark}, without knowing name, economy or employer; nobody scores nominees of the own economy. "
            + "A nominee's score is the weighted mean of the marks that were given, to two decimals; marks that were not given count nowhere. "
            + (plan.OrdersEconomies
                ? "Within an economy the higher score is the better rank; among equal scores the liaison officer's ranking decides. "
                : "The liaison officer's ranking decides within an economy, and nothing else. ")
            + (plan.OrdersRounds ? "Within a round the nominee with the higher score comes first; among equal scores " : "Which economy comes first in a round is settled before nominations close: ")
            + Ending;

    /// <summary>The rules as a project declares them; the seed is its code, public since it was issued and never another.</summary>
    public static SelectionRules DeclaredBy(Project project)
    {
        ArgumentNullException.ThrowIfNull(project);
        return new SelectionRules(
            project.Notification.Overseas.Count,
            project.Notification.Local.Count,
            project.Notification.HostEconomies.ToHashSet(StringComparer.Ordinal),
            project.Code.ToString(),
            project.Settings.PerEconomyMaximum ?? project.Notification.PerEconomyMaximum,
            project.Settings.PerEconomyMinimum,
            project.Settings.OverseasMayFlowToLocal,
            project.Settings.LocalMayFlowToOverseas,
            project.Settings.Scoring is { Use: not ScoreUse.Informs } plan ? plan : null);
    }

    /// <summary>Whether every list of candidates comes to the same result under both.</summary>
    public bool DecidesAs(SelectionRules other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return HostEconomies.SetEquals(other.HostEconomies) && this with { HostEconomies = other.HostEconomies } == other;
    }

    /// <summary>Names exactly these rules: equal whenever every list of candidates comes to the same result.</summary>
    public string ComputeDigest()
    {
        string hosts = string.Join(',', HostEconomies.Order(StringComparer.Ordinal).Select(Uri.EscapeDataString));
        string scoring = Scoring is null ? "" : $"|{Scoring.Use}|{Uri.EscapeDataString(Scoring.WritePhases())}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{Version}|{Uri.EscapeDataString(DrawSeed)}|{OverseasPlaces}|{LocalPlaces}|{hosts}|{PerEconomyMaximum}|{PerEconomyMinimum}|{OverseasMayFlowToLocal}|{LocalMayFlowToOverseas}{scoring}"))));
    }

    public int PlacesOf(Pool pool) => pool == Pool.Overseas ? OverseasPlaces : LocalPlaces;

    public Pool PoolOf(string economy) => HostEconomies.Contains(economy) ? Pool.Local : Pool.Overseas;

    public bool MayFlowFrom(Pool pool) => pool == Pool.Overseas ? OverseasMayFlowToLocal : LocalMayFlowToOverseas;

    /// <summary>
    /// How many places each economy of a pool is sure of if it nominates as many, whatever the others do: every round serves all economies before any has its next place.
    /// </summary>
    /// <param name="economies">How many economies may nominate into the pool.</param>
    public int AssuredMinimum(Pool pool, int economies)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(economies, 1);
        return Math.Min(PerEconomyMinimum ?? 0, PlacesOf(pool) / economies);
    }

    /// <summary>Everything that keeps these rules from being used; empty when they are sound.</summary>
    public IReadOnlyList<Refusal> FindProblems()
    {
        List<Refusal> problems = [];
        CheckPlaces(problems, OverseasPlaces, "overseasPlaces");
        CheckPlaces(problems, LocalPlaces, "localPlaces");
        if (PerEconomyMaximum is < 1)
        {
            problems.Add(new Refusal(
                "economy-maximum-invalid",
                $"The maximum for one economy is {PerEconomyMaximum}, which would select nobody.",
                "perEconomyMaximum",
                "Enter 1 or more, or leave it empty for no maximum."));
        }

        if (PerEconomyMinimum is < 0 || PerEconomyMinimum > PerEconomyMaximum)
        {
            problems.Add(new Refusal(
                "economy-minimum-invalid",
                $"The minimum for one economy is {PerEconomyMinimum}; it must lie between 0 and the maximum.",
                "perEconomyMinimum",
                "Enter a number that is not above the maximum, or leave it empty."));
        }

        if (Scoring is { IsOn: false })
        {
            problems.Add(new Refusal("score-phases-missing", "Scores are to decide, but nothing is scored.", "scoring", "Name what reviewers score, or let scores decide nothing."));
        }

        if (string.IsNullOrWhiteSpace(DrawSeed))
        {
            problems.Add(new Refusal("draw-seed-missing", "There is no seed for the order of economies.", "drawSeed", "Use the project code."));
        }

        return problems;
    }

    private static void CheckPlaces(List<Refusal> problems, int places, string field)
    {
        if (places is < 0 or > MostPlaces)
        {
            problems.Add(new Refusal("places-invalid", $"The number of places is {places}.", field, $"Enter a number from 0 to {MostPlaces}."));
        }
    }
}
