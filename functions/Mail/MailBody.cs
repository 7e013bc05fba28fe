using System.Net;
using System.Text;

namespace Plenary.Mail;

/// <summary>
/// What a mail says, block by block; rendered to plain text and to HTML from the same words. Every value is text: nothing
/// a person typed can become markup or a link.
/// </summary>
public sealed class MailBody
{
    private readonly StringBuilder text = new();
    private readonly StringBuilder html = new();

    public string Text => text.ToString();

    public string Html =>
        $"""
        <!DOCTYPE html>
        <html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>
        <body style="font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5;color:#0b0c0c;max-width:40em;margin:1em">
        {html}</body></html>
        """;

    public MailBody Paragraph(string words)
    {
        text.Append(OneLine(words)).Append("\n\n");
        html.Append("<p>").Append(Encode(words)).Append("</p>\n");
        return this;
    }

    public MailBody Heading(string words)
    {
        text.Append(OneLine(words)).Append('\n').Append('-', Math.Min(OneLine(words).Length, 60)).Append("\n\n");
        html.Append("<h2 style=\"font-size:18px;margin:1.5em 0 0.5em\">").Append(Encode(words)).Append("</h2>\n");
        return this;
    }

    /// <summary>A link of ours, on a line of its own.</summary>
    public MailBody Link(string words, string address)
    {
        text.Append(OneLine(words)).Append(":\n").Append(address).Append("\n\n");
        html.Append("<p><a href=\"").Append(WebUtility.HtmlEncode(address)).Append("\" style=\"color:#1d70b8\">").Append(Encode(words)).Append("</a></p>\n");
        return this;
    }

    public MailBody List(params IEnumerable<string> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        html.Append("<ul>\n");
        foreach (string item in items)
        {
            text.Append("* ").Append(OneLine(item)).Append('\n');
            html.Append("<li>").Append(Encode(item)).Append("</li>\n");
        }

        text.Append('\n');
        html.Append("</ul>\n");
        return this;
    }

    /// <summary>Labels with values, such as the copy of what was sent.</summary>
    public MailBody Facts(params IEnumerable<(string Label, string Value)> facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        html.Append("<table role=\"presentation\" style=\"border-collapse:collapse\">\n");
        foreach ((string label, string value) in facts)
        {
            text.Append(OneLine(label)).Append(": ").Append(OneLine(value)).Append('\n');
            html.Append("<tr><th style=\"text-align:left;vertical-align:top;padding:4px 16px 4px 0\">").Append(Encode(label))
                .Append("</th><td style=\"padding:4px 0\">").Append(Encode(value)).Append("</td></tr>\n");
        }

        text.Append('\n');
        html.Append("</table>\n");
        return this;
    }

    /// <summary>Encoded, and with a word joiner behind what mail programs would turn into a link of its own.</summary>
    private static string Encode(string words) => WebUtility.HtmlEncode(OneLine(words))
        .Replace("://", ":\u2060//", StringComparison.Ordinal)
        .Replace("www.", "www\u2060.", StringComparison.OrdinalIgnoreCase);

    private static string OneLine(string words) => words.ReplaceLineEndings(" ").Trim();
}
