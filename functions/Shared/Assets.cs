using System.Security.Cryptography;

namespace Plenary.Shared;

/// <summary>Static files that are built into the output's <c>assets</c> folder; addressed by content, so cached for good.</summary>
public static class Assets
{
    private static readonly Lazy<(byte[] Bytes, string Hash)> StyleSheet = new(() =>
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "assets", "plenary.css"));
        return (bytes, Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
    });

    public static string Styles => $"/assets/{StyleSheet.Value.Hash}/plenary.css";

    public static byte[] StyleBytes => StyleSheet.Value.Bytes;
}
