using System.Net;
using System.Text;
using System.Text.Json;
using SendGrid;
using SendGrid.Helpers.Errors.Model;
using SendGrid.Helpers.Mail;
using SendGrid.Helpers.Reliability;

namespace Plenary.Local.Tests.SendGrid;

public sealed class SendGridClientTests
{
    private static readonly SendGridMessage Mail = MailHelper.CreateSingleEmail(
        new EmailAddress("a@example.org"), new EmailAddress("b@example.org"), "Subject", "Text", "");

    [Fact]
    public void The_options_say_what_the_official_ones_say_before_anyone_sets_them()
    {
        SendGridClientOptions options = new();

        Assert.Equal("https://api.sendgrid.com", options.Host);
        Assert.Equal("v3", options.Version);
        Assert.False(options.HttpErrorAsException);
        Assert.Empty(options.RequestHeaders);
        Assert.Equal(0, options.ReliabilitySettings.MaximumNumberOfRetries);
        Assert.Equal("https://api.eu.sendgrid.com/", options.SetDataResidency("eu").Host);
        Assert.Throws<InvalidOperationException>(() => options.SetDataResidency("mars"));
    }

    [Fact]
    public void A_blank_key_is_refused_at_once()
    {
        Assert.Throws<ArgumentNullException>(() => new SendGridClientOptions { ApiKey = " " });
        Assert.Throws<ArgumentNullException>(() => new SendGridClient(""));
    }

    [Theory]
    [InlineData("http://provider.example")]
    [InlineData("http://provider.example/")]
    [InlineData("http://provider.example/local/sendgrid")]
    public async Task A_mail_is_posted_to_the_host_with_the_key_as_plain_json(string host)
    {
        Provider provider = new(HttpStatusCode.Accepted);
        SendGridClient client = new(
            new HttpClient(provider),
            new SendGridClientOptions { ApiKey = "SG.key", Host = host, RequestHeaders = new() { ["X-Extra"] = "1" } });

        Response response = await client.SendEmailAsync(Mail);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.True(response.IsSuccessStatusCode);
        HttpRequestMessage request = Assert.Single(provider.Requests);
        Assert.Equal(HttpMethod.Post, request.Method);
        Assert.Equal(host.TrimEnd('/') + "/v3/mail/send", request.RequestUri?.AbsoluteUri);
        Assert.Equal("Bearer SG.key", request.Headers.Authorization?.ToString());
        Assert.Equal("application/json", request.Headers.Accept.ToString());
        Assert.Equal("application/json", request.Content?.Headers.ContentType?.ToString());
        Assert.StartsWith("sendgrid/", request.Headers.UserAgent.ToString(), StringComparison.Ordinal);
        Assert.Equal("1", request.Headers.GetValues("X-Extra").Single());
        Assert.Equal(Mail.Serialize(), provider.Bodies.Single());
    }

    [Fact]
    public async Task A_refusal_is_an_answer_unless_asked_otherwise()
    {
        Provider provider = new(HttpStatusCode.Unauthorized);
        SendGridClient client = new(new HttpClient(provider), "SG.key");

        Response response = await client.SendEmailAsync(Mail);

        Assert.False(response.IsSuccessStatusCode);
        Assert.Equal(Provider.Errors, await response.Body.ReadAsStringAsync());
        Assert.Equal("7", response.DeserializeResponseHeaders()["X-Answer"]);
    }

    [Theory]
    [InlineData(400, typeof(BadRequestException))]
    [InlineData(401, typeof(UnauthorizedException))]
    [InlineData(403, typeof(ForbiddenException))]
    [InlineData(404, typeof(NotFoundException))]
    [InlineData(405, typeof(MethodNotAllowedException))]
    [InlineData(413, typeof(PayloadTooLargeException))]
    [InlineData(415, typeof(UnsupportedMediaTypeException))]
    [InlineData(422, typeof(RequestErrorException))]
    [InlineData(429, typeof(TooManyRequestsException))]
    [InlineData(500, typeof(ServerUnavailableException))]
    [InlineData(502, typeof(SendGridInternalException))]
    [InlineData(503, typeof(ServiceNotAvailableException))]
    public async Task A_refusal_becomes_the_exception_of_its_status_when_asked_for(int status, Type expected)
    {
        SendGridClient client = new(new HttpClient(new Provider((HttpStatusCode)status)), "SG.key", httpErrorAsException: true);

        Exception thrown = await Assert.ThrowsAsync(expected, () => client.SendEmailAsync(Mail));

        SendGridErrorResponse? error = JsonSerializer.Deserialize<SendGridErrorResponse>(thrown.Message);
        Assert.NotNull(error);
        Assert.Equal(status, error.ErrorHttpStatusCode);
        Assert.Equal("Not like this.", error.SendGridErrorMessage);
        Assert.Equal("subject", error.FieldWithError);
        Assert.Equal("http://help.example", error.HelpLink);
    }

    [Fact]
    public async Task An_answer_that_is_not_json_still_becomes_its_exception()
    {
        SendGridClient client = new(new HttpClient(new Provider(HttpStatusCode.BadGateway) { Body = "<html>" }), "SG.key", httpErrorAsException: true);

        SendGridInternalException thrown = await Assert.ThrowsAsync<SendGridInternalException>(() => client.SendEmailAsync(Mail));

        Assert.Contains("\"SendGridErrorMessage\":null", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_settings_nothing_is_tried_twice()
    {
        Provider provider = new(HttpStatusCode.ServiceUnavailable);
        using HttpClient http = new(new RetryDelegatingHandler(provider, new ReliabilitySettings()));

        Response response = await new SendGridClient(http, "SG.key").SendEmailAsync(Mail);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Single(provider.Requests);
    }

    [Fact]
    public async Task With_settings_server_errors_are_tried_again_as_often_as_they_say()
    {
        Provider provider = new(HttpStatusCode.ServiceUnavailable, HttpStatusCode.BadGateway, HttpStatusCode.Accepted);
        using HttpClient http = new(new RetryDelegatingHandler(provider, new ReliabilitySettings(2, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero)));

        Response response = await new SendGridClient(http, "SG.key").SendEmailAsync(Mail);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(3, provider.Requests.Count);
    }

    [Fact]
    public async Task A_server_error_that_outlasts_the_retries_is_thrown()
    {
        Provider provider = new(HttpStatusCode.ServiceUnavailable);
        using HttpClient http = new(new RetryDelegatingHandler(provider, new ReliabilitySettings(1, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero)));

        await Assert.ThrowsAsync<HttpRequestException>(() => new SendGridClient(http, "SG.key").SendEmailAsync(Mail));
        Assert.Equal(2, provider.Requests.Count);
    }

    [Fact]
    public void Retries_have_the_official_bounds()
    {
        TimeSpan second = TimeSpan.FromSeconds(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReliabilitySettings(-1, second, second, second));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReliabilitySettings(6, second, second, second));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReliabilitySettings(1, second, TimeSpan.FromSeconds(31), second));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReliabilitySettings(1, 2 * second, second, second));
    }

    [Fact]
    public async Task Query_parameters_are_taken_from_their_json()
    {
        Provider provider = new(HttpStatusCode.OK);
        SendGridClient client = new(new HttpClient(provider), "SG.key", "http://provider.example");

        await client.RequestAsync(BaseClient.Method.GET, queryParams: """{"limit":10,"id":["a","b"]}""", urlPath: "suppression/bounces");

        Assert.Equal("http://provider.example/v3/suppression/bounces?limit=10&id=a&id=b", provider.Requests.Single().RequestUri?.AbsoluteUri);
    }

    /// <summary>Answers with one status after the other, the last one for ever.</summary>
    private sealed class Provider(params HttpStatusCode[] answers) : HttpMessageHandler
    {
        public const string Errors = """{"errors":[{"message":"Not like this.","field":"subject","help":"http://help.example"}]}""";

        public string Body { get; init; } = Errors;

        public List<HttpRequestMessage> Requests { get; } = [];

        public List<string> Bodies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpStatusCode status = answers[Math.Min(Requests.Count, answers.Length - 1)];
            Requests.Add(request);
            Bodies.Add(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
            HttpResponseMessage response = new(status) { Content = new StringContent(Body, Encoding.UTF8, "application/json") };
            response.Headers.Add("X-Answer", "7");
            return response;
        }
    }
}
