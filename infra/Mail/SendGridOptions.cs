using System.ComponentModel.DataAnnotations;

namespace Plenary.Infra.Mail;

/// <summary>How mail leaves.</summary>
public sealed class SendGridOptions
{
    public const string Section = "SendGrid";

    [Required]
    public required string ApiKey { get; init; }

    /// <summary>Without a trailing slash.</summary>
    [Required, Url]
    public string Host { get; init; } = "https://api.sendgrid.com";

    [Required, EmailAddress]
    public required string FromAddress { get; init; }

    [Required]
    public required string FromName { get; init; }

    /// <summary>Where answers go; the from address when empty.</summary>
    public string? ReplyToAddress { get; init; }

    /// <summary>Everything is checked by the provider and nothing delivered: for smoke tests.</summary>
    public bool Sandbox { get; init; }

    /// <summary>How long one attempt may take before its outcome counts as unknown.</summary>
    [Range(1, 100)]
    public int TimeoutSeconds { get; init; } = 20;

    /// <summary>Whether the key looks as the provider makes them; one that is cut short, or pasted with a space, does not.</summary>
    public bool HasKeyShape() => ApiKey.Length > 20 && ApiKey.StartsWith("SG.", StringComparison.Ordinal) && !ApiKey.Any(char.IsWhiteSpace);
}
