using Plenary.Domain;
using Session = Plenary.Access.Session;

namespace Plenary.Nominations;

/// <summary>Somebody with a good session stands at a desk. Whether the session is of the desk's present generation only the desk knows.</summary>
/// <param name="ReceivedAt">What is compared with the closing.</param>
/// <param name="Draft">The one nominee whose draft a nominee or agency may fill in; null for the officer.</param>
public sealed record DeskCall(ProjectCode Project, string Economy, Session Session, DateTimeOffset ReceivedAt, string? Draft = null)
{
    /// <summary>The same words for every link that does not open this desk.</summary>
    public static Refusal LinkForbidden { get; } = new("link-forbidden", "This link does not open this page, or no longer does.");

    /// <summary>As the audit trail writes it.</summary>
    public string Actor => Draft is null ? $"officer:{Economy}" : $"drafter:{Economy}/{Draft}";
}
