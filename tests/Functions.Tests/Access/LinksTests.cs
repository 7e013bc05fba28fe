using System.Buffers.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Plenary.Access;
using Plenary.Functions.Tests.Nominations;
using Plenary.Infra.Tables;
using Plenary.Support;

namespace Plenary.Functions.Tests.Access;

public sealed class LinksTests
{
    private static readonly Link Desk = new(LinkPurpose.Desk, "23-IP-10-GE-WSP-A", "fiji", 1, new DateTimeOffset(2023, 8, 16, 10, 0, 0, TimeSpan.Zero));

    private readonly InMemoryTables tables = new();

    private Links Links => new(tables, World.Access());

    [Fact]
    public async Task A_token_has_256_bits_and_none_comes_twice()
    {
        HashSet<string> tokens = [];
        Links links = Links;
        for (int number = 0; number < 10_000; number++)
        {
            tokens.Add(TokenOf(await links.MintAsync(Desk, default)));
        }

        Assert.Equal(10_000, tokens.Count);
        Assert.All(tokens, token => Assert.Equal(32, Base64Url.DecodeFromChars(token).Length));
    }

    [Fact]
    public async Task The_address_is_built_from_the_setting_alone()
    {
        string address = await Links.MintAsync(Desk, default);

        Assert.StartsWith("https://plenary.example.org/l/", address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_hash_of_a_token_is_stored()
    {
        string token = TokenOf(await Links.MintAsync(Desk, default));

        Row row = Assert.Single(await RowsAsync());
        Assert.Equal(Links.KeyOf(Links.Hash(token)), row.Key);
        Assert.All(row.Values.Values.OfType<string>().Append(row.Key.Row).Append(row.Key.Partition), text => Assert.DoesNotContain(token, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_opens_what_it_was_made_for_and_a_forged_one_nothing()
    {
        string token = TokenOf(await Links.MintAsync(Desk, default));
        await Links.MintAsync(Desk with { Subject = "nepal" }, default);

        Assert.Equal(Desk, await Links.FindAsync(token, default));
        Assert.Null(await Links.FindAsync((token[0] == 'A' ? "B" : "A") + token[1..], default));
        Assert.Null(await Links.FindAsync(Links.Hash(token), default));
        Assert.Null(await Links.FindAsync("", default));
    }

    [Theory]
    [InlineData(LinkPurpose.Desk, "fiji", "/desk/23-IP-10-GE-WSP-A/fiji")]
    [InlineData(LinkPurpose.Offer, "fiji/k7", "/offers/23-IP-10-GE-WSP-A/fiji/k7")]
    [InlineData(LinkPurpose.Survey, "fiji/k7", "/surveys/23-IP-10-GE-WSP-A/fiji/k7")]
    [InlineData(LinkPurpose.Draft, "fiji/k7", "/drafts/23-IP-10-GE-WSP-A/fiji/k7")]
    [InlineData(LinkPurpose.Review, "k7qf", "/reviews/23-IP-10-GE-WSP-A/k7qf")]
    public async Task Opening_leads_to_a_clean_address_and_leaves_a_session_for_it(LinkPurpose purpose, string subject, string path)
    {
        using DeskRig rig = new();
        Link link = Desk with { Purpose = purpose, Subject = subject };
        string token = TokenOf(await rig.Get<ILinks>().MintAsync(link, default));
        HttpRequest request = rig.Request();

        Answer answer = await DeskRig.AnswerAsync(request, rig.Make<OpenLinkEndpoint>().Run(request, token, default));

        Assert.Equal((302, path), (answer.Status, answer.Location));
        string cookie = answer.Response.Headers.SetCookie.ToString();
        Assert.StartsWith("__Host-plenary-", cookie, StringComparison.Ordinal);
        Assert.All(["secure", "httponly", "samesite=lax", "path=/"], word => Assert.Contains(word, cookie, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(token, cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task However_often_a_scanner_fetches_a_link_nothing_changes(string method)
    {
        using DeskRig rig = new();
        await rig.OpenAsync();
        string token = TokenOf(await rig.Get<ILinks>().MintAsync(Desk with { Subject = DeskRig.Economy }, default));
        string before = await StateAsync(rig.Tables);
        for (int times = 0; times < 10; times++)
        {
            HttpRequest request = rig.Request(method);
            request.Headers.UserAgent = "Mozilla/5.0 (Windows NT 10.0) HeadlessChrome/120";
            Answer answer = await DeskRig.AnswerAsync(request, rig.Make<OpenLinkEndpoint>().Run(request, token, default));
            Assert.Equal(302, answer.Status);
        }

        Assert.Equal(before, await StateAsync(rig.Tables));
    }

    [Fact]
    public async Task An_expired_an_unknown_and_a_forged_link_get_the_same_answer()
    {
        using DeskRig rig = new();
        string token = TokenOf(await rig.Get<ILinks>().MintAsync(Desk with { ExpiresAt = rig.Clock.Now }, default));
        List<string> bodies = [];
        foreach (string tried in new[] { token, "unknown", new string('A', 43) })
        {
            HttpRequest request = rig.Request();
            Answer answer = await DeskRig.AnswerAsync(request, rig.Make<OpenLinkEndpoint>().Run(request, tried, default));
            Assert.Equal(403, answer.Status);
            Assert.Equal(StringValues.Empty, answer.Response.Headers.SetCookie);
            bodies.Add(answer.Body);
        }

        Assert.Single(bodies.Distinct());
    }

    private static string TokenOf(string address) => address[(address.LastIndexOf('/') + 1)..];

    private static async Task<string> StateAsync(InMemoryTables tables)
    {
        List<string> state = [];
        foreach (string table in new[] { Links.Table, Plenary.Nominations.NominationTable.Name })
        {
            await foreach (Row row in tables[table].ScanAllAsync(default))
            {
                state.Add($"{table} {row.Key} {row.ETag}");
            }
        }

        return string.Join('\n', state);
    }

    private async Task<List<Row>> RowsAsync()
    {
        List<Row> rows = [];
        await foreach (Row row in tables[Links.Table].ScanAllAsync(default))
        {
            rows.Add(row);
        }

        return rows;
    }
}

public sealed class SessionsTests
{
    private static readonly DateTimeOffset Now = new(2023, 7, 20, 0, 0, 0, TimeSpan.Zero);
    private static readonly Session Offer = new(LinkPurpose.Offer, "23-IP-10-GE-WSP-A", "fiji/k7", 1, Now.AddDays(7).UtcTicks);

    private readonly Sessions sessions = new(World.Access());

    [Fact]
    public void A_session_opens_its_own_record_until_it_expires()
    {
        HttpRequest request = With(Offer, sessions.Sign(Offer));

        Assert.Equal(Offer, sessions.Find(request, Offer.Purpose, Offer.Project, Offer.Subject, Now));
        Assert.NotNull(sessions.Find(request, Offer.Purpose, Offer.Project, Offer.Subject, Now.AddDays(7).AddTicks(-1)));
        Assert.Null(sessions.Find(request, Offer.Purpose, Offer.Project, Offer.Subject, Now.AddDays(7)));
    }

    [Theory]
    [InlineData(LinkPurpose.Offer, "23-IP-10-GE-WSP-A", "fiji/k8")]
    [InlineData(LinkPurpose.Survey, "23-IP-10-GE-WSP-A", "fiji/k7")]
    [InlineData(LinkPurpose.Offer, "23-IP-11-GE-WSP-A", "fiji/k7")]
    public void A_session_copied_into_the_cookie_of_another_record_opens_nothing(LinkPurpose purpose, string project, string subject)
    {
        Session other = new(purpose, project, subject, 1, Offer.ExpiresTicks);

        Assert.Null(sessions.Find(With(other, sessions.Sign(Offer)), purpose, project, subject, Now));
    }

    [Fact]
    public void Every_altered_character_makes_a_session_worthless()
    {
        string signed = sessions.Sign(Offer);
        for (int at = 0; at < signed.Length; at++)
        {
            foreach (char other in new[] { 'A', 'b', '.', '~' }.Where(other => other != signed[at]))
            {
                string forged = $"{signed[..at]}{other}{signed[(at + 1)..]}";
                Assert.True(sessions.Read(forged) is null || IsSameBits(signed, forged, at), $"Altered at {at} to {other}.");
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a.b.c")]
    [InlineData("not base64.at all")]
    [InlineData("e30.e30")]
    public void Text_that_is_no_session_is_none(string text) => Assert.Null(sessions.Read(text));

    [Fact]
    public void Another_pepper_signs_nothing_here() =>
        Assert.Null(sessions.Read(new Sessions(World.Access(pepper: "another pepper of more than thirty-two letters")).Sign(Offer)));

    [Fact]
    public void While_the_pepper_is_changed_sessions_of_both_are_good_and_afterwards_only_the_new_ones()
    {
        const string Next = "the next pepper of more than thirty-two letters";
        string old = sessions.Sign(Offer);
        Sessions during = new(World.Access(Next, World.Access().Value.LinkPepper));
        Sessions after = new(World.Access(Next));

        Assert.Equal(Offer, during.Read(old));
        Assert.Equal(Offer, after.Read(during.Sign(Offer)));
        Assert.Null(after.Read(old));
    }

    [Fact]
    public void A_form_token_is_of_one_session_or_person_and_no_other()
    {
        string token = sessions.FormToken(Offer);

        Assert.True(Sessions.IsFormToken(token, sessions.FormToken(Offer with { })));
        Assert.False(Sessions.IsFormToken(token, sessions.FormToken(Offer with { Generation = 2 })));
        Assert.False(Sessions.IsFormToken(token, sessions.FormToken(Offer with { Subject = "fiji/k8" })));
        Assert.False(Sessions.IsFormToken(null, token));
        Assert.False(Sessions.IsFormToken("", token));
        Assert.NotEqual(sessions.FormToken(World.Officer), sessions.FormToken(World.Officer with { Id = "o-2" }));
        Assert.DoesNotContain(token, sessions.Sign(Offer), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_instances_with_the_same_settings_read_each_others_sessions() =>
        Assert.Equal(Offer, new Sessions(World.Access()).Read(sessions.Sign(Offer)));

    private static HttpRequest With(Session session, string value)
    {
        DefaultHttpContext http = new();
        http.Request.Headers.Cookie = $"{Sessions.CookieName(session.Purpose, session.Project, session.Subject)}={value}";
        return http.Request;
    }

    /// <summary>The last character of a part carries spare bits; where only those differ, the bytes are the same.</summary>
    private static bool IsSameBits(string signed, string forged, int at)
    {
        string[] left = signed.Split('.');
        string[] right = forged.Split('.');
        return left.Length == right.Length && (at == left[0].Length - 1 || at == signed.Length - 1) &&
            Base64Url.DecodeFromChars(left[0]).SequenceEqual(Base64Url.DecodeFromChars(right[0])) &&
            Base64Url.DecodeFromChars(left[1]).SequenceEqual(Base64Url.DecodeFromChars(right[1]));
    }
}
