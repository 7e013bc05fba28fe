using System.Net;
using Plenary.Support;

namespace Plenary.Journey.Tests;

/// <summary>Links whose purpose is fulfilled: an answered offer, an offer that ran out, an answered survey, a handed-over desk.</summary>
public sealed class SpentLinkTests
{
    private const string Code = "23-IP-65-GE-WSP-A";

    [Fact]
    public async Task A_spent_link_says_what_became_of_it_and_changes_nothing()
    {
        await using Stage stage = await Stage.StartAsync();
        await stage.OpenProjectAsync(new NotificationText(Code) { Overseas = "3", Local = "3" });
        await stage.NominateAllAsync(Code, "japan", "Accepts First", "Declines First");
        await stage.NominateAllAsync(Code, "indonesia", "Never Answers", "Also Accepts");
        await stage.App.AdvanceToAsync(Stage.Closing.AddMinutes(1));
        await stage.SelectAsync(Code);

        // Opened before the answer, sent again after it.
        WebPage accept = await stage.OpenOfferAsync(Code, "Accepts First");
        WebPage decline = await stage.OpenOfferAsync(Code, "Declines First");
        WebPage never = await stage.OpenOfferAsync(Code, "Never Answers");
        string offer = (await stage.MailAsync(Stage.AddressOf("Accepts First"), "offer-made", Code)).Link;
        WebPage nothing = await accept.Form(accept.Address.AbsolutePath).SubmitAsync();
        nothing.Expect(422).AssertErrorsAt("answer");
        await stage.AnswerOfferAsync(Code, "Accepts First", "accept");
        await stage.AnswerOfferAsync(Code, "Declines First", "decline");
        await stage.AnswerOfferAsync(Code, "Also Accepts", "accept");

        Assert.Contains("confirmed", (await accept.Form(accept.Address.AbsolutePath).Set("answer", "accept").SubmitAsync()).Expect().Text, StringComparison.Ordinal);
        WebPage changed = await accept.Form(accept.Address.AbsolutePath).Set("answer", "decline").SubmitAsync();
        Assert.Equal(HttpStatusCode.Conflict, changed.Status);
        Assert.NotEmpty(changed.Errors);
        WebPage revived = await decline.Form(decline.Address.AbsolutePath).Set("answer", "accept").SubmitAsync();
        Assert.Equal(HttpStatusCode.Conflict, revived.Status);
        Assert.Contains("declined", revived.Text, StringComparison.Ordinal);
        Assert.Contains("confirmed", (await stage.NewWeb().GetAsync(offer)).Expect().Text, StringComparison.Ordinal);

        // Seven days later the offer nobody answered is over, link and open page alike.
        await stage.App.AdvanceToAsync(Stage.Closing.AddDays(7).AddMinutes(2));
        WebPage late = await never.Form(never.Address.AbsolutePath).Set("answer", "accept").SubmitAsync();
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.NotEmpty(late.Document.QuerySelectorAll("li[data-code=offer-expired]"));
        WebPage again = await stage.NewWeb().GetAsync((await stage.MailAsync(Stage.AddressOf("Never Answers"), "offer-made", Code)).Link);
        Assert.Contains("next in line", again.Expect().Text, StringComparison.Ordinal);
        Assert.Empty(again.Document.Forms);

        // The survey takes one answer; a second form, open since before, is refused, and so is the link.
        await stage.App.AdvanceToAsync(Stage.End.AddMinutes(2));
        string survey = (await stage.MailAsync(Stage.AddressOf("Accepts First"), "survey-invitation", Code)).Link;
        WebPage open = (await stage.NewWeb().GetAsync(survey)).Expect();
        WebPage empty = await open.Form(open.Address.AbsolutePath).SubmitAsync();
        Assert.NotEmpty(empty.Expect(422).Errors);
        WebPage wrong = await Stage.FillSurvey(open).Tamper("overall", "99").SubmitAsync();
        wrong.Expect(422).AssertErrorsAt("overall");
        Assert.Contains("Useful.", wrong.Document.QuerySelector("textarea")?.TextContent, StringComparison.Ordinal);
        WebPage[] twice = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Stage.FillSurvey(open).SubmitAsync()));
        Assert.Contains(twice, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(twice, answer => Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Conflict, answer.Text));
        (await Stage.FillSurvey(open).SubmitAsync()).Expect(409);
        WebPage spent = await stage.NewWeb().GetAsync(survey);
        Assert.Equal(HttpStatusCode.Conflict, spent.Status);
        Assert.Contains("once", spent.Text, StringComparison.Ordinal);
        Assert.Contains("1 of 2 answered", (await stage.ProjectAsync(Code)).Text, StringComparison.Ordinal);

        // Certificates: one that is not, and one that cannot be.
        (await stage.NewWeb().GetAsync("/certificates/nonsense<script>")).AssertHarmless();
        Assert.InRange((int)(await stage.NewWeb().GetAsync("/certificates/2023-AAAA-AAAA-AAAA")).Status, 404, 422);
    }
}
