using System.ComponentModel.DataAnnotations;

namespace Plenary.Access;

/// <summary>Who gets in, and how links are made.</summary>
public sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>Where the app is reached, without a trailing slash. Links are built from this, never from a request's Host.</summary>
    [Required, Url]
    public required string BaseUrl { get; init; }

    /// <summary>Signs session cookies and form tokens: at least 32 characters, the same on every instance.</summary>
    [Required, MinLength(32)]
    public required string LinkPepper { get; init; }

    /// <summary>The value before a rotation; still accepted, never used for new signatures.</summary>
    public string? LinkPepperBefore { get; init; }

    /// <summary>OpenID Connect authority of the organisation's sign-in, such as <c>https://login.microsoftonline.com/{tenant}/v2.0</c>.</summary>
    [Required, Url]
    public required string Authority { get; init; }

    /// <summary>The app's client id at the authority.</summary>
    [Required]
    public required string Audience { get; init; }

    /// <summary>A reference that the platform has not replaced is long enough for a pepper, and known to everybody.</summary>
    internal bool HasSecrets() =>
        !new[] { LinkPepper, LinkPepperBefore }.Any(pepper => pepper?.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) == true);
}
