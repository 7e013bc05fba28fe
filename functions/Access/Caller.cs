using Microsoft.AspNetCore.Http;

namespace Plenary.Access;

/// <summary>A signed-in member of the organisation.</summary>
/// <param name="Id">The directory's object id; what the audit trail holds.</param>
/// <param name="Name">For pages only.</param>
public sealed record Caller(string Id, string Name, IReadOnlyList<string> Roles)
{
    public const string Secretariat = "secretariat";

    public const string Approver = "approver";

    private const string ItemKey = "plenary-caller";

    /// <summary>Which door the person came in by; the first word of <see cref="Actor"/>.</summary>
    public string Kind { get; init; } = "secretariat";

    /// <summary>As the audit trail writes it.</summary>
    public string Actor => $"{Kind}:{Id}";

    /// <summary>Somebody at a terminal who may reach the stores themselves.</summary>
    public static Caller Operator(string id) => new(id, id, [Secretariat]) { Kind = "operator" };

    public bool Has(string role) => Roles.Contains(role, StringComparer.Ordinal);

    /// <summary>Who the middleware found; only doors marked for signed-in people may ask.</summary>
    /// <exception cref="InvalidOperationException">The door is not marked so.</exception>
    public static Caller Of(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.Items[ItemKey] as Caller ?? throw new InvalidOperationException("This door does not ask for sign-in.");
    }

    internal void Enter(HttpContext http) => http.Items[ItemKey] = this;
}

/// <summary>Who may use a door. Every HTTP function carries one; a test sees to it.</summary>
public enum Audience
{
    /// <summary>Anyone; nothing personal behind it.</summary>
    Public,

    /// <summary>Whoever holds the personal link; the door itself checks the session against the record.</summary>
    LinkHolder,

    /// <summary>Signed in with the role <see cref="Caller.Secretariat"/>; checked before the door opens, form token included.</summary>
    Secretariat,

    /// <summary>Another system that signs what it sends; the door itself verifies.</summary>
    SignedSystem,
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class OpenToAttribute(Audience audience) : Attribute
{
    public Audience Audience { get; } = audience;
}
