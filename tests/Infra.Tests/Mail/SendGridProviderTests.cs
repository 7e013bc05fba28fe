using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Plenary.Infra.Mail;

namespace Plenary.Infra.Tests.Mail;

public sealed class SendGridProviderTests
{
    private static readonly DateTimeOffset Now = new(2023, 7, 3, 8, 0, 0, TimeSpan.Zero);

    private static readonly OutgoingMail Mail = new(
        "officer@example.org",
        "An Officer",
        "Nominations",
        "Text",
        "<p>Text</p>",
        ["nomination-receipt"],
        new Dictionary<string, string> { ["intent"] = "i-1" },
        new Dictionary<string, string> { ["Content-Language"] = "en" },
        [new MailAttachment("a.ics", "text/calendar", [1, 2, 3])]);

    [Theory]
    [InlineData(202, MailAnswerKind.Accepted)]
    [InlineData(200, MailAnswerKind.Accepted)]
    [InlineData(400, MailAnswerKind.Refused)]
    [InlineData(413, MailAnswerKind.Refused)]
    [InlineData(401, MailAnswerKind.Unauthorized)]
    [InlineData(403, MailAnswerKind.Unauthorized)]
    [InlineData(408, MailAnswerKind.TryLater)]
    [InlineData(429, MailAnswerKind.TryLater)]
    [InlineData(500, MailAnswerKind.TryLater)]
    [InlineData(503, MailAnswerKind.TryLater)]
    [InlineData(504, MailAnswerKind.Unknown)]
    public async Task Each_status_is_told_apart(int status, MailAnswerKind kind)
    {
        MailAnswer answer = await SendAsync(new FakeHandler(_ => new HttpResponseMessage((HttpStatusCode)status)));

        Assert.Equal((kind, status), (answer.Kind, answer.Status));
    }

    [Fact]
    public async Task An_accepted_mail_brings_the_providers_id()
    {
        MailAnswer answer = await SendAsync(new FakeHandler(_ =>
            new HttpResponseMessage(HttpStatusCode.Accepted) { Headers = { { "X-Message-Id", "abc" } } }));

        Assert.Equal("abc", answer.MessageId);
    }

    [Theory]
    [InlineData(90, 90)]
    [InlineData(-5, null)]
    public async Task A_rate_limit_tells_when_it_ends(int secondsFromNow, int? retryAfter)
    {
        string reset = (Now.ToUnixTimeSeconds() + secondsFromNow).ToString(CultureInfo.InvariantCulture);

        MailAnswer answer = await SendAsync(new FakeHandler(_ =>
            new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { { "X-RateLimit-Reset", reset } } }));

        Assert.Equal(retryAfter, (int?)answer.RetryAfter?.TotalSeconds);
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, MailAnswerKind.TryLater)]
    [InlineData(HttpRequestError.ConnectionError, MailAnswerKind.TryLater)]
    [InlineData(HttpRequestError.SecureConnectionError, MailAnswerKind.TryLater)]
    [InlineData(HttpRequestError.ResponseEnded, MailAnswerKind.Unknown)]
    [InlineData(HttpRequestError.Unknown, MailAnswerKind.Unknown)]
    public async Task A_broken_connection_is_in_doubt_only_once_the_mail_may_have_left(HttpRequestError error, MailAnswerKind kind) =>
        Assert.Equal(kind, (await SendAsync(new FakeHandler(_ => throw new HttpRequestException(error)))).Kind);

    [Fact]
    public async Task No_answer_in_time_is_in_doubt() =>
        Assert.Equal(MailAnswerKind.Unknown, (await SendAsync(new FakeHandler(_ => throw new TaskCanceledException()))).Kind);

    [Fact]
    public async Task A_provider_that_takes_the_mail_and_drops_the_line_leaves_it_in_doubt()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task dropping = Task.Run(async () =>
        {
            using Socket socket = await listener.AcceptSocketAsync();
            byte[] buffer = new byte[64 * 1024];
            await socket.ReceiveAsync(buffer);
        });
        using HttpClient http = new();

        MailAnswer answer = await Subject(http, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}").SendAsync(Mail, Now, default);
        await dropping;

        Assert.Equal(MailAnswerKind.Unknown, answer.Kind);
    }

    [Fact]
    public async Task A_provider_that_nobody_listens_for_certainly_has_nothing()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using HttpClient http = new();

        Assert.Equal(MailAnswerKind.TryLater, (await Subject(http, $"http://127.0.0.1:{port}").SendAsync(Mail, Now, default)).Kind);
    }

    [Fact]
    public async Task The_request_carries_one_recipient_the_tags_and_no_tracking()
    {
        string body = "";
        Uri? address = null;
        await SendAsync(new FakeHandler(request =>
        {
            body = request.Content!.ReadAsStringAsync().GetAwaiter().GetResult();
            address = request.RequestUri;
            return new HttpResponseMessage(HttpStatusCode.Accepted);
        }));

        JsonNode json = JsonNode.Parse(body)!;
        Assert.Equal("/v3/mail/send", address!.AbsolutePath);
        JsonNode personalization = Assert.Single(json["personalizations"]!.AsArray())!;
        Assert.Equal("officer@example.org", Assert.Single(personalization["to"]!.AsArray())!["email"]!.GetValue<string>());
        Assert.Equal("i-1", (json["custom_args"] ?? personalization["custom_args"])!["intent"]!.GetValue<string>());
        Assert.Equal("nomination-receipt", json["categories"]![0]!.GetValue<string>());
        Assert.Equal(["text/plain", "text/html"], json["content"]!.AsArray().Select(part => part!["type"]!.GetValue<string>()));
        Assert.Equal("AQID", json["attachments"]![0]!["content"]!.GetValue<string>());
        Assert.False(json["tracking_settings"]!["click_tracking"]!["enable"]!.GetValue<bool>());
        Assert.False(json["tracking_settings"]!["open_tracking"]!["enable"]!.GetValue<bool>());
    }

    private static async Task<MailAnswer> SendAsync(FakeHandler handler)
    {
        using (handler)
        {
            using HttpClient http = new(handler);
            return await Subject(http, "https://provider.example").SendAsync(Mail, Now, default);
        }
    }

    private static SendGridProvider Subject(HttpClient http, string host) => new(http, Options.Create(new SendGridOptions
    {
        ApiKey = "SG.key",
        Host = host,
        FromAddress = "office@example.org",
        FromName = "Office",
    }));

    private sealed class FakeHandler(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request));
    }
}
