using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Plenary.Support;

namespace Plenary.Journey.Tests;

/// <summary>Who does not get in, and what does not count as a form of ours.</summary>
public sealed class DoorTests(StageFixture fixture) : IClassFixture<StageFixture>
{
    private Stage Stage => fixture.Stage;

    [Fact]
    public async Task The_desk_of_another_economy_or_project_does_not_open_whatever_the_address_says()
    {
        await Stage.OpenProjectAsync(new NotificationText("23-IP-50-GE-WSP-A"));
        await Stage.OpenProjectAsync(new NotificationText("23-IP-51-GE-WSP-A"));
        WebPage desk = await Stage.OpenDeskAsync("23-IP-50-GE-WSP-A", "japan");
        WebPage other = await Stage.OpenDeskAsync("23-IP-50-GE-WSP-A", "thailand");
        WebPage draft = await NomineeInputTests.StartAsync(other);
        string nominee = draft.Address.Segments[^2].TrimEnd('/');

        foreach (string address in (string[])[
            "/desk/23-IP-50-GE-WSP-A/thailand",
            $"/desk/23-IP-50-GE-WSP-A/thailand/nominees/{nominee}/person",
            $"/desk/23-IP-50-GE-WSP-A/thailand/nominees/{nominee}/receipt",
            $"/desk/23-IP-50-GE-WSP-A/thailand/nominees/{nominee}/documents/0123456789abcdef0123456789abcdef",
            "/desk/23-IP-51-GE-WSP-A/japan",
            "/desk/23-IP-50-GE-WSP-A/atlantis",
            "/desk/99-XX-99-XX-XXX-X/japan",
            "/desk/no-code/JAPAN",
            $"/offers/23-IP-50-GE-WSP-A/thailand/{nominee}",
            $"/surveys/23-IP-50-GE-WSP-A/thailand/{nominee}",
        ])
        {
            WebPage refused = (await desk.Browser.GetAsync(address)).Expect(403);
            Assert.Contains("link-forbidden", refused.Body, StringComparison.Ordinal);
        }

        // One's own desk knows nothing of another's nominee.
        (await desk.Browser.GetAsync($"/desk/23-IP-50-GE-WSP-A/japan/nominees/{nominee}/person")).Expect(404);
        WebPage saved = await draft.Form("/person").Set("name", "Mine").PostAsync(draft.Address.AbsolutePath, desk.Browser);
        saved.Expect(403);
        Assert.DoesNotContain("Mine", (await other.Browser.GetAsync(other.Address.PathAndQuery)).Expect().Text, StringComparison.Ordinal);

        string token = await Stage.DeskTokenAsync("23-IP-50-GE-WSP-A", "japan");
        (HttpStatusCode status, JsonNode answer) = await Stage.NominateAsync("23-IP-50-GE-WSP-A", "thailand", "Ann", token: token);
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Equal("link-forbidden", answer["code"]?.GetValue<string>());
        (status, _) = await Stage.NominateAsync("23-IP-51-GE-WSP-A", "japan", "Ann", token: token);
        Assert.Equal(HttpStatusCode.Forbidden, status);
    }

    [Fact]
    public async Task A_forged_link_a_forged_session_and_no_session_get_the_same_answer()
    {
        const string Code = "23-IP-52-GE-WSP-A";
        await Stage.OpenProjectAsync(new NotificationText(Code));
        string token = await Stage.DeskTokenAsync(Code, "japan");
        string forged = (token[0] == 'A' ? "B" : "A") + token[1..];
        List<string> bodies = [];
        foreach (string address in (string[])[$"/l/{forged}", $"/l/{token}x", "/l/x", $"/l/{new string('a', 5000)}", $"/l/{Uri.EscapeDataString("../<script>")}", $"/desk/{Code}/japan"])
        {
            bodies.Add((await Stage.NewWeb().GetAsync(address)).Expect(403).AssertHarmless().Text);
        }

        Assert.Single(bodies.Distinct());

        // A real session with another economy written into it is no longer signed.
        WebPage desk = await Stage.OpenDeskAsync(Code, "japan");
        WebPage thailand = await Stage.OpenDeskAsync(Code, "thailand");
        (string name, string value) = desk.Browser.Cookies.Single(cookie => cookie.Key.StartsWith("__Host-", StringComparison.Ordinal));
        string payload = Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(value.Split('.')[0])).Replace("japan", "thailand", StringComparison.Ordinal);
        string changed = $"{System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.{value.Split('.')[1]}";
        string nameThere = thailand.Browser.Cookies.Single(cookie => cookie.Key.StartsWith("__Host-", StringComparison.Ordinal)).Key;
        foreach ((string cookie, string content) in ((string, string)[])[(nameThere, changed), (nameThere, value), (nameThere, "."), (nameThere, "a.b"), (name, value + "x")])
        {
            Web web = Stage.NewWeb();
            web.Cookies[cookie] = content;
            (await web.GetAsync($"/desk/{Code}/{(cookie == name ? "japan" : "thailand")}")).Expect(403);
        }

        foreach (string bearer in (string[])[forged, value + "x", "", "....", new string('x', 20_000)])
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(Stage.App.Address, $"/api/projects/{Code}/economies/japan/nominations"));
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {bearer}");
            WebPage answer = await Stage.NewWeb().SendOnceAsync(request);
            Assert.InRange((int)answer.Status, 400, 499);
        }
    }

    [Fact]
    public async Task A_personal_link_changes_nothing_however_often_it_is_opened()
    {
        const string Code = "23-IP-53-GE-WSP-A";
        await Stage.OpenProjectAsync(new NotificationText(Code));
        string token = await Stage.DeskTokenAsync(Code, "japan");
        for (int time = 0; time < 5; time++)
        {
            using HttpRequestMessage head = new(HttpMethod.Head, new Uri(Stage.App.Address, $"/l/{token}"));
            Assert.Equal(HttpStatusCode.Redirect, (await Stage.NewWeb().SendOnceAsync(head)).Status);
            WebPage desk = (await Stage.NewWeb().GetAsync($"/l/{token}")).Expect();
            Assert.DoesNotContain(token, desk.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(token, desk.Address.ToString(), StringComparison.Ordinal);
            Assert.Contains("Nobody has been nominated yet", desk.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_form_without_its_token_or_with_another_sessions_changes_nothing()
    {
        const string Code = "23-IP-54-GE-WSP-A";
        await Stage.OpenProjectAsync(new NotificationText(Code));
        WebPage desk = await Stage.OpenDeskAsync(Code, "japan");
        WebPage other = await Stage.OpenDeskAsync(Code, "thailand");
        WebPage person = await NomineeInputTests.StartAsync(desk);
        foreach (string? token in (string?[])[null, "", "x", other.Form("/new/person")["formToken"]])
        {
            WebPage refused = await person.Form("/person").Set("name", "Forged").Tamper("formToken", token).SubmitAsync();
            Assert.Contains("form-forbidden", refused.Expect(403).Body, StringComparison.Ordinal);
            (await desk.Form("/new/person").Tamper("formToken", token).SubmitAsync()).Expect(403);
            string documents = person.Address.AbsolutePath.Replace("/person", "/documents", StringComparison.Ordinal);
            WebPage upload = (await person.Browser.GetAsync(documents)).Expect();
            (await upload.Form("/documents").Tamper("formToken", token).Attach("document", "a.pdf", [1, 2, 3], "application/pdf").SubmitAsync()).Expect(403);
        }

        Assert.DoesNotContain("Forged", (await desk.Browser.GetAsync(desk.Address.PathAndQuery)).Expect().Text, StringComparison.Ordinal);

        Web aiko = await Stage.SecretariatAsync();
        Web ben = await Stage.SignInAsync("Ben Carter");
        WebPage import = (await aiko.GetAsync("/secretariat/notifications/new")).Expect();
        string bens = (await ben.GetAsync("/secretariat/notifications/new")).Expect().Form("/new")["formToken"];
        foreach (string? token in (string?[])[null, "", bens])
        {
            (await import.Form("/new").Set("text", new NotificationText("23-IP-55-GE-WSP-A").ToString()).Tamper("formToken", token).SubmitAsync()).Expect(403);
        }

        // Not a form at all.
        using StringContent json = new("{}", Encoding.UTF8, "application/json");
        (await aiko.SendAsync(HttpMethod.Post, "/secretariat/registry", json)).Expect(403);
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    public async Task A_post_that_another_site_made_the_browser_send_is_refused(string site)
    {
        string code = $"23-IP-56-GE-{(site == "cross-site" ? "WSP" : "TRN")}-A";
        await Stage.OpenProjectAsync(new NotificationText(code));
        WebPage desk = await Stage.OpenDeskAsync(code, "japan");
        WebForm form = desk.Form("/new/person");
        foreach ((Web web, string address, string token) in ((Web, string, string)[])[
            (desk.Browser, $"/desk/{code}/japan/nominees/new/person", form["formToken"]),
            (await Stage.SecretariatAsync(), $"/secretariat/projects/{code}/selection/propose", (await Stage.ProjectAsync(code)).Document.QuerySelector("input[name=formToken]")?.GetAttribute("value") ?? ""),
        ])
        {
            using HttpRequestMessage request = new(HttpMethod.Post, new Uri(Stage.App.Address, address))
            {
                Content = new FormUrlEncodedContent([KeyValuePair.Create("formToken", token), KeyValuePair.Create("key", "abc")]),
            };
            request.Headers.Add("Sec-Fetch-Site", site);
            request.Headers.Add("Origin", "https://evil.example");
            WebPage refused = (await web.SendOnceAsync(request)).Expect(403);
            Assert.Contains("form-forbidden", refused.Body, StringComparison.Ordinal);
        }

        Assert.Contains("Nobody has been nominated yet", (await desk.Browser.GetAsync(desk.Address.PathAndQuery)).Expect().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_page_of_the_secretariat_opens_without_sign_in_or_role_or_by_forged_headers()
    {
        const string Code = "23-IP-57-GE-WSP-A";
        await Stage.OpenProjectAsync(new NotificationText(Code));
        string[] pages = await SecretariatPagesAsync(Code);
        Assert.True(pages.Length >= 10, string.Join(' ', pages));

        Web chloe = await Stage.SignInAsync("Chloe Tan");
        Web desk = (await Stage.OpenDeskAsync(Code, "japan")).Browser;
        foreach (string page in pages)
        {
            // Nobody: led to the sign-in, with the way back.
            using HttpRequestMessage plain = new(HttpMethod.Get, new Uri(Stage.App.Address, page));
            WebPage sent = await Stage.NewWeb().SendOnceAsync(plain);
            Assert.True(sent.Status == HttpStatusCode.Redirect, $"{page} answered {(int)sent.Status}");
            Assert.StartsWith("/.auth/login/aad?post_login_redirect_uri=%2Fsecretariat", sent.Headers.Location?.ToString(), StringComparison.Ordinal);

            // A liaison officer's session is none.
            using HttpRequestMessage officer = new(HttpMethod.Get, new Uri(Stage.App.Address, page));
            Assert.Equal(HttpStatusCode.Redirect, (await desk.SendOnceAsync(officer)).Status);

            // Signed in, but without the role.
            WebPage refused = (await chloe.GetAsync(page)).Expect(403);
            Assert.Contains("role-forbidden", refused.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("npo-japan", refused.Body, StringComparison.Ordinal);

            // Headers anybody can write.
            using HttpRequestMessage forged = Forge(new HttpRequestMessage(HttpMethod.Get, new Uri(Stage.App.Address, page)));
            Assert.Equal(HttpStatusCode.Redirect, (await Stage.NewWeb().SendOnceAsync(forged)).Status);
        }

        string[] posts =
        [
            "/secretariat/registry", "/secretariat/registry/japan", "/secretariat/notifications/new", $"/secretariat/projects/{Code}/circulate", $"/secretariat/projects/{Code}/selection/propose",
            $"/secretariat/projects/{Code}/selection/approve", $"/secretariat/projects/{Code}/attendance", $"/secretariat/projects/{Code}/certificates", $"/secretariat/projects/{Code}/survey", $"/secretariat/projects/{Code}/outcome",
        ];
        string token = (await (await Stage.SecretariatAsync()).GetAsync("/secretariat/registry")).Expect().Form("/secretariat/registry")["formToken"];
        foreach (string post in posts)
        {
            using HttpRequestMessage plain = new(HttpMethod.Post, new Uri(Stage.App.Address, post)) { Content = new FormUrlEncodedContent([KeyValuePair.Create("formToken", token)]) };
            Assert.Equal(HttpStatusCode.Unauthorized, (await Stage.NewWeb().SendOnceAsync(plain)).Status);
            using HttpRequestMessage other = new(HttpMethod.Post, new Uri(Stage.App.Address, post)) { Content = new FormUrlEncodedContent([KeyValuePair.Create("formToken", token)]) };
            Assert.Equal(HttpStatusCode.Forbidden, (await chloe.SendOnceAsync(other)).Status);
            using HttpRequestMessage forged = Forge(new HttpRequestMessage(HttpMethod.Post, new Uri(Stage.App.Address, post)) { Content = new FormUrlEncodedContent([KeyValuePair.Create("formToken", token)]) });
            Assert.Equal(HttpStatusCode.Unauthorized, (await Stage.NewWeb().SendOnceAsync(forged)).Status);
        }
    }

    [Fact]
    public async Task Forged_headers_open_nothing_even_when_no_platform_strips_them()
    {
        await using Stage bare = await Stage.StartBareAsync(new Dictionary<string, string> { ["Local:Authentication"] = "off" });
        foreach (string page in (string[])["/secretariat", "/secretariat/registry"])
        {
            using HttpRequestMessage forged = Forge(new HttpRequestMessage(HttpMethod.Get, new Uri(bare.App.Address, page)));
            Assert.NotEqual(HttpStatusCode.OK, (await bare.NewWeb().SendOnceAsync(forged)).Status);
        }
    }

    [Fact]
    public async Task Delivery_events_without_a_good_signature_change_nothing()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(Stage.App.Address, "/api/mail/events"))
        {
            Content = new StringContent("[{\"event\":\"bounce\"}]", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Twilio-Email-Event-Webhook-Signature", "MEUCIQ==");
        request.Headers.Add("X-Twilio-Email-Event-Webhook-Timestamp", "1688346000");
        (await Stage.NewWeb().SendOnceAsync(request)).Expect(401);
    }

    private static HttpRequestMessage Forge(HttpRequestMessage request)
    {
        const string Principal = """{"auth_typ":"aad","claims":[{"typ":"roles","val":"secretariat"},{"typ":"name","val":"Mallory"}],"name_typ":"name","role_typ":"roles"}""";
        string unsigned = $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{Encode("""{"iss":"https://entra.local/5d5b21f0-4d4c-4a6e-9f0b-70a1b2c3d4e5/v2.0","aud":"plenary-local","oid":"1","roles":["secretariat"],"exp":4102444800}""")}.";
        request.Headers.Add("X-MS-CLIENT-PRINCIPAL", Convert.ToBase64String(Encoding.UTF8.GetBytes(Principal)));
        request.Headers.Add("X-MS-CLIENT-PRINCIPAL-ID", "1");
        request.Headers.Add("X-MS-CLIENT-PRINCIPAL-NAME", "mallory@example.org");
        request.Headers.Add("X-MS-CLIENT-PRINCIPAL-IDP", "aad");
        request.Headers.Add("X-MS-TOKEN-AAD-ID-TOKEN", unsigned);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", unsigned);
        return request;

        static string Encode(string json) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
    }

    /// <summary>Every address below /secretariat that the app itself lists as open to GET, so that a page added later is not forgotten.</summary>
    private async Task<string[]> SecretariatPagesAsync(string code)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(Stage.App.Address, "/admin/functions"));
        request.Headers.Add("x-functions-key", "local-master-key");
        JsonNode functions = JsonNode.Parse((await Stage.NewWeb().SendOnceAsync(request)).Expect().Body) ?? throw new InvalidOperationException("No list of functions.");
        return
        [
            .. from function in functions.AsArray()
               from binding in function?["config"]?["bindings"]?.AsArray() ?? []
               let route = binding?["route"]?.GetValue<string>()
               where route is not null && route.StartsWith("secretariat", StringComparison.Ordinal)
               where binding?["methods"]?.AsArray().Any(method => method?.GetValue<string>() == "get") == true
               select $"/{route.Replace("{code}", code, StringComparison.Ordinal).Replace("{economy}", "japan", StringComparison.Ordinal).Replace("{id:length(32)}", new string('0', 32), StringComparison.Ordinal)}",
        ];
    }
}
