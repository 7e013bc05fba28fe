using System.Globalization;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Plenary.Domain;

namespace Plenary.Notifications.Import;

/// <summary>
/// Makes foreign HTML safe for our pages: only what is listed here is written again, everything else is left out. The result is well-formed
/// as HTML and as XML.
/// </summary>
public static class HtmlCleaner
{
    /// <summary>
    /// Above these, the text is shown as text. Misnested formatting makes a parser build a tree that grows with the square of the tags,
    /// so their number is bounded and not only the length.
    /// </summary>
    private const int MostCharacters = 100_000;

    private const int MostTags = 1_000;

    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal)
    {
        "p", "br", "ul", "ol", "li", "strong", "em", "b", "i", "a", "h3", "h4",
        "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td",
    };

    /// <summary>What they hold is not text for readers.</summary>
    private static readonly HashSet<string> DroppedWithContent = new(StringComparer.Ordinal)
    {
        "script", "style", "iframe", "frame", "frameset", "object", "embed", "applet", "template", "noscript", "noembed", "noframes", "svg", "math",
        "head", "title", "textarea", "select", "xmp", "plaintext", "audio", "video", "canvas", "portal",
    };

    /// <summary>Between these, words must not run together when the tags go.</summary>
    private static readonly HashSet<string> Blocks = new(StringComparer.Ordinal)
    {
        "div", "section", "article", "header", "footer", "main", "aside", "nav", "h1", "h2", "h5", "h6", "blockquote", "pre", "dl", "dt", "dd",
        "figure", "figcaption", "address", "form", "fieldset", "center", "hr",
    };

    public static CleanedHtml Clean(string html)
    {
        ArgumentNullException.ThrowIfNull(html);
        if (html.Length > MostCharacters || html.AsSpan().Count('<') > MostTags)
        {
            StringBuilder asText = new(html.Length + 64);
            asText.Append("<p>");
            AppendText(asText, html);
            return new CleanedHtml(asText.Append("</p>").ToString(), [$"all markup, as there are more than {MostTags} tags or {MostCharacters} characters"]);
        }

        // No scripting and no loading: the parser alone never fetches anything.
        using IDocument document = new HtmlParser().ParseDocument(html);
        StringBuilder cleaned = new(html.Length);
        Dictionary<string, int> removed = new(StringComparer.Ordinal);
        foreach (INode? root in (INode?[])[document.Head, document.Body])
        {
            if (root is not null)
            {
                Write(root, cleaned, removed);
            }
        }

        string[] notes = [.. removed
            .OrderBy(static entry => entry.Key, StringComparer.Ordinal)
            .Select(static entry => entry.Value == 1 ? entry.Key : string.Create(CultureInfo.InvariantCulture, $"{entry.Key} ({entry.Value} times)"))];
        return new CleanedHtml(cleaned.ToString().Trim(), notes);
    }

    /// <summary>Walks without recursion: a thousand nested tags must not exhaust the stack.</summary>
    private static void Write(INode root, StringBuilder cleaned, Dictionary<string, int> removed)
    {
        INode? node = root.FirstChild;
        while (node is not null)
        {
            bool goesIn = Open(node, cleaned, removed) && node.HasChildNodes;
            if (goesIn)
            {
                node = node.FirstChild;
                continue;
            }

            Close(node, cleaned);
            while (node is not null && node.NextSibling is null)
            {
                node = node.Parent == root ? null : node.Parent;
                if (node is not null)
                {
                    Close(node, cleaned);
                }
            }

            node = node?.NextSibling;
        }
    }

    /// <summary>Tells whether the children are to be written.</summary>
    private static bool Open(INode node, StringBuilder cleaned, Dictionary<string, int> removed)
    {
        if (node is IText text)
        {
            AppendText(cleaned, text.Data);
            return false;
        }

        if (node is not IElement element)
        {
            Count(removed, "a comment");
            return false;
        }

        string name = element.LocalName;
        if (DroppedWithContent.Contains(name) || element.NamespaceUri != "http://www.w3.org/1999/xhtml")
        {
            Count(removed, $"<{PlainName(name)}> with its content");
            return false;
        }

        string? address = name == "a" ? SafeAddress(element.GetAttribute("href")) : null;
        foreach (IAttr attribute in element.Attributes)
        {
            if (name != "a" || attribute.Name is not ("rel" or "href") || (attribute.Name == "href" && address is null))
            {
                Count(removed, $"the attribute {PlainName(attribute.Name)} of <{PlainName(name)}>");
            }
        }

        if (IsWritten(element))
        {
            cleaned.Append('<').Append(name);
            if (address is not null)
            {
                cleaned.Append(" href=\"");
                AppendText(cleaned, address);
                cleaned.Append("\" rel=\"noopener\"");
            }

            cleaned.Append(name == "br" ? " />" : ">");
        }
        else
        {
            Count(removed, $"<{PlainName(name)}>");
            AppendGap(element, cleaned);
        }

        return true;
    }

    private static void Close(INode node, StringBuilder cleaned)
    {
        if (node is not IElement element || DroppedWithContent.Contains(element.LocalName) || element.NamespaceUri != "http://www.w3.org/1999/xhtml")
        {
            return;
        }

        if (!IsWritten(element))
        {
            AppendGap(element, cleaned);
        }
        else if (element.LocalName != "br")
        {
            cleaned.Append("</").Append(element.LocalName).Append('>');
        }
    }

    /// <summary>A link that leads nowhere is no link.</summary>
    private static bool IsWritten(IElement element) =>
        Kept.Contains(element.LocalName) && (element.LocalName != "a" || SafeAddress(element.GetAttribute("href")) is not null);

    private static void AppendGap(IElement element, StringBuilder cleaned)
    {
        if (Blocks.Contains(element.LocalName) && cleaned.Length > 0 && !char.IsWhiteSpace(cleaned[^1]))
        {
            cleaned.Append(' ');
        }
    }

    private static string? SafeAddress(string? address)
    {
        if (address is null || address.Any(static c => char.IsControl(c)))
        {
            return null;
        }

        string trimmed = address.Trim();
        bool isKnownScheme = trimmed.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            || trimmed.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || trimmed.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase);
        return isKnownScheme && Uri.TryCreate(trimmed, UriKind.Absolute, out _) ? trimmed : null;
    }

    /// <summary>Names come from foreign text and end up in sentences.</summary>
    private static string PlainName(string name) => name.Length <= 30 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or ':') ? name : "unnamed";

    private static void Count(Dictionary<string, int> removed, string what) => removed[what] = removed.GetValueOrDefault(what) + 1;

    private static void AppendText(StringBuilder cleaned, string text)
    {
        foreach (char c in text)
        {
            _ = c switch
            {
                '&' => cleaned.Append("&amp;"),
                '<' => cleaned.Append("&lt;"),
                '>' => cleaned.Append("&gt;"),
                '"' => cleaned.Append("&quot;"),
                _ when char.IsControl(c) && c is not ('\n' or '\t') => cleaned,
                _ => cleaned.Append(c),
            };
        }
    }
}
