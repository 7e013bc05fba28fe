using System.Xml.Linq;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Plenary.Domain;
using Plenary.Notifications.Import;

namespace Plenary.Functions.Tests.Notifications;

public sealed class HtmlCleanerTests
{
    private static readonly HashSet<string> Allowed =
    [
        "p", "br", "ul", "ol", "li", "strong", "em", "b", "i", "a", "h3", "h4", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td",
        "html", "head", "body",
    ];

    public static TheoryData<string> Attacks =>
    [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<img src=x onerror=alert(1)>",
        "<img src=\"javascript:alert(1)\">",
        "<IMG \"\"\"><SCRIPT>alert(1)</SCRIPT>\">",
        "<p onclick=alert(1)>x</p>",
        "<p style=\"background:url(javascript:alert(1))\">x</p>",
        "<b onmouseover='alert(1)'>x</b>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\" \u0001javascript:alert(1)\">x</a>",
        "<a href=\"java\tscript:alert(1)\">x</a>",
        "<a href=\"jav&#x0A;ascript:alert(1)\">x</a>",
        "<a href=\"&#106;avascript:alert(1)\">x</a>",
        "<a href=\"JaVaScRiPt:alert(1)\">x</a>",
        "<a href=\"data:text/html;base64,PHNjcmlwdD4=\">x</a>",
        "<a href=\"vbscript:msgbox(1)\">x</a>",
        "<a href=\"https://good.example/&quot;onmouseover=&quot;alert(1)\">x</a>",
        "<svg onload=alert(1)><script>alert(2)</script></svg>",
        "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<iframe src=\"javascript:alert(1)\"></iframe>",
        "<iframe srcdoc=\"&lt;script&gt;alert(1)&lt;/script&gt;\"></iframe>",
        "<object data=\"javascript:alert(1)\"></object>",
        "<embed src=\"javascript:alert(1)\">",
        "<form action=\"javascript:alert(1)\"><button>x</button></form>",
        "<input autofocus onfocus=alert(1)>",
        "<details open ontoggle=alert(1)>x</details>",
        "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
        "<base href=\"javascript:alert(1)//\">",
        "<link rel=stylesheet href=\"javascript:alert(1)\">",
        "<style>@import 'javascript:alert(1)';</style>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<template><script>alert(1)</script></template>",
        "<textarea><script>alert(1)</script></textarea>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<table background=\"javascript:alert(1)\"><td>x</table>",
        "<x onclick=alert(1)>x</x>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<xmp><script>alert(1)</script></xmp>",
        "<p title='\"><script>alert(1)</script>'>x",
    ];

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Nothing_in_an_attack_stays_alive(string attack)
    {
        string cleaned = HtmlCleaner.Clean($"<p>before</p>{attack}<p>after</p>").Html;

        IDocument document = new HtmlParser().ParseDocument(cleaned);
        foreach (IElement element in document.All)
        {
            Assert.Contains(element.LocalName, Allowed);
            Assert.All(element.Attributes, static attribute => Assert.Contains(attribute.Name, (string[])["href", "rel"]));
            string? address = element.GetAttribute("href");
            Assert.True(address is null || address.StartsWith("http", StringComparison.Ordinal) || address.StartsWith("mailto:", StringComparison.Ordinal), address);
        }

        AssertWellFormed(cleaned);
        Assert.Equal(cleaned, HtmlCleaner.Clean(cleaned).Html);
        Assert.Contains("<p>before</p>", cleaned, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<p>One</p> <p>Two</p>", "<p>One</p> <p>Two</p>")]
    [InlineData("<p>One<p>Two", "<p>One</p><p>Two</p>")]
    [InlineData("One<br>two", "One<br />two")]
    [InlineData("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>")]
    [InlineData("<b><i>x</b></i>", "<b><i>x</i></b>")]
    [InlineData("<div>One</div><div>Two</div>", "One Two")]
    [InlineData("<span>One</span>two", "Onetwo")]
    [InlineData("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2")]
    [InlineData("<a href='https://a.example/?x=1&y=2' target=_blank>x</a>", "<a href=\"https://a.example/?x=1&amp;y=2\" rel=\"noopener\">x</a>")]
    [InlineData("<a href='mailto:npo@a.example'>x</a>", "<a href=\"mailto:npo@a.example\" rel=\"noopener\">x</a>")]
    [InlineData("<a href='/relative'>x</a>", "x")]
    [InlineData("<h3>T</h3><table><tr><td>x</td></tr></table>", "<h3>T</h3><table><tbody><tr><td>x</td></tr></tbody></table>")]
    [InlineData("<script>x</script>", "")]
    [InlineData("", "")]
    public void Plain_formatting_is_kept_and_mended(string html, string expected)
    {
        Assert.Equal(expected, HtmlCleaner.Clean(html).Html);
        AssertWellFormed(expected);
    }

    [Fact]
    public void What_was_removed_is_told()
    {
        CleanedHtml cleaned = HtmlCleaner.Clean("<p class=a onclick=b>x</p><p class=c>y</p><script>z</script><span>w</span>");

        Assert.Equal(["<script> with its content", "<span>", "the attribute class of <p> (2 times)", "the attribute onclick of <p>"], cleaned.Removed);
        Assert.Empty(HtmlCleaner.Clean("<p>fine</p>").Removed);
    }

    [Theory]
    [InlineData("<div>", 900)]
    [InlineData("<b><p>", 450)]
    [InlineData("<table><td>", 450)]
    [InlineData("<div>", 200_000)]
    public void Deep_nesting_is_survived(string tag, int times) =>
        AssertWellFormed(HtmlCleaner.Clean(string.Concat(Enumerable.Repeat(tag, times)) + "deep").Html);

    private static void AssertWellFormed(string html) => Assert.NotNull(XDocument.Parse($"<div>{html}</div>").Root);
}
