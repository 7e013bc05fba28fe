using Microsoft.AspNetCore.Http;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared;
using Session = Plenary.Access.Session;

namespace Plenary.Nominations;

/// <summary>
/// Finds out who stands at a desk. A browser shows the cookie its personal link left; a program sends the signed session it got for the
/// link's token, or the token itself, which costs one more read. Whether the session is still of the desk's generation the desk tells.
/// </summary>
public sealed class DeskDoor(Sessions sessions, ILinks links)
{
    private const string Bearer = "Bearer ";

    /// <summary>Null for whoever may not know whether the desk exists.</summary>
    public DeskCall? Find(HttpRequest request, string project, string economy)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ProjectCode.TryParse(project, out ProjectCode code) && IsEconomyId(economy) &&
            sessions.Find(request, LinkPurpose.Desk, code.ToString(), economy, request.ReceivedAt()) is { } session
            ? new DeskCall(code, economy, session, request.ReceivedAt())
            : null;
    }

    /// <summary>Whoever holds the link to one draft; null for everybody else, the officer too.</summary>
    public DeskCall? FindDrafter(HttpRequest request, string project, string economy, string id)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ProjectCode.TryParse(project, out ProjectCode code) && IsEconomyId(economy) &&
            sessions.Find(request, LinkPurpose.Draft, code.ToString(), $"{economy}/{id}", request.ReceivedAt()) is { } session
            ? new DeskCall(code, economy, session, request.ReceivedAt(), id)
            : null;
    }

    /// <inheritdoc cref="Find" />
    public async Task<DeskCall?> FindForApiAsync(HttpRequest request, string project, string economy, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        string authorization = request.Headers.Authorization.ToString();
        if (!authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return Find(request, project, economy);
        }

        string token = authorization[Bearer.Length..].Trim();
        Session? session = token.Contains('.', StringComparison.Ordinal) ? sessions.Read(token) : await OpenAsync(token, cancellation);
        return ProjectCode.TryParse(project, out ProjectCode code) && session is { Purpose: LinkPurpose.Desk } &&
            session.Project == code.ToString() && session.Subject == economy && request.ReceivedAt().UtcTicks < session.ExpiresTicks
            ? new DeskCall(code, economy, session, request.ReceivedAt())
            : null;
    }

    /// <summary>The session behind the token of a desk's personal link; null for any other token.</summary>
    public async Task<Session?> OpenAsync(string token, CancellationToken cancellation)
    {
        // Ours have 43 characters; nothing longer is worth a read.
        Link? link = token.Length is 0 or > 100 ? null : await links.FindAsync(token, cancellation);
        return link is { Purpose: LinkPurpose.Desk }
            ? new Session(link.Purpose, link.Project, link.Subject, link.Generation, link.ExpiresAt.UtcTicks)
            : null;
    }

    /// <summary>What forms of this desk carry.</summary>
    public string FormToken(DeskCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return sessions.FormToken(call.Session);
    }

    public bool IsOurs(DeskCall call, string? formToken) => Sessions.IsFormToken(formToken, FormToken(call));

    public string Sign(Session session) => sessions.Sign(session);

    private static bool IsEconomyId(string economy) => economy.Length is > 0 and <= 60 && economy.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-');
}
