using AngleSharp.Dom;
using Plenary.Support;

namespace Plenary.Journey.Tests;

/// <summary>What somebody else's text must never bring onto a page.</summary>
internal static class Harmless
{
    /// <summary>Text that would act if any page forgot to encode it: in an element, an attribute, a text area, a title and an address.</summary>
    public const string Attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)></textarea></title><a href=\"javascript:alert(3)\">x</a>";

    /// <summary>The page has no element or attribute that acts by itself; our own pages have none at all.</summary>
    public static WebPage AssertHarmless(this WebPage page)
    {
        string[] found =
        [
            .. page.Document.QuerySelectorAll("script, iframe, frame, object, embed, base, img, meta[http-equiv], link:not([rel=stylesheet]):not([rel=icon])").Select(Describe),
            .. page.Document.All.Where(element => element.Attributes.Any(attribute =>
                attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase) ||
                attribute.Value.TrimStart().StartsWith("javascript:", StringComparison.OrdinalIgnoreCase))).Select(Describe),
        ];
        Assert.True(found.Length == 0, $"{page.Address.PathAndQuery} carries {string.Join(", ", found)}");
        return page;
    }

    /// <summary>The error summary leads to each of these fields, which are there, and says of every problem what to do about it.</summary>
    public static void AssertErrorsAt(this WebPage page, params string[] fields)
    {
        string[] links = [.. page.Document.QuerySelectorAll(".govuk-error-summary__list a").Select(link => link.GetAttribute("href") ?? "")];
        Assert.All(fields, field => Assert.Contains($"#{field}", links));
        Assert.All(links, link => Assert.NotNull(page.Document.QuerySelector(link)));
        Assert.All(page.Errors, error => Assert.True(error.Trim().TrimEnd('.').Contains(". ", StringComparison.Ordinal), $"“{error}” gives no remedy."));
    }

    private static string Describe(IElement element) => element.OuterHtml[..Math.Min(element.OuterHtml.Length, 120)];
}
