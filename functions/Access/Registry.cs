using System.Security.Cryptography;
using System.Text;
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
    /// <summary>Tells one address from another without saying it: what a desk remembers of whom it was handed to.</summary>
    [JsonIgnore]
    public string Holder => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Email)).AsSpan(0, 16));

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

    /// <summary>By the economy's own clocks.</summary>
    public Officer? ContactAt(DateTimeOffset now) => ContactOn(ProjectCalendar.DateIn(now, Economy.Zone));

    /// <summary>The instants still to come at which a post begins or is over, in order.</summary>
    public IEnumerable<DateTimeOffset> ChangesAfter(DateTimeOffset now) => Officers
        .SelectMany(officer => (IEnumerable<DateOnly?>)[officer.From?.AddDays(officer.From.Value.Year > 1 ? -1 : 0), officer.Until])
        .OfType<DateOnly>()
        .Where(day => day.Year is > 1 and < 9999)
        .Select(lastDayBefore => ProjectCalendar.EndOf(lastDayBefore, Economy.Zone).At)
        .Where(at => at > now)
        .Distinct()
        .Order();

    /// <summary>
    /// Whether links sent to this officer may still be used: by whoever is written to, and by one whose successor has begun until the last day that
    /// is registered for the post itself. A post without a last day is over when somebody else begins.
    /// </summary>
    /// <param name="holder">As <see cref="Officer.Holder"/> gives it.</param>
    public bool LetsIn(string holder, DateOnly day) =>
        ContactOn(day)?.Holder == holder ||
        Officers.Any(officer => officer.Role != OfficerRole.Head && officer.Until is not null && officer.IsInPostOn(day) && officer.Holder == holder);

    /// <inheritdoc cref="LetsIn(string, DateOnly)" />
    public bool LetsIn(string holder, DateTimeOffset at) => LetsIn(holder, ProjectCalendar.DateIn(at, Economy.Zone));

    /// <summary>The instant from which the links of somebody who may use them now open nothing any more; null when no date says so.</summary>
    public DateTimeOffset? LetsInUntil(string holder, DateTimeOffset now)
    {
        foreach (DateTimeOffset at in ChangesAfter(now))
        {
            if (!LetsIn(holder, at))
            {
                return at;
            }
        }

        return null;
    }
}

/// <summary>Economies and liaison officers, for every slice to read.</summary>
public interface IRegistry
{
    /// <summary>In order of display name. May be up to a minute old.</summary>
    Task<IReadOnlyList<RegistryEntry>> ListAsync(CancellationToken cancellation);

    Task<RegistryEntry?> FindAsync(string economyId, CancellationToken cancellation);
}
