using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Net.Http.Headers;

namespace Plenary.Local;

/// <summary>Where the mailbox answers: <c>/local/sendgrid</c> as the provider, <c>/local/mailbox</c> for people and tests.</summary>
public static class MailboxEndpoints
{
    private const int MostBodyBytes = 30 * 1024 * 1024;
    private const int PageSize = 50;
    private const int ApiPageSize = 100;
    private const int MostApiPageSize = 1000;
    private const int MostCopies = 100;
    private static readonly TimeSpan ThrottleWindow = TimeSpan.FromMinutes(1);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    private static int sequence;

    /// <summary>Needs <see cref="MailboxServices.AddMailbox"/>. Nothing here asks who is there: never map it where others can reach it.</summary>
    public static IEndpointRouteBuilder MapMailbox(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/local/sendgrid/v3/mail/send", SendAsync);

        RouteGroupBuilder mailbox = endpoints.MapGroup("/local/mailbox").AddEndpointFilter(GuardAsync);
        mailbox.MapGet("", ListPageAsync);
        mailbox.MapGet("mailbox.css", () => Results.Text(MailboxPages.Style, "text/css"));
        mailbox.MapGet("webhook-key", async (EventWebhook webhook, CancellationToken cancellation) =>
            Results.Text(await webhook.PublicKeyAsync(cancellation), "text/plain"));
        mailbox.MapPost("clear", async (IMailStore store, CancellationToken cancellation) =>
        {
            await store.ClearAsync(cancellation);
            return SeeOther("/local/mailbox");
        });
        mailbox.MapGet("{id}", MailPageAsync);
        mailbox.MapGet("{id}/attachments/{index:int}", AttachmentAsync);
        mailbox.MapPost("{id}/events/{simulation}", EventFromPageAsync);

        RouteGroupBuilder api = mailbox.MapGroup("api");
        api.MapGet("mails", ListAsync);
        api.MapDelete("mails", async (IMailStore store, CancellationToken cancellation) =>
        {
            await store.ClearAsync(cancellation);
            return Results.NoContent();
        });
        api.MapGet("mails/{id}", async (string id, IMailStore store, CancellationToken cancellation) =>
            await store.FindAsync(id, cancellation) is { } mail ? Results.Json(ApiMail.Of(mail), Json) : Results.NotFound());
        api.MapPost("mails/{id}/events/{simulation}", EventFromApiAsync);
        api.MapGet("count", async (IMailStore store, CancellationToken cancellation) =>
        {
            IReadOnlyDictionary<string, int> kinds = await store.CountByKindAsync(cancellation);
            return Results.Json(new { total = kinds.Values.Sum(), kinds }, Json);
        });
        api.MapGet("behaviour", (ProviderBehaviour provider) => Results.Json(provider.Peek(), Json));
        api.MapPost("behaviour", SetBehaviourAsync);
        return endpoints;
    }

    private static async Task<IResult> SendAsync(
        HttpContext context, IMailStore store, ProviderBehaviour provider, EventWebhook webhook, MailboxSettings settings, TimeProvider clock)
    {
        Behaviour behaviour = provider.Take();
        if (Bearer(context.Request) is null || behaviour.Mode == BehaviourMode.Unauthorized)
        {
            return Refused(StatusCodes.Status401Unauthorized, "The provided authorization grant is invalid, expired, or revoked");
        }

        if (behaviour.Mode == BehaviourMode.Fail)
        {
            int status = behaviour.Status ?? StatusCodes.Status503ServiceUnavailable;
            return Refused(status, $"The mailbox was told to answer {status}.");
        }

        if (behaviour.Mode == BehaviourMode.Throttle)
        {
            DateTimeOffset reset = behaviour.Until ??
                clock.GetUtcNow() + (behaviour.DelayMs is { } ahead ? TimeSpan.FromMilliseconds(ahead) : ThrottleWindow);
            context.Response.Headers["X-RateLimit-Limit"] = "600";
            context.Response.Headers["X-RateLimit-Remaining"] = "0";
            context.Response.Headers["X-RateLimit-Reset"] = reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            return Refused(StatusCodes.Status429TooManyRequests, "too many requests");
        }

        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out MediaTypeHeaderValue? type) || type.MediaType != "application/json")
        {
            return Refused(StatusCodes.Status415UnsupportedMediaType, "Content-Type should be application/json.");
        }

        if (await ReadBodyAsync(context) is not { } body)
        {
            return Refused(StatusCodes.Status413PayloadTooLarge, "Payload Too Large");
        }

        DateTimeOffset now = clock.GetUtcNow();
        SendRequest request;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            request = SendRequest.Read(document.RootElement, now);
        }
        catch (JsonException)
        {
            return Refused(StatusCodes.Status400BadRequest, "Bad Request");
        }

        if (request.Refusals.Count > 0)
        {
            return Results.Json(new { errors = request.Refusals }, Json, statusCode: StatusCodes.Status400BadRequest);
        }

        if (request.Sandbox)
        {
            return Results.Ok();
        }

        if (behaviour.Mode == BehaviourMode.Slow)
        {
            // The sender may have given up meanwhile; the mail is taken all the same, as a slow provider would.
            CancellationToken stopping = context.RequestServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
            await Task.Delay(TimeSpan.FromMilliseconds(behaviour.DelayMs ?? 0), clock, stopping);
        }

        string messageId = EventWebhook.Token();
        KeptMail[] mails = [.. request.Mails.Select(mail => mail with { Id = NewId(now), MessageId = messageId })];
        foreach (KeptMail mail in mails)
        {
            await store.AddAsync(mail, CancellationToken.None);
        }

        if (settings.AutoDeliver)
        {
            _ = DeliverAsync(mails, webhook, Asked(context.Request));
        }

        if (behaviour.Mode == BehaviourMode.DropAfterAccept)
        {
            context.Abort();
            return Results.Empty;
        }

        context.Response.Headers["X-Message-Id"] = messageId;
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    // Nobody awaits this; PostAsync keeps a webhook's failure with the mail instead of throwing it.
    private static async Task DeliverAsync(KeptMail[] mails, EventWebhook webhook, Uri asked)
    {
        await Task.Yield();
        foreach (KeptMail mail in mails)
        {
            await webhook.PostAsync(mail, "delivered", asked, 1, CancellationToken.None);
        }
    }

    private static async Task<IResult> ListPageAsync(
        string? to, string? kind, int? page, IMailStore store, ProviderBehaviour provider, CancellationToken cancellation)
    {
        MailQuery query = new(to, kind, null, Math.Max(page ?? 1, 1), PageSize);
        MailPage found = await store.ListAsync(query, cancellation);
        IReadOnlyDictionary<string, int> kinds = await store.CountByKindAsync(cancellation);
        return Results.Text(MailboxPages.List(query, found, kinds, provider.Peek()), "text/html; charset=utf-8");
    }

    private static async Task<IResult> MailPageAsync(
        string id, string? simulated, int? status, IMailStore store, CancellationToken cancellation) =>
        await store.FindAsync(id, cancellation) is { } mail
            ? Results.Text(MailboxPages.Mail(mail, simulated, status), "text/html; charset=utf-8")
            : Results.Text(MailboxPages.Missing(), "text/html; charset=utf-8", statusCode: StatusCodes.Status404NotFound);

    private static async Task<IResult> AttachmentAsync(string id, int index, IMailStore store, CancellationToken cancellation)
    {
        KeptMail? mail = await store.FindAsync(id, cancellation);
        if (mail is null || index < 0 || index >= mail.Attachments.Count)
        {
            return Results.NotFound();
        }

        KeptAttachment attachment = mail.Attachments[index];
        string type = MediaTypeHeaderValue.TryParse(attachment.Type, out MediaTypeHeaderValue? parsed) ? parsed.ToString() : "application/octet-stream";
        return Results.File(attachment.Content, type, attachment.FileName);
    }

    private static async Task<IResult> EventFromPageAsync(
        string id, string simulation, HttpRequest request, IMailStore store, EventWebhook webhook, CancellationToken cancellation)
    {
        if (!EventWebhook.Simulations.ContainsKey(simulation) || await store.FindAsync(id, cancellation) is not { } mail)
        {
            return Results.NotFound();
        }

        int status = await webhook.PostAsync(mail, simulation, Asked(request), 1, cancellation);
        return SeeOther($"/local/mailbox/{id}?simulated={simulation}&status={status}");
    }

    private static async Task<IResult> EventFromApiAsync(
        string id, string simulation, int? copies, HttpRequest request, IMailStore store, EventWebhook webhook, CancellationToken cancellation)
    {
        if (!EventWebhook.Simulations.ContainsKey(simulation) || await store.FindAsync(id, cancellation) is not { } mail)
        {
            return Results.NotFound();
        }

        int webhookStatus = await webhook.PostAsync(mail, simulation, Asked(request), Math.Clamp(copies ?? 1, 1, MostCopies), cancellation);
        return Results.Json(new { webhookStatus }, Json);
    }

    private static async Task<IResult> ListAsync(
        string? to, string? kind, DateTimeOffset? since, int? page, int? size, IMailStore store, CancellationToken cancellation)
    {
        MailQuery query = new(to, kind, since, Math.Max(page ?? 1, 1), Math.Clamp(size ?? ApiPageSize, 1, MostApiPageSize));
        MailPage found = await store.ListAsync(query, cancellation);
        return Results.Json(new { found.Page, found.More, mails = found.Mails.Select(ApiMail.Of) }, Json);
    }

    private static async Task<IResult> SetBehaviourAsync(HttpRequest request, ProviderBehaviour provider, CancellationToken cancellation)
    {
        try
        {
            Behaviour? behaviour = await JsonSerializer.DeserializeAsync<Behaviour>(request.Body, Json, cancellation);
            if (behaviour is null || behaviour.Status is < 400 or > 599 || behaviour.DelayMs < 0)
            {
                return Results.Problem("A status lies between 400 and 599, and a delay is not negative.", statusCode: StatusCodes.Status400BadRequest);
            }

            provider.Set(behaviour);
            return Results.Json(provider.Peek(), Json);
        }
        catch (JsonException exception)
        {
            return Results.Problem(exception.Message, statusCode: StatusCodes.Status400BadRequest);
        }
    }

    // Another site's page in the same browser must neither read the mails nor press the buttons.
    private static async ValueTask<object?> GuardAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        HttpContext context = invocation.HttpContext;
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        bool crossSite = context.Request.Headers["Sec-Fetch-Site"] == "cross-site";
        return crossSite && !HttpMethods.IsGet(context.Request.Method) ? Results.StatusCode(StatusCodes.Status403Forbidden) : await next(invocation);
    }

    private static string? Bearer(HttpRequest request)
    {
        const string scheme = "Bearer ";
        string header = request.Headers.Authorization.ToString();
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && header.AsSpan(scheme.Length).Trim().Length > 0 ? header[scheme.Length..] : null;
    }

    /// <returns>Null when there is more than SendGrid takes.</returns>
    private static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        if (context.Request.ContentLength > MostBodyBytes)
        {
            return null;
        }

        MemoryStream body = new();
        byte[] chunk = new byte[64 * 1024];
        for (int read; (read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0;)
        {
            if (body.Length + read > MostBodyBytes)
            {
                return null;
            }

            body.Write(chunk, 0, read);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static IResult Refused(int status, string message) =>
        Results.Json(new { errors = new[] { new SendRefusal(message, null, null) } }, Json, statusCode: status);

    private static SeeOtherResult SeeOther(string address) => new(address);

    private static Uri Asked(HttpRequest request) => new($"{request.Scheme}://{request.Host}");

    // Newest first in the order of strings; the counter keeps mails of one instant in order, the rest keeps two processes apart.
    private static string NewId(DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture,
        $"{long.MaxValue - now.UtcTicks:D19}-{int.MaxValue - Interlocked.Increment(ref sequence):D10}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}");

    /// <summary>Not private: the code that binds parameters is made at build, beside this class, and names it.</summary>
    internal sealed class SeeOtherResult(string address) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = address;
            return Task.CompletedTask;
        }
    }

    private sealed record ApiFile(string Name, string? Type, int Size, string Href);

    /// <summary>A mail as tests and tools read it.</summary>
    private sealed record ApiMail(
        string Id,
        DateTimeOffset ReceivedAt,
        string MessageId,
        string From,
        string? ReplyTo,
        string To,
        string? ToName,
        IReadOnlyList<string> Recipients,
        string Subject,
        string Kind,
        string? Text,
        string? Html,
        IReadOnlyList<string> Categories,
        IReadOnlyDictionary<string, string> CustomArgs,
        IReadOnlyDictionary<string, string> Headers,
        IReadOnlyList<string> Attachments,
        IReadOnlyList<ApiFile> Files,
        string State,
        IReadOnlyList<PostedEvent> Events)
    {
        public static ApiMail Of(KeptMail mail) => new(
            mail.Id,
            mail.ReceivedAt,
            mail.MessageId,
            mail.From.Email,
            mail.ReplyTo?.Email,
            mail.To[0].Email,
            mail.To[0].Name,
            [.. mail.Recipients.Select(recipient => recipient.Email)],
            mail.Subject,
            mail.Kind,
            mail.Text,
            mail.Html,
            mail.Categories,
            mail.CustomArgs,
            mail.Headers,
            [.. mail.Attachments.Select(file => file.FileName)],
            [.. mail.Attachments.Select((file, index) => new ApiFile(file.FileName, file.Type, file.Content.Length, $"/local/mailbox/{mail.Id}/attachments/{index}"))],
            mail.State,
            mail.Events);
    }
}
