using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Notifications;

public sealed class CirculateNotificationEndpoint(CirculateNotification circulate, Answers answers)
{
    [Function("CirculateNotification")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "secretariat/projects/{code}/circulate")] HttpRequest request, string code, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed))
        {
            return await answers.NotFoundAsync(request);
        }

        Outcome<int> outcome = await circulate.RunAsync(parsed, Caller.Of(request.HttpContext), request.ReceivedAt(), cancellation);
        return outcome.TryGet(out _) ? Results.Redirect($"/secretariat/projects/{parsed}") : await answers.RefuseAsync(request, outcome.Refusals);
    }
}
