using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SendGrid.Helpers.Mail;

namespace Plenary.Local.Tests.Mailbox;

public sealed class EventWebhookTests
{
    [Theory]
    [InlineData("processed", "processed", null, null)]
    [InlineData("delivered", "delivered", "response", "250 2.0.0 OK")]
    [InlineData("bounce", "bounce", "type", "bounce")]
    [InlineData("bounce-soft", "bounce", "type", "blocked")]
    [InlineData("deferred", "deferred", "attempt", "5")]
    [InlineData("dropped", "dropped", "reason", "Bounced Address")]
    [InlineData("spamreport", "spamreport", null, null)]
    [InlineData("open", "open", "useragent", "Mozilla/5.0")]
    [InlineData("click", "click", "url", "http://localhost/")]
    public async Task A_simulated_event_is_posted_as_the_real_webhook_posts_it_and_its_signature_holds(
        string simulation, string name, string? field, string? value)
    {
        await using MailboxHost host = await MailboxHost.StartAsync();
        SendGridMessage message = MailboxHost.Mail("ann@example.org", kind: "offer");
        message.AddCategory("mail");
        message.AddCustomArg("intent", "ünï");
        message.AddCustomArg("event", "forged");
        string id = await host.SendAsync(message);

        HttpResponseMessage response = await host.Http.PostAsync($"/local/mailbox/api/mails/{id}/events/{simulation}", null);

        Assert.Equal("""{"webhookStatus":204}""", await response.Content.ReadAsStringAsync());
        ReceivedBatch batch = Assert.Single(host.Batches);
        Assert.Equal("application/json", batch.ContentType);
        Assert.Equal($"{host.Clock.Now.ToUnixTimeSeconds()}", batch.Timestamp);
        Assert.EndsWith("]\r\n", Encoding.UTF8.GetString(batch.Body), StringComparison.Ordinal);
        string key = await host.Http.GetStringAsync("/local/mailbox/webhook-key");
        Assert.True(Verifies(key, batch));

        JsonObject posted = Assert.Single(batch.Events);
        Assert.Equal("ann@example.org", posted["email"]!.GetValue<string>());
        Assert.Equal(host.Clock.Now.ToUnixTimeSeconds(), posted["timestamp"]!.GetValue<long>());
        Assert.Equal(name, posted["event"]!.GetValue<string>());
        Assert.Equal("""["mail"]""", posted["category"]!.ToJsonString());
        Assert.Equal("ünï", posted["intent"]!.GetValue<string>());
        Assert.Equal("offer", posted["kind"]!.GetValue<string>());
        Assert.Matches("^<.+@.+>$", posted["smtp-id"]!.GetValue<string>());
        Assert.NotEqual("", posted["sg_event_id"]!.GetValue<string>());
        JsonObject mail = await host.GetAsync($"/local/mailbox/api/mails/{id}");
        Assert.StartsWith(mail["messageId"]!.GetValue<string>() + ".", posted["sg_message_id"]!.GetValue<string>(), StringComparison.Ordinal);
        if (field is not null)
        {
            Assert.Equal(value, posted[field]!.GetValue<string>());
        }

        Assert.Equal(simulation is "open" or "click" ? "accepted" : simulation, mail["state"]!.GetValue<string>());
        Assert.Equal(simulation, Assert.Single(mail["events"]!.AsArray())!["event"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_changed_byte_a_changed_time_or_another_key_does_not_verify()
    {
        await using MailboxHost host = await MailboxHost.StartAsync();
        string id = await host.SendAsync();
        await host.Http.PostAsync($"/local/mailbox/api/mails/{id}/events/delivered", null);
        ReceivedBatch batch = Assert.Single(host.Batches);
        string key = await host.Http.GetStringAsync("/local/mailbox/webhook-key");
        byte[] altered = [.. batch.Body];
        altered[10] ^= 1;
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.True(Verifies(key, batch));
        Assert.False(Verifies(key, batch with { Body = altered }));
        Assert.False(Verifies(key, batch with { Body = batch.Body[..^2] }));
        Assert.False(Verifies(key, batch with { Timestamp = batch.Timestamp + "0" }));
        Assert.False(Verifies(Convert.ToBase64String(other.ExportSubjectPublicKeyInfo()), batch));
    }

    [Fact]
    public void What_these_tests_call_verified_is_what_the_provider_signed_once()
    {
        // A batch, key and signature that SendGrid published with its client.
        const string key = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==";
        const string body =
            """[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address","sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA","sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0","smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]""" + "\r\n";
        const string signature = "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=";

        Assert.True(Verifies(key, new ReceivedBatch(Encoding.UTF8.GetBytes(body), signature, "1600112502", null)));
    }

    [Fact]
    public async Task An_event_may_be_posted_many_times_with_another_event_id_each()
    {
        await using MailboxHost host = await MailboxHost.StartAsync();
        string id = await host.SendAsync();

        await host.Http.PostAsync($"/local/mailbox/api/mails/{id}/events/delivered?copies=5", null);

        JsonObject[] events = [.. host.Batches.SelectMany(batch => batch.Events)];
        Assert.Equal(5, events.Select(one => one["sg_event_id"]!.GetValue<string>()).Distinct().Count());
        Assert.Single(events.Select(one => one["sg_message_id"]!.GetValue<string>()).Distinct());
    }

    [Fact]
    public async Task A_mail_to_several_people_is_one_batch_with_an_event_for_each()
    {
        await using MailboxHost host = await MailboxHost.StartAsync();
        SendGridMessage message = MailboxHost.Mail("ann@example.org");
        message.AddTo("bob@example.org");
        string id = await host.SendAsync(message);

        await host.Http.PostAsync($"/local/mailbox/api/mails/{id}/events/bounce", null);

        Assert.Equal(
            ["ann@example.org", "bob@example.org"],
            Assert.Single(host.Batches).Events.Select(one => one["email"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_configured_key_is_the_key()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string published = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
        await using MailboxHost host = await MailboxHost.StartAsync(("Local:WebhookPrivateKey", Convert.ToBase64String(key.ExportPkcs8PrivateKey())));
        string id = await host.SendAsync();

        await host.Http.PostAsync($"/local/mailbox/api/mails/{id}/events/delivered", null);

        Assert.Equal(published, await host.Http.GetStringAsync("/local/mailbox/webhook-key"));
        Assert.Equal(published, await host.Services.GetMailboxWebhookKeyAsync());
        Assert.True(Verifies(published, Assert.Single(host.Batches)));
    }

    [Fact]
    public async Task The_webhook_may_lie_elsewhere()
    {
        await using MailboxHost elsewhere = await MailboxHost.StartAsync();
        await using MailboxHost host = await MailboxHost.StartAsync(("Local:WebhookUrl", new Uri(elsewhere.Http.BaseAddress!, "/api/mail/events").AbsoluteUri));
        string id = await host.SendAsync();

        await host.Http.PostAsync($"/local/mailbox/api/mails/{id}/events/delivered", null);

        Assert.Single(elsewhere.Batches);
        Assert.Empty(host.Batches);
    }

    [Fact]
    public async Task A_webhook_that_refuses_or_is_not_there_is_shown_with_the_mail()
    {
        await using MailboxHost host = await MailboxHost.StartAsync();
        host.WebhookStatus = 500;
        string id = await host.SendAsync();

        HttpResponseMessage response = await host.Http.PostAsync($"/local/mailbox/{id}/events/bounce", null);

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        string page = await host.Http.GetStringAsync(response.Headers.Location);
        Assert.Contains("role=\"status\"", page, StringComparison.Ordinal);
        Assert.Contains("It answered 500.", page, StringComparison.Ordinal);
        Assert.Contains("<td>bounce</td><td>500</td>", page, StringComparison.Ordinal);

        await using MailboxHost alone = await MailboxHost.StartAsync(("Local:WebhookUrl", "http://127.0.0.1:1/"));
        string other = await alone.SendAsync();
        HttpResponseMessage unanswered = await alone.Http.PostAsync($"/local/mailbox/api/mails/{other}/events/bounce", null);
        Assert.Equal("""{"webhookStatus":0}""", await unanswered.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_event_that_does_not_exist_is_not_found()
    {
        await using MailboxHost host = await MailboxHost.StartAsync();
        string id = await host.SendAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.PostAsync($"/local/mailbox/api/mails/{id}/events/vanished", null)).StatusCode);
        Assert.Empty(host.Batches);
    }

    [Fact]
    public async Task With_auto_deliver_every_mail_is_reported_delivered_by_itself()
    {
        await using MailboxHost host = await MailboxHost.StartAsync(("Local:AutoDeliver", "true"));
        await host.SendAsync();
        await host.NextBatchAsync();

        Assert.Equal("delivered", Assert.Single(Assert.Single(host.Batches).Events)["event"]!.GetValue<string>());
    }

    [Fact]
    public async Task Without_auto_deliver_no_mail_is()
    {
        await using MailboxHost host = await MailboxHost.StartAsync();
        string id = await host.SendAsync();

        // Were anything posted by itself, it would come before this one.
        await host.Http.PostAsJsonAsync<object?>($"/local/mailbox/api/mails/{id}/events/deferred", null);
        Assert.Equal("deferred", Assert.Single(Assert.Single(host.Batches).Events)["event"]!.GetValue<string>());
    }

    private static bool Verifies(string key, ReceivedBatch batch)
    {
        using ECDsa verifier = ECDsa.Create();
        verifier.ImportSubjectPublicKeyInfo(Convert.FromBase64String(key), out _);
        return verifier.VerifyData(
            (byte[])[.. Encoding.ASCII.GetBytes(batch.Timestamp), .. batch.Body],
            Convert.FromBase64String(batch.Signature),
            HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence);
    }
}
