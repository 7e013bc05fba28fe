using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Plenary.Browser.Tests;

[Collection(Stage.Name)]
public sealed class PagesTests(Stage stage)
{
    /// <summary>What a GET answers that is no page: data, calendars, files, and the link that only leads on.</summary>
    private static readonly string[] NoPages =
    [
        "ShowOutcomeAsCsv", "ShowOutcomeAsJson", "ShowProjectAsJson", "ShowProjectCalendar", "ExportSurveyResults", "ShowAsset", "ShowOpenApi", "OpenLink",
        "ListNominations", "ShowNomination", "DownloadDocument", "DownloadBulkTemplate", "ReadDocument", "CheckHealth",
    ];

    [Fact]
    public void The_walk_reaches_its_end() => Assert.True(stage.Walk.BrokeOff is null, stage.Walk.BrokeOff);

    [Fact]
    public void No_page_breaks_a_rule_of_axe() => AssertNone(visit => visit.Violations);

    [Fact]
    public void No_page_scrolls_sideways_on_a_narrow_screen_or_with_large_text() => AssertNone(visit => visit.Overflows);

    [Fact]
    public void No_page_makes_the_console_complain_or_asks_another_site() => AssertNone(visit => visit.Complaints);

    [Fact]
    public void Every_link_of_an_error_summary_leads_to_its_field() => AssertNone(visit => visit.DeadErrorLinks);

    [Fact]
    public void A_page_that_was_refused_says_so_in_its_title_and_no_other_does()
    {
        Visit[] refused = [.. stage.Walk.Visits.Where(visit => visit.ErrorLinks > 0)];
        Assert.True(refused.Length >= 15, $"Only {refused.Length} refused forms were met.");
        Assert.All(refused, visit => Assert.StartsWith("Error: ", visit.Title, StringComparison.Ordinal));
        Assert.All(
            stage.Walk.Visits.Where(visit => !visit.Name.Contains("refused", StringComparison.Ordinal) && visit.ErrorLinks == 0 && !visit.Name.Contains("too late", StringComparison.Ordinal)),
            visit => Assert.DoesNotContain("Error: ", visit.Title, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_page_has_a_title() => Assert.All(stage.Walk.Visits, visit => Assert.NotEmpty(visit.Title));

    [Fact]
    public async Task Every_address_that_answers_a_get_has_been_looked_at_or_is_no_page()
    {
        IReadOnlyList<(string Function, string Route)> routes = await stage.ListGetRoutesAsync();
        HashSet<string> walked = [.. stage.Walk.Visits.Select(visit => Match(routes, visit.Address)).OfType<string>()];
        string[] missing = [.. routes.Select(route => route.Function).Except(walked).Except(NoPages).Order(StringComparer.Ordinal)];
        string[] gone = [.. NoPages.Except(routes.Select(route => route.Function))];
        Assert.True(missing.Length + gone.Length == 0, $"Never looked at: {string.Join(", ", missing)}. No longer there: {string.Join(", ", gone)}.");
    }

    [Theory]
    [InlineData("/api/projects/23-IP-10-GE-WSP-A", "application/json")]
    [InlineData("/api/projects/23-IP-10-GE-WSP-A/outcome", "application/json")]
    [InlineData("/api/openapi.json", "application/json")]
    [InlineData("/health/live", "application/json")]
    [InlineData("/projects/23-IP-10-GE-WSP-A/sessions.ics", "text/calendar")]
    [InlineData("/projects/23-IP-10-GE-WSP-A/outcome.csv", "text/csv")]
    public async Task What_is_no_page_is_no_html(string address, string type)
    {
        using HttpClient http = new();
        HttpResponseMessage answer = await http.GetAsync(new Uri(stage.App.Address, address));
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/nowhere/at/all")]
    [InlineData("/secretariat/projects/23-IP-10-GE-WSP-A/circulate")]
    [InlineData("/desk/23-IP-10-GE-WSP-A/japan/ranks")]
    public async Task An_address_that_shows_nothing_says_so_on_a_page(string address)
    {
        using HttpClient http = new();
        HttpResponseMessage answer = await http.GetAsync(new Uri(stage.App.Address, address));
        Assert.Equal(404, (int)answer.StatusCode);
        Assert.Contains("Page not found", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_personal_link_leaves_a_cookie_that_no_script_and_no_other_host_can_read()
    {
        BrowserContextCookiesResult[] ours = [.. stage.Walk.Cookies.Where(cookie => cookie.Name.StartsWith("__Host-plenary-", StringComparison.Ordinal))];
        Assert.NotEmpty(ours);
        Assert.All(ours, cookie =>
        {
            Assert.True(cookie.HttpOnly);
            Assert.True(cookie.Secure);
            Assert.Equal("/", cookie.Path);
            Assert.Equal("localhost", cookie.Domain);
        });
    }

    /// <summary>The function whose route fits, the one with the most fixed parts first.</summary>
    private static string? Match(IReadOnlyList<(string Function, string Route)> routes, string address)
    {
        string path = address.Split('?')[0].Trim('/');
        return routes
            .Where(route => Regex.IsMatch(path, $"^{string.Join('/', route.Route.Split('/').Select(Pattern))}$"))
            .OrderBy(route => route.Route.Contains("{*", StringComparison.Ordinal))
            .ThenBy(route => route.Route.Count(character => character == '{'))
            .Select(route => route.Function)
            .FirstOrDefault();
    }

    private static string Pattern(string part) => part switch
    {
        _ when !part.StartsWith('{') => Regex.Escape(part),
        _ when part.Contains("maxlength(0)", StringComparison.Ordinal) => "",
        _ when part.StartsWith("{*", StringComparison.Ordinal) => ".*",
        _ => "[^/]+",
    };

    private void AssertNone(Func<Visit, IReadOnlyList<string>> select)
    {
        string[] found = [.. stage.Walk.Visits.SelectMany(visit => select(visit).Select(what => $"{visit.Name} ({visit.Address}): {what}"))];
        Assert.True(found.Length == 0, $"{found.Length} found:\n{string.Join('\n', found)}");
    }
}
