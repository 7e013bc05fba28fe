using Microsoft.Extensions.Configuration;

namespace Plenary.Local;

/// <param name="WebhookUrl">Whole, or a path on the host that was asked.</param>
/// <param name="WebhookPrivateKey">Base64 PKCS#8; null: one is made and kept.</param>
/// <param name="Storage">A connection string; null: mails are kept in memory.</param>
/// <param name="Prefix">Starts the table's and the container's name.</param>
internal sealed record MailboxSettings(string WebhookUrl, string? WebhookPrivateKey, bool AutoDeliver, string? Storage, string Prefix)
{
    public const string DefaultWebhookPath = "/api/mail/events";

    public static MailboxSettings From(IConfiguration configuration) => new(
        Value(configuration, "Local:WebhookUrl") ?? DefaultWebhookPath,
        Value(configuration, "Local:WebhookPrivateKey"),
        bool.TryParse(configuration["Local:AutoDeliver"], out bool auto) && auto,
        Value(configuration, "Local:Storage") ?? Value(configuration, "AzureWebJobsStorage"),
        Value(configuration, "Local:Prefix") ?? "");

    private static string? Value(IConfiguration configuration, string name) =>
        configuration[name] is { Length: > 0 } value ? value : null;
}
