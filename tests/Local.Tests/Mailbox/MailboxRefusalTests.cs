using System.Net;
using System.Text.Json.Nodes;

namespace Plenary.Local.Tests.Mailbox;

/// <summary>The mailbox as the provider: what it refuses. One host serves them all, since none of them leaves a mail.</summary>
public sealed class MailboxRefusalTests(MailboxRefusalTests.SharedMailbox mailbox) : IClassFixture<MailboxRefusalTests.SharedMailbox>
{
    private const string Good = """
        {"from":{"email":"a@example.org"},"personalizations":[{"to":[{"email":"b@example.org"}],"subject":"S"}],"content":[{"type":"text/plain","value":"T"}]}
        """;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Without_a_key_nothing_is_taken(string? key)
    {
        HttpResponseMessage response = await mailbox.Host.PostRawAsync(Good, key);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(
            """{"errors":[{"message":"The provided authorization grant is invalid, expired, or revoked","field":null,"help":null}]}""",
            await response.Content.ReadAsStringAsync());
        Assert.Empty(await mailbox.Host.MailsAsync());
    }

    [Theory]
    [InlineData("""{"from":{"email":"a@example.org"},"subject":"S","content":[{"type":"text/plain","value":"T"}]}""", "personalizations")]
    [InlineData("""{"from":{"email":"a@example.org"},"subject":"S","personalizations":[],"content":[{"type":"text/plain","value":"T"}]}""", "personalizations")]
    [InlineData("""{"subject":"S","personalizations":[{"to":[{"email":"b@example.org"}]}],"content":[{"type":"text/plain","value":"T"}]}""", "from.email")]
    [InlineData("""{"from":{"email":"nobody"},"subject":"S","personalizations":[{"to":[{"email":"b@example.org"}]}],"content":[{"type":"text/plain","value":"T"}]}""", "from.email")]
    [InlineData("""{"from":{"email":"a@example.org"},"personalizations":[{"to":[{"email":"b@example.org"}]}],"content":[{"type":"text/plain","value":"T"}]}""", "subject")]
    [InlineData("""{"from":{"email":"a@example.org"},"subject":"S","personalizations":[{"to":[{"email":"b@example.org"}]}]}""", "content")]
    [InlineData("""{"from":{"email":"a@example.org"},"subject":"S","personalizations":[{"to":[{"email":"b@example.org"}]}],"content":[{"type":"text/plain","value":""}]}""", "content.0.value")]
    [InlineData("""{"from":{"email":"a@example.org"},"subject":"S","personalizations":[{"to":[{"email":"b@example.org"}]}],"content":[{"type":"text/html","value":"H"},{"type":"text/plain","value":"T"}]}""", "content")]
    [InlineData("""{"from":{"email":"a@example.org"},"subject":"S","personalizations":[{"to":[{"email":"b@example.org"}]}],"content":[{"type":"text/plain; charset=utf-8","value":"T"}]}""", "content.0.type")]
    [InlineData("""{"from":{"email":"a@example.org"},"subject":"S","personalizations":[{}],"content":[{"type":"text/plain","value":"T"}]}""", "personalizations.0.to")]
    [InlineData("""{"from":{"email":"a@example.org"},"subject":"S","personalizations":[{"to":[{"email":"b@"}]}],"content":[{"type":"text/plain","value":"T"}]}""", "personalizations.0.to.0.email")]
    [InlineData("""{"from":{"email":"a@example.org"},"subject":"S","personalizations":[{"to":[{"email":"b@example.org"}],"cc":[{"email":"B@example.org"}]}],"content":[{"type":"text/plain","value":"T"}]}""", "personalizations.0")]
    [InlineData("""{"from":{"email":"a@example.org"},"subject":"S","personalizations":[{"to":[{"email":"b@example.org"}],"headers":{"X-A":"1\r\nBcc: c@example.org"}}],"content":[{"type":"text/plain","value":"T"}]}""", "personalizations.0.headers")]
    [InlineData("""{"from":{"email":"a@example.org"},"subject":"S","headers":{"X-A":"1\n2"},"personalizations":[{"to":[{"email":"b@example.org"}]}],"content":[{"type":"text/plain","value":"T"}]}""", "headers")]
    [InlineData("""{"from":{"email":"a@example.org"},"subject":"S","headers":{"Reply-To":"c@example.org"},"personalizations":[{"to":[{"email":"b@example.org"}]}],"content":[{"type":"text/plain","value":"T"}]}""", "headers.Reply-To")]
    [InlineData("""{"from":{"email":"a@example.org"},"subject":"S\r\nBcc: c@example.org","personalizations":[{"to":[{"email":"b@example.org"}]}],"content":[{"type":"text/plain","value":"T"}]}""", "subject")]
    [InlineData("""{"from":{"email":"a@example.org","name":"A\nB"},"subject":"S","personalizations":[{"to":[{"email":"b@example.org"}]}],"content":[{"type":"text/plain","value":"T"}]}""", "from.name")]
    [InlineData("""{"from":{"email":"a@example.org"},"subject":"S","custom_args":{"n":1},"personalizations":[{"to":[{"email":"b@example.org"}]}],"content":[{"type":"text/plain","value":"T"}]}""", "custom_args.n")]
    [InlineData("""{"from":{"email":"a@example.org"},"subject":"S","categories":["x","x"],"personalizations":[{"to":[{"email":"b@example.org"}]}],"content":[{"type":"text/plain","value":"T"}]}""", "categories")]
    [InlineData("""{"from":{"email":"a@example.org"},"subject":"S","attachments":[{"content":"*","filename":"a"}],"personalizations":[{"to":[{"email":"b@example.org"}]}],"content":[{"type":"text/plain","value":"T"}]}""", "attachments.0.content")]
    [InlineData("""{"from":{"email":"a@example.org"},"subject":"S","attachments":[{"content":"YQ=="}],"personalizations":[{"to":[{"email":"b@example.org"}]}],"content":[{"type":"text/plain","value":"T"}]}""", "attachments.0.filename")]
    [InlineData("""{"from":{"email":"a@example.org"},"subject":"S","attachments":[{"content":"YQ==","filename":"a.ics","type":"text/calendar; method=REQUEST; charset=utf-8"}],"personalizations":[{"to":[{"email":"b@example.org"}]}],"content":[{"type":"text/plain","value":"T"}]}""", "attachments.0.type")]
    public async Task What_sendgrid_refuses_is_refused_with_the_field_that_is_wrong(string json, string field)
    {
        HttpResponseMessage response = await mailbox.Host.PostRawAsync(json);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        JsonNode error = Assert.Single(JsonNode.Parse(await response.Content.ReadAsStringAsync())!["errors"]!.AsArray())!;
        Assert.Equal(field, error["field"]!.GetValue<string>());
        Assert.NotEqual("", error["message"]!.GetValue<string>());
        Assert.StartsWith("http://sendgrid.com/docs/", error["help"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(await mailbox.Host.MailsAsync());
    }

    [Fact]
    public async Task Everything_wrong_is_said_at_once()
    {
        HttpResponseMessage response = await mailbox.Host.PostRawAsync("{}");

        JsonArray errors = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["errors"]!.AsArray();
        Assert.Equal(["from.email", "content", "personalizations"], errors.Select(error => error!["field"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task What_is_not_a_json_object_is_a_bad_request(string body)
    {
        HttpResponseMessage response = await mailbox.Host.PostRawAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("""{"errors":[{"message":"Bad Request","field":null,"help":null}]}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Another_media_type_is_refused() =>
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await mailbox.Host.PostRawAsync(Good, mediaType: "text/plain")).StatusCode);

    public sealed class SharedMailbox : IAsyncLifetime
    {
        internal MailboxHost Host { get; private set; } = null!;

        public async Task InitializeAsync() => Host = await MailboxHost.StartAsync();

        public async Task DisposeAsync() => await Host.DisposeAsync();
    }
}
