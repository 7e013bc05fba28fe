using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SendGrid.Helpers.Mail;

namespace Plenary.Local.Tests.Mailbox;

/// <summary>The mailbox for people, and its JSON for tests and tools.</summary>
public sealed partial class MailboxPageTests : IAsyncLifetime
{
    private MailboxHost host = null!;

    public async Task InitializeAsync() => host = await MailboxHost.StartAsync();

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task Mails_are_listed_newest_first_even_those_of_one_instant()
    {
        await host.SendAsync(MailboxHost.Mail(subject: "first"));
        await host.SendAsync(MailboxHost.Mail(subject: "second"));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.SendAsync(MailboxHost.Mail(subject: "third"));

        Assert.Equal(["third", "second", "first"], (await host.MailsAsync()).Select(mail => mail["subject"]!.GetValue<string>()));
        string page = await host.Http.GetStringAsync("/local/mailbox");
        Assert.Equal(["third", "second", "first"], Subject().Matches(page).Select(match => match.Groups[1].Value));
    }

    [Fact]
    public async Task The_list_is_filtered_by_recipient_kind_and_instant()
    {
        await host.SendAsync(MailboxHost.Mail("ann@example.org", "1", "offer"));
        await host.SendAsync(MailboxHost.Mail("bob@example.org", "2", "offer"));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.SendAsync(MailboxHost.Mail("ann@example.org", "3", "reminder"));

        Assert.Equal(["3", "1"], await SubjectsAsync("?to=ANN@example.org"));
        Assert.Equal(["2"], await SubjectsAsync("?to=bob"));
        Assert.Equal(["2", "1"], await SubjectsAsync("?kind=offer"));
        Assert.Equal(["1"], await SubjectsAsync("?kind=offer&to=ann"));
        Assert.Equal(["3"], await SubjectsAsync($"?since={Uri.EscapeDataString(host.Clock.Now.ToString("O"))}"));
        Assert.Empty(await SubjectsAsync("?kind=survey"));
        string page = await host.Http.GetStringAsync("/local/mailbox?kind=reminder");
        Assert.Equal(["3"], Subject().Matches(page).Select(match => match.Groups[1].Value));
        Assert.Contains("<option value=\"reminder\" selected>reminder (1)</option>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_list_comes_in_pages()
    {
        for (int number = 1; number <= 5; number++)
        {
            await host.SendAsync(MailboxHost.Mail(subject: $"{number}"));
        }

        JsonObject first = await host.GetAsync("/local/mailbox/api/mails?size=2");
        JsonObject last = await host.GetAsync("/local/mailbox/api/mails?size=2&page=3");

        Assert.True(first["more"]!.GetValue<bool>());
        Assert.Equal(["5", "4"], first["mails"]!.AsArray().Select(mail => mail!["subject"]!.GetValue<string>()));
        Assert.False(last["more"]!.GetValue<bool>());
        Assert.Equal(["1"], last["mails"]!.AsArray().Select(mail => mail!["subject"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_page_links_to_older_and_newer_mails()
    {
        for (int number = 1; number <= 51; number++)
        {
            await host.Provider().SendEmailAsync(MailboxHost.Mail());
        }

        Assert.Contains("rel=\"next\">Older mails", await host.Http.GetStringAsync("/local/mailbox"), StringComparison.Ordinal);
        string second = await host.Http.GetStringAsync("/local/mailbox?page=2");
        Assert.Contains("rel=\"prev\">Newer mails", second, StringComparison.Ordinal);
        Assert.Single(Subject().Matches(second));
    }

    [Fact]
    public async Task Mails_are_counted_by_kind()
    {
        await host.SendAsync(MailboxHost.Mail(kind: "offer"));
        await host.SendAsync(MailboxHost.Mail(kind: "offer"));
        await host.SendAsync(MailboxHost.Mail(kind: "reminder"));

        Assert.Equal("""{"total":3,"kinds":{"offer":2,"reminder":1}}""", (await host.GetAsync("/local/mailbox/api/count")).ToJsonString());
    }

    [Fact]
    public async Task The_html_of_a_mail_is_shown_in_a_frame_that_runs_no_script()
    {
        SendGridMessage message = MailboxHost.Mail();
        message.Contents.Clear();
        message.AddContent("text/html", "<p title=\"x\">Hi</p><script>alert(1)</script>");
        string id = await host.SendAsync(message);

        HttpResponseMessage response = await host.Http.GetAsync($"/local/mailbox/{id}");
        string page = await response.Content.ReadAsStringAsync();

        string frame = Frame().Match(page).Value;
        Assert.Contains("title=\"The mail as HTML\"", frame, StringComparison.Ordinal);
        Assert.DoesNotContain("allow-scripts", frame, StringComparison.Ordinal);
        Assert.DoesNotContain("allow-same-origin", frame, StringComparison.Ordinal);
        Assert.Contains("sandbox=", frame, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)", frame, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        string policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_is_shown_with_its_text_headers_and_arguments_and_nothing_of_it_becomes_markup()
    {
        SendGridMessage message = MailboxHost.Mail(subject: "<i>Hi</i>", kind: "offer");
        message.Contents.Clear();
        message.AddContent("text/plain", "Dear <Ann> & all");
        message.AddHeader("X-Entity", "<42>");
        message.AddCustomArg("intent", "abc");
        string id = await host.SendAsync(message);

        string page = await host.Http.GetStringAsync($"/local/mailbox/{id}");

        Assert.Contains("Dear &lt;Ann&gt; &amp; all", page, StringComparison.Ordinal);
        Assert.Contains("&lt;42&gt;", page, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">intent</th><td>abc</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>Hi</i>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>Hi</i>", await host.Http.GetStringAsync("/local/mailbox"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_attachment_downloads_as_the_bytes_that_were_sent()
    {
        byte[] content = [.. Enumerable.Range(0, 1000).Select(number => (byte)number)];
        SendGridMessage message = MailboxHost.Mail();
        message.AddAttachment("päge.html", Convert.ToBase64String(content), "text/html");
        string id = await host.SendAsync(message);

        HttpResponseMessage response = await host.Http.GetAsync($"/local/mailbox/{id}/attachments/0");

        Assert.Equal(content, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("päge.html", response.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.GetAsync($"/local/mailbox/{id}/attachments/1")).StatusCode);
    }

    [Fact]
    public async Task A_mail_that_is_not_there_is_not_found()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.GetAsync("/local/mailbox/nothing")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.GetAsync("/local/mailbox/api/mails/nothing")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.PostAsync("/local/mailbox/api/mails/nothing/events/delivered", null)).StatusCode);
    }

    [Fact]
    public async Task Pages_ask_nothing_of_other_hosts_and_say_what_language_they_are_in()
    {
        string id = await host.SendAsync();
        foreach (string address in (string[])["/local/mailbox", $"/local/mailbox/{id}", "/local/mailbox/mailbox.css"])
        {
            string page = await host.Http.GetStringAsync(address);
            Assert.DoesNotMatch("(src|href|url\\()=?[\"']?(https?:)?//", page);
        }

        Assert.Contains("<html lang=\"en\">", await host.Http.GetStringAsync("/local/mailbox"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_mails_can_be_deleted()
    {
        await host.SendAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await host.Http.DeleteAsync("/local/mailbox/api/mails")).StatusCode);
        Assert.Empty(await host.MailsAsync());

        await host.SendAsync();
        Assert.Equal(HttpStatusCode.SeeOther, (await host.Http.PostAsync("/local/mailbox/clear", null)).StatusCode);
        Assert.Empty(await host.MailsAsync());
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_press_the_buttons()
    {
        await host.SendAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, "/local/mailbox/clear");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        Assert.Equal(HttpStatusCode.Forbidden, (await host.Http.SendAsync(request)).StatusCode);
        Assert.Single(await host.MailsAsync());
    }

    private async Task<IEnumerable<string>> SubjectsAsync(string query) =>
        (await host.MailsAsync(query)).Select(mail => mail["subject"]!.GetValue<string>());

    [GeneratedRegex("""<td><a href="/local/mailbox/[^"]+">([^<]*)</a></td>""")]
    private static partial Regex Subject();

    [GeneratedRegex("<iframe[^>]*>")]
    private static partial Regex Frame();
}
