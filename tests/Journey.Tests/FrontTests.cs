using System.Text.RegularExpressions;
using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Notifications;
using Plenary.Support;

namespace Plenary.Journey.Tests;

/// <summary>What every request passes first, seen from outside: the headers of every answer, and what a fault of ours looks like.</summary>
public sealed class FrontTests
{
    private static readonly ProjectCode Broken = ProjectCode.Parse("99-XX-99-XX-XX-X");

    [Fact]
    public async Task Every_answer_carries_the_headers_and_a_fault_shows_an_id_and_nothing_of_our_inside()
    {
        await using PlenaryApp app = await PlenaryApp.StartAsync((await Azurite.SharedAsync()).ConnectionString, Stage.Start);
        using HttpClientHandler handler = new() { AllowAutoRedirect = false, UseCookies = false };
        using HttpClient http = new(handler) { BaseAddress = app.Address };
        RowKey head = ProjectTable.HeadOf(Broken);
        await app.Tables.Get(ProjectTable.Name).CommitAsync(new Batch(head.Partition).Insert(Row.Of(head, ("Body", "{ this was never JSON"))), default);

        (HttpMethod Method, string Path, int Status)[] requests =
        [
            (HttpMethod.Get, "/", 200),
            (HttpMethod.Head, "/", 200),
            (HttpMethod.Get, "/api/openapi.json", 200),
            (HttpMethod.Get, "/projects/23-IP-10-GE-WSP-A", 404),
            (HttpMethod.Get, "/api/projects/23-IP-10-GE-WSP-A", 404),
            (HttpMethod.Get, "/assets/old/plenary.css", 404),
            (HttpMethod.Get, "/certificates/nonsense", 422),
            (HttpMethod.Get, "/l/forged", 403),
            (HttpMethod.Get, "/offers/23-IP-10-GE-WSP-A/fiji/k7", 403),
            (HttpMethod.Post, "/surveys/23-IP-10-GE-WSP-A/fiji/k7", 403),
            (HttpMethod.Get, "/secretariat", 302),
            (HttpMethod.Post, "/secretariat/registry", 401),
            (HttpMethod.Get, $"/projects/{Broken}", 500),
            (HttpMethod.Get, $"/api/projects/{Broken}", 500),
        ];
        foreach ((HttpMethod method, string path, int status) in requests)
        {
            using HttpRequestMessage request = new(method, path);
            using HttpResponseMessage answer = await http.SendAsync(request);
            string body = await answer.Content.ReadAsStringAsync();
            string about = $"{method} {path}";

            Assert.Equal((about, status), (about, (int)answer.StatusCode));
            AssertHeaders(about, answer);
            if (status >= 400)
            {
                Assert.All(
                    ["   at ", "Exception", "Plenary.", "System.", "PartitionKey", "JSON", "LineNumber", "/functions/"],
                    telling => Assert.DoesNotContain(telling, body, StringComparison.Ordinal));
            }
        }

        // The page names the invocation, and the log has the fault under that very name.
        using HttpResponseMessage fault = await http.GetAsync(new Uri($"/projects/{Broken}", UriKind.Relative));
        string page = await fault.Content.ReadAsStringAsync();
        string id = Assert.Single(Regex.Matches(page, "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")).Value;

        // Whatever it logged is there once it has stopped.
        await app.StopAsync();
        Assert.Contains(app.Output, line => line.Contains(id, StringComparison.Ordinal));
    }

    private static void AssertHeaders(string about, HttpResponseMessage answer)
    {
        Dictionary<string, string> headers = answer.Headers.Concat(answer.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        string policy = Of("Content-Security-Policy");
        Assert.All(
            ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"],
            directive => Assert.Contains(directive, policy, StringComparison.Ordinal));
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Of("X-Content-Type-Options"));
        Assert.Equal("no-referrer", Of("Referrer-Policy"));
        Assert.Equal("same-origin", Of("Cross-Origin-Opener-Policy"));
        Assert.Contains("includeSubDomains", Of("Strict-Transport-Security"), StringComparison.Ordinal);
        Assert.NotEmpty(Of("Cache-Control"));
        Assert.All(["Server", "X-Powered-By", "blazor-enhanced-nav"], stray => Assert.False(headers.ContainsKey(stray), $"{about}: {stray}"));

        string Of(string name) => headers.TryGetValue(name, out string? value) ? value : throw new InvalidOperationException($"{about} answers without {name}.");
    }
}
