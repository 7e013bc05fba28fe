using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Nominations;
using Plenary.Shared;

namespace Plenary.Functions.Tests.Nominations;

public sealed partial class NominationApiTests : IDisposable
{
    private readonly DeskRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task A_nomination_is_created_with_a_reference_and_an_address_in_two_round_trips()
    {
        await rig.OpenAsync();
        await rig.NominateAsync(9, "9");
        int before = rig.Table.RoundTrips;

        Answer answer = await CreateAsync(Body(1, 1), "k-1");

        Assert.Equal(2, rig.Table.RoundTrips - before);
        Assert.Equal(201, answer.Status);
        string id = answer.Json.GetProperty("id").GetString()!;
        Assert.Equal($"/api/projects/23-IP-10-GE-WSP-A/economies/indonesia/nominations/{id}", answer.Location);
        Assert.Matches("^[2-9A-HJ-NP-TV-Z]{4}-[2-9A-HJ-NP-TV-Z]{4}-[2-9A-HJ-NP-TV-Z]{4}$", answer.Json.GetProperty("reference").GetString()!);
        Assert.Equal("Nominee 1", answer.Json.GetProperty("sent").GetProperty("name").GetString());
    }

    [Fact]
    public async Task The_same_key_answers_again_with_the_same_reference_and_another_body_is_409()
    {
        await rig.OpenAsync();
        Answer first = await CreateAsync(Body(1, 1), "k-1");
        Answer again = await CreateAsync(Body(1, 1), "k-1");
        Answer other = await CreateAsync(Body(2, 2), "k-1");

        Assert.Equal((201, 200, 409), (first.Status, again.Status, other.Status));
        Assert.Equal(first.Json.GetProperty("reference").GetString(), again.Json.GetProperty("reference").GetString());
        Assert.Equal("idempotency-conflict", other.Code);
    }

    [Fact]
    public async Task A_taken_rank_is_409_and_a_late_nomination_says_when_it_closed()
    {
        await rig.OpenAsync();
        await CreateAsync(Body(1, 1), "k-1");
        Answer taken = await CreateAsync(Body(2, 1), "k-2");
        rig.Clock.Now = DeskRig.ClosesAt;
        Answer late = await CreateAsync(Body(3, 3), "k-3");

        Assert.Equal((409, "rank-taken"), (taken.Status, taken.Code));
        Assert.Equal((409, "nominations-closed"), (late.Status, late.Code));
        Assert.Contains("14:59:59 UTC", late.Json.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.StartsWith("application/problem+json", late.Response.ContentType, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_nobody_knows_are_ignored()
    {
        await rig.OpenAsync();

        Answer answer = await CreateAsync("""
            {"name":"Ann","email":"ann@agency.example","nationality":"x","position":"x","organisation":"x","sector":"other","statement":"x",
             "state":"Withdrawn","reference":"AAAA-AAAA-AAAA","id":"me","generation":7,"sent":{"version":9}}
            """, "k");

        Assert.Equal(201, answer.Status);
        Assert.Equal("Submitted", answer.Json.GetProperty("state").GetString());
        Assert.Equal(1, answer.Json.GetProperty("version").GetInt32());
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("[]", 400)]
    [InlineData("\"text\"", 400)]
    [InlineData("{\"name\":", 400)]
    [InlineData("{\"name\":\"\\ud800\"}", 400)]
    [InlineData("{}", 422)]
    [InlineData("{\"name\":{},\"email\":[]}", 422)]
    public async Task A_body_that_is_no_nomination_is_refused_in_words(string body, int status)
    {
        await rig.OpenAsync();

        Answer answer = await CreateAsync(body, "k");

        Assert.Equal(status, answer.Status);
        Assert.False(string.IsNullOrEmpty(answer.Json.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task Ten_megabytes_are_too_large_and_binary_junk_is_no_json()
    {
        await rig.OpenAsync();

        Answer large = await CreateAsync($"{{\"statement\":\"{new string('x', 10 * 1024 * 1024)}\"}}", "k");
        HttpRequest junk = rig.Json("POST", "", "k");
        junk.Body = new MemoryStream([0, 1, 2, 0xFF, 0xFE, 0x80]);
        Answer binary = await DeskRig.AnswerAsync(junk, Api().Create(junk, Code, DeskRig.Economy, default));

        Assert.Equal((413, 400), (large.Status, binary.Status));
    }

    [Fact]
    public async Task Without_a_key_nothing_is_created()
    {
        await rig.OpenAsync();

        Answer answer = await CreateAsync(Body(1, 1), null);

        Assert.Equal((422, "idempotency-key-missing"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task The_token_of_the_personal_link_and_the_session_made_of_it_open_the_desk()
    {
        await rig.OpenAsync();
        string address = await rig.Get<DeskLetters>().MintAsync((await rig.RowsAsync()).Desk, default);
        string token = address.Split("/l/")[1];

        HttpRequest request = rig.Json("POST", new { token });
        Answer opened = await DeskRig.AnswerAsync(request, Api().OpenSession(request, default));
        string session = opened.Json.GetProperty("session").GetString()!;

        Assert.Equal(201, opened.Status);
        Assert.Equal(200, (await ListAsync(token)).Status);
        Assert.Equal(200, (await ListAsync(session)).Status);
        Assert.Equal(403, (await ListAsync(session[..^2] + "xx")).Status);
        Assert.Equal(403, (await ListAsync("unknown-token")).Status);
        Assert.Equal(403, (await ListAsync(session, "fiji")).Status);

        HttpRequest forged = rig.Json("POST", new { token = "forged" });
        Assert.Equal(403, (await DeskRig.AnswerAsync(forged, Api().OpenSession(forged, default))).Status);
    }

    [Fact]
    public async Task A_link_for_an_offer_opens_no_desk()
    {
        await rig.OpenAsync();
        string address = await rig.Get<ILinks>().MintAsync(new Link(LinkPurpose.Offer, Code, DeskRig.Economy, 1, rig.Clock.Now.AddDays(1)), default);

        Assert.Equal(403, (await ListAsync(address.Split("/l/")[1])).Status);
    }

    [Fact]
    public async Task A_nomination_can_be_listed_read_amended_ranked_and_withdrawn()
    {
        await rig.OpenAsync();
        string one = (await CreateAsync(Body(1, 1), "k-1")).Json.GetProperty("id").GetString()!;
        string two = (await CreateAsync(Body(2, 2), "k-2")).Json.GetProperty("id").GetString()!;

        HttpRequest put = rig.Json("PUT", Body(1, null, "Minister"));
        Answer amended = await DeskRig.AnswerAsync(put, Api().Amend(put, Code, DeskRig.Economy, one, default));
        Assert.Equal((200, 2), (amended.Status, amended.Json.GetProperty("version").GetInt32()));

        put = rig.Json("PUT", new { order = new[] { two, one } });
        Answer ranked = await DeskRig.AnswerAsync(put, Api().Rank(put, Code, DeskRig.Economy, default));
        Assert.Equal(200, ranked.Status);

        JsonElement list = (await ListAsync()).Json;
        Assert.Equal([two, one], list.GetProperty("nominations").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
        Assert.True(list.GetProperty("isOpen").GetBoolean());

        HttpRequest delete = rig.Json("DELETE", "");
        Assert.Equal(200, (await DeskRig.AnswerAsync(delete, Api().Withdraw(delete, Code, DeskRig.Economy, two, default))).Status);
        HttpRequest get = rig.Json("GET", "");
        Answer shown = await DeskRig.AnswerAsync(get, Api().Show(get, Code, DeskRig.Economy, one, default));
        Assert.Equal(1, shown.Json.GetProperty("rank").GetInt32());
        Assert.Equal("Minister", shown.Json.GetProperty("sent").GetProperty("position").GetString());

        get = rig.Json("GET", "");
        Assert.Equal(404, (await DeskRig.AnswerAsync(get, Api().Show(get, Code, DeskRig.Economy, "nobody", default))).Status);
    }

    [Fact]
    public async Task Amending_twice_with_the_same_content_is_amending_once()
    {
        await rig.OpenAsync();
        string id = (await CreateAsync(Body(1, 1), "k-1")).Json.GetProperty("id").GetString()!;

        for (int time = 0; time < 2; time++)
        {
            HttpRequest put = rig.Json("PUT", Body(1, null, "Minister"));
            Answer amended = await DeskRig.AnswerAsync(put, Api().Amend(put, Code, DeskRig.Economy, id, default));
            Assert.Equal(2, amended.Json.GetProperty("version").GetInt32());
        }
    }

    [Fact]
    public void Every_route_of_the_api_is_in_the_openapi_document_with_its_methods()
    {
        using Stream stream = ShowOpenApiEndpoint.Open();
        JsonElement paths = JsonDocument.Parse(stream).RootElement.GetProperty("paths");
        Dictionary<string, HashSet<string>> described = paths.EnumerateObject().ToDictionary(
            path => Anonymous(path.Name),
            path => path.Value.EnumerateObject().Select(member => member.Name).ToHashSet(StringComparer.OrdinalIgnoreCase),
            StringComparer.OrdinalIgnoreCase);
        List<string> missing = [];

        foreach (MethodInfo method in typeof(NominationApi).Assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)))
        {
            HttpTriggerAttribute? trigger = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(found => found is not null);
            if (method.GetCustomAttribute<FunctionAttribute>() is not null && trigger?.Route is { } route && route.StartsWith("api/", StringComparison.Ordinal))
            {
                missing.AddRange((trigger.Methods ?? []).Where(verb => verb != "head" && (!described.TryGetValue(Anonymous("/" + route), out HashSet<string>? verbs) || !verbs.Contains(verb)))
                    .Select(verb => $"{verb} /{route}"));
            }
        }

        Assert.Empty(missing);
    }

    private static string Anonymous(string route) => RouteParameter().Replace(route, "{}");

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex RouteParameter();

    private static Dictionary<string, object?> Body(int number, int? rank, string position = "Director")
    {
        TypedNominee typed = DeskRig.Somebody(number);
        Dictionary<string, object?> body = new()
        {
            ["name"] = typed.Name,
            ["email"] = typed.Email,
            ["nationality"] = typed.Nationality,
            ["position"] = position,
            ["organisation"] = typed.Organisation,
            ["sector"] = typed.Sector,
            ["yearsOfExperience"] = 7,
            ["statement"] = typed.Statement,
        };
        if (rank is not null)
        {
            body["rank"] = rank;
        }

        return body;
    }

    private string Code => rig.Code.ToString();

    private NominationApi Api() => rig.Make<NominationApi>();

    private Task<Answer> CreateAsync(object body, string? key)
    {
        HttpRequest request = rig.Json("POST", body, key);
        return DeskRig.AnswerAsync(request, Api().Create(request, Code, DeskRig.Economy, default));
    }

    private Task<Answer> ListAsync(string? bearer = null, string economy = DeskRig.Economy)
    {
        HttpRequest request = rig.Json("GET", "", bearer: bearer);
        return DeskRig.AnswerAsync(request, Api().List(request, Code, economy, default));
    }
}
