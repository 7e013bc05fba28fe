using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plenary.Support;
using SendGrid.Helpers.Mail;

namespace Plenary.Local.Tests.Mailbox;

/// <summary>The mailbox on Azurite: what it keeps outlives the process that took it.</summary>
public sealed class TableMailStoreTests
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task A_mail_is_still_there_after_a_restart_with_its_events()
    {
        string prefix = Azurite.Unique("t");
        string id;
        await using (MailboxHost first = await StartAsync(prefix))
        {
            SendGridMessage message = MailboxHost.Mail(kind: "offer");
            message.AddAttachment("a.txt", "YQ==", "text/plain");
            id = await first.SendAsync(message);
            await first.Http.PostAsync($"/local/mailbox/api/mails/{id}/events/deferred", null);
            await first.Http.PostAsync($"/local/mailbox/api/mails/{id}/events/delivered", null);
        }

        await using MailboxHost second = await StartAsync(prefix);
        JsonObject mail = await second.GetAsync($"/local/mailbox/api/mails/{id}");

        Assert.Equal("Hello", mail["subject"]!.GetValue<string>());
        Assert.Equal("offer", mail["kind"]!.GetValue<string>());
        Assert.Equal("delivered", mail["state"]!.GetValue<string>());
        Assert.Equal(["deferred", "delivered"], mail["events"]!.AsArray().Select(one => one!["event"]!.GetValue<string>()));
        Assert.Equal("a"u8.ToArray(), await second.Http.GetByteArrayAsync($"/local/mailbox/{id}/attachments/0"));
    }

    [Fact]
    public async Task The_webhook_key_stays_the_same_over_a_restart_and_differs_between_stores()
    {
        string prefix = Azurite.Unique("t");
        string key;
        await using (MailboxHost first = await StartAsync(prefix))
        {
            key = await first.Http.GetStringAsync("/local/mailbox/webhook-key");
        }

        await using MailboxHost second = await StartAsync(prefix);
        await using MailboxHost other = await StartAsync(Azurite.Unique("t"));
        Assert.Equal(key, await second.Http.GetStringAsync("/local/mailbox/webhook-key"));
        Assert.NotEqual(key, await other.Http.GetStringAsync("/local/mailbox/webhook-key"));
    }

    [Fact]
    public async Task A_mail_too_long_for_one_row_comes_back_whole()
    {
        await using MailboxHost host = await StartAsync(Azurite.Unique("t"));
        byte[] content = new byte[3 * 1024 * 1024];
        new Random(7).NextBytes(content);
        SendGridMessage message = MailboxHost.Mail();
        message.AddAttachment("large.bin", Convert.ToBase64String(content));

        string id = await host.SendAsync(message);

        Assert.Equal(content, await host.Http.GetByteArrayAsync($"/local/mailbox/{id}/attachments/0"));
    }

    [Fact]
    public async Task Mails_are_listed_filtered_paged_counted_and_deleted()
    {
        await using MailboxHost host = await StartAsync(Azurite.Unique("t"));
        await host.SendAsync(MailboxHost.Mail("ann@example.org", "1", "offer"));
        await host.SendAsync(MailboxHost.Mail("Bob@example.org", "2", "offer"));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        SendGridMessage several = MailboxHost.Mail("ann@example.org", "3", "it's");
        several.AddCc("cy@example.org");
        await host.SendAsync(several);

        Assert.Equal(["3", "2", "1"], await SubjectsAsync(host, ""));
        Assert.Equal(["2"], await SubjectsAsync(host, "?to=bob@example.org"));
        Assert.Equal(["3"], await SubjectsAsync(host, "?to=cy@example.org"));
        Assert.Equal(["3", "1"], await SubjectsAsync(host, "?to=ann"));
        Assert.Equal(["3"], await SubjectsAsync(host, "?kind=it%27s"));
        Assert.Equal(["3"], await SubjectsAsync(host, $"?since={Uri.EscapeDataString(host.Clock.Now.ToString("O"))}"));
        Assert.Equal(["2"], await SubjectsAsync(host, "?size=1&page=2"));
        Assert.Equal("""{"total":3,"kinds":{"it's":1,"offer":2}}""", (await host.GetAsync("/local/mailbox/api/count")).ToJsonString(Relaxed));

        Assert.Equal(HttpStatusCode.NoContent, (await host.Http.DeleteAsync("/local/mailbox/api/mails")).StatusCode);
        Assert.Empty(await SubjectsAsync(host, ""));
    }

    [Fact]
    public async Task Events_that_arrive_together_are_all_remembered()
    {
        await using MailboxHost host = await StartAsync(Azurite.Unique("t"));
        string id = await host.SendAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.Http.PostAsync($"/local/mailbox/api/mails/{id}/events/deferred", null)));

        JsonObject mail = await host.GetAsync($"/local/mailbox/api/mails/{id}");
        Assert.Equal(8, mail["events"]!.AsArray().Count);
    }

    private static async Task<MailboxHost> StartAsync(string prefix) =>
        await MailboxHost.StartAsync(("AzureWebJobsStorage", (await Azurite.SharedAsync()).ConnectionString), ("Local:Prefix", prefix));

    private static async Task<IEnumerable<string>> SubjectsAsync(MailboxHost host, string query) =>
        (await host.MailsAsync(query)).Select(mail => mail["subject"]!.GetValue<string>());
}
