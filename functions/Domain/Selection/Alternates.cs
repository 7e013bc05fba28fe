namespace Plenary.Domain;

/// <summary>Who follows when a place falls free.</summary>
public static class Alternates
{
    /// <summary>The lowest-numbered alternate of the same economy, else the pool's lowest-numbered one, else (where places may flow) the other pool's; null when nobody is left.</summary>
    /// <param name="economy">The economy whose place fell free.</param>
    /// <param name="pool">The pool of the person who held it.</param>
    /// <param name="unavailable">Nominations already offered a place, or withdrawn.</param>
    /// <param name="rules">Given when the notification lets places flow between the pools; without it they stay.</param>
    public static SelectionDecision? Next(
        IEnumerable<SelectionDecision> decisions,
        string economy,
        Pool pool,
        IReadOnlySet<string> unavailable,
        SelectionRules? rules = null)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        ArgumentNullException.ThrowIfNull(unavailable);

        bool mayFlow = rules?.MayFlowFrom(pool) ?? false;
        SelectionDecision? best = null;
        int bestStep = int.MaxValue;
        foreach (SelectionDecision decision in decisions)
        {
            if (decision.Kind != DecisionKind.Alternate || unavailable.Contains(decision.NominationId) || (decision.Pool != pool && !mayFlow))
            {
                continue;
            }

            int step = decision.Pool != pool ? 2 : decision.Economy == economy ? 0 : 1;
            if (step < bestStep || (step == bestStep && decision.Order < best?.Order))
            {
                best = decision;
                bestStep = step;
            }
        }

        return best;
    }
}
