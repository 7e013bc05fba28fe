using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Plenary.Local.TestApp;
using Plenary.Support;

namespace Plenary.Local.Tests.Host;

public sealed class SignInTests : IAsyncLifetime
{
    private RunningHost host = null!;

    public async Task InitializeAsync() => host = await RunningHost.StartAsync(typeof(HttpFunctions));

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task The_page_lists_people_to_be()
    {
        string page = await host.Client.GetStringAsync("/.auth/login/aad?post_login_redirect_uri=/x%22");
        Assert.Contains("Aiko Mori (secretariat)", page, StringComparison.Ordinal);
        Assert.Contains("Ben Carter (secretariat, approver)", page, StringComparison.Ordinal);
        Assert.Contains("Chloe Tan (operator)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/x\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_signs_in_is_sent_on_and_known_to_the_app_by_the_platforms_headers()
    {
        using HttpResponseMessage entered = await EnterAsync(host, 1, "/x?y=1");
        Assert.Equal(HttpStatusCode.Redirect, entered.StatusCode);
        Assert.Equal("/x?y=1", entered.Headers.Location?.OriginalString);
        Dictionary<string, string> seen = await HeadersAsync(host, CookieOf(entered));
        Assert.Equal("ben.carter@plenary.example", seen["X-MS-CLIENT-PRINCIPAL-NAME"]);
        Assert.True(Guid.TryParse(seen["X-MS-CLIENT-PRINCIPAL-ID"], out _));
        using JsonDocument principal = JsonDocument.Parse(Convert.FromBase64String(seen["X-MS-CLIENT-PRINCIPAL"]));
        Assert.Equal("aad", principal.RootElement.GetProperty("auth_typ").GetString());
        Assert.Equal(
            ["secretariat", "approver"],
            principal.RootElement.GetProperty("claims").EnumerateArray()
                .Where(claim => claim.GetProperty("typ").GetString() == "roles").Select(claim => claim.GetProperty("val").GetString()));
    }

    [Fact]
    public async Task The_token_stands_up_to_validation_by_the_published_metadata_and_keys()
    {
        using HttpResponseMessage entered = await EnterAsync(host, 0, "/");
        string token = (await HeadersAsync(host, CookieOf(entered)))["X-MS-TOKEN-AAD-ID-TOKEN"];
        using JsonDocument metadata = await host.GetJsonAsync("/local/entra/v2.0/.well-known/openid-configuration");
        string keys = await host.Client.GetStringAsync(metadata.RootElement.GetProperty("jwks_uri").GetString());
        TokenValidationResult result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = metadata.RootElement.GetProperty("issuer").GetString(),
            ValidAudience = "plenary-local",
            IssuerSigningKeys = new JsonWebKeySet(keys).GetSigningKeys(),
            LifetimeValidator = (from, until, _, _) => from == RunningHost.Start.UtcDateTime && until == RunningHost.Start.UtcDateTime.AddHours(8),
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        JsonWebToken read = (JsonWebToken)result.SecurityToken;
        Assert.Equal("Aiko Mori", read.GetPayloadValue<string>("name"));
        Assert.Equal(["secretariat"], read.GetPayloadValue<string[]>("roles"));
        Assert.Equal(SignIn.Tenant, read.GetPayloadValue<string>("tid"));
        Assert.NotEmpty(read.GetPayloadValue<string>("oid"));
        Assert.NotEmpty(read.Subject);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("forged")]
    public async Task Headers_a_caller_sends_never_arrive_while_the_host_stands_before_the_app(string? cookie)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/headers");
        request.Headers.Add("X-MS-CLIENT-PRINCIPAL", "forged");
        request.Headers.Add("X-MS-CLIENT-PRINCIPAL-ID", "forged");
        request.Headers.Add("X-MS-TOKEN-AAD-ID-TOKEN", "forged");
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", $"AppServiceAuthSession={cookie}");
        }

        using HttpResponseMessage response = await host.Client.SendAsync(request);
        Dictionary<string, string> seen = await response.Content.ReadFromJsonAsync<Dictionary<string, string>>() ?? [];
        Assert.DoesNotContain(seen.Keys, name =>
            name.StartsWith("X-MS-CLIENT", StringComparison.OrdinalIgnoreCase) || name.StartsWith("X-MS-TOKEN", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_sign_in_ends_after_eight_hours_of_the_clock_and_when_one_leaves()
    {
        using HttpResponseMessage entered = await EnterAsync(host, 0, "/");
        using HttpRequestMessage leave = new(HttpMethod.Get, "/.auth/logout");
        using HttpResponseMessage left = await host.Client.SendAsync(leave);
        Assert.Contains("AppServiceAuthSession=;", string.Join(' ', left.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);

        host.Clock.Advance(TimeSpan.FromHours(8) - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(CookieOf(entered)));
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(CookieOf(entered)));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("")]
    public async Task Nobody_is_sent_to_another_site(string target)
    {
        using HttpResponseMessage entered = await EnterAsync(host, 0, target);
        Assert.Equal("/", entered.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Two_processes_on_one_account_accept_each_others_sign_in()
    {
        Azurite azurite = await Azurite.SharedAsync();
        (string, string)[] settings = [("AzureWebJobsStorage", azurite.ConnectionString), ("Local:Prefix", Azurite.Unique("SignIn"))];
        await using RunningHost one = await RunningHost.StartAsync(typeof(HttpFunctions), settings);
        await using RunningHost two = await RunningHost.StartAsync(typeof(HttpFunctions), settings);
        using HttpResponseMessage entered = await EnterAsync(one, 2, "/");
        Assert.Equal("chloe.tan@plenary.example", (await HeadersAsync(two, CookieOf(entered)))["X-MS-CLIENT-PRINCIPAL-NAME"]);
    }

    [Fact]
    public async Task The_people_are_a_setting()
    {
        await using RunningHost other = await RunningHost.StartAsync(
            typeof(HttpFunctions), ("Local:People", """[{"name":"Dao Phan","roles":["operator"]}]"""));
        string page = await other.Client.GetStringAsync("/.auth/login/aad");
        Assert.Contains("Dao Phan (operator)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Aiko", page, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> EnterAsync(RunningHost host, int person, string target)
    {
        using FormUrlEncodedContent form = new(
            [KeyValuePair.Create("person", $"{person}"), KeyValuePair.Create("post_login_redirect_uri", target)]);
        return await host.Client.PostAsync("/.auth/login/aad", form);
    }

    private static string CookieOf(HttpResponseMessage entered)
    {
        string cookie = entered.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        return cookie.Split(';')[0];
    }

    private static async Task<Dictionary<string, string>> HeadersAsync(RunningHost host, string cookie)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/headers");
        request.Headers.Add("Cookie", cookie);
        request.Headers.Add("X-MS-CLIENT-PRINCIPAL-NAME", "forged");
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        return new Dictionary<string, string>(
            await response.Content.ReadFromJsonAsync<Dictionary<string, string>>() ?? [], StringComparer.OrdinalIgnoreCase);
    }

    private async Task<HttpStatusCode> MeAsync(string cookie)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/.auth/me");
        request.Headers.Add("Cookie", cookie);
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        return response.StatusCode;
    }
}
