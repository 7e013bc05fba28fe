namespace Plenary.Domain;

/// <summary>Who follows when a place falls free.</summary>
public static class Alternates
{
    /// <summary>
    /// The lowest-numbered alternate of the same economy, else its next nominee above the economy's maximum, else the pool's lowest-numbered alternate, else (where places may
    /// flow) the other pool's; null when nobody is left. An economy never comes to hold more than its maximum: whoever stands above it follows only one of its own.
    /// </summary>
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
            bool mayFollow = decision.Kind == DecisionKind.Alternate || (decision.StandsBy && decision.Economy == economy);
            if (!mayFollow || unavailable.Contains(decision.NominationId) || (decision.Pool != pool && !mayFlow))
            {
                continue;
            }

            int step = decision.Pool != pool ? 3 : decision.Economy != economy ? 2 : decision.StandsBy ? 1 : 0;
            if (step < bestStep || (step == bestStep && decision.Order < best?.Order))
            {
                best = decision;
                bestStep = step;
            }
        }

        return best;
    }
}
