using Microsoft.AspNetCore.Http;

namespace Plenary.Shared;

/// <summary>On every answer, errors and redirects included.</summary>
public static class SecurityHeaders
{
    /// <summary>No script at all, no third party; styles are one file of ours, and a mail preview may be framed by us alone.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

    public static void Set(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        IHeaderDictionary headers = http.Response.Headers;
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            // A door may have set a stricter one.
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
        }

        headers.StrictTransportSecurity = "max-age=63072000; includeSubDomains";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers.Remove("blazor-enhanced-nav");
        headers.Remove("X-Powered-By");
        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }
    }
}
