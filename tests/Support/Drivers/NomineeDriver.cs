namespace Plenary.Support.Drivers;

/// <summary>
/// A nominee, later a participant: opens the links in the mails to one address and answers there. Whatever is refused throws
/// <see cref="RefusedException"/> with the page's words.
/// </summary>
public sealed class NomineeDriver(Uri app, string address) : IDisposable
{
    private readonly Web web = new(app);
    private readonly Mailbox mailbox = new(app);

    public Web Web => web;

    public string Address => address;

    /// <summary>Opens the newest offer from the mailbox. Needed before the answers below; it changes nothing by itself.</summary>
    public async Task<WebPage> OpenOfferAsync() => await OpenAsync((await mailbox.NewestAsync(address, "offer-made")).Link);

    /// <summary>Opens a link known already: spares the mailbox when many are driven.</summary>
    public async Task<WebPage> OpenAsync(string link) => RefusedException.Check(await web.GetAsync(link), "Opening the link");

    public async Task AcceptAsync(WebPage? offer = null) => await AnswerAsync(offer, "accept");

    public async Task DeclineAsync(WebPage? offer = null) => await AnswerAsync(offer, "decline");

    /// <summary>Gives an accepted place back.</summary>
    public async Task WithdrawAsync(WebPage? offer = null)
    {
        WebPage page = offer ?? await OpenOfferAsync();
        RefusedException.Check(await page.Form(page.Address.AbsolutePath).SubmitAsync("Give the place back"), "Giving the place back");
    }

    public async Task<WebPage> OpenSurveyAsync() => await OpenAsync((await mailbox.NewestAsync(address, "survey-invitation")).Link);

    /// <param name="choose">Gives a rating of 1 to 5, or a text, for the name of each question on the page; null leaves it empty.</param>
    public async Task AnswerSurveyAsync(Func<string, bool, string?> choose, WebPage? survey = null)
    {
        ArgumentNullException.ThrowIfNull(choose);
        WebPage page = survey ?? await OpenSurveyAsync();
        WebForm form = page.Form(page.Address.AbsolutePath);
        foreach (AngleSharp.Dom.IElement field in page.Document.QuerySelectorAll("form input[type=radio], form textarea").DistinctBy(field => field.GetAttribute("name")))
        {
            string name = field.GetAttribute("name") ?? "";
            if (choose(name, field.LocalName == "input") is { } value)
            {
                form.Set(name, value);
            }
        }

        RefusedException.Check(await form.SubmitAsync(), "Answering the survey");
    }

    public void Dispose() => web.Dispose();

    private async Task AnswerAsync(WebPage? offer, string answer)
    {
        WebPage page = offer ?? await OpenOfferAsync();
        RefusedException.Check(await page.Form(page.Address.AbsolutePath).Set("answer", answer).SubmitAsync(), $"Sending {answer}");
    }
}
