using System.Net;
using System.Net.Http.Headers;

#nullable disable // As the official package, which carries no nullable annotations.

namespace SendGrid;

public class Response
{
    public Response(HttpStatusCode statusCode, HttpContent responseBody, HttpResponseHeaders responseHeaders)
    {
        StatusCode = statusCode;
        Body = responseBody;
        Headers = responseHeaders;
    }

    public HttpStatusCode StatusCode { get; set; }

    public bool IsSuccessStatusCode => (int)StatusCode is >= 200 and <= 299;

    public HttpContent Body { get; set; }

    public HttpResponseHeaders Headers { get; set; }

    public virtual Dictionary<string, string> DeserializeResponseHeaders(HttpResponseHeaders headers = null)
    {
        Dictionary<string, string> values = [];
        foreach (KeyValuePair<string, IEnumerable<string>> header in headers ?? Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>())
        {
            values.Add(header.Key, header.Value.First());
        }

        return values;
    }
}
