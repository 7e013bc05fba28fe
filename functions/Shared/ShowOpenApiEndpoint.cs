using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;

namespace Plenary.Shared;

/// <summary>What the API takes and answers, written by hand; a test sees to it that no route is missing.</summary>
public sealed class ShowOpenApiEndpoint
{
    private static readonly Lazy<byte[]> Document = new(() =>
    {
        using Stream resource = Open();
        using MemoryStream copy = new();
        resource.CopyTo(copy);
        return copy.ToArray();
    });

    public static Stream Open() =>
        typeof(ShowOpenApiEndpoint).Assembly.GetManifestResourceStream("openapi.json") ?? throw new InvalidOperationException("The OpenAPI document was not built in.");

    [Function("ShowOpenApi")]
    [OpenTo(Audience.Public)]
    public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/openapi.json")] HttpRequest request)
    {
        request.HttpContext.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Bytes(Document.Value, "application/json; charset=utf-8");
    }
}
