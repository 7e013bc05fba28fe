using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Plenary.Support;

/// <summary>
/// A browser without script: keeps cookies, follows redirects, and sends forms as they stand on the page, hidden fields
/// included. Fails loudly when a form or a field is not there, as a person would.
/// </summary>
public sealed class Web : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly Dictionary<string, string> cookies = new(StringComparer.Ordinal);

    public Web(Uri baseAddress)
    {
        http.BaseAddress = baseAddress;
        http.Timeout = TimeSpan.FromSeconds(100);
    }

    public Uri BaseAddress => http.BaseAddress ?? throw new InvalidOperationException("No address.");

    /// <summary>What the browser would send back; for tests that steal, forge or forget.</summary>
    public IDictionary<string, string> Cookies => cookies;

    public Task<WebPage> GetAsync(string address) => SendAsync(HttpMethod.Get, address, null);

    /// <summary>Sends any content, as programs do; no redirect is followed.</summary>
    public async Task<WebPage> SendOnceAsync(HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        HttpResponseMessage answer = await http.SendAsync(request);
        foreach (string cookie in answer.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? given) ? given : [])
        {
            string[] pair = cookie.Split(';')[0].Split('=', 2);
            if (pair[1].Length == 0)
            {
                cookies.Remove(pair[0]);
            }
            else
            {
                cookies[pair[0]] = pair[1];
            }
        }

        string body = await answer.Content.ReadAsStringAsync();
        return new WebPage(this, request.RequestUri ?? BaseAddress, answer.StatusCode, answer.Headers, answer.Content.Headers, body);
    }

    /// <summary>Follows up to ten redirects within the site.</summary>
    public async Task<WebPage> SendAsync(HttpMethod method, string address, HttpContent? content)
    {
        WebPage page = await SendOnceAsync(new HttpRequestMessage(method, new Uri(BaseAddress, address)) { Content = content });
        for (int hops = 0; (int)page.Status is 301 or 302 or 303 or 307 && hops < 10; hops++)
        {
            Uri next = new(page.Address, page.Headers.Location ?? throw new InvalidOperationException("A redirect to nowhere."));
            page = await SendOnceAsync(new HttpRequestMessage(HttpMethod.Get, next));
        }

        return page;
    }

    public void Dispose() => http.Dispose();
}

/// <summary>An answer, parsed when it is a page.</summary>
public sealed class WebPage(Web web, Uri address, HttpStatusCode status, HttpResponseHeaders headers, HttpContentHeaders contentHeaders, string body)
{
    private readonly Lazy<IHtmlDocument> document = new(() => new HtmlParser().ParseDocument(body));

    /// <summary>Where it was opened.</summary>
    public Web Browser { get; } = web;

    public Uri Address { get; } = address;

    public HttpStatusCode Status { get; } = status;

    public HttpResponseHeaders Headers { get; } = headers;

    public HttpContentHeaders ContentHeaders { get; } = contentHeaders;

    public string Body { get; } = body;

    public IHtmlDocument Document => document.Value;

    /// <summary>What a reader sees, white space folded.</summary>
    public string Text => string.Join(' ', (Document.Body?.TextContent ?? Body).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Messages of the error summary; empty when there is none.</summary>
    public IReadOnlyList<string> Errors => [.. Document.QuerySelectorAll(".govuk-error-summary__list li").Select(item => item.TextContent.Trim())];

    /// <exception cref="InvalidOperationException">The answer is an error, with what it said.</exception>
    public WebPage Expect(int wanted = 200) => (int)Status == wanted
        ? this
        : throw new InvalidOperationException($"{Address.PathAndQuery} answered {(int)Status}, not {wanted}: {Text[..Math.Min(Text.Length, 1500)]}");

    /// <summary>The form whose action ends so.</summary>
    public WebForm Form(string actionEndsWith)
    {
        IHtmlFormElement[] found = [.. Document.Forms.Where(form => ActionOf(form).EndsWith(actionEndsWith, StringComparison.Ordinal))];
        return found.Length > 0
            ? new WebForm(Browser, this, found[0])
            : throw new InvalidOperationException(
                $"{Address.PathAndQuery} has no form to …{actionEndsWith}, only [{string.Join(", ", Document.Forms.Select(ActionOf))}]: {Text[..Math.Min(Text.Length, 800)]}");
    }

    /// <summary>Follows the first link whose words contain these.</summary>
    public Task<WebPage> FollowAsync(string words)
    {
        IElement link = Document.QuerySelectorAll("a[href]").FirstOrDefault(one => one.TextContent.Contains(words, StringComparison.OrdinalIgnoreCase))
            ?? throw new InvalidOperationException($"{Address.PathAndQuery} has no link “{words}”.");
        return Browser.GetAsync(new Uri(Address, link.GetAttribute("href")).PathAndQuery);
    }

    private static string ActionOf(IElement form) => form.GetAttribute("action") ?? "";
}

/// <summary>A form on a page, filled with what stands in it.</summary>
public sealed class WebForm
{
    private readonly Web web;
    private readonly WebPage page;
    private readonly IHtmlFormElement form;
    private readonly List<(string Name, string Value)> fields = [];
    private readonly List<(string Name, string FileName, byte[] Content, string Type)> files = [];

    internal WebForm(Web web, WebPage page, IHtmlFormElement form)
    {
        this.web = web;
        this.page = page;
        this.form = form;
        foreach (IElement element in form.Elements)
        {
            switch (element)
            {
                case IHtmlInputElement { Type: "radio" or "checkbox" } choice when choice.IsChecked:
                    fields.Add((choice.Name ?? "", choice.Value));
                    break;
                case IHtmlInputElement { Type: "radio" or "checkbox" or "file" or "submit" or "button" }:
                    break;
                case IHtmlInputElement input:
                    fields.Add((input.Name ?? "", input.Value));
                    break;
                case IHtmlTextAreaElement area:
                    fields.Add((area.Name ?? "", area.Value));
                    break;
                case IHtmlSelectElement select:
                    fields.Add((select.Name ?? "", select.Value ?? ""));
                    break;
                default:
                    break;
            }
        }
    }

    public IReadOnlyList<(string Name, string Value)> Fields => fields;

    public string this[string name] => fields.First(field => field.Name == name).Value;

    /// <summary>Types into a field, or chooses among radios and checkboxes.</summary>
    public WebForm Set(string name, string value)
    {
        if (!form.Elements.Any(element => element.GetAttribute("name") == name))
        {
            throw new InvalidOperationException($"The form {form.GetAttribute("action")} has no field {name}.");
        }

        fields.RemoveAll(field => field.Name == name);
        fields.Add((name, value));
        return this;
    }

    public WebForm Attach(string name, string fileName, byte[] content, string type)
    {
        files.Add((name, fileName, content, type));
        return this;
    }

    /// <summary>Takes a hidden field away or changes it: what a forger does.</summary>
    public WebForm Tamper(string name, string? value)
    {
        fields.RemoveAll(field => field.Name == name);
        if (value is not null)
        {
            fields.Add((name, value));
        }

        return this;
    }

    /// <param name="button">Words on the button to press; null for the first one.</param>
    public Task<WebPage> SubmitAsync(string? button = null)
    {
        IElement? pressed = form.QuerySelectorAll("button")
            .FirstOrDefault(one => button is null || one.TextContent.Contains(button, StringComparison.OrdinalIgnoreCase));
        if (pressed is null && button is not null)
        {
            throw new InvalidOperationException($"The form {form.GetAttribute("action")} has no button “{button}”.");
        }

        List<(string Name, string Value)> sent = [.. fields];
        if (pressed?.GetAttribute("name") is { Length: > 0 } name)
        {
            sent.Add((name, pressed.GetAttribute("value") ?? ""));
        }

        string action = pressed?.GetAttribute("formaction") ?? form.GetAttribute("action") ?? page.Address.PathAndQuery;
        return web.SendAsync(HttpMethod.Post, new Uri(page.Address, action).PathAndQuery, Content(sent));
    }

    /// <summary>Sends the fields as they stand to any address, from any browser: what a forger or a page left open does.</summary>
    public Task<WebPage> PostAsync(string address, Web? browser = null) => (browser ?? web).SendAsync(HttpMethod.Post, address, Content(fields));

    private HttpContent Content(List<(string Name, string Value)> sent)
    {
        if (form.GetAttribute("enctype") != "multipart/form-data")
        {
            return new FormUrlEncodedContent(sent.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        }

        MultipartFormDataContent content = [];
        foreach ((string name, string value) in sent)
        {
            content.Add(new StringContent(value, Encoding.UTF8), name);
        }

        foreach ((string name, string fileName, byte[] bytes, string type) in files)
        {
            ByteArrayContent file = new(bytes);
            file.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            content.Add(file, name, fileName);
        }

        return content;
    }
}
