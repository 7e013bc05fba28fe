using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Selection;

public sealed class WhatIfEndpoint(PreviewSelection preview, Pages pages, Answers answers)
{
    [Function("PreviewSelection")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "secretariat/projects/{code}/selection/what-if")] HttpRequest request, string code, CancellationToken cancellation)
    {
        Dictionary<string, string> fields = request.Query.ToDictionary(field => field.Key, field => field.Value.ToString());
        return ProjectCode.TryParse(code, out ProjectCode parsed) && await preview.RunAsync(parsed, fields, cancellation) is { } found
            ? await pages.ShowAsync<WhatIfPage, WhatIfModel>(
                new WhatIfModel(Caller.Of(request.HttpContext), found), found.Refusals.Count > 0 ? Answers.StatusOf(found.Refusals) : 200)
            : await answers.NotFoundAsync(request);
    }
}

public sealed record WhatIfModel(Caller Caller, SelectionPreview Preview);
