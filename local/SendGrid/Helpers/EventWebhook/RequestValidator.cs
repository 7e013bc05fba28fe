#nullable disable // As the official package, which carries no nullable annotations.

namespace SendGrid.Helpers.EventWebhook;

/// <summary>
/// Only the header names. The official methods speak in a key type of the starkbank-ecdsa package and take the body as a
/// string; the product verifies the raw bytes with System.Security.Cryptography, in both sets of packages.
/// </summary>
public class RequestValidator
{
    public const string SIGNATURE_HEADER = "X-Twilio-Email-Event-Webhook-Signature";

    public const string TIMESTAMP_HEADER = "X-Twilio-Email-Event-Webhook-Timestamp";
}
