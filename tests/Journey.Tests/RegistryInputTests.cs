using System.Text;
using Plenary.Support;

namespace Plenary.Journey.Tests;

/// <summary>Lists of economies and officers as spreadsheets make them, and as nobody should.</summary>
public sealed class RegistryInputTests(StageFixture fixture) : IClassFixture<StageFixture>
{
    private const string Registry = "/secretariat/registry";

    private Stage Stage => fixture.Stage;

    [Fact]
    public async Task Every_bad_row_is_named_no_row_is_taken_and_the_text_stays()
    {
        const string Economies = """
            id,name,active,zone
            NO SUCH ID,Nowhere,true,Asia/Tokyo
            laos,Lao PDR,perhaps,Asia/Vientiane
            nepal,Nepal,true,Mars/Olympus
            mongolia,Mongolia,true,Asia/Ulaanbaatar
            mongolia,Mongolia again,true,Asia/Ulaanbaatar
            """;
        const string Officers = """
            economy,role,name,email,language,from,until
            atlantis,officer,Nobody,nobody@example.org,en,,
            japan,emperor,Somebody,not an address,en,2023-99-01,
            japan,officer,,x@example.org,en,2023-05-01,2022-05-01
            """;
        WebPage refused = await ImportAsync(Economies, Officers);
        refused.Expect(422);
        string all = string.Join('\n', refused.Errors);
        Assert.All((string[])["NO SUCH ID", "neither true nor false", "Mars/Olympus", "there twice", "atlantis", "emperor", "2023-99-01", "before the first"], words => Assert.Contains(words, all, StringComparison.Ordinal));
        Assert.Contains("Row 3 of economies", all, StringComparison.Ordinal);
        Assert.Contains("Row 4 of officers", all, StringComparison.Ordinal);

        WebForm form = refused.Form(Registry);
        Assert.Equal(Economies.ReplaceLineEndings("\n"), form["economies"].ReplaceLineEndings("\n"));
        Assert.Equal(Officers.ReplaceLineEndings("\n"), form["officers"].ReplaceLineEndings("\n"));
        WebPage list = (await (await Stage.SecretariatAsync()).GetAsync(Registry)).Expect();
        Assert.DoesNotContain("Mongolia", list.Document.QuerySelector("table")?.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markup_and_foreign_scripts_in_a_list_are_text_on_the_page()
    {
        const string Names = "สมชาย วัฒนา ខៀវ نرگس 🧑‍🏫 \u200Fרות";
        string quoted = $"\"{Harmless.Attack.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        string economies = $"id,name,active,zone\nbhutan,{quoted},true,Asia/Thimphu\n";
        string officers = $"economy,role,name,email,language\nbhutan,officer,{Names},reader@npo.example.org,{quoted}\n";
        WebPage page = (await ImportAsync(economies, officers)).Expect().AssertHarmless();
        Assert.Contains("<script>alert(1)</script>", page.Text, StringComparison.Ordinal);
        Assert.Contains(Names, page.Document.QuerySelector("table")?.TextContent, StringComparison.Ordinal);
        WebPage one = (await (await Stage.SecretariatAsync()).GetAsync($"{Registry}/bhutan")).Expect().AssertHarmless();
        Assert.Equal(Names, one.Form($"{Registry}/bhutan")["name-1"]);
    }

    [Fact]
    public async Task A_line_break_inside_a_name_is_refused()
    {
        WebPage refused = await ImportAsync("", "economy,role,name,email\njapan,officer,\"Ann\r\nBcc: everybody@example.org\",ann@example.org\n");
        refused.Expect(422);
        Assert.Contains("carriage return", string.Join('\n', refused.Errors), StringComparison.Ordinal);
        WebPage list = (await (await Stage.SecretariatAsync()).GetAsync(Registry)).Expect();
        Assert.Contains("高橋 美咲", list.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("binary")]
    [InlineData("quote")]
    [InlineData("columns")]
    [InlineData("large")]
    [InlineData("blank")]
    public async Task A_file_that_is_no_such_list_is_refused_with_its_reason(string kind)
    {
        byte[] content = kind switch
        {
            "binary" => [0, 1, 2, 0xFF, 0xFE, .. Enumerable.Range(0, 2000).Select(number => (byte)(number * 31))],

            // Cut off in the middle of a quoted cell.
            "quote" => "economy,role,name,email\njapan,officer,\"Ann"u8.ToArray(),
            "columns" => "who,where\nAnn,Tokyo\n"u8.ToArray(),
            "large" => Encoding.ASCII.GetBytes($"economy,role,name,email\n{new string('x', 10 * 1024 * 1024)}"),
            _ => "\r\n"u8.ToArray(),
        };
        WebPage page = (await (await Stage.SecretariatAsync()).GetAsync(Registry)).Expect();
        WebPage refused = await page.Form(Registry).Attach("officersFile", "officers.csv", content, "text/csv").SubmitAsync();
        Assert.InRange((int)refused.Status, 400, 422);
        Assert.NotEmpty(refused.Errors);
        refused.AssertHarmless();
        Assert.Contains("高橋 美咲", (await (await Stage.SecretariatAsync()).GetAsync(Registry)).Expect().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_one_economy_names_every_problem_and_keeps_what_was_typed()
    {
        WebPage page = (await (await Stage.SecretariatAsync()).GetAsync($"{Registry}/thailand")).Expect();
        WebPage refused = await page.Form($"{Registry}/thailand")
            .Set("name-1", "New\u202EOfficer").Set("email-1", "no address").Set("from-1", "yesterday").Set("until-1", "2020-01-01").SubmitAsync();
        refused.Expect(422);
        refused.AssertErrorsAt("name-1", "email-1", "from-1");
        Assert.Equal("no address", refused.Form($"{Registry}/thailand")["email-1"]);
        Assert.Contains("ณัฐธิดา ศรีสุวรรณ", (await (await Stage.SecretariatAsync()).GetAsync(Registry)).Expect().Text, StringComparison.Ordinal);
    }

    private async Task<WebPage> ImportAsync(string economies, string officers)
    {
        WebPage page = (await (await Stage.SecretariatAsync()).GetAsync(Registry)).Expect();
        return await page.Form(Registry).Set("economies", economies).Set("officers", officers).SubmitAsync();
    }
}
