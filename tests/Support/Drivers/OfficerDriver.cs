using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AngleSharp.Dom;

namespace Plenary.Support.Drivers;

/// <summary>A nominee as an officer describes one.</summary>
public sealed record NomineeFacts(string Name, string Email, string Nationality)
{
    public string Position { get; init; } = "Head of service design";

    public string Organisation { get; init; } = "Ministry of Public Administration";

    /// <summary>One of the values of the page's choices.</summary>
    public string Sector { get; init; } = "government";

    public string YearsOfExperience { get; init; } = "8";

    public string Statement { get; init; } = "Runs the counters of four districts and is asked to bring them online next year.";

    public string Wishes { get; init; } = "";
}

/// <summary>What the desk gave for a nomination.</summary>
/// <param name="Id">As addresses name it.</param>
/// <param name="Reference">As receipts quote it.</param>
public sealed record NominationReceipt(string Id, string Reference);

/// <summary>
/// A liaison officer: opens the desk from the mail and works there, by the pages' forms or by the JSON interface. Officers of different
/// economies may be driven at the same time. Whatever is refused throws <see cref="RefusedException"/> with the page's words.
/// </summary>
public sealed class OfficerDriver : IDisposable
{
    private readonly Web web;

    private OfficerDriver(Web web, string project, string economy)
    {
        this.web = web;
        Project = project;
        Economy = economy;
    }

    public Web Web => web;

    public string Project { get; }

    public string Economy { get; }

    /// <summary>Address of the desk's first page.</summary>
    public string Path => $"/desk/{Project}/{Economy}";

    private string Api => $"/api/projects/{Project}/economies/{Economy}";

    /// <param name="address">The officer's mail address; the newest circulation mail to it is opened.</param>
    public static async Task<OfficerDriver> OpenDeskAsync(Uri app, string address) =>
        await OpenAsync(app, (await new Mailbox(app).NewestAsync(address, "notification-circulated")).Link);

    /// <param name="link">Path of a desk's personal link, as mails carry it.</param>
    public static async Task<OfficerDriver> OpenAsync(Uri app, string link)
    {
        Web web = new(app);
        WebPage desk = Check(await web.GetAsync(link), "Opening the desk");
        string[] parts = desk.Address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts is ["desk", string project, string economy]
            ? new OfficerDriver(web, project, economy)
            : throw new RefusedException($"The link led to {desk.Address.AbsolutePath}, no desk.");
    }

    /// <summary>Every step of the form, then check-your-answers, then submit.</summary>
    public async Task<NominationReceipt> NominateAsync(NomineeFacts nominee)
    {
        ArgumentNullException.ThrowIfNull(nominee);
        string id = await SaveDraftAsync(nominee);
        return await SubmitAsync(id);
    }

    /// <summary>Begins a nominee and saves every step, without submitting.</summary>
    /// <returns>The nomination's id.</returns>
    public async Task<string> SaveDraftAsync(NomineeFacts nominee)
    {
        ArgumentNullException.ThrowIfNull(nominee);
        WebPage person = await StartAsync();
        string id = person.Address.AbsolutePath.Split('/')[^2];
        WebPage work = Check(await person.Form("/person").Set("name", nominee.Name).Set("email", nominee.Email).Set("nationality", nominee.Nationality).SubmitAsync(), "Saving who");
        WebPage statement = Check(await work.Form("/work")
            .Set("position", nominee.Position).Set("organisation", nominee.Organisation).Set("sector", nominee.Sector).Set("yearsOfExperience", nominee.YearsOfExperience)
            .SubmitAsync(), "Saving where");
        Check(await statement.Form("/statement").Set("statement", nominee.Statement).Set("wishes", nominee.Wishes).SubmitAsync(), "Saving why");
        return id;
    }

    /// <summary>Begins a nominee and saves no more than the name.</summary>
    public async Task<string> SaveNameOnlyAsync(string name)
    {
        WebPage person = await StartAsync();
        Check(await person.Form("/person").Set("name", name).SubmitAsync(), "Saving who");
        return person.Address.AbsolutePath.Split('/')[^2];
    }

    /// <summary>Submits what was saved, first or again.</summary>
    public async Task<NominationReceipt> SubmitAsync(string id)
    {
        WebPage check = await GetAsync($"{Path}/nominees/{id}/check");
        WebPage receipt = Check(await check.Form("/submit").SubmitAsync(), "Submitting");
        string reference = receipt.Document.QuerySelector(".govuk-panel__body strong")?.TextContent.Trim()
            ?? throw new RefusedException($"No receipt: {receipt.Text[..Math.Min(receipt.Text.Length, 500)]}");
        return new NominationReceipt(id, reference);
    }

    /// <summary>Nominates in one request, as a program does.</summary>
    /// <param name="key">Idempotency key; the same key and nominee again give the same receipt.</param>
    public async Task<NominationReceipt> NominateByApiAsync(NomineeFacts nominee, string key)
    {
        WebPage answer = Check(await PostAsync(nominee, key), "Nominating by program");
        JsonNode body = JsonNode.Parse(answer.Body) ?? throw new RefusedException("An empty receipt.");
        return new NominationReceipt(body["id"]?.GetValue<string>() ?? "", body["reference"]?.GetValue<string>() ?? "");
    }

    /// <summary>As <see cref="NominateByApiAsync"/>, with whatever answer comes.</summary>
    public Task<WebPage> PostAsync(NomineeFacts nominee, string key)
    {
        ArgumentNullException.ThrowIfNull(nominee);
        HttpRequestMessage request = new(HttpMethod.Post, new Uri(web.BaseAddress, $"{Api}/nominations"))
        {
            Content = JsonContent.Create(new
            {
                name = nominee.Name,
                email = nominee.Email,
                nationality = nominee.Nationality,
                position = nominee.Position,
                organisation = nominee.Organisation,
                sector = nominee.Sector,
                yearsOfExperience = nominee.YearsOfExperience,
                statement = nominee.Statement,
                wishes = nominee.Wishes,
            }),
        };
        request.Headers.Add("Idempotency-Key", key);
        return web.SendOnceAsync(request);
    }

    /// <summary>Saves another statement; <see cref="SubmitAsync"/> sends it.</summary>
    public async Task ChangeStatementAsync(string id, string statement) =>
        Check(await (await GetAsync($"{Path}/nominees/{id}/statement")).Form("/statement").Set("statement", statement).SubmitAsync(), "Saving why");

    /// <summary>Puts the nominees into this order, by the numbers of the list page.</summary>
    /// <param name="order">Ids of all who are not withdrawn, first rank first.</param>
    public async Task RankAsync(IReadOnlyList<string> order)
    {
        ArgumentNullException.ThrowIfNull(order);
        WebPage desk = await GetAsync(Path);

        // Two forms go to the same address: this is the one with the numbers in it.
        IElement form = desk.Document.QuerySelector("input[name^='rank-']")?.Closest("form") ?? throw new RefusedException("The list offers no order.");
        List<KeyValuePair<string, string>> fields = [.. form.QuerySelectorAll("input[type=hidden]")
            .Select(input => KeyValuePair.Create(input.GetAttribute("name") ?? "", input.GetAttribute("value") ?? ""))];
        for (int index = 0; index < order.Count; index++)
        {
            fields.Add(KeyValuePair.Create($"rank-{order[index]}", (index + 1).ToString(CultureInfo.InvariantCulture)));
        }

        using FormUrlEncodedContent content = new(fields);
        Check(await web.SendAsync(HttpMethod.Post, $"{Path}/ranks", content), "Ranking");
    }

    /// <summary>Withdraws a nomination, or throws a draft away.</summary>
    public async Task WithdrawAsync(string id) =>
        Check(await (await GetAsync($"{Path}/nominees/{id}/withdraw")).Form("/withdraw").SubmitAsync(), "Withdrawing");

    public async Task UploadAsync(string id, string fileName, byte[] content, string type)
    {
        WebPage page = await GetAsync($"{Path}/nominees/{id}/documents");
        Check(await page.Form("/documents").Attach("document", fileName, content, type).SubmitAsync(), "Uploading");
    }

    /// <summary>The list page.</summary>
    public Task<WebPage> ReadDeskAsync() => GetAsync(Path);

    public void Dispose() => web.Dispose();

    private static WebPage Check(WebPage page, string what) => RefusedException.Check(page, what);

    private async Task<WebPage> GetAsync(string address) => Check(await web.GetAsync(address), "Opening");

    private async Task<WebPage> StartAsync() =>
        Check(await (await GetAsync(Path)).Form("/nominees/new/person").SubmitAsync(), "Adding a nominee");
}
