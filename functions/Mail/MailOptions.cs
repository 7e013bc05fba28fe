using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;

namespace Plenary.Mail;

/// <summary>Whom mails to the person <c>secretariat</c> go to, and who may tell what became of mails.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    [Required, EmailAddress]
    public required string SecretariatAddress { get; init; }

    [Required]
    public required string SecretariatName { get; init; }

    /// <summary>
    /// The provider's keys for signing events: DER of the public key in base64, without PEM lines; several, separated by
    /// commas, while keys are being changed.
    /// </summary>
    [Required]
    public required string WebhookPublicKey { get; init; }

    /// <summary>Whether every key can be read; checked when the app starts.</summary>
    internal bool HasReadableKeys()
    {
        try
        {
            foreach (string key in Keys())
            {
                using ECDsa read = ECDsa.Create();
                read.ImportSubjectPublicKeyInfo(Convert.FromBase64String(key), out _);
            }

            return Keys().Length > 0;
        }
        catch (Exception failure) when (failure is FormatException or CryptographicException)
        {
            return false;
        }
    }

    internal string[] Keys() => WebhookPublicKey.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
