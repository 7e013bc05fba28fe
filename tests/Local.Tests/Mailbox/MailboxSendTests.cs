using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using SendGrid;
using SendGrid.Helpers.Mail;

namespace Plenary.Local.Tests.Mailbox;

/// <summary>The mailbox as the provider: what it takes.</summary>
public sealed class MailboxSendTests : IAsyncLifetime
{
    private const string Good = """
        {"from":{"email":"a@example.org"},"personalizations":[{"to":[{"email":"b@example.org"}],"subject":"S"}],"content":[{"type":"text/plain","value":"T"}]}
        """;

    private MailboxHost host = null!;

    public async Task InitializeAsync() => host = await MailboxHost.StartAsync();

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task An_accepted_mail_is_answered_with_202_an_id_and_no_body()
    {
        Response response = await host.Provider().SendEmailAsync(MailboxHost.Mail());

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(22, response.Headers.GetValues("X-Message-Id").Single().Length);
        Assert.Equal("", await response.Body.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_accepted_mail_is_kept_with_everything_it_said()
    {
        SendGridMessage message = MailboxHost.Mail("ann@example.org", "Your place", "offer");
        message.SetReplyTo(new EmailAddress("answers@secretariat.example"));
        message.AddCc("copy@example.org");
        message.AddCustomArg("intent", "abc");
        message.AddGlobalCustomArg("run", "7");
        message.AddCategory("mail");
        message.AddHeader("X-Entity", "42");
        message.AddAttachment("invite.ics", Convert.ToBase64String("BEGIN:VCALENDAR"u8), "text/calendar; method=REQUEST", "attachment");

        string id = await host.SendAsync(message);
        JsonObject mail = await host.GetAsync($"/local/mailbox/api/mails/{id}");

        Assert.Equal(host.Clock.Now, mail["receivedAt"]!.GetValue<DateTimeOffset>());
        Assert.Equal("office@secretariat.example", mail["from"]!.GetValue<string>());
        Assert.Equal("answers@secretariat.example", mail["replyTo"]!.GetValue<string>());
        Assert.Equal("ann@example.org", mail["to"]!.GetValue<string>());
        Assert.Equal(["ann@example.org", "copy@example.org"], mail["recipients"]!.AsArray().Select(to => to!.GetValue<string>()));
        Assert.Equal("Your place", mail["subject"]!.GetValue<string>());
        Assert.Equal("offer", mail["kind"]!.GetValue<string>());
        Assert.Equal("Hello Ann", mail["text"]!.GetValue<string>());
        Assert.Equal("<p>Hello Ann</p>", mail["html"]!.GetValue<string>());
        Assert.Equal("""{"run":"7","kind":"offer","intent":"abc"}""", mail["customArgs"]!.ToJsonString());
        Assert.Equal("""{"X-Entity":"42"}""", mail["headers"]!.ToJsonString());
        Assert.Equal("""["mail"]""", mail["categories"]!.ToJsonString());
        Assert.Equal("""["invite.ics"]""", mail["attachments"]!.ToJsonString());
        Assert.Equal("accepted", mail["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task Each_personalization_becomes_a_mail_of_its_own_under_one_message_id()
    {
        SendGridMessage message = MailHelper.CreateSingleEmailToMultipleRecipients(
            new EmailAddress("a@example.org"), [new EmailAddress("b@example.org"), new EmailAddress("c@example.org")], "Subject", "Text", "");
        message.SetSubject("For c", 1);

        await host.SendAsync(message);
        JsonObject[] mails = await host.MailsAsync();

        Assert.Equal(["For c", "Subject"], mails.Select(mail => mail["subject"]!.GetValue<string>()));
        Assert.Single(mails.Select(mail => mail["messageId"]!.GetValue<string>()).Distinct());
    }

    [Fact]
    public async Task The_first_category_is_the_kind_of_a_mail_that_names_none()
    {
        SendGridMessage message = MailboxHost.Mail();
        message.AddCategory("reminder");
        await host.SendAsync(message);

        Assert.Equal("reminder", (await host.MailsAsync()).Single()["kind"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(1000, HttpStatusCode.Accepted)]
    [InlineData(1001, HttpStatusCode.BadRequest)]
    public async Task A_thousand_recipients_are_the_most(int recipients, HttpStatusCode expected)
    {
        SendGridMessage message = MailboxHost.Mail();
        message.AddTos([.. Enumerable.Range(1, recipients - 1).Select(number => new EmailAddress($"to{number}@example.org"))]);

        Assert.Equal(expected, (await host.Provider().SendEmailAsync(message)).StatusCode);
    }

    [Fact]
    public async Task More_than_thirty_megabytes_are_refused_and_nearly_as_many_are_not()
    {
        SendGridMessage large = MailboxHost.Mail();
        large.AddAttachment("large.bin", Convert.ToBase64String(new byte[21 * 1024 * 1024]));
        SendGridMessage tooLarge = MailboxHost.Mail();
        tooLarge.AddAttachment("large.bin", Convert.ToBase64String(new byte[23 * 1024 * 1024]));

        Assert.Equal(HttpStatusCode.Accepted, (await host.Provider().SendEmailAsync(large)).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await host.Provider().SendEmailAsync(tooLarge)).StatusCode);
    }

    [Fact]
    public async Task A_mail_in_sandbox_mode_is_checked_and_not_kept()
    {
        SendGridMessage message = MailboxHost.Mail();
        message.SetSandBoxMode(true);

        Assert.Equal(HttpStatusCode.OK, (await host.Provider().SendEmailAsync(message)).StatusCode);
        Assert.Empty(await host.MailsAsync());
    }

    [Fact]
    public async Task A_template_needs_neither_subject_nor_content()
    {
        HttpResponseMessage response = await host.PostRawAsync(
            """{"from":{"email":"a@example.org"},"template_id":"d-1","personalizations":[{"to":[{"email":"b@example.org"}]}]}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Fact]
    public async Task Custom_arguments_have_ten_thousand_bytes()
    {
        SendGridMessage message = MailboxHost.Mail();
        message.AddCustomArg("a", new string('x', 10_000));

        Response response = await host.Provider().SendEmailAsync(message);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("10000 bytes", await response.Body.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_cannot_be_planned_more_than_three_days_ahead()
    {
        SendGridMessage message = MailboxHost.Mail();
        message.SetSendAt(host.Clock.Now.AddHours(72).ToUnixTimeSeconds());
        Assert.Equal(HttpStatusCode.Accepted, (await host.Provider().SendEmailAsync(message)).StatusCode);

        message.SetSendAt(host.Clock.Now.AddHours(72).ToUnixTimeSeconds() + 1);
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Provider().SendEmailAsync(message)).StatusCode);
    }

    [Fact]
    public async Task Text_in_every_script_arrives_as_it_was_written()
    {
        SendGridMessage message = MailboxHost.Mail(subject: "Tōkyō 東京 🏯 \"<&>\"");
        await host.SendAsync(message);

        Assert.Equal("Tōkyō 東京 🏯 \"<&>\"", (await host.MailsAsync()).Single()["subject"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_body_in_pieces_without_a_length_is_read_whole()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/local/sendgrid/v3/mail/send")
        {
            Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(Good))),
        };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TransferEncodingChunked = true;
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer SG.local");

        Assert.Equal(HttpStatusCode.Accepted, (await host.Http.SendAsync(request)).StatusCode);
    }
}
