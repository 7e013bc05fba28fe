using System.Text;
using System.Text.Json.Nodes;
using SendGrid;
using SendGrid.Helpers.Mail;

namespace Plenary.Local.Tests.SendGrid;

public sealed class SendGridMessageTests
{
    [Fact]
    public void A_mail_with_everything_in_it_is_written_as_the_v3_web_api_reads_it()
    {
        SendGridMessage message = new();
        message.SetFrom(new EmailAddress("office@secretariat.example", "Secretariat"));
        message.SetReplyTo(new EmailAddress("answers@secretariat.example"));
        message.SetGlobalSubject("For everybody");
        message.AddTo("first@example.org", "First");
        message.AddCc("copy@example.org");
        message.AddBcc("blind@example.org");
        message.SetSubject("For you");
        message.AddHeader("X-Entity", "42");
        message.AddCustomArg("intent", "abc");
        message.AddCustomArg("kind", "offer");
        message.SetSendAt(1_700_000_000);
        message.AddTo(new EmailAddress("second@example.org"), 1);
        message.HtmlContent = "<p>Hello</p>";
        message.PlainTextContent = "Hello";
        message.AddAttachment("a.txt", "YQ==", "text/plain", "attachment", "part1");
        message.AddGlobalHeader("List-Unsubscribe", "<mailto:stop@secretariat.example>");
        message.AddCategory("offer");
        message.AddGlobalCustomArg("run", "7");
        message.SetAsm(3, [3, 4]);
        message.SetBatchId("batch");
        message.SetIpPoolName("pool");
        message.SetSandBoxMode(true);
        message.SetBypassListManagement(true);
        message.SetFooterSetting(true, "<p>f</p>", "f");
        message.SetClickTracking(false, false);
        message.SetOpenTracking(false);
        message.SetSubscriptionTracking(false);
        message.SetGoogleAnalytics(true, "campaign", utmSource: "mail");

        AssertJson(
            """
            {
              "from": { "name": "Secretariat", "email": "office@secretariat.example" },
              "subject": "For everybody",
              "personalizations": [
                {
                  "to": [ { "name": "First", "email": "first@example.org" } ],
                  "cc": [ { "email": "copy@example.org" } ],
                  "bcc": [ { "email": "blind@example.org" } ],
                  "subject": "For you",
                  "headers": { "X-Entity": "42" },
                  "custom_args": { "intent": "abc", "kind": "offer" },
                  "send_at": 1700000000
                },
                { "to": [ { "email": "second@example.org" } ] }
              ],
              "content": [
                { "type": "text/plain", "value": "Hello" },
                { "type": "text/html", "value": "<p>Hello</p>" }
              ],
              "attachments": [
                { "content": "YQ==", "type": "text/plain", "filename": "a.txt", "disposition": "attachment", "content_id": "part1" }
              ],
              "headers": { "List-Unsubscribe": "<mailto:stop@secretariat.example>" },
              "categories": [ "offer" ],
              "custom_args": { "run": "7" },
              "asm": { "group_id": 3, "groups_to_display": [ 3, 4 ] },
              "batch_id": "batch",
              "ip_pool_name": "pool",
              "mail_settings": {
                "bypass_list_management": { "enable": true },
                "footer": { "enable": true, "text": "f", "html": "<p>f</p>" },
                "sandbox_mode": { "enable": true }
              },
              "tracking_settings": {
                "click_tracking": { "enable": false, "enable_text": false },
                "open_tracking": { "enable": false },
                "subscription_tracking": { "enable": false },
                "ganalytics": { "enable": true, "utm_source": "mail", "utm_campaign": "campaign" }
              },
              "reply_to": { "email": "answers@secretariat.example" }
            }
            """,
            message.Serialize());
    }

    [Fact]
    public void What_is_not_set_is_not_written()
    {
        SendGridMessage message = MailHelper.CreateSingleEmail(
            new EmailAddress("a@example.org"), new EmailAddress("b@example.org"), "Subject", "Text", htmlContent: "");

        Assert.Equal(
            """{"from":{"email":"a@example.org"},"personalizations":[{"to":[{"email":"b@example.org"}],"subject":"Subject"}],"content":[{"type":"text/plain","value":"Text"}]}""",
            message.Serialize());
    }

    [Fact]
    public void Contents_are_written_plain_text_first_then_html_then_the_rest()
    {
        SendGridMessage message = new();
        message.AddContent("text/calendar", "c");
        message.AddContent(MimeType.Html, "h");
        message.AddContent("text/x-empty", "");
        message.AddContent(MimeType.Text, "t");

        AssertJson(
            """{"content":[{"type":"text/plain","value":"t"},{"type":"text/html","value":"h"},{"type":"text/calendar","value":"c"}]}""",
            message.Serialize());
    }

    [Fact]
    public void Text_and_html_set_as_properties_replace_the_contents_added_before()
    {
        SendGridMessage message = new() { PlainTextContent = "new" };
        message.AddContent(MimeType.Html, "old");

        AssertJson("""{"content":[{"type":"text/plain","value":"new"}]}""", message.Serialize());
        Assert.Null(message.PlainTextContent);
    }

    [Fact]
    public void An_address_named_twice_in_one_list_is_written_once()
    {
        SendGridMessage message = new();
        message.AddTos([new EmailAddress("a@example.org", "First"), new EmailAddress("A@Example.org", "Again"), new EmailAddress("b@example.org")]);

        AssertJson(
            """{"personalizations":[{"to":[{"name":"First","email":"a@example.org"},{"email":"b@example.org"}]}]}""",
            message.Serialize());
    }

    [Fact]
    public void Markup_is_escaped_on_the_wire_and_other_scripts_are_not()
    {
        string json = new SendGridMessage { Subject = "<b> Tōkyō 東京" }.Serialize();

        Assert.Contains("\\u003Cb\\u003E", json, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Tōkyō 東京", json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_written_mail_reads_back_as_itself()
    {
        SendGridMessage message = MailHelper.CreateSingleEmail(
            new EmailAddress("a@example.org", "A"), new EmailAddress("b@example.org"), "Subject", "Text", "<p>Html</p>");
        message.AddCustomArg("intent", "1");
        string json = message.Serialize();

        Assert.Equal(json, SendGridMessage.Deserialize(json).Serialize());
    }

    [Fact]
    public void A_personalization_beyond_the_next_one_is_refused()
    {
        SendGridMessage message = new();
        message.AddTo("a@example.org");

        Assert.Throws<ArgumentException>(() => message.AddTo(new EmailAddress("b@example.org"), 2));
    }

    [Fact]
    public void Nobody_is_not_a_recipient()
    {
        SendGridMessage message = new();

        Assert.Throws<ArgumentNullException>(() => message.AddTo(" "));
        Assert.Throws<ArgumentNullException>(() => message.AddTo((EmailAddress)null!));
        Assert.Throws<InvalidOperationException>(() => message.AddTos([]));
        Assert.Throws<ArgumentNullException>(() => message.SetFrom(""));
    }

    [Fact]
    public void A_custom_argument_set_twice_to_different_values_is_refused_and_to_the_same_is_not()
    {
        SendGridMessage message = new();
        message.AddCustomArg("intent", "1");
        message.AddCustomArg("intent", "1");

        Assert.Throws<ArgumentException>(() => message.AddCustomArg("intent", "2"));
    }

    [Fact]
    public async Task A_stream_is_attached_in_base64()
    {
        SendGridMessage message = new();
        await message.AddAttachmentAsync("a.txt", new MemoryStream(Encoding.UTF8.GetBytes("hello")), "text/plain");
        await message.AddAttachmentAsync("nothing.txt", new MemoryStream());

        Attachment attachment = Assert.Single(message.Attachments);
        Assert.Equal("aGVsbG8=", attachment.Content);
        Assert.Null(attachment.Disposition);
    }

    [Theory]
    [InlineData("Ann Example <ann@example.org>", "ann@example.org", "Ann Example")]
    [InlineData("ann@example.org", "ann@example.org", "")]
    [InlineData("nobody", "nobody", null)]
    public void An_address_is_read_from_its_written_form(string written, string email, string? name)
    {
        EmailAddress read = MailHelper.StringToEmailAddress(written);

        Assert.Equal(email, read.Email);
        Assert.Equal(name, read.Name);
    }

    private static void AssertJson(string expected, string actual)
    {
        JsonNode? wanted = JsonNode.Parse(expected);
        JsonNode? found = JsonNode.Parse(actual);
        Assert.True(JsonNode.DeepEquals(wanted, found), $"Expected {wanted?.ToJsonString()}\nbut found {found?.ToJsonString()}");
    }
}
