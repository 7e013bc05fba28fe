using System.Text.Json.Serialization;

namespace Plenary.Local;

/// <summary>An address with the name beside it, as the request gave them.</summary>
internal sealed record Mailbox(string Email, string? Name)
{
    public override string ToString() => string.IsNullOrEmpty(Name) ? Email : $"{Name} <{Email}>";
}

/// <summary>A file within a mail; its content is decoded.</summary>
internal sealed record KeptAttachment(string FileName, string? Type, string? Disposition, string? ContentId, byte[] Content);

/// <summary>One delivery event that was posted to the webhook, or could not be.</summary>
/// <param name="WebhookStatus">The webhook's answer; 0 when there was none.</param>
internal sealed record PostedEvent(string Event, DateTimeOffset At, int WebhookStatus);

/// <summary>One personalization of an accepted request: what one list of recipients was sent.</summary>
/// <param name="Id">Sorts newest first, also among mails of one instant.</param>
/// <param name="MessageId">What <c>X-Message-Id</c> said; events name it with a suffix.</param>
/// <param name="Index">Which personalization of its request this was.</param>
internal sealed record KeptMail(
    string Id,
    DateTimeOffset ReceivedAt,
    string MessageId,
    int Index,
    Mailbox From,
    Mailbox? ReplyTo,
    IReadOnlyList<Mailbox> To,
    IReadOnlyList<Mailbox> Cc,
    IReadOnlyList<Mailbox> Bcc,
    string Subject,
    string? Text,
    string? Html,
    IReadOnlyList<string> Categories,
    IReadOnlyDictionary<string, string> CustomArgs,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyList<KeptAttachment> Attachments,
    string State,
    IReadOnlyList<PostedEvent> Events)
{
    public const string Accepted = "accepted";

    /// <summary>What sort of mail the sender says it is: its custom argument <c>kind</c>, else its first category, else nothing.</summary>
    [JsonIgnore]
    public string Kind => CustomArgs.TryGetValue("kind", out string? kind) ? kind : Categories.Count > 0 ? Categories[0] : "";

    [JsonIgnore]
    public IEnumerable<Mailbox> Recipients => [.. To, .. Cc, .. Bcc];
}
