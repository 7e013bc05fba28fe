using System.Text.Json.Serialization;

namespace Plenary.Domain;

/// <summary>How many of one group were nominated, and how many of these the list selects.</summary>
/// <param name="Group">An economy's id, a sector's or a gender's value; empty for what was not given.</param>
public sealed record BalanceRow(string Group, int Nominated, int Selected)
{
    [JsonIgnore]
    public int NotSelected => Nominated - Selected;
}

/// <summary>A row as the public reads it; numbers are null where they are withheld.</summary>
public sealed record PublicBalanceRow(string Group, int? Nominated, int? Selected);

/// <summary>The make-up of a list. It informs whoever proposes and approves; no rule looks at it.</summary>
public sealed record BalanceReport(IReadOnlyList<BalanceRow> Economies, IReadOnlyList<BalanceRow> Sectors, IReadOnlyList<BalanceRow> Genders)
{
    /// <param name="traits">Sector and gender of a candidate, as given.</param>
    public static BalanceReport Of(IReadOnlyCollection<SelectionDecision> decisions, Func<string, (string Sector, string Gender)> traits)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        ArgumentNullException.ThrowIfNull(traits);
        Dictionary<string, (int Nominated, int Selected)> economies = new(StringComparer.Ordinal);
        Dictionary<string, (int Nominated, int Selected)> sectors = new(StringComparer.Ordinal);
        Dictionary<string, (int Nominated, int Selected)> genders = new(StringComparer.Ordinal);
        foreach (SelectionDecision decision in decisions)
        {
            (string sector, string gender) = traits(decision.NominationId);
            bool isSelected = decision.Kind == DecisionKind.Selected;
            Count(economies, decision.Economy, isSelected);
            Count(sectors, sector, isSelected);
            Count(genders, gender, isSelected);
        }

        return new BalanceReport(Rows(economies), Rows(sectors), Rows(genders));
    }

    /// <summary>
    /// The copy for the public. A row that tells of fewer than <paramref name="minimum"/> people anywhere is withheld whole: among the nominated, the selected, or the rest that
    /// follows from the two. Further rows, the smallest first, are withheld with them until nothing withheld can be worked out from the totals, which are public.
    /// </summary>
    public static IReadOnlyList<PublicBalanceRow> Publish(IReadOnlyList<BalanceRow> rows, int minimum)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(minimum, 2);

        // Where everybody was selected, or nobody, that is told by the totals: the empty side is no cell.
        Func<BalanceRow, int>[] cells = [.. ((Func<BalanceRow, int>[])[row => row.Nominated, row => row.Selected, row => row.NotSelected]).Where(cell => rows.Any(row => cell(row) > 0))];
        List<BalanceRow> withheld = [.. rows.Where(row => cells.Any(cell => cell(row) < minimum))];
        Queue<BalanceRow> others = new(rows.Except(withheld).OrderBy(row => row.Nominated).ThenBy(row => row.Group, StringComparer.Ordinal));
        while (withheld.Count > 0 && others.Count > 0 && !cells.All(cell => IsHidden([.. withheld.Select(cell)], minimum)))
        {
            withheld.Add(others.Dequeue());
        }

        return [.. rows.Select(row => withheld.Contains(row) ? new PublicBalanceRow(row.Group, null, null) : new PublicBalanceRow(row.Group, row.Nominated, row.Selected))];
    }

    // What is withheld in one column has a sum that follows from the totals. It hides its parts when there are several, it tells of enough people itself, and it is not the
    // greatest sum that small cells can have, which would tell each of them.
    private static bool IsHidden(IReadOnlyList<int> values, int minimum)
    {
        int sum = values.Sum();
        return values.Count > 1 && sum >= minimum && (values.Any(value => value >= minimum) || sum < values.Count * (minimum - 1));
    }

    private static void Count(Dictionary<string, (int Nominated, int Selected)> groups, string group, bool isSelected)
    {
        (int nominated, int selected) = groups.GetValueOrDefault(group);
        groups[group] = (nominated + 1, selected + (isSelected ? 1 : 0));
    }

    private static IReadOnlyList<BalanceRow> Rows(Dictionary<string, (int Nominated, int Selected)> groups) =>
        [.. groups.OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new BalanceRow(group.Key, group.Value.Nominated, group.Value.Selected))];
}
