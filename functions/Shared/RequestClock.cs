using Microsoft.AspNetCore.Http;

namespace Plenary.Shared;

/// <summary>
/// When a request counts as received: as its headers arrive, before its body is read. A long upload that began in time is
/// therefore in time; the pages say so.
/// </summary>
public static class RequestClock
{
    private const string ItemKey = "plenary-received-at";

    public static void Start(HttpContext http, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Items[ItemKey] = now;
    }

    public static DateTimeOffset ReceivedAt(this HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.HttpContext.Items[ItemKey] is DateTimeOffset at
            ? at
            : throw new InvalidOperationException("The request did not come through the front middleware.");
    }
}
