using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Plenary.Mail;
using Plenary.Shared;

namespace Plenary.Functions.Tests.Mail;

public sealed class ReceiveMailEventsEndpointTests : IDisposable
{
    private readonly MailRig rig = new();
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa oldKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private string Delivered => $$"""[{"email":"officer@example.org","timestamp":{{rig.Clock.Now.ToUnixTimeSeconds()}},"event":"delivered","sg_message_id":"m-1","sg_event_id":"e-1","intent":"{{MailRig.Owed.Id}}","project":"{{MailRig.Project}}","category":["nomination-receipt"]}]""";

    public void Dispose()
    {
        key.Dispose();
        oldKey.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("\n")]
    public async Task Signed_events_are_taken_with_whatever_line_end_they_come(string end)
    {
        await rig.RunAsync();

        Assert.Equal(204, await PostAsync(Delivered + end, key));

        Assert.Equal(MailState.Delivered, (await rig.IntentAsync()).State);
    }

    [Fact]
    public async Task While_keys_are_changed_both_are_good()
    {
        await rig.RunAsync();

        Assert.Equal(204, await PostAsync(Delivered, oldKey));
    }

    [Fact]
    public async Task A_stranger_s_signature_changes_nothing()
    {
        await rig.RunAsync();
        using ECDsa stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        await RefusedAsync(() => PostAsync(Delivered, stranger));
    }

    [Fact]
    public async Task One_altered_byte_is_refused()
    {
        await rig.RunAsync();
        string body = Delivered;
        string signature = Sign(body, Timestamp(), key);

        await RefusedAsync(() => PostAsync(body + "\n", signature, Timestamp()));
        await RefusedAsync(() => PostAsync(body.Replace("delivered", "deliverex", StringComparison.Ordinal), signature, Timestamp()));
        await RefusedAsync(() => PostAsync(body, signature, Timestamp(1)));
    }

    [Theory]
    [InlineData(-300, 204)]
    [InlineData(-301, 401)]
    [InlineData(300, 204)]
    [InlineData(301, 401)]
    public async Task A_timestamp_is_good_for_five_minutes_either_way(int seconds, int status)
    {
        string body = Delivered;

        Assert.Equal(status, await PostAsync(body, Sign(body, Timestamp(seconds), key), Timestamp(seconds)));
    }

    [Theory]
    [InlineData(null, "now")]
    [InlineData("signed", null)]
    [InlineData("", "now")]
    [InlineData("not base64!", "now")]
    [InlineData("AAAA", "now")]
    [InlineData("signed", "yesterday")]
    [InlineData("signed", "99999999999999999999")]
    [InlineData("signed", "-5")]
    public async Task Missing_or_mangled_headers_are_refused(string? signature, string? timestamp)
    {
        await rig.RunAsync();
        string body = Delivered;
        string? stamp = timestamp == "now" ? Timestamp() : timestamp;

        await RefusedAsync(() => PostAsync(body, signature == "signed" ? Sign(body, stamp ?? Timestamp(), key) : signature, stamp));
    }

    [Fact]
    public async Task More_than_a_megabyte_is_not_read() =>
        Assert.Equal(413, await PostAsync(new string(' ', (1024 * 1024) + 1), key));

    [Fact]
    public async Task A_full_megabyte_is() =>
        Assert.Equal(204, await PostAsync("[" + new string(' ', (1024 * 1024) - 2) + "]", key));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[{\"event\":")]
    [InlineData("[{\"intent\":\"\\ud800\"}]")]
    public async Task Signed_nonsense_is_a_bad_request(string body) => Assert.Equal(400, await PostAsync(body, key));

    [Theory]
    [InlineData("""[{"event":"delivered","timestamp":1688371200}]""")]
    [InlineData("""[{"event":"delivered","timestamp":"1688371200","intent":"00000000000000000000000000000000","project":"P"}]""")]
    [InlineData("""[{"event":"delivered","timestamp":1688371200,"intent":"../../Mail","project":"P"}]""")]
    [InlineData("""[{"event":5,"timestamp":-1,"intent":null,"project":{}}]""")]
    public async Task Events_that_are_not_of_our_mails_are_passed_over(string body) => Assert.Equal(204, await PostAsync(body, key));

    [Fact]
    public async Task A_bounce_keeps_its_kind_and_status_and_nothing_a_server_wrote()
    {
        await rig.RunAsync();
        string body = $$"""[{"email":"officer@example.org","timestamp":{{rig.Clock.Now.ToUnixTimeSeconds()}},"event":"bounce","type":"blocked","status":"5.7.1","reason":"officer@example.org is full of it","sg_message_id":"m-1","intent":"{{MailRig.Owed.Id}}","project":"{{MailRig.Project}}"}]""";

        Assert.Equal(204, await PostAsync(body, key));

        Assert.Equal((MailState.Bounced, "blocked-5.7.1"), ((await rig.IntentAsync()).State, (await rig.IntentAsync()).Code));
    }

    [Theory]
    [InlineData("not a key")]
    [InlineData("AAAA")]
    [InlineData(",")]
    public void Keys_that_cannot_be_read_stop_the_app_at_its_start(string webhookKey)
    {
        ServiceCollection services = new();
        services.AddMail();
        MailOptions options = new() { SecretariatAddress = "office@example.org", SecretariatName = "Office", WebhookPublicKey = webhookKey };

        IEnumerable<IValidateOptions<MailOptions>> checks = services
            .Where(service => service.ServiceType == typeof(IValidateOptions<MailOptions>))
            .Select(service => service.ImplementationInstance)
            .OfType<IValidateOptions<MailOptions>>();
        Assert.Contains(checks, check => check.Validate(Options.DefaultName, options).Failed);
    }

    private string Timestamp(int secondsFromNow = 0) =>
        rig.Clock.Now.AddSeconds(secondsFromNow).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static string Sign(string body, string timestamp, ECDsa with) => Convert.ToBase64String(
        with.SignData(Encoding.UTF8.GetBytes(timestamp + body), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    private Task<int> PostAsync(string body, ECDsa with) => PostAsync(body, Sign(body, Timestamp(), with), Timestamp());

    private async Task<int> PostAsync(string body, string? signature, string? timestamp)
    {
        MailOptions options = new()
        {
            SecretariatAddress = "office@example.org",
            SecretariatName = "Office",
            WebhookPublicKey = $"{Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())}, {Convert.ToBase64String(oldKey.ExportSubjectPublicKeyInfo())}",
        };
        ReceiveMailEventsEndpoint subject = new(
            new ReceiveMailEvents(rig.Ledger, NullLogger<ReceiveMailEvents>.Instance),
            new EventSignature(Options.Create(options)),
            NullLogger<ReceiveMailEventsEndpoint>.Instance);
        await using ServiceProvider services = new ServiceCollection().AddLogging().BuildServiceProvider();
        DefaultHttpContext http = new() { RequestServices = services };
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        if (signature is not null)
        {
            http.Request.Headers["X-Twilio-Email-Event-Webhook-Signature"] = signature;
        }

        if (timestamp is not null)
        {
            http.Request.Headers["X-Twilio-Email-Event-Webhook-Timestamp"] = timestamp;
        }

        RequestClock.Start(http, rig.Clock.Now);
        await (await subject.Run(http.Request, default)).ExecuteAsync(http);
        return http.Response.StatusCode;
    }

    private async Task RefusedAsync(Func<Task<int>> post)
    {
        Assert.Equal(401, await post());
        Assert.Equal(MailState.Sent, (await rig.IntentAsync()).State);
    }
}
