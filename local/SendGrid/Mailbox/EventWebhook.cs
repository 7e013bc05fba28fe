using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SendGrid.Helpers.EventWebhook;

namespace Plenary.Local;

/// <summary>Posts what the real Event Webhook posts, signed as it signs.</summary>
internal sealed partial class EventWebhook(
    IHttpClientFactory clients, IMailStore store, MailboxSettings settings, TimeProvider clock, ILogger<EventWebhook> logger)
{
    /// <summary>The name of the <see cref="HttpClient"/> that posts; a test may give it another handler.</summary>
    public const string ClientName = "Plenary.Local.EventWebhook";

    /// <summary>What can be simulated, by the name in the address, in the order of the buttons.</summary>
    public static readonly IReadOnlyDictionary<string, string> Simulations = new Dictionary<string, string>
    {
        ["processed"] = "Processed",
        ["delivered"] = "Delivered",
        ["bounce"] = "Bounced (hard)",
        ["bounce-soft"] = "Bounced (soft)",
        ["deferred"] = "Deferred",
        ["dropped"] = "Dropped",
        ["spamreport"] = "Reported as spam",
        ["open"] = "Opened",
        ["click"] = "Clicked",
    };

    private static readonly HashSet<string> OwnFields = new(StringComparer.Ordinal)
    {
        "email", "timestamp", "smtp-id", "event", "category", "sg_event_id", "sg_message_id",
        "reason", "status", "type", "response", "attempt", "ip", "useragent", "url", "bounce_classification", "tls",
    };

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private byte[]? privateKey;

    /// <summary>Base64 of the DER SubjectPublicKeyInfo, as the real account page shows it.</summary>
    public async Task<string> PublicKeyAsync(CancellationToken cancellation)
    {
        using ECDsa key = await KeyAsync(cancellation);
        return Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>
    /// Posts the event for each recipient of the mail in one batch, <paramref name="copies"/> times (the real webhook repeats
    /// itself, with another <c>sg_event_id</c> each time), and remembers it with the mail.
    /// </summary>
    /// <returns>The webhook's last answer; 0 when there was none.</returns>
    public async Task<int> PostAsync(KeptMail mail, string simulation, Uri requested, int copies, CancellationToken cancellation)
    {
        int status = 0;
        for (int copy = 0; copy < copies; copy++)
        {
            status = await PostOnceAsync(mail, simulation, requested, cancellation);
        }

        // Opening and clicking say nothing new about the delivery.
        string? state = simulation is "open" or "click" ? null : simulation;
        await store.RecordAsync(mail.Id, new PostedEvent(simulation, clock.GetUtcNow(), status), state, cancellation);
        return status;
    }

    private async Task<int> PostOnceAsync(KeptMail mail, string simulation, Uri requested, CancellationToken cancellation)
    {
        string timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] body = Batch(mail, simulation);
        using ECDsa key = await KeyAsync(cancellation);
        byte[] signature = key.SignData([.. Encoding.ASCII.GetBytes(timestamp), .. body], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(requested, settings.WebhookUrl)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(RequestValidator.SIGNATURE_HEADER, Convert.ToBase64String(signature));
        request.Headers.Add(RequestValidator.TIMESTAMP_HEADER, timestamp);
        request.Headers.TryAddWithoutValidation("User-Agent", "SendGrid Event API");
        try
        {
            using HttpClient client = clients.CreateClient(ClientName);
            using HttpResponseMessage response = await client.SendAsync(request, cancellation);
            if (!response.IsSuccessStatusCode)
            {
                Log.Refused(logger, simulation, mail.Id, (int)response.StatusCode);
            }

            return (int)response.StatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            Log.Unanswered(logger, simulation, mail.Id, exception);
            return 0;
        }
    }

    private byte[] Batch(KeptMail mail, string simulation)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Relaxed))
        {
            json.WriteStartArray();
            foreach (Mailbox recipient in mail.Recipients)
            {
                Write(json, mail, recipient, simulation);
            }

            json.WriteEndArray();
        }

        // The real body ends with a line break, and the signature covers it.
        buffer.Write("\r\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter json, KeptMail mail, Mailbox recipient, string simulation)
    {
        json.WriteStartObject();
        json.WriteString("email", recipient.Email);
        json.WriteNumber("timestamp", clock.GetUtcNow().ToUnixTimeSeconds());
        json.WriteString("smtp-id", $"<{mail.MessageId}@mailbox.local>");
        if (mail.Categories.Count > 0)
        {
            json.WriteStartArray("category");
            foreach (string category in mail.Categories)
            {
                json.WriteStringValue(category);
            }

            json.WriteEndArray();
        }

        json.WriteString("sg_event_id", Token());
        json.WriteString("sg_message_id", $"{mail.MessageId}.recvd-mailbox-0-{mail.Index}.0");
        (string name, (string Name, string Value)[] details) = Details(simulation);
        json.WriteString("event", name);
        foreach ((string field, string value) in details)
        {
            json.WriteString(field, value);
        }

        foreach ((string field, string value) in mail.CustomArgs)
        {
            if (!OwnFields.Contains(field))
            {
                json.WriteString(field, value);
            }
        }

        json.WriteEndObject();
    }

    private static (string Event, (string Name, string Value)[] Details) Details(string simulation) => simulation switch
    {
        "delivered" => ("delivered", [("response", "250 2.0.0 OK"), ("ip", "127.0.0.1")]),
        "bounce" => ("bounce",
        [
            ("bounce_classification", "Invalid Address"),
            ("reason", "550 5.1.1 The email account that you tried to reach does not exist."),
            ("status", "5.1.1"),
            ("type", "bounce"),
            ("ip", "127.0.0.1"),
        ]),
        "bounce-soft" => ("bounce",
        [
            ("bounce_classification", "Mailbox Unavailable"),
            ("reason", "452 4.2.2 The email account that you tried to reach is over quota."),
            ("status", "4.2.2"),
            ("type", "blocked"),
            ("ip", "127.0.0.1"),
        ]),
        "deferred" => ("deferred", [("response", "451 4.7.1 Try again later."), ("attempt", "5")]),
        "dropped" => ("dropped", [("reason", "Bounced Address"), ("status", "5.0.0")]),
        "open" => ("open", [("useragent", "Mozilla/5.0"), ("ip", "127.0.0.1")]),
        "click" => ("click", [("useragent", "Mozilla/5.0"), ("ip", "127.0.0.1"), ("url", "http://localhost/")]),
        _ => (simulation, []),
    };

    /// <summary>22 characters, as SendGrid's ids have.</summary>
    public static string Token() =>
        Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private async Task<ECDsa> KeyAsync(CancellationToken cancellation)
    {
        if (privateKey is null)
        {
            using ECDsa fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            privateKey = settings.WebhookPrivateKey is { } configured
                ? Convert.FromBase64String(configured)
                : await store.KeepKeyAsync(fresh.ExportPkcs8PrivateKey(), cancellation);
        }

        ECDsa key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(privateKey, out _);
        return key;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The event webhook refused {Event} of mail {MailId} with {Status}.")]
        public static partial void Refused(ILogger logger, string @event, string mailId, int status);

        [LoggerMessage(2, LogLevel.Warning, "The event webhook did not answer {Event} of mail {MailId}.")]
        public static partial void Unanswered(ILogger logger, string @event, string mailId, Exception exception);
    }
}
