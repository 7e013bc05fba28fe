using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SendGrid.Helpers.Errors;
using SendGrid.Helpers.Mail;
using SendGrid.Helpers.Reliability;

#nullable disable // As the official package, which carries no nullable annotations.

namespace SendGrid;

public abstract class BaseClient : ISendGridClient
{
    private const string JsonMediaType = "application/json";

    // What the official assembly of this version says of itself.
    private const string UserAgent = "sendgrid/9.29.3.0 csharp";

    private readonly BaseClientOptions options;
    private readonly HttpClient client;

    protected BaseClient(BaseClientOptions options)
        : this(httpClient: null, options)
    {
    }

    protected BaseClient(IWebProxy webProxy, BaseClientOptions options)
        : this(ClientThrough(webProxy, options), options)
    {
    }

    protected BaseClient(HttpClient httpClient, BaseClientOptions options)
    {
        this.options = options ?? throw new ArgumentNullException(nameof(options));
        client = httpClient ?? ClientThrough(webProxy: null, options);
        if (options.RequestHeaders is not null && options.RequestHeaders.TryGetValue("Content-Type", out string contentType))
        {
            MediaType = contentType;
        }
    }

    public enum Method
    {
        DELETE,
        GET,
        PATCH,
        POST,
        PUT,
    }

    public string UrlPath
    {
        get => options.UrlPath;
        set => options.UrlPath = value;
    }

    public string Version
    {
        get => options.Version;
        set => options.Version = value;
    }

    public string MediaType { get; set; } = JsonMediaType;

    public virtual AuthenticationHeaderValue AddAuthorization(KeyValuePair<string, string> header)
    {
        string[] parts = header.Value.Split();
        return new AuthenticationHeaderValue(parts[0], parts[1]);
    }

    public virtual async Task<Response> MakeRequest(HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        HttpResponseMessage response = await client.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode && options.HttpErrorAsException)
        {
            await ErrorHandler.ThrowException(response);
        }

        // The service has been seen to name its charset wrongly; readers of the body would refuse it.
        if (response.Content?.Headers.ContentType is { CharSet: "utf8" } contentType)
        {
            contentType.CharSet = Encoding.UTF8.WebName;
        }

        return new Response(response.StatusCode, response.Content, response.Headers);
    }

    public async Task<Response> RequestAsync(
        Method method,
        string requestBody = null,
        string queryParams = null,
        string urlPath = null,
        CancellationToken cancellationToken = default)
    {
        string host = options.Host.EndsWith('/') ? options.Host : options.Host + "/";
        HttpRequestMessage request = new()
        {
            Method = new HttpMethod(method.ToString()),
            RequestUri = new Uri(new Uri(host), Address(urlPath, queryParams)),
        };

        if (requestBody is not null)
        {
            request.Content = new StringContent(requestBody, Encoding.UTF8, MediaType);
            if (MediaType == JsonMediaType)
            {
                // JSON is sent without a charset.
                request.Content.Headers.ContentType.CharSet = null;
            }
        }

        foreach (KeyValuePair<string, string> header in options.RequestHeaders ?? [])
        {
            request.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        request.Headers.Authorization = options.Auth;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaType));
        request.Headers.UserAgent.TryParseAdd(UserAgent);
        return await MakeRequest(request, cancellationToken);
    }

    public async Task<Response> SendEmailAsync(SendGridMessage msg, CancellationToken cancellationToken = default) =>
        await RequestAsync(Method.POST, msg.Serialize(), urlPath: "mail/send", cancellationToken: cancellationToken);

    private static HttpClient ClientThrough(IWebProxy webProxy, BaseClientOptions options)
    {
        HttpClientHandler handler = webProxy is null
            ? new HttpClientHandler()
            : new HttpClientHandler { Proxy = webProxy, PreAuthenticate = true, UseDefaultCredentials = false };
        return new HttpClient(new RetryDelegatingHandler(handler, options.ReliabilitySettings));
    }

    private string Address(string urlPath, string queryParams)
    {
        string path = urlPath ?? options.UrlPath;
        string address = options.Version is null ? path : $"{options.Version}/{path}";
        if (queryParams is null)
        {
            return address;
        }

        List<string> pairs = [];
        using JsonDocument query = JsonDocument.Parse(queryParams);
        foreach (JsonProperty property in query.RootElement.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Array)
            {
                pairs.AddRange(property.Value.EnumerateArray().Select(value => $"{property.Name}={value}"));
            }
            else
            {
                pairs.Add($"{property.Name}={property.Value}");
            }
        }

        return $"{address}?{string.Join('&', pairs)}";
    }
}
