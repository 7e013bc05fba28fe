using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Plenary.Domain;

/// <summary>In whose zone a closing date ends. A setting of the project, fixed when the notification is issued.</summary>
/// <param name="Kind">Which zone is meant.</param>
/// <param name="ZoneId">The IANA zone when <paramref name="Kind"/> is <see cref="ClosingPolicyKind.Zone"/>, otherwise null.</param>
public sealed record ClosingPolicy(ClosingPolicyKind Kind, string? ZoneId = null)
{
    /// <summary>UTC−12: the last place on earth where a date ends. The sign of Etc/GMT zones is turned round.</summary>
    public const string AnywhereOnEarthZone = "Etc/GMT+12";

    public static ClosingPolicy Default { get; } = Zone("Asia/Tokyo");

    /// <summary>The date ends with the host economy's day.</summary>
    public static ClosingPolicy Host { get; } = new(ClosingPolicyKind.Host);

    /// <summary>The date ends with the day of each nominating economy.</summary>
    public static ClosingPolicy Nominator { get; } = new(ClosingPolicyKind.Nominator);

    public static ClosingPolicy AnywhereOnEarth { get; } = new(ClosingPolicyKind.AnywhereOnEarth);

    /// <exception cref="TimeZoneNotFoundException">No such IANA zone.</exception>
    public static ClosingPolicy Zone(string zone)
    {
        // Looked up at once: a policy with a misspelt zone must not be stored.
        _ = TimeZoneInfo.FindSystemTimeZoneById(zone);
        return new ClosingPolicy(ClosingPolicyKind.Zone, zone);
    }

    /// <summary>Reads what <see cref="ToString"/> writes: <c>host</c>, <c>nominator</c>, <c>anywhere-on-earth</c>, or an IANA zone.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ClosingPolicy? policy)
    {
        policy = text?.Trim() switch
        {
            "host" => Host,
            "nominator" => Nominator,
            "anywhere-on-earth" => AnywhereOnEarth,
            { Length: > 0 } zone when TimeZoneInfo.TryFindSystemTimeZoneById(zone, out TimeZoneInfo? found) && found.HasIanaId =>
                new ClosingPolicy(ClosingPolicyKind.Zone, zone),
            _ => null,
        };
        return policy is not null;
    }

    public override string ToString() => Kind switch
    {
        ClosingPolicyKind.Host => "host",
        ClosingPolicyKind.Nominator => "nominator",
        ClosingPolicyKind.AnywhereOnEarth => "anywhere-on-earth",
        _ => ZoneId ?? string.Empty,
    };
}

[JsonConverter(typeof(JsonStringEnumConverter<ClosingPolicyKind>))]
public enum ClosingPolicyKind
{
    Zone,
    Host,
    Nominator,
    AnywhereOnEarth,
}
