using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Plenary.Local;

/// <summary>The mailbox's pages: plain HTML that works without script.</summary>
internal static class MailboxPages
{
    public const string Style = """
        :root { color-scheme: light; --ink: #1b1f24; --soft: #57606a; --line: #c9d1d9; --link: #0b4f9e; --back: #f6f8fa; }
        * { box-sizing: border-box; }
        body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: #fff; }
        header, main { max-width: 72rem; margin: 0 auto; padding: 0.75rem 1rem; }
        header { border-bottom: 4px solid var(--link); }
        header p { margin: 0; color: var(--soft); }
        a { color: var(--link); }
        a:focus, button:focus, input:focus, select:focus, summary:focus, iframe:focus, pre:focus { outline: 3px solid #ffbf47; outline-offset: 2px; }
        h1 { font-size: 1.6rem; margin: 1rem 0 0.5rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.2rem; margin: 1.5rem 0 0.5rem; }
        table { border-collapse: collapse; width: 100%; }
        caption { text-align: left; color: var(--soft); padding: 0.5rem 0; }
        th, td { min-width: 6rem; text-align: left; vertical-align: top; padding: 0.4rem 0.75rem 0.4rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
        thead th { border-bottom-width: 2px; }
        tbody th { width: 12rem; }
        main > form { margin: 1rem 0; }
        .scroll { overflow-x: auto; }
        form.filter { display: flex; flex-wrap: wrap; gap: 1rem; align-items: end; margin: 1rem 0; }
        label { display: block; font-weight: 600; }
        input, select, button { font: inherit; padding: 0.35rem 0.6rem; border: 2px solid var(--ink); background: #fff; color: var(--ink); }
        button { background: var(--back); cursor: pointer; }
        .buttons { display: flex; flex-wrap: wrap; gap: 0.5rem; padding: 0; margin: 0; list-style: none; }
        .notice { border-left: 6px solid var(--link); background: var(--back); padding: 0.5rem 1rem; }
        iframe { width: 100%; height: 32rem; border: 1px solid var(--line); background: #fff; resize: vertical; }
        pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--back); border: 1px solid var(--line); padding: 0.75rem; font: 0.95rem/1.45 ui-monospace, monospace; }
        nav.pages { display: flex; gap: 1.5rem; margin: 1rem 0; }
        """;

    public static string List(MailQuery query, MailPage found, IReadOnlyDictionary<string, int> kinds, Behaviour behaviour)
    {
        StringBuilder rows = new();
        foreach (KeptMail mail in found.Mails)
        {
            rows.Append(CultureInfo.InvariantCulture, $"""
                <tr>
                  <td>{Time(mail.ReceivedAt)}</td>
                  <td>{Text(string.Join(", ", mail.To))}</td>
                  <td><a href="/local/mailbox/{mail.Id}">{Text(mail.Subject.Length == 0 ? "(no subject)" : mail.Subject)}</a></td>
                  <td>{Text(mail.Kind)}</td>
                  <td>{Text(mail.State)}</td>
                </tr>

                """);
        }

        StringBuilder options = new();
        foreach ((string kind, int count) in kinds.Where(kind => kind.Key.Length > 0))
        {
            string selected = kind == query.Kind ? " selected" : "";
            options.Append(CultureInfo.InvariantCulture, $"""<option value="{Text(kind)}"{selected}>{Text(kind)} ({count})</option>""");
        }

        string table = found.Mails.Count == 0
            ? "<p>No mail here.</p>"
            : $"""
                <div class="scroll">
                <table>
                  <caption>Mails, newest first, page {found.Page}. {kinds.Values.Sum()} in all.</caption>
                  <thead><tr><th scope="col">Received (UTC)</th><th scope="col">To</th><th scope="col">Subject</th><th scope="col">Kind</th><th scope="col">State</th></tr></thead>
                  <tbody>
                {rows}  </tbody>
                </table>
                </div>
                """;
        string newer = found.Page > 1 ? $"""<a href="{Text(Address(query, found.Page - 1))}" rel="prev">Newer mails</a>""" : "";
        string older = found.More ? $"""<a href="{Text(Address(query, found.Page + 1))}" rel="next">Older mails</a>""" : "";
        string pages = newer.Length + older.Length == 0 ? "" : $"""<nav class="pages" aria-label="Pages">{newer}{older}</nav>""";
        string playing = behaviour.Mode == BehaviourMode.Accept
            ? ""
            : $"""<p class="notice">The provider is playing a fault: {Text(behaviour.Mode.ToString())}.</p>""";

        return Page("Mailbox", $"""
            <h1>Mailbox</h1>
            {playing}
            <form class="filter" method="get" action="/local/mailbox">
              <div><label for="to">Recipient contains</label><input id="to" name="to" value="{Text(query.To ?? "")}"></div>
              <div><label for="kind">Kind</label><select id="kind" name="kind"><option value="">All</option>{options}</select></div>
              <button type="submit">Filter</button>
            </form>
            {table}
            {pages}
            <form method="post" action="/local/mailbox/clear"><button type="submit">Delete all mails</button></form>
            """);
    }

    public static string Mail(KeptMail mail, string? simulated, int? status)
    {
        string answer = status is null or 0 ? "It did not answer." : $"It answered {status}.";
        string notice = simulated is not null && EventWebhook.Simulations.TryGetValue(simulated, out string? label)
            ? $"""<p class="notice" role="status">Posted “{Text(label)}” to the webhook. {answer}</p>"""
            : "";

        StringBuilder about = new();
        Row(about, "Received (UTC)", Time(mail.ReceivedAt));
        Row(about, "From", Text(mail.From.ToString()));
        Row(about, "Reply to", Text(mail.ReplyTo?.ToString() ?? ""));
        Row(about, "To", Text(string.Join(", ", mail.To)));
        Row(about, "Cc", Text(string.Join(", ", mail.Cc)));
        Row(about, "Bcc", Text(string.Join(", ", mail.Bcc)));
        Row(about, "Kind", Text(mail.Kind));
        Row(about, "Categories", Text(string.Join(", ", mail.Categories)));
        Row(about, "State", Text(mail.State));
        Row(about, "Message id", Text(mail.MessageId));

        StringBuilder buttons = new();
        foreach ((string name, string title) in EventWebhook.Simulations)
        {
            buttons.Append(CultureInfo.InvariantCulture, $"""<li><form method="post" action="/local/mailbox/{mail.Id}/events/{name}"><button type="submit">{Text(title)}</button></form></li>""");
        }

        StringBuilder posted = new();
        foreach (PostedEvent one in mail.Events)
        {
            posted.Append(CultureInfo.InvariantCulture, $"<tr><td>{Time(one.At)}</td><td>{Text(one.Event)}</td><td>{(one.WebhookStatus == 0 ? "none" : one.WebhookStatus)}</td></tr>");
        }

        string events = mail.Events.Count == 0 ? "" : $"""
            <table><caption>Events posted to the webhook</caption>
            <thead><tr><th scope="col">Time (UTC)</th><th scope="col">Event</th><th scope="col">Answer</th></tr></thead><tbody>{posted}</tbody></table>
            """;

        StringBuilder files = new();
        for (int index = 0; index < mail.Attachments.Count; index++)
        {
            KeptAttachment file = mail.Attachments[index];
            files.Append(CultureInfo.InvariantCulture, $"""<li><a href="/local/mailbox/{mail.Id}/attachments/{index}" download>{Text(file.FileName)}</a> ({Text(file.Type ?? "no type")}, {file.Content.Length} bytes)</li>""");
        }

        // No scripts, no forms, no same origin; a link of the mail opens in a window of its own, free of the frame.
        string html = mail.Html is null ? "" : $"""
            <h2>HTML</h2>
            <iframe title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" srcdoc="{Text(InWindowsOfTheirOwn(mail.Html))}"></iframe>
            """;
        string text = mail.Text is null ? "" : $"""
            <h2>Text</h2>
            <pre tabindex="0" role="region" aria-label="The mail as text">{Text(mail.Text)}</pre>
            """;
        string attachments = mail.Attachments.Count == 0 ? "" : $"<h2>Attachments</h2><ul>{files}</ul>";

        return Page(mail.Subject, $"""
            <p><a href="/local/mailbox">All mails</a></p>
            <h1>{Text(mail.Subject.Length == 0 ? "(no subject)" : mail.Subject)}</h1>
            {notice}
            <table><caption>About this mail</caption><tbody>{about}</tbody></table>
            {attachments}
            {html}
            {text}
            <h2>What happens to it</h2>
            <p>Each button posts a signed event to the application, as the provider would.</p>
            <ul class="buttons">{buttons}</ul>
            {events}
            {Pairs("Custom arguments", mail.CustomArgs)}
            {Pairs("Headers", mail.Headers)}
            """);
    }

    public static string Missing() => Page("No such mail", """
        <h1>No such mail</h1>
        <p>It may have been deleted. <a href="/local/mailbox">All mails</a></p>
        """);

    private static string InWindowsOfTheirOwn(string html)
    {
        const string target = "<base target=\"_blank\">";
        int head = html.IndexOf("<head>", StringComparison.OrdinalIgnoreCase);
        return head < 0 ? target + html : html.Insert(head + "<head>".Length, target);
    }

    private static string Pairs(string title, IReadOnlyDictionary<string, string> pairs)
    {
        if (pairs.Count == 0)
        {
            return "";
        }

        StringBuilder rows = new();
        foreach ((string name, string value) in pairs)
        {
            Row(rows, name, Text(value));
        }

        return $"<h2>{title}</h2><table><caption>{title} of this mail</caption><tbody>{rows}</tbody></table>";
    }

    private static void Row(StringBuilder rows, string name, string html)
    {
        if (html.Length > 0)
        {
            rows.Append(CultureInfo.InvariantCulture, $"""<tr><th scope="row">{Text(name)}</th><td>{html}</td></tr>""");
        }
    }

    private static string Page(string title, string main) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Text(title)} - local mailbox</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/local/mailbox/mailbox.css">
        </head>
        <body>
        <header><p>Local mailbox: what would have left by mail. Nothing here was sent.</p></header>
        <main>
        {main}
        </main>
        </body>
        </html>
        """;

    private static string Address(MailQuery query, int page) =>
        string.Create(CultureInfo.InvariantCulture, $"/local/mailbox?to={Uri.EscapeDataString(query.To ?? "")}&kind={Uri.EscapeDataString(query.Kind ?? "")}&page={page}");

    private static string Time(DateTimeOffset instant) =>
        string.Create(CultureInfo.InvariantCulture, $"""<time datetime="{instant.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}">{instant.UtcDateTime:yyyy-MM-dd HH:mm:ss}</time>""");

    private static string Text(string value) => HtmlEncoder.Default.Encode(value);
}
