using System.Text.Json.Serialization;
using Plenary.Domain;

namespace Plenary.Access;

[JsonConverter(typeof(JsonStringEnumConverter<OfficerRole>))]
public enum OfficerRole
{
    /// <summary>The liaison officer.</summary>
    Officer,

    /// <summary>Acts while the post is vacant.</summary>
    Acting,

    /// <summary>Head of the national productivity organisation; written to when there is no officer.</summary>
    Head,
}

/// <summary>Who speaks for an economy.</summary>
/// <param name="Language">IETF tag; mail falls back to English where a text is not there in it.</param>
/// <param name="From">First day in the post; null: always.</param>
/// <param name="Until">Last day in the post; null: still.</param>
public sealed record Officer(OfficerRole Role, string Name, string Email, string Language, DateOnly? From, DateOnly? Until)
{
    public bool IsInPostOn(DateOnly day) => (From is null || From <= day) && (Until is null || day <= Until);
}

/// <summary>An economy with its people.</summary>
public sealed record RegistryEntry(Economy Economy, IReadOnlyList<Officer> Officers)
{
    /// <summary>The officer in post; else who acts; else the head; null when nobody is registered.</summary>
    public Officer? ContactOn(DateOnly day) => Officers
        .Where(officer => officer.IsInPostOn(day))
        .OrderBy(officer => officer.Role)
        .ThenByDescending(officer => officer.From ?? DateOnly.MinValue)
        .FirstOrDefault();
}

/// <summary>Economies and liaison officers, for every slice to read.</summary>
public interface IRegistry
{
    /// <summary>In order of display name. May be up to a minute old.</summary>
    Task<IReadOnlyList<RegistryEntry>> ListAsync(CancellationToken cancellation);

    Task<RegistryEntry?> FindAsync(string economyId, CancellationToken cancellation);
}
