using System.Text;
using Plenary.Support;

namespace Plenary.Journey.Tests;

/// <summary>What the secretariat may send by mistake once a project is under way: questions, presence, news.</summary>
public sealed class LateInputTests
{
    [Fact]
    public async Task Questions_presence_and_news_are_refused_in_words_and_lose_nothing()
    {
        const string Code = "23-IP-67-GE-WSP-A";
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(Code));
        await stage.NominateAllAsync(Code, "japan", "Akira Satou");

        // Questions, before the survey opens.
        string survey = $"/secretariat/projects/{Code}/survey";
        WebPage questions = (await (await stage.SecretariatAsync()).GetAsync(survey)).Expect();
        string shipped = questions.Form(survey)["questionnaire"];
        foreach (string text in (string[])["{", "[]", "null", "", "{\"id\":\"X Y\",\"questions\":[null,{\"kind\":\"sung\"}]}", $"{{\"title\":\"{new string('x', 100_000)}\"}}"])
        {
            WebPage refused = await questions.Form(survey).Set("questionnaire", text).SubmitAsync();
            Assert.NotEmpty(refused.Expect(422).Errors);
            refused.AssertHarmless();
        }

        (await questions.Form(survey).Attach("file", "questions.json", new byte[10 * 1024 * 1024], "application/json").SubmitAsync()).Expect(413);
        Assert.Equal(shipped, (await questions.Browser.GetAsync(survey)).Expect().Form(survey)["questionnaire"]);
        string attacked = shipped.Replace("\"text\": \"", "\"text\": \"<script>alert(1)</script> ", StringComparison.Ordinal);
        Assert.NotEqual(shipped, attacked);
        (await questions.Form(survey).Set("questionnaire", attacked).SubmitAsync()).Expect().AssertHarmless();

        // Presence.
        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(1));
        await stage.SelectAsync(Code);
        await stage.AnswerOfferAsync(Code, "Akira Satou", "accept");
        await stage.App.AdvanceToAsync(Stage.End.AddMinutes(2));
        string attendance = $"/secretariat/projects/{Code}/attendance";
        foreach (byte[] file in (byte[][])[
            [0, 1, 2, 0xFF, .. new byte[3000]],
            Encoding.UTF8.GetBytes($"reference,session-1\n\"{Harmless.Attack.Replace("\"", "\"\"", StringComparison.Ordinal)}\",yes\n"),
            "reference,session-1\nAAAA-AAAA,yes\nAAAA-AAAA,perhaps\n"u8.ToArray(),
            "who,when\n=cmd|' /C calc'!A0,yes\n"u8.ToArray(),
            "reference,session-9\n"u8.ToArray(),
            "reference,session-1\n\"cut off"u8.ToArray(),
            Encoding.ASCII.GetBytes($"reference,session-1\n{new string('x', 10 * 1024 * 1024)}"),
        ])
        {
            WebPage page = (await (await stage.SecretariatAsync()).GetAsync(attendance)).Expect();
            using MultipartFormDataContent content = new() { { new StringContent(page.Form("/attendance")["formToken"]), "formToken" }, { new ByteArrayContent(file), "file", "presence.csv" } };
            WebPage refused = await page.Browser.SendAsync(HttpMethod.Post, attendance, content);
            Assert.InRange((int)refused.Status, 413, 422);
            Assert.NotEmpty(refused.AssertHarmless().Errors);
        }

        // A person who holds no place cannot be made present.
        WebPage list = (await (await stage.SecretariatAsync()).GetAsync(attendance)).Expect();
        using FormUrlEncodedContent stranger = new(
        [
            new("formToken", list.Form("/attendance")["formToken"]),
            new("listed", "japan/nobody"), new("present", "1:japan/nobody"), new("present", "99:japan/nobody"),
        ]);
        Assert.InRange((int)(await list.Browser.SendAsync(HttpMethod.Post, attendance, stranger)).Status, 200, 499);
        Assert.DoesNotContain("nobody", (await list.Browser.GetAsync(attendance)).Expect().Body, StringComparison.Ordinal);

        // The invitation shows the questions as text.
        WebPage form = (await stage.NewWeb().GetAsync((await stage.MailAsync(Stage.AddressOf("Akira Satou"), "survey-invitation", Code)).Link)).Expect();
        Assert.Contains("<script>alert(1)</script>", form.AssertHarmless().Text, StringComparison.Ordinal);
        (await Stage.FillSurvey(form).SubmitAsync()).Expect();
        (await list.Browser.GetAsync(survey)).Expect().AssertHarmless();

        // News.
        string outcome = $"/secretariat/projects/{Code}/outcome";
        WebPage news = (await list.Browser.GetAsync(outcome)).Expect();
        WebPage empty = await news.Form(outcome).Set("headline", "").Set("text", "Kept words.").SubmitAsync();
        Assert.Equal("Kept words.", empty.Expect(422).Form(outcome)["text"].Trim());
        empty.AssertErrorsAt("headline");
        (await stage.NewWeb().GetAsync($"/api/projects/{Code}/outcome")).Expect(404);
        await news.Form(outcome).Set("headline", Harmless.Attack).Set("text", $"{Harmless.Attack}\n\n{Harmless.Attack}").SubmitAsync();
        WebPage shown = (await stage.NewWeb().GetAsync($"/projects/{Code}")).Expect().AssertHarmless();
        Assert.Contains("<script>alert(1)</script>", shown.Text, StringComparison.Ordinal);
    }
}
