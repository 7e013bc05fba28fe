using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;

namespace Plenary.Shared;

public sealed class ShowAssetEndpoint
{
    [Function("ShowAsset")]
    [OpenTo(Audience.Public)]
    public static IResult Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "assets/{version}/{file}")] HttpRequest request, string version, string file)
    {
        if (!string.Equals(request.Path.Value, Assets.Styles, StringComparison.Ordinal))
        {
            return Results.NotFound();
        }

        request.HttpContext.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.Bytes(Assets.StyleBytes, "text/css; charset=utf-8");
    }
}
