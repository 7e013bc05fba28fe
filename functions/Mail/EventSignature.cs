using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Plenary.Mail;

/// <summary>
/// Whether events come from the provider: ECDSA over the timestamp and the bytes of the body exactly as they arrived,
/// trailing line ends included.
/// </summary>
public sealed class EventSignature(IOptions<MailOptions> options)
{
    public const string SignatureHeader = "X-Twilio-Email-Event-Webhook-Signature";

    public const string TimestampHeader = "X-Twilio-Email-Event-Webhook-Timestamp";

    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);

    private readonly string[] keys = options.Value.Keys();

    public bool IsGood(string? signature, string? timestamp, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (signature is null || !IsFresh(timestamp, now))
        {
            return false;
        }

        byte[] given = new byte[signature.Length];
        if (!Convert.TryFromBase64String(signature, given, out int length))
        {
            return false;
        }

        byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp), .. body];
        return keys.Any(key => IsSignedWith(key, signed, given.AsSpan(0, length)));
    }

    private static bool IsFresh([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? timestamp, DateTimeOffset now) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds < 253_402_300_800 &&
        (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() <= Freshness;

    private static bool IsSignedWith(string key, byte[] signed, ReadOnlySpan<byte> signature)
    {
        using ECDsa provider = ECDsa.Create();
        provider.ImportSubjectPublicKeyInfo(Convert.FromBase64String(key), out _);
        return provider.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }
}
