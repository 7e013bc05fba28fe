using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Plenary.Domain;

/// <summary>The rule <see cref="SelectionRules.Version"/>; its words for people are <see cref="SelectionRules.Words"/>.</summary>
public static class RoundRobinSelection
{
    /// <exception cref="ArgumentException">The rules have problems, or a nomination occurs twice: neither may get as far as here.</exception>
    public static SelectionResult Select(SelectionRules rules, IEnumerable<Candidate> candidates)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(candidates);
        if (rules.FindProblems() is [Refusal problem, ..])
        {
            throw new ArgumentException(problem.Reason, nameof(rules));
        }

        List<Candidate> all = [.. candidates];
        HashSet<string> seen = new(all.Count, StringComparer.Ordinal);
        foreach (Candidate candidate in all)
        {
            if (!seen.Add(candidate.NominationId))
            {
                throw new ArgumentException($"Nomination {candidate.NominationId} occurs twice.", nameof(candidates));
            }
        }

        IReadOnlyList<string> economyOrder = OrderEconomies(rules.DrawSeed, all.Select(candidate => candidate.Economy));
        Dictionary<string, int> positions = new(economyOrder.Count, StringComparer.Ordinal);
        foreach (string economy in economyOrder)
        {
            positions.Add(economy, positions.Count);
        }

        List<Turn> turns = TakeTurns(rules.Scoring, all, positions);
        PoolTurns overseas = new(Pool.Overseas, rules, turns, all);
        PoolTurns local = new(Pool.Local, rules, turns, all);

        // Only one of the two can both have places to spare and need some, so the order of these lines does not matter.
        int toLocal = rules.OverseasMayFlowToLocal ? Math.Min(overseas.Spare, local.Wanting) : 0;
        int toOverseas = rules.LocalMayFlowToOverseas ? Math.Min(local.Spare, overseas.Wanting) : 0;

        List<SelectionDecision> decisions = new(all.Count);
        PoolArithmetic overseasSums = overseas.Decide(toOverseas, toLocal, local.Within.Count, decisions);
        PoolArithmetic localSums = local.Decide(toLocal, toOverseas, overseas.Within.Count, decisions);
        return new SelectionResult(rules.Version, rules.DrawSeed, economyOrder, decisions, overseasSums, localSums);
    }

    /// <summary>The order of economies in every round: by a hash of seed and economy, so it is known before anybody nominates and does not depend on who does.</summary>
    public static IReadOnlyList<string> OrderEconomies(string drawSeed, IEnumerable<string> economies)
    {
        ArgumentNullException.ThrowIfNull(economies);
        return [.. economies
            .Distinct(StringComparer.Ordinal)
            .Select(economy => (Economy: economy, Key: DrawKey(drawSeed, economy)))
            .OrderBy(drawn => drawn.Key, StringComparer.Ordinal)
            .ThenBy(drawn => drawn.Economy, StringComparer.Ordinal)
            .Select(drawn => drawn.Economy)];
    }

    private static string DrawKey(string drawSeed, string economy) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{SelectionRules.RuleVersion}|{drawSeed}|{economy}")));

    // Every eligible nominee has one turn: the n-th of an economy in round n. All turns, in the order in which places are given.
    private static List<Turn> TakeTurns(ScoringPlan? scoring, List<Candidate> all, Dictionary<string, int> positions)
    {
        List<Turn>[] byEconomy = new List<Turn>[positions.Count];
        foreach (Candidate candidate in all)
        {
            if (candidate.IneligibleCode is null)
            {
                int position = positions[candidate.Economy];
                (byEconomy[position] ??= []).Add(new Turn(candidate, 0, position));
            }
        }

        List<Turn> turns = new(all.Count);
        foreach (List<Turn>? economy in byEconomy)
        {
            if (economy is null)
            {
                continue;
            }

            economy.Sort(scoring is { OrdersEconomies: true }
                ? static (left, right) => ByScore(left.Candidate, right.Candidate) is var order and not 0 ? order : ByRank(left.Candidate, right.Candidate)
                : static (left, right) => ByRank(left.Candidate, right.Candidate));
            for (int index = 0; index < economy.Count; index++)
            {
                turns.Add(economy[index] with { Round = index + 1 });
            }
        }

        turns.Sort(scoring is { OrdersRounds: true }
            ? static (left, right) => left.Round != right.Round ? left.Round.CompareTo(right.Round)
                : ByScore(left.Candidate, right.Candidate) is var order and not 0 ? order : left.Position.CompareTo(right.Position)
            : static (left, right) => left.Round != right.Round ? left.Round.CompareTo(right.Round) : left.Position.CompareTo(right.Position));
        return turns;
    }

    // The best first; whoever was not scored comes last.
    private static int ByScore(Candidate left, Candidate right) => Nullable.Compare(right.Score, left.Score);

    private static int ByRank(Candidate left, Candidate right) =>
        left.Rank != right.Rank ? left.Rank.CompareTo(right.Rank) : string.CompareOrdinal(left.NominationId, right.NominationId);

    private readonly record struct Turn(Candidate Candidate, int Round, int Position);

    private sealed class PoolTurns
    {
        private readonly Pool pool;
        private readonly SelectionRules rules;
        private readonly int places;
        private readonly List<Turn> over = [];
        private readonly List<Candidate> ineligible;

        public PoolTurns(Pool pool, SelectionRules rules, List<Turn> turns, List<Candidate> all)
        {
            this.pool = pool;
            this.rules = rules;
            places = rules.PlacesOf(pool);
            foreach (Turn turn in turns)
            {
                if (rules.PoolOf(turn.Candidate.Economy) == pool)
                {
                    (turn.Round > rules.PerEconomyMaximum ? over : Within).Add(turn);
                }
            }

            ineligible = [.. all.Where(candidate => candidate.IneligibleCode is not null && rules.PoolOf(candidate.Economy) == pool)];
            ineligible.Sort(static (left, right) =>
                left.Economy != right.Economy ? string.CompareOrdinal(left.Economy, right.Economy) : ByRank(left, right));
        }

        public List<Turn> Within { get; } = [];

        public int Spare => Math.Max(0, places - Within.Count);

        public int Wanting => Math.Max(0, Within.Count - places);

        public PoolArithmetic Decide(int flowedIn, int flowedOut, int usedInOtherPool, List<SelectionDecision> decisions)
        {
            int capacity = places + flowedIn - flowedOut;
            int selected = Math.Min(capacity, Within.Count);
            string poolName = PlaceName.NameOf(pool);
            Pool otherPool = pool == Pool.Overseas ? Pool.Local : Pool.Overseas;
            for (int index = 0; index < Within.Count; index++)
            {
                Turn turn = Within[index];
                int order = index + 1;
                decisions.Add(
                    order <= Math.Min(places, selected) ? Decision(
                        turn.Candidate,
                        DecisionKind.Selected,
                        order,
                        SelectionReason.WithinPlaces,
                        $"{Standing(turn.Candidate)}; received place {order} of {places} {poolName} places in round {turn.Round}.",
                        new PlaceName(pool, order))
                    : order <= selected ? Decision(
                        turn.Candidate,
                        DecisionKind.Selected,
                        order,
                        SelectionReason.OnUnusedPlaces,
                        $"{Standing(turn.Candidate)}; all {places} {poolName} places were given, so an unused {PlaceName.NameOf(otherPool)} place was received in round {turn.Round}.",
                        new PlaceName(otherPool, usedInOtherPool + order - places))
                    : Decision(
                        turn.Candidate,
                        DecisionKind.Alternate,
                        order - selected,
                        SelectionReason.PlacesFilled,
                        $"{Standing(turn.Candidate)}; the {capacity} {poolName} places were filled before this turn in round {turn.Round}. Alternate {order - selected} of {Within.Count - selected}."));
            }

            for (int index = 0; index < over.Count; index++)
            {
                Turn turn = over[index];
                decisions.Add(Decision(
                    turn.Candidate,
                    DecisionKind.NotSelected,
                    index + 1,
                    SelectionReason.OverEconomyMaximum,
                    $"{Standing(turn.Candidate)} and number {turn.Round} of its eligible nominees; one economy may hold at most {(rules.PerEconomyMaximum is 1 ? "1 place" : $"{rules.PerEconomyMaximum} places")}. Stands by for a place that its own economy gives back."));
            }

            for (int index = 0; index < ineligible.Count; index++)
            {
                Candidate candidate = ineligible[index];
                string code = candidate.IneligibleCode ?? string.Empty;
                decisions.Add(Decision(candidate, DecisionKind.Ineligible, index + 1, code, code == SelectionReason.EconomyNotInvited ? "A revision of the project notification invites this economy no longer." : $"Not eligible under the rule {code} of the project notification."));
            }

            return new PoolArithmetic(
                pool,
                places,
                Within.Count + over.Count + ineligible.Count,
                selected,
                Within.Count - selected,
                over.Count,
                ineligible.Count,
                capacity - selected,
                flowedIn,
                flowedOut,
                FindEconomiesBelowMinimum(selected));
        }

        private string Standing(Candidate candidate) => rules.Scoring is null
            ? string.Create(CultureInfo.InvariantCulture, $"Ranked {candidate.Rank} by the economy")
            : candidate.Score is decimal score
            ? string.Create(CultureInfo.InvariantCulture, $"Scored {score:0.00} of {ScoringPlan.BestMark} and ranked {candidate.Rank} by the economy")
            : string.Create(CultureInfo.InvariantCulture, $"Not scored, ranked {candidate.Rank} by the economy");

        private SelectionDecision Decision(Candidate candidate, DecisionKind kind, int order, string code, string reason, PlaceName? place = null) =>
            new(candidate.NominationId, candidate.Economy, pool, kind, order, code, reason, place);

        private List<string> FindEconomiesBelowMinimum(int selected)
        {
            if (rules.PerEconomyMinimum is not int minimum)
            {
                return [];
            }

            Dictionary<string, int> held = new(StringComparer.Ordinal);
            for (int index = 0; index < Within.Count; index++)
            {
                string economy = Within[index].Candidate.Economy;
                held[economy] = held.GetValueOrDefault(economy) + (index < selected ? 1 : 0);
            }

            return [.. held.Where(entry => entry.Value < minimum).Select(entry => entry.Key).Order(StringComparer.Ordinal)];
        }
    }
}
