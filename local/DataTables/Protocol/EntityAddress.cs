#nullable enable

namespace Azure.Data.Tables.Protocol;

internal static class EntityAddress
{
    /// <summary>A key as it stands between the quotes of an address: quotes doubled, then everything reserved in percent form.</summary>
    internal static string Escape(string key) => Uri.EscapeDataString(key.Contains('\'', StringComparison.Ordinal)
        ? key.Replace("'", "''", StringComparison.Ordinal)
        : key);
}
