using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>How a stored document leaves: as a file to keep, never as something the browser opens in our name.</summary>
public static class DocumentAnswer
{
    public static IResult Of(HttpRequest request, NomineeDocument document, Stream content)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(document);
        HttpResponse response = request.HttpContext.Response;
        ContentDispositionHeaderValue disposition = new("attachment");
        disposition.SetHttpFileName(document.FileName);
        response.Headers.ContentDisposition = disposition.ToString();
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = $"sandbox; {SecurityHeaders.ContentSecurityPolicy}";
        return Results.Stream(content, document.ContentType);
    }
}
