namespace Plenary.Domain;

/// <summary>Finds economies under any of their names, in any case, with or without accents.</summary>
public sealed class EconomyNames
{
    private readonly Dictionary<string, Economy> byName = new(StringComparer.Ordinal);

    public EconomyNames(IReadOnlyList<Economy> economies)
    {
        ArgumentNullException.ThrowIfNull(economies);
        foreach (Economy economy in economies)
        {
            foreach (string name in (string[])[economy.Id, economy.Name, .. economy.OtherNames])
            {
                byName.TryAdd(FoldName(name), economy);
            }
        }
    }

    public Economy? Find(string name) => byName.GetValueOrDefault(FoldName(name));

    /// <summary>
    /// Names joined by semicolons, commas or "and", where a name may itself hold a comma or an "and".
    /// All unknown names come in one refusal.
    /// </summary>
    public Outcome<Economy[]> ReadList(string text, string field)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<Economy> found = [];
        List<string> unknown = [];
        foreach (string part in text.Split(';', '；', '\n', '/'))
        {
            ReadPart(part, found, unknown);
        }

        if (unknown.Count > 0)
        {
            string names = string.Join(", ", unknown.Take(10).Select(static name => $"\"{PlainText.Shorten(name, 40)}\""));
            string more = unknown.Count > 10 ? $" and {unknown.Count - 10} more" : string.Empty;
            string? near = unknown.Count == 1 ? Nearest(unknown[0])?.Name : null;
            return new Refusal(
                "economy-unknown",
                $"Not in the registry of economies: {names}{more}.",
                field,
                near is null ? "Use the names of the registry, joined by semicolons, or add the name there." : $"Did you mean {near}? Otherwise add the name to the registry.");
        }

        return found.Count == 0
            ? new Refusal("economy-missing", "No economy is named.", field, "Name the economies, joined by semicolons.")
            : found.DistinctBy(static economy => economy.Id).ToArray();
    }

    private void ReadPart(string part, List<Economy> found, List<string> unknown)
    {
        // Pieces keep the joiner that stood before them, so that names that hold a joiner can be put together again.
        List<(string Joiner, string Name)> pieces = Pieces(part);
        for (int i = 0; i < pieces.Count;)
        {
            (Economy? Economy, int Length) best = (null, 0);
            string joined = string.Empty;
            for (int length = 1; length <= 4 && i + length <= pieces.Count; length++)
            {
                (string joiner, string name) = pieces[i + length - 1];
                joined = length == 1 ? name : joined + joiner + name;
                best = Find(joined) is { } economy ? (economy, length) : best;
            }

            if (best.Economy is not null)
            {
                found.Add(best.Economy);
            }
            else
            {
                unknown.Add(pieces[i].Name);
            }

            i += Math.Max(best.Length, 1);
        }
    }

    private static List<(string Joiner, string Name)> Pieces(string part)
    {
        List<(string Joiner, string Name)> pieces = [];
        foreach (string piece in part.Split(',', '，', '、', '&'))
        {
            string joiner = ", ";
            foreach (string name in $" {piece} ".Replace(" AND ", " and ", StringComparison.OrdinalIgnoreCase).Split(" and "))
            {
                string trimmed = name.Trim().TrimEnd('.').Trim();
                if (trimmed.Length > 0)
                {
                    pieces.Add((joiner, trimmed));
                }

                joiner = " and ";
            }
        }

        return pieces;
    }

    private Economy? Nearest(string name)
    {
        string folded = FoldName(name);
        if (folded.Length is < 4 or > 40)
        {
            return null;
        }

        return byName
            .Where(entry => Math.Abs(entry.Key.Length - folded.Length) <= 2)
            .Select(entry => (entry.Value, Distance: Distance(entry.Key, folded)))
            .Where(static near => near.Distance <= 2)
            .OrderBy(static near => near.Distance)
            .ThenBy(static near => near.Value.Id, StringComparer.Ordinal)
            .Select(static near => near.Value)
            .FirstOrDefault();
    }

    /// <summary>Letters to insert, take out or change.</summary>
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                int change = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    private static string FoldName(string name)
    {
        string folded = PlainText.Fold(name);
        return folded.StartsWith("the ", StringComparison.Ordinal) ? folded[4..] : folded;
    }
}
