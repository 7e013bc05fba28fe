using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Selection;

public sealed class NoticesEndpoint(DraftNotices drafts, Pages pages, Answers answers)
{
    [Function("ShowNotices")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "secretariat/projects/{code}/selection/notices")] HttpRequest request, string code, CancellationToken cancellation) =>
        ProjectCode.TryParse(code, out ProjectCode parsed) && await drafts.RunAsync(parsed, request.ReceivedAt(), cancellation) is { } notices
            ? await pages.ShowAsync<NoticesPage, NoticesModel>(new NoticesModel(Caller.Of(request.HttpContext), notices))
            : await answers.NotFoundAsync(request);
}

public sealed record NoticesModel(Caller Caller, SelectionNotices Notices);
