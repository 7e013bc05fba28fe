using System.Text.Json;
using System.Text.Json.Serialization;
using Plenary.Infra.Tables;

namespace Plenary.Shared;

/// <summary>
/// How messages are written: <c>{"v":1,"kind":"MailOwed","message":{…}}</c>. Ids only, never personal data. A reader refuses
/// versions it does not know by throwing, so that the message waits in the dead-letter queue for a newer one.
/// </summary>
public static class Envelope
{
    private const int Version = 1;

    public static string Write<T>(T message) => JsonSerializer.Serialize(new Written<T>(Version, typeof(T).Name, message), Row.Json);

    /// <exception cref="JsonException">Not an envelope, another kind, or a version this code does not know.</exception>
    public static T Read<T>(string body)
    {
        Written<T>? read = JsonSerializer.Deserialize<Written<T>>(body, Row.Json);
        return read is { V: Version } && read.Kind == typeof(T).Name && read.Message is { } message
            ? message
            : throw new JsonException($"Expected {typeof(T).Name} in version {Version}, got {read?.Kind} in version {read?.V}.");
    }

    /// <summary>Whether it says that it is of this kind; its version and content are for <see cref="Read"/> to judge.</summary>
    /// <exception cref="JsonException">Not an envelope.</exception>
    public static bool IsOf<T>(string body) => JsonSerializer.Deserialize<Label>(body, Row.Json)?.Kind == typeof(T).Name;

    private sealed record Label(string? Kind);

    private sealed record Written<T>(
        [property: JsonPropertyName("v")] int V,
        [property: JsonPropertyName("kind")] string Kind,
        [property: JsonPropertyName("message")] T Message);
}
