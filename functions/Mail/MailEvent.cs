using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Plenary.Mail;

/// <summary>What the provider tells of one mail. Of all it says, only this is kept: the rest is personal or free text.</summary>
/// <param name="Name">The provider's word, such as <c>delivered</c>.</param>
/// <param name="MessageId">The provider's id; its event ids differ between repeats, so they are no use.</param>
/// <param name="Code">Why, for what did not arrive: the kind of bounce and its status.</param>
public sealed partial record MailEvent(string Project, string Intent, string Name, DateTimeOffset At, string MessageId, string? Code)
{
    /// <summary>Where it moves an intent; null for what tells nothing about delivery.</summary>
    public MailState? State => Name switch
    {
        "processed" => MailState.Sent,
        "deferred" => MailState.Deferred,
        "delivered" => MailState.Delivered,
        "bounce" => MailState.Bounced,
        "dropped" => MailState.Dropped,
        "spamreport" => MailState.Complained,
        _ => null,
    };

    /// <summary>Events of our mails; those without our tags are left out. False when it is no array of objects.</summary>
    public static bool TryReadAll(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out IReadOnlyList<MailEvent>? events)
    {
        events = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind is JsonValueKind.Array &&
                document.RootElement.EnumerateArray().All(element => element.ValueKind is JsonValueKind.Object))
            {
                events = [.. document.RootElement.EnumerateArray().Select(Read).OfType<MailEvent>()];
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string in it that is no text, such as half a surrogate pair.
            return false;
        }

        return events is not null;
    }

    private static MailEvent? Read(JsonElement element)
    {
        string project = Text(element, "project");
        string intent = Text(element, "intent");
        string name = Text(element, "event");
        return IntentId().IsMatch(intent) && project is { Length: > 0 and <= 40 } && Instant(element) is { } at
            ? new MailEvent(project, intent, name, at, Text(element, "sg_message_id"), Why(element, name))
            : null;
    }

    private static string? Why(JsonElement element, string name)
    {
        if (name is not ("bounce" or "dropped" or "deferred"))
        {
            return null;
        }

        string kind = Text(element, "type") is "blocked" ? "blocked" : name;
        string status = Text(element, "status");
        return EnhancedStatus().IsMatch(status) ? $"{kind}-{status}" : kind;
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String ? value.GetString() ?? "" : "";

    private static DateTimeOffset? Instant(JsonElement element) =>
        element.TryGetProperty("timestamp", out JsonElement value) && value.ValueKind is JsonValueKind.Number &&
        value.TryGetInt64(out long seconds) && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    [GeneratedRegex("^[0-9a-f]{32}$")]
    private static partial Regex IntentId();

    [GeneratedRegex(@"^[245]\.\d{1,3}\.\d{1,3}$")]
    private static partial Regex EnhancedStatus();
}
