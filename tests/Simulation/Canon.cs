using System.Globalization;
using System.Text.RegularExpressions;
using Plenary.Infra.Outbox;

namespace Plenary.Simulation;

/// <summary>
/// The app draws its ids from the machine's randomness, which no seed reaches. Here each gets a stand-in of its own, by the order in which they
/// are first seen: keys sort by it and stories show it, so that a seed's story repeats itself to the byte.
/// </summary>
internal sealed partial class Canon(int seed)
{
    private readonly Dictionary<string, string> standIns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> known = new(StringComparer.Ordinal);
    private readonly Random random = new(seed ^ 0x5eed);

    /// <summary>The text with every drawn id in it replaced.</summary>
    public string Of(string text)
    {
        if (text.Length < 12)
        {
            return text;
        }

        if (known.TryGetValue(text, out string? before))
        {
            return before;
        }

        string canonical = Drawn().Replace(text, match => StandIn(match.Value));
        if (text.Length < 300)
        {
            known[text] = canonical;
        }

        return canonical;
    }

    /// <summary>What a key sorts by. What is owed lies under ids that are drawn from the seed already.</summary>
    public string SortKeyOf(string key) => key.StartsWith(Owed.RowPrefix, StringComparison.Ordinal) ? key : Of(key);

    private string StandIn(string token)
    {
        // A reference and the id made of it are one.
        string normal = token.Length == 14 && token[4] == '-' ? token.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant() : token;
        if (!standIns.TryGetValue(normal, out string? standIn))
        {
            standIn = string.Create(CultureInfo.InvariantCulture, $"{random.Next(0x10000):x4}.{standIns.Count:D5}");
            standIns[normal] = standIn;
        }

        return standIn;
    }

    /// <summary>Hexadecimal of 32 or 64, base64url of 22 or 43 characters, and references of twelve, with dashes or as ids.</summary>
    [GeneratedRegex("(?:(?<![A-Za-z0-9])|(?<==2F)|(?<==3D2F))(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}|[0-9a-f]{32}|(?=[a-z0-9]*[a-z])[2-9a-hj-np-tv-z]{12}|[2-9A-HJ-NP-TV-Z]{4}-[2-9A-HJ-NP-TV-Z]{4}-[2-9A-HJ-NP-TV-Z]{4})(?![A-Za-z0-9])|(?<![A-Za-z0-9_-])(?=[a-z0-9_-]*[A-Z])(?=[A-Z0-9_-]*[a-z])(?:[A-Za-z0-9_-]{43}|[A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])")]
    private static partial Regex Drawn();
}
