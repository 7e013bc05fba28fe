using System.Globalization;

namespace Plenary.Domain;

/// <summary>The order in which an economy puts its nominees forward: 1 is the first.</summary>
public static class Ranking
{
    /// <summary>Where a nominee who comes without a rank goes: behind all others, or into a gap when the last rank is taken.</summary>
    public static Outcome<int> NextFree(IEnumerable<int> taken, int most)
    {
        HashSet<int> used = [.. taken];
        int behind = used.DefaultIfEmpty(0).Max() + 1;
        if (behind <= most)
        {
            return behind;
        }

        int gap = Enumerable.Range(1, most).FirstOrDefault(rank => !used.Contains(rank));
        return gap > 0 ? gap : WhyFull(most);
    }

    public static Refusal WhyFull(int most) => new(
        "nominees-full",
        $"This economy may put forward {most} nominees, and has.",
        Remedy: "Remove a draft or withdraw a nomination first.");

    /// <summary>A rank asked for; whether it is free only the store can tell.</summary>
    public static Outcome<int> Read(string text, int most) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int rank) && rank >= 1 && rank <= most
            ? rank
            : new Refusal("rank-invalid", $"A rank is a whole number from 1 to {most}.", "rank", "Enter another, or leave it out to come last.");

    public static Refusal WhyTaken(int rank) =>
        new("rank-taken", $"Rank {rank} is already given to another nominee.", "rank", "Choose another rank, leave it out to come last, or reorder the nominees.");

    public static Refusal WhyChanged() => new(
        "order-conflict", "The order was changed in the meantime, in another window or by another officer.", Remedy: "This is the order now; what you typed is still in the fields. Look, then save again.");

    /// <summary>Every nominee with the number typed beside the name: a whole new order, or every number that cannot be used.</summary>
    public static Outcome<string[]> FromNumbers(IReadOnlyList<(string Id, string Typed)> numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        List<Refusal> problems = [];
        Dictionary<int, string> byNumber = [];
        foreach ((string id, string typed) in numbers)
        {
            if (!int.TryParse(typed.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < 1 || number > 999)
            {
                problems.Add(new Refusal("rank-invalid", $"\u201C{Shorten(typed)}\u201D is not a rank.", $"rank-{id}", "Enter a whole number such as 1, 2 or 3."));
            }
            else if (!byNumber.TryAdd(number, id))
            {
                problems.Add(new Refusal("rank-twice", $"Rank {number} is given twice.", $"rank-{id}", "Give each nominee a number of its own."));
            }
        }

        return problems.Count > 0
            ? Outcome<string[]>.Refused(problems)
            : byNumber.OrderBy(pair => pair.Key).Select(pair => pair.Value).ToArray();
    }

    /// <summary>A whole order given as ids must name everybody once.</summary>
    public static Outcome<string[]> FromOrder(IReadOnlyList<string> present, IReadOnlyList<string> wanted)
    {
        ArgumentNullException.ThrowIfNull(present);
        ArgumentNullException.ThrowIfNull(wanted);
        return wanted.Count == present.Count && present.ToHashSet(StringComparer.Ordinal).SetEquals(wanted)
            ? wanted.ToArray()
            : new Refusal("order-incomplete", "The order must name every nominee who is not withdrawn, once.", "order", $"There are {present.Count} of them: read the list again.");
    }

    /// <summary>One step up (−1) or down (+1); at the end of the list nothing moves.</summary>
    public static IReadOnlyList<string> Move(IReadOnlyList<string> present, string id, int by)
    {
        ArgumentNullException.ThrowIfNull(present);
        List<string> order = [.. present];
        int from = order.IndexOf(id);
        int to = from + by;
        if (from >= 0 && to >= 0 && to < order.Count)
        {
            (order[from], order[to]) = (order[to], order[from]);
        }

        return order;
    }

    private static string Shorten(string typed) => typed.Length <= 20 ? typed : typed[..20] + "\u2026";
}
