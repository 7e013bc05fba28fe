using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Shared;

namespace Plenary.Access;

/// <summary>
/// The first step behind every personal link: trades the token in the address for a signed cookie and leads on to a clean
/// address. Changes nothing, however often and by whomever it is fetched; what the link opens is checked there.
/// </summary>
public sealed class OpenLinkEndpoint(ILinks links, Sessions sessions, Answers answers)
{
    [Function("OpenLink")]
    [OpenTo(Audience.Public)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "l/{token}")] HttpRequest request, string token, CancellationToken cancellation)
    {
        Link? link = await links.FindAsync(token, cancellation);
        if (link is null || request.ReceivedAt() >= link.ExpiresAt)
        {
            return await answers.LinkForbiddenAsync(request);
        }

        sessions.Begin(request.HttpContext.Response, new Session(link.Purpose, link.Project, link.Subject, link.Generation, link.ExpiresAt.UtcTicks, link.Number));
        return Results.Redirect(LinkPaths.PathOf(link));
    }
}
