namespace Plenary.Infra.Tables;

/// <summary>Where a row lies. Both parts are ASCII: see <see cref="Keys.Escape"/>.</summary>
public readonly record struct RowKey(string Partition, string Row);

/// <summary>How keys are built. Key functions of the tables call these and nothing else.</summary>
public static class Keys
{
    /// <summary>
    /// Any text as a key part without collisions: unreserved ASCII stays, everything else becomes <c>=XX</c> by UTF-8 byte.
    /// The bar, which joins parts, is among what is escaped.
    /// </summary>
    public static string Escape(string text) => Uri.EscapeDataString(text).Replace('%', '=');

    /// <summary>The text an escaped part was made from.</summary>
    public static string Unescape(string part) => Uri.UnescapeDataString(part.Replace('=', '%'));

    /// <summary>An instant as 19 digits, so that keys sort as time does.</summary>
    public static string Ticks(DateTimeOffset instant) => Ticks(instant.UtcTicks);

    /// <summary>See <see cref="Ticks(DateTimeOffset)"/>.</summary>
    public static string Ticks(long utcTicks) => utcTicks.ToString("D19", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The instant a key begins with: see <see cref="Ticks(DateTimeOffset)"/>.</summary>
    public static DateTimeOffset InstantOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new DateTimeOffset(long.Parse(key.AsSpan(0, 19), System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero);
    }
}

/// <summary>A run of row keys within a partition, or of partition keys within a table.</summary>
/// <param name="From">Inclusive; null from the first.</param>
/// <param name="Before">Exclusive; null to the last.</param>
public readonly record struct KeyRange(string? From, string? Before)
{
    public static KeyRange All => default;

    /// <summary>Every key that starts so; the last character of the prefix must not be the highest.</summary>
    public static KeyRange StartingWith(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        return new KeyRange(prefix, prefix[..^1] + (char)(prefix[^1] + 1));
    }

    public static KeyRange UpTo(string before) => new(null, before);

    public bool Contains(string key) =>
        (From is null || string.CompareOrdinal(key, From) >= 0) &&
        (Before is null || string.CompareOrdinal(key, Before) < 0);
}
