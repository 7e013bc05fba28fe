using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Plenary.Support;
using SendGrid;
using SendGrid.Helpers.Mail;

namespace Plenary.Local.Tests.Mailbox;

/// <summary>What the webhook was sent, byte for byte.</summary>
internal sealed record ReceivedBatch(byte[] Body, string Signature, string Timestamp, string? ContentType)
{
    public IReadOnlyList<JsonObject> Events => [.. JsonNode.Parse(Body)!.AsArray().Select(one => one!.AsObject())];
}

/// <summary>The mailbox on a free port, and a webhook beside it that remembers what it is sent.</summary>
internal sealed class MailboxHost : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly ConcurrentQueue<ReceivedBatch> batches = new();
    private readonly SemaphoreSlim arrivals = new(0);

    private MailboxHost(WebApplication application, FakeClock clock)
    {
        this.application = application;
        Clock = clock;
        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
    }

    public FakeClock Clock { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => application.Services;

    /// <summary>What the webhook answers.</summary>
    public int WebhookStatus { get; set; } = StatusCodes.Status204NoContent;

    public IReadOnlyList<ReceivedBatch> Batches => [.. batches];

    public static async Task<MailboxHost> StartAsync(params (string Name, string? Value)[] settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)));
        FakeClock clock = new();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddMailbox(builder.Configuration);
        WebApplication application = builder.Build();
        application.Urls.Add("http://127.0.0.1:0");
        application.MapMailbox();
        MailboxHost host = new(application, clock);
        application.MapPost("/api/mail/events", async (HttpRequest request) => await host.ReceiveAsync(request));
        await application.StartAsync();
        host.Http.BaseAddress = new Uri(application.Urls.Single());
        return host;
    }

    public SendGridClient Provider(string key = "SG.local") =>
        new(new HttpClient(), new SendGridClientOptions { ApiKey = key, Host = new Uri(Http.BaseAddress!, "/local/sendgrid").AbsoluteUri });

    public static SendGridMessage Mail(string to = "ann@example.org", string subject = "Hello", string? kind = null)
    {
        SendGridMessage message = MailHelper.CreateSingleEmail(
            new EmailAddress("office@secretariat.example", "Secretariat"), new EmailAddress(to), subject, "Hello Ann", "<p>Hello Ann</p>");
        if (kind is not null)
        {
            message.AddCustomArg("kind", kind);
        }

        return message;
    }

    /// <returns>The id of the mail as the mailbox knows it.</returns>
    public async Task<string> SendAsync(SendGridMessage? message = null)
    {
        Response response = await Provider().SendEmailAsync(message ?? Mail());
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        JsonObject listed = await GetAsync("/local/mailbox/api/mails?size=1");
        return listed["mails"]![0]!["id"]!.GetValue<string>();
    }

    public async Task<HttpResponseMessage> PostRawAsync(string json, string? key = "SG.local", string mediaType = "application/json")
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/local/sendgrid/v3/mail/send")
        {
            Content = new StringContent(json, new System.Net.Http.Headers.MediaTypeHeaderValue(mediaType)),
        };
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        }

        return await Http.SendAsync(request);
    }

    public async Task<JsonObject> GetAsync(string address) =>
        await Http.GetFromJsonAsync<JsonObject>(address) ?? throw new InvalidOperationException($"{address} is null.");

    public async Task<JsonObject[]> MailsAsync(string query = "") =>
        [.. (await GetAsync("/local/mailbox/api/mails" + query))["mails"]!.AsArray().Select(mail => mail!.AsObject())];

    public async Task BehaveAsync(object behaviour)
    {
        HttpResponseMessage response = await Http.PostAsJsonAsync("/local/mailbox/api/behaviour", behaviour, JsonSerializerOptions.Web);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>The next batch the webhook is sent; fails after ten seconds without one.</summary>
    public async Task NextBatchAsync() => Assert.True(await arrivals.WaitAsync(TimeSpan.FromSeconds(10)), "The webhook was sent nothing.");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await application.DisposeAsync();
        arrivals.Dispose();
    }

    private async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        MemoryStream body = new();
        await request.Body.CopyToAsync(body);
        batches.Enqueue(new ReceivedBatch(
            body.ToArray(),
            request.Headers["X-Twilio-Email-Event-Webhook-Signature"].ToString(),
            request.Headers["X-Twilio-Email-Event-Webhook-Timestamp"].ToString(),
            request.ContentType));
        arrivals.Release();
        return Results.StatusCode(WebhookStatus);
    }
}
