using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using Plenary.Support;

namespace Plenary.Journey.Tests;

/// <summary>What a liaison officer may type, upload or press twice.</summary>
public sealed class NomineeInputTests(StageFixture fixture) : IClassFixture<StageFixture>
{
    private static readonly byte[] Pdf = Encoding.ASCII.GetBytes(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\n" +
        "xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n");

    private Stage Stage => fixture.Stage;

    [Theory]
    [InlineData("NM-A", "ณัฐธิดา ศรีสุวรรณ")]
    [InlineData("NM-B", "សុខ ចាន់ថា")]
    [InlineData("NM-C", "نرگس احمدی")]
    [InlineData("NM-D", "Ana 👩🏽‍💻 Ñandú")]
    [InlineData("NM-E", "A\u0301\u0323\u0330 Ng\u0303\u1EC5n")]
    [InlineData("NM-F", "\u200Fמרים\u200F \u200ELevi\u200E")]
    [InlineData("NM-G", "O’Brien-Ōnami & Söhne <Jr.>")]
    public async Task A_name_in_any_script_is_shown_as_it_was_written(string edition, string name)
    {
        string code = $"23-IP-30-GE-{edition}";
        await Stage.OpenProjectAsync(new NotificationText(code));
        WebPage desk = await Stage.OpenDeskAsync(code, "japan");
        WebPage check = await FillAsync(await StartAsync(desk), name, "first@agency.example.org");
        Assert.Equal(name.Normalize(), check.Document.QuerySelector("#name .govuk-summary-list__value")?.TextContent.Trim());
        WebPage receipt = (await check.Form("/submit").SubmitAsync()).Expect();
        Assert.Contains(name.Normalize(), Texts(receipt, "dd"));
        await Stage.App.SettleAsync();

        ReceivedMail mail = await Stage.MailAsync(Stage.OfficerOf["japan"], "nomination-receipt", code);
        Assert.Contains(name.Normalize(), mail.Text, StringComparison.Ordinal);
        Assert.Contains(name.Normalize(), new HtmlParser().ParseDocument(mail.Html).Body?.TextContent, StringComparison.Ordinal);
        WebPage api = await ListAsync(code, "japan");
        Assert.Equal(name.Normalize(), JsonNode.Parse(api.Body)?["nominations"]?[0]?["sent"]?["name"]?.GetValue<string>());
    }

    [Fact]
    public async Task Every_problem_of_a_step_is_named_at_once_what_was_typed_is_shown_and_what_was_saved_stays()
    {
        const string Code = "23-IP-31-GE-WSP-A";
        await Stage.OpenProjectAsync(new NotificationText(Code));
        WebPage check = await FillAsync(await StartAsync(await Stage.OpenDeskAsync(Code, "japan")), "Kept Name", "kept@agency.example.org");
        WebPage person = await check.FollowAsync("Change Full name");
        WebPage refused = await person.Form("/person").Set("name", "Ann\r\nBcc: everybody@example.org").Set("email", "two@@example.org, three@example.org").Set("nationality", new string('x', 5000)).SubmitAsync();

        refused.Expect(422);
        refused.AssertErrorsAt("name", "email", "nationality");
        Assert.Equal("two@@example.org, three@example.org", refused.Form("/person")["email"]);
        Assert.Contains("Bcc: everybody@example.org", refused.Form("/person")["name"], StringComparison.Ordinal);

        WebPage saved = (await GetAsync(refused, check.Address.PathAndQuery)).Expect();
        Assert.Equal("Kept Name", saved.Document.QuerySelector("#name .govuk-summary-list__value")?.TextContent.Trim());

        WebPage work = (await GetAsync(refused, check.Address.AbsolutePath.Replace("/check", "/work", StringComparison.Ordinal))).Expect();
        WebPage wrong = (await work.Form("/work").Set("yearsOfExperience", "-40").Tamper("sector", "piracy").SubmitAsync()).Expect(422);
        Assert.Equal(2, wrong.Errors.Count);
        Assert.Equal("-40", wrong.Form("/work")["yearsOfExperience"]);
    }

    [Fact]
    public async Task Everything_missing_is_named_at_once_when_a_draft_is_submitted()
    {
        const string Code = "23-IP-32-GE-WSP-A";
        await Stage.OpenProjectAsync(new NotificationText(Code));
        WebPage person = await StartAsync(await Stage.OpenDeskAsync(Code, "japan"));
        WebPage check = (await GetAsync(person, person.Address.AbsolutePath.Replace("/person", "/check", StringComparison.Ordinal))).Expect();
        WebPage refused = (await check.Form("/submit").SubmitAsync()).Expect(422);
        Assert.Equal(7, refused.Errors.Count);
        Assert.All(refused.Document.QuerySelectorAll(".govuk-error-summary__list a"), link => Assert.NotNull(refused.Document.QuerySelector(link.GetAttribute("href") ?? "")));

        (HttpStatusCode status, JsonNode answer) = await Stage.NominateAsync(Code, "japan", "", "nobody", rank: 1);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        string[] named = [.. answer["problems"]?.AsArray().Select(problem => problem?["field"]?.GetValue<string>() ?? "") ?? []];
        Assert.Equal(["email", "name"], named.Order());
    }

    [Fact]
    public async Task Markup_in_every_field_is_text_on_every_page_and_in_every_mail()
    {
        const string Code = "23-IP-33-GE-WSP-A";
        const string Attack = Harmless.Attack;
        await Stage.OpenProjectAsync(new NotificationText(Code));
        WebPage person = (await StartAsync(await Stage.OpenDeskAsync(Code, "japan"))).AssertHarmless();
        WebPage work = (await person.Form("/person").Set("name", Attack).Set("email", "attack@agency.example.org").Set("nationality", Attack[..90]).SubmitAsync()).Expect().AssertHarmless();
        WebPage statement = (await work.Form("/work").Set("position", Attack).Set("organisation", Attack).Set("sector", "other").SubmitAsync()).Expect().AssertHarmless();
        WebPage documents = (await statement.Form("/statement").Set("statement", $"{Attack}\n</dd>{Attack}").Set("wishes", Attack).SubmitAsync()).Expect().AssertHarmless();
        documents = (await documents.Form("/documents").Attach("document", "<img src=x onerror=alert(1)>.pdf", Pdf, "application/pdf").SubmitAsync()).Expect().AssertHarmless();
        Assert.Contains("<img src=x onerror=alert(1)>.pdf", documents.Text, StringComparison.Ordinal);
        WebPage check = (await documents.FollowAsync("Continue")).Expect().AssertHarmless();
        WebPage receipt = (await check.Form("/submit").SubmitAsync()).Expect().AssertHarmless();
        Assert.Contains("<script>alert(1)</script>", receipt.Text, StringComparison.Ordinal);
        (await receipt.FollowAsync("All nominations")).Expect().AssertHarmless();
        (await receipt.FollowAsync("withdraw")).Expect().AssertHarmless();
        await Stage.App.SettleAsync();
        ReceivedMail mail = await Stage.MailAsync(Stage.OfficerOf["japan"], "nomination-receipt", Code);
        Assert.Empty(new HtmlParser().ParseDocument(mail.Html).QuerySelectorAll("script, img, iframe, [onerror], a[href^=javascript]"));
        Assert.Contains("<script>alert(1)</script>", mail.Text, StringComparison.Ordinal);
        (await Stage.ProjectAsync(Code)).AssertHarmless();
    }

    [Fact]
    public async Task Ten_megabytes_of_text_are_refused_and_the_draft_stays()
    {
        const string Code = "23-IP-34-GE-WSP-A";
        await Stage.OpenProjectAsync(new NotificationText(Code));
        WebPage check = await FillAsync(await StartAsync(await Stage.OpenDeskAsync(Code, "japan")), "Kept Name", "kept@agency.example.org");
        WebPage statement = await check.FollowAsync("Change Statement");
        WebPage refused = await statement.Form("/statement").Set("statement", new string('x', 10 * 1024 * 1024)).SubmitAsync();
        refused.Expect(413);
        Assert.Contains("larger", refused.Text, StringComparison.Ordinal);
        Assert.True(refused.Body.Length < 100_000, "The refusal sends the text back.");

        // Two thousand and one characters come back to be shortened.
        WebPage shorter = (await statement.Form("/statement").Set("statement", new string('y', 2001)).SubmitAsync()).Expect(422);
        Assert.Equal(2001, shorter.Form("/statement")["statement"].Trim().Length);
        Assert.NotEmpty(shorter.Document.QuerySelectorAll(".govuk-error-summary__list a[href='#statement']"));
        Assert.Contains("Fits well.", (await GetAsync(check, check.Address.PathAndQuery)).Expect().Text, StringComparison.Ordinal);

        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(Stage.App.Address, $"/api/projects/{Code}/economies/japan/nominations"))
        {
            Content = new StringContent($"{{\"statement\":\"{new string('x', 10 * 1024 * 1024)}\"}}", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Authorization", $"Bearer {await Stage.DeskTokenAsync(Code, "japan")}");
        request.Headers.Add("Idempotency-Key", "large");
        Assert.Equal("request-too-large", JsonNode.Parse((await Stage.NewWeb().SendOnceAsync(request)).Expect(413).Body)?["code"]?.GetValue<string>());
    }

    [Fact]
    public async Task A_file_that_is_not_what_it_says_is_refused_with_its_reason_and_the_others_stay()
    {
        const string Code = "23-IP-35-GE-WSP-A";
        await Stage.OpenProjectAsync(new NotificationText(Code));
        WebPage check = await FillAsync(await StartAsync(await Stage.OpenDeskAsync(Code, "japan")), "Kept Name", "kept@agency.example.org");
        WebPage documents = await check.FollowAsync("Change Documents");
        documents = (await documents.Form("/documents").Attach("document", "good.pdf", Pdf, "application/pdf").SubmitAsync()).Expect();
        Assert.Contains("good.pdf", documents.Text, StringComparison.Ordinal);

        byte[] junk = new byte[3000];
        new Random(1).NextBytes(junk);
        (string Name, byte[] Content, string Code)[] files =
        [
            ("renamed.pdf", [(byte)'M', (byte)'Z', 0x90, 0, .. junk], "document-executable"),
            ("linux.docx", [0x7F, 0x45, 0x4C, 0x46, 2, 1, .. junk], "document-executable"),
            ("program.exe", [(byte)'M', (byte)'Z', .. junk], "document-unknown"),
            ("empty.pdf", [], "document-empty"),
            ("cut.pdf", Pdf[..^30], "document-cut-off"),
            ("cut.docx", ZipOf("word/document.xml")[..60], "document-cut-off"),
            ("junk.png", junk, "document-unknown"),
            ("other.png", [.. Pdf, (byte)'\n'], "document-mismatch"),
            ("again.pdf", Pdf, "document-stored-already"),
            ("large.pdf", [.. Pdf, .. new byte[7 * 1024 * 1024 + 1]], "document-too-large"),
        ];
        foreach ((string name, byte[] content, string expected) in files)
        {
            WebPage refused = await documents.Form("/documents").Attach("document", name, content, "application/octet-stream").SubmitAsync();
            Assert.InRange((int)refused.Status, 409, 422);
            string[] codes = [.. refused.Document.QuerySelectorAll(".govuk-error-summary__list li").Select(item => item.GetAttribute("data-code") ?? "")];
            Assert.True(codes.Contains(expected), $"{name}: {string.Join(", ", codes)}");
            Assert.NotEmpty(refused.Document.QuerySelectorAll(".govuk-error-summary__list a[href='#document']"));
            Assert.Contains("good.pdf", refused.Text, StringComparison.Ordinal);
        }

        WebPage nothing = (await documents.Form("/documents").SubmitAsync()).Expect(422);
        Assert.NotEmpty(nothing.Document.QuerySelectorAll("li[data-code=document-missing]"));
        WebPage list = (await GetAsync(documents, documents.Address.PathAndQuery)).Expect();
        Assert.Single(list.Document.QuerySelectorAll("form[action$='/remove']"));
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing_behind()
    {
        const string Code = "23-IP-36-GE-WSP-A";
        await Stage.OpenProjectAsync(new NotificationText(Code));
        WebPage check = await FillAsync(await StartAsync(await Stage.OpenDeskAsync(Code, "japan")), "Kept Name", "kept@agency.example.org");
        WebPage documents = await check.FollowAsync("Change Documents");
        WebForm form = documents.Form("/documents");

        // The line drops after half of the file.
        using (TcpClient line = new())
        {
            await line.ConnectAsync("localhost", Stage.App.Address.Port);
            string body = $"--b\r\nContent-Disposition: form-data; name=\"formToken\"\r\n\r\n{form["formToken"]}\r\n" +
                "--b\r\nContent-Disposition: form-data; name=\"document\"; filename=\"half.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\n";
            string cookies = string.Join("; ", documents.Browser.Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"));
            string head = $"POST {documents.Address.AbsolutePath} HTTP/1.1\r\nHost: {Stage.App.Address.Authority}\r\nCookie: {cookies}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n";
            NetworkStream stream = line.GetStream();
            await stream.WriteAsync(Encoding.UTF8.GetBytes(head + body));
            line.Client.Shutdown(SocketShutdown.Send);

            // It is answered or hung up on; either way the request is over once this returns.
            _ = await ReadToEndAsync(stream);
        }

        // A body that ends in the middle but says it is whole: the closing boundary is missing.
        using MultipartFormDataContent whole = new("b") { { new StringContent(form["formToken"]), "formToken" }, { new ByteArrayContent(Pdf), "document", "half.pdf" } };
        byte[] sent = await whole.ReadAsByteArrayAsync();
        using ByteArrayContent cut = new(sent[..^40]);
        cut.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        WebPage refused = await documents.Browser.SendAsync(HttpMethod.Post, documents.Address.AbsolutePath, cut);
        Assert.NotEmpty(refused.Expect(422).Document.QuerySelectorAll("li[data-code=document-cut-off]"));

        await Stage.App.SettleAsync();
        WebPage list = (await GetAsync(documents, documents.Address.PathAndQuery)).Expect();
        Assert.Contains("No document has been added", list.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_posted_twice_at_once_makes_one_draft_and_one_nomination()
    {
        const string Code = "23-IP-37-GE-WSP-A";
        await Stage.OpenProjectAsync(new NotificationText(Code));
        WebPage desk = await Stage.OpenDeskAsync(Code, "japan");
        WebPage[] drafts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => desk.Form("/new/person").SubmitAsync()));
        Assert.Single(drafts.Select(draft => draft.Expect().Address.AbsolutePath).Distinct());

        WebPage check = await FillAsync(drafts[0], "Only Once", "once@agency.example.org");
        WebPage[] receipts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => check.Form("/submit").SubmitAsync()));
        Assert.All(receipts, receipt => Assert.EndsWith("/receipt", receipt.Expect().Address.AbsolutePath, StringComparison.Ordinal));
        Assert.Single(receipts.Select(receipt => receipt.Document.QuerySelector("h1 ~ div strong")?.TextContent).Distinct());
        await Stage.App.SettleAsync();
        Assert.Single(await Stage.Mailbox.ListAsync(Stage.OfficerOf["japan"], "nomination-receipt"), mail => mail.Subject.Contains(Code, StringComparison.Ordinal));
        WebPage api = await ListAsync(Code, "japan");
        Assert.Single(JsonNode.Parse(api.Body)?["nominations"]?.AsArray() ?? []);
    }

    [Fact]
    public async Task The_same_key_sent_at_once_makes_one_nomination_and_with_another_body_is_refused()
    {
        const string Code = "23-IP-38-GE-WSP-A";
        await Stage.OpenProjectAsync(new NotificationText(Code));
        string token = await Stage.DeskTokenAsync(Code, "japan");
        (HttpStatusCode Status, JsonNode Answer)[] answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Stage.NominateAsync(Code, "japan", "Only Once", key: "the-key", token: token)));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(5, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.Single(answers.Select(answer => answer.Answer["reference"]?.GetValue<string>()).Distinct());

        (HttpStatusCode status, JsonNode problem) = await Stage.NominateAsync(Code, "japan", "Somebody Else", key: "the-key", token: token);
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Equal("idempotency-conflict", problem["code"]?.GetValue<string>());
        (status, problem) = await Stage.NominateAsync(Code, "japan", "Only Twice", email: "ONLY.once@agency.example.org", token: token);
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Equal("email-taken", problem["code"]?.GetValue<string>());
    }

    [Theory]
    [InlineData("{", 400)]
    [InlineData("[]", 400)]
    [InlineData("\"text\"", 400)]
    [InlineData("", 400)]
    [InlineData("{\"name\":\"\\ud800\"}", 400)]
    [InlineData("{\"name\":{\"deep\":[1,2,3]},\"rank\":-1,\"email\":7}", 422)]
    public async Task A_body_that_is_no_nomination_is_refused_in_words(string body, int status)
    {
        const string Code = "23-IP-39-GE-WSP-A";
        if ((await Stage.NewWeb().GetAsync($"/projects/{Code}")).Status == HttpStatusCode.NotFound)
        {
            await Stage.OpenProjectAsync(new NotificationText(Code));
        }

        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(Stage.App.Address, $"/api/projects/{Code}/economies/japan/nominations"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Authorization", $"Bearer {await Stage.DeskTokenAsync(Code, "japan")}");
        request.Headers.Add("Idempotency-Key", "strange");
        WebPage answer = (await Stage.NewWeb().SendOnceAsync(request)).Expect(status);
        Assert.Equal("application/problem+json", answer.ContentHeaders.ContentType?.MediaType);
        Assert.NotNull(JsonNode.Parse(answer.Body)?["code"]);
        Assert.DoesNotContain("   at ", answer.Body, StringComparison.Ordinal);
    }

    /// <summary>A new draft's first step.</summary>
    internal static async Task<WebPage> StartAsync(WebPage desk) => (await desk.Form("/new/person").SubmitAsync()).Expect();

    /// <summary>Through all steps to check-your-answers.</summary>
    internal static async Task<WebPage> FillAsync(WebPage person, string name, string email)
    {
        WebPage work = (await person.Form("/person").Set("name", name).Set("email", email).Set("nationality", "Japan").SubmitAsync()).Expect();
        WebPage statement = (await work.Form("/work").Set("position", "Officer").Set("organisation", "Agency").Set("sector", "government").Set("yearsOfExperience", "7").SubmitAsync()).Expect();
        WebPage documents = (await statement.Form("/statement").Set("statement", "Fits well.").SubmitAsync()).Expect();
        return (await documents.FollowAsync("Continue")).Expect();
    }

    private static string[] Texts(WebPage page, string selector) => [.. page.Document.QuerySelectorAll(selector).Select(element => element.TextContent.Trim())];

    private static byte[] ZipOf(string name)
    {
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using StreamWriter writer = new(zip.CreateEntry(name).Open());
            writer.Write(string.Join(' ', Enumerable.Range(0, 500).Select(number => number.ToString(CultureInfo.InvariantCulture))));
        }

        return stream.ToArray();
    }

    private static async Task<string> ReadToEndAsync(NetworkStream stream)
    {
        try
        {
            using StreamReader reader = new(stream);
            return await reader.ReadToEndAsync();
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static Task<WebPage> GetAsync(WebPage page, string address) => page.Browser.GetAsync(address);

    private async Task<WebPage> ListAsync(string code, string economy)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(Stage.App.Address, $"/api/projects/{code}/economies/{economy}/nominations"));
        request.Headers.Add("Authorization", $"Bearer {await Stage.DeskTokenAsync(code, economy)}");
        return (await Stage.NewWeb().SendOnceAsync(request)).Expect();
    }
}
