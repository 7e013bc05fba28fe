using System.Net;
using System.Text.RegularExpressions;
using Plenary.Support;

namespace Plenary.Journey.Tests;

/// <summary>The chain of endorsement in the running app: the liaison officer asks, the head of the agency answers, the officer submits.</summary>
public sealed partial class EndorsementTests(StageFixture fixture) : IClassFixture<StageFixture>
{
    private const string Head = "head@agency.example.org";

    private Stage Stage => fixture.Stage;

    [Fact]
    public async Task A_nomination_goes_from_the_head_of_the_agency_to_the_officer_and_counts_only_then()
    {
        const string Code = "23-IP-65-GE-WSP-A";
        await Stage.OpenProjectAsync(new NotificationText(Code) { Qualifications = "Officials.\nEligibility\tEndorsement: by the head of the agency within 7 days" });
        WebPage check = await FillAsync(await Stage.OpenDeskAsync(Code, "japan"), "Akira Satou");
        string nominee = check.Address.AbsolutePath.Split('/')[^2];

        WebPage refused = await check.Form("/submit").SubmitAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        refused.AssertErrorsAt("endorsement");

        WebPage page = (await refused.FollowAsync("Change Endorsement")).Expect();
        WebPage asked = (await page.Form("/endorsement").Set("endorserName", "Dr Head").Set("endorserEmail", Head).SubmitAsync()).Expect();
        Assert.Contains("Dr Head was asked", asked.Text, StringComparison.Ordinal);
        await Stage.App.SettleAsync();
        ReceivedMail mail = await Stage.MailAsync(Head, "endorsement-asked", Code);
        string code = CodeInMail().Match(mail.Text).Groups["code"].Value;

        // A scanner: fetches the link, sends the form as it finds it, even with an answer chosen.
        Web scanner = Stage.NewWeb();
        WebPage form = (await scanner.GetAsync(mail.Link)).Expect();
        (await form.Form(form.Address.AbsolutePath).SubmitAsync()).Expect(422);
        (await form.Form(form.Address.AbsolutePath).Set("answer", "endorse").SubmitAsync()).Expect(422);
        Assert.Contains("was asked", (await asked.Browser.GetAsync($"/desk/{Code}/japan")).Expect().Text, StringComparison.Ordinal);

        // Somebody without the link, and the officer with the desk's.
        (await Stage.NewWeb().GetAsync(form.Address.AbsolutePath)).Expect(403);
        (await asked.Browser.GetAsync(form.Address.AbsolutePath)).Expect(403);
        (await form.Form(form.Address.AbsolutePath).Set("answer", "endorse").Set("code", code).PostAsync(form.Address.AbsolutePath, Stage.NewWeb())).Expect(403);

        // One reminder, two days before the answer is due.
        await Stage.App.AdvanceToAsync(Stage.App.Now.AddDays(5).AddMinutes(2));
        await Stage.App.SettleAsync();
        Assert.Single(await Stage.Mailbox.ListAsync(Head, "endorsement-reminder"), one => one.Text.Contains(Code, StringComparison.Ordinal));

        form = (await Stage.NewWeb().GetAsync((await Stage.MailAsync(Head, "endorsement-reminder", Code)).Link)).Expect();
        WebPage endorsed = (await form.Form(form.Address.AbsolutePath).Set("answer", "endorse").Set("code", code).SubmitAsync()).Expect();
        Assert.Contains("You endorsed the nomination", endorsed.Text, StringComparison.Ordinal);
        await Stage.App.SettleAsync();
        ReceivedMail told = await Stage.MailAsync(Stage.OfficerOf["japan"], "endorsement-answered", Code);
        WebPage desk = (await Stage.NewWeb().GetAsync(told.Link)).Expect();
        Assert.Contains("Endorsed by Dr Head", desk.Document.QuerySelector("[data-endorsement=Endorsed]")?.TextContent, StringComparison.Ordinal);

        // Another organisation is another endorsement; the link of the first is dead then.
        WebPage work = (await desk.Browser.GetAsync($"/desk/{Code}/japan/nominees/{nominee}/work")).Expect();
        Assert.Contains("asks again", work.Text, StringComparison.Ordinal);
        (await work.Form("/work").Set("organisation", "Another office").SubmitAsync()).Expect();
        await Stage.App.SettleAsync();
        (await Stage.NewWeb().GetAsync(mail.Link)).Expect(403);
        (await (await desk.Browser.GetAsync($"/desk/{Code}/japan/nominees/{nominee}/check")).Expect().Form("/submit").SubmitAsync()).Expect(422);

        mail = await Stage.MailAsync(Head, "endorsement-asked", Code);
        Assert.Contains("Another office", mail.Text, StringComparison.Ordinal);
        form = (await Stage.NewWeb().GetAsync(mail.Link)).Expect();
        (await form.Form(form.Address.AbsolutePath).Set("answer", "endorse").Set("code", CodeInMail().Match(mail.Text).Groups["code"].Value).SubmitAsync()).Expect();
        WebPage receipt = (await (await desk.Browser.GetAsync($"/desk/{Code}/japan/nominees/{nominee}/check")).Expect().Form("/submit").SubmitAsync()).Expect();
        Assert.Contains("Endorsed by Dr Head", receipt.Text, StringComparison.Ordinal);
    }

    private static async Task<WebPage> FillAsync(WebPage desk, string name)
    {
        WebPage person = (await desk.Form("/nominees/new/person").SubmitAsync()).Expect();
        WebPage work = (await person.Form("/person").Set("name", name).Set("email", Stage.AddressOf(name)).SubmitAsync()).Expect();
        WebPage statement = (await work.Form("/work").Set("position", "Director").Set("organisation", "Office").Set("sector", "government").SubmitAsync()).Expect();
        WebPage documents = (await statement.Form("/statement").Set("statement", "Writes forms.").SubmitAsync()).Expect();
        return (await documents.FollowAsync("Continue")).Expect();
    }

    [GeneratedRegex(@"Your code:?\s+(?<code>[2-9A-Z]{6})")]
    private static partial Regex CodeInMail();
}
