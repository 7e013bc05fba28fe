using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Plenary.Infra.Tables;
using Plenary.Support;
using Plenary.Support.Drivers;

namespace Plenary.Journey.Tests;

/// <summary>
/// One app with a small registry, and what people do there with a browser: the host Indonesia, Japan and Thailand with an officer each, Fiji
/// with the head of its organisation only, and Hong Kong, which is not active.
/// </summary>
internal sealed partial class Stage : IAsyncDisposable
{
    public const string Economies = """
        id,name,active,zone,weekend,languages,other_names
        indonesia,Indonesia,true,Asia/Jakarta,Sat-Sun,id;en,
        japan,Japan,true,Asia/Tokyo,Sat-Sun,ja;en,
        thailand,Thailand,true,Asia/Bangkok,Sat-Sun,th;en,
        fiji,Fiji,true,Pacific/Fiji,Sat-Sun,en,
        hong-kong,Hong Kong,false,Asia/Hong_Kong,Sat-Sun,en,
        """;

    public const string Officers = """
        economy,role,name,email,language,from,until
        indonesia,officer,Dewi Kusumawati,dewi@npo-indonesia.example.org,id,2021-08-02,
        japan,officer,高橋 美咲,misaki@npo-japan.example.org,ja,2023-04-01,
        thailand,officer,ณัฐธิดา ศรีสุวรรณ,nattida@npo-thailand.example.org,th,2021-10-01,
        fiji,head,Ratu Semi Naulu,head@npo-fiji.example.org,en,2016-01-04,
        """;

    /// <summary>Every economy that may nominate, with whoever is written to.</summary>
    public static readonly IReadOnlyDictionary<string, string> OfficerOf = new Dictionary<string, string>
    {
        ["indonesia"] = "dewi@npo-indonesia.example.org",
        ["japan"] = "misaki@npo-japan.example.org",
        ["thailand"] = "nattida@npo-thailand.example.org",
        ["fiji"] = "head@npo-fiji.example.org",
    };

    /// <summary>The day of issue, in the morning.</summary>
    public static readonly DateTimeOffset Start = new(2023, 7, 3, 1, 0, 0, TimeSpan.Zero);

    /// <summary>The end of 31 July in Tokyo.</summary>
    public static readonly DateTimeOffset Closing = new(2023, 7, 31, 15, 0, 0, TimeSpan.Zero);

    /// <summary>The first session: 14 August, nine in the morning in Jakarta.</summary>
    public static readonly DateTimeOffset Begin = new(2023, 8, 14, 2, 0, 0, TimeSpan.Zero);

    /// <summary>The end of the last session: 15 August, five in the afternoon in Jakarta.</summary>
    public static readonly DateTimeOffset End = new(2023, 8, 15, 10, 0, 0, TimeSpan.Zero);

    private readonly List<Web> browsers = [];
    private Web? secretariat;
    private DateTimeOffset signedInAt;

    private readonly string prefix;

    private Stage(PlenaryApp app, string prefix)
    {
        App = app;
        this.prefix = prefix;
    }

    public PlenaryApp App { get; }

    /// <summary>What happens after each thing people do; waits until the app has come to rest, unless a test has something worse in mind.</summary>
    public Func<Task>? Afterwards { get; set; }

    public Mailbox Mailbox => new(App.Address);

    /// <summary>With its registry imported.</summary>
    public static async Task<Stage> StartAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        Stage stage = await StartBareAsync(settings);
        WebPage registry = await (await stage.SecretariatAsync()).GetAsync("/secretariat/registry");
        (await registry.Expect().Form("/secretariat/registry").Set("economies", Economies).Set("officers", Officers).SubmitAsync()).Expect();
        return stage;
    }

    /// <summary>With an empty registry, and nobody signed in.</summary>
    public static async Task<Stage> StartBareAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        Azurite azurite = await Azurite.SharedAsync();
        string prefix = Azurite.Unique("p");
        return new Stage(await PlenaryApp.StartAsync(azurite.ConnectionString, Start, settings: settings, prefix: prefix), prefix);
    }

    /// <summary>One more process on the same stores, at the same time of day.</summary>
    public async Task<Stage> StartBesideAsync(IReadOnlyDictionary<string, string> settings)
    {
        Azurite azurite = await Azurite.SharedAsync();
        return new Stage(await PlenaryApp.StartAsync(azurite.ConnectionString, App.Now, settings: settings, prefix: prefix), prefix);
    }

    /// <summary>A browser nobody has used.</summary>
    public Web NewWeb()
    {
        Web web = App.NewWeb();
        browsers.Add(web);
        return web;
    }

    public async Task<Web> SignInAsync(string person)
    {
        Web web = NewWeb();
        WebPage page = await web.GetAsync("/.auth/login/aad?post_login_redirect_uri=/");
        (await page.Expect().Form("/.auth/login/aad").SubmitAsync(person)).Expect();
        return web;
    }

    /// <summary>Aiko Mori's browser; a sign-in lasts eight hours.</summary>
    public async Task<Web> SecretariatAsync()
    {
        if (secretariat is null || (App.Now - signedInAt).Duration() > TimeSpan.FromHours(7))
        {
            secretariat = await SignInAsync("Aiko Mori");
            signedInAt = App.Now;
        }

        return secretariat;
    }

    /// <summary>The page of the draft made of this text.</summary>
    public async Task<WebPage> ReadInAsync(string text)
    {
        WebPage page = await (await SecretariatAsync()).GetAsync("/secretariat/notifications/new");
        return await page.Expect().Form("/secretariat/notifications/new").Set("text", text).SubmitAsync();
    }

    /// <summary>Issues version 1, with other choices than the defaults if need be.</summary>
    public async Task IssueAsync(NotificationText text, params (string Field, string Value)[] choices)
    {
        WebPage draft = await ReadInAsync(text.ToString());
        WebForm form = draft.Expect().Form(draft.Address.AbsolutePath);
        foreach ((string field, string value) in choices)
        {
            form.Set(field, value);
        }

        WebPage issued = await form.SubmitAsync("Issue");
        if (!issued.Address.AbsolutePath.EndsWith($"/secretariat/projects/{text.Code}", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"Not issued: {string.Join(" | ", issued.Errors)}");
        }
    }

    public async Task CirculateAsync(string code)
    {
        WebPage page = await ProjectAsync(code);
        (await page.Form("/circulate").SubmitAsync()).Expect();
        await RestAsync();
    }

    /// <summary>Issued and circulated.</summary>
    public async Task OpenProjectAsync(NotificationText text, params (string Field, string Value)[] choices)
    {
        await IssueAsync(text, choices);
        await CirculateAsync(text.Code);
    }

    public async Task<WebPage> ProjectAsync(string code) =>
        (await (await SecretariatAsync()).GetAsync($"/secretariat/projects/{code}")).Expect();

    /// <summary>The newest mail of a kind about this project.</summary>
    public async Task<ReceivedMail> MailAsync(string to, string kind, string code) =>
        (await Mailbox.ListAsync(to, kind)).FirstOrDefault(mail => mail.Subject.Contains(code, StringComparison.Ordinal) || mail.Text.Contains(code, StringComparison.Ordinal))
        ?? throw new InvalidOperationException($"No mail of kind {kind} about {code}.");

    /// <summary>The token of the desk's personal link.</summary>
    public async Task<string> DeskTokenAsync(string code, string economy) =>
        (await MailAsync(OfficerOf[economy], "notification-circulated", code)).Link["/l/".Length..];

    /// <summary>The desk, opened from the mail in a browser of its own.</summary>
    public async Task<WebPage> OpenDeskAsync(string code, string economy) =>
        (await NewWeb().GetAsync($"/l/{await DeskTokenAsync(code, economy)}")).Expect();

    /// <summary>One nomination through the API, answered as it was.</summary>
    public async Task<(HttpStatusCode Status, JsonNode Answer)> NominateAsync(
        string code, string economy, string name, string? email = null, string? key = null, int? rank = null, string? token = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(App.Address, $"/api/projects/{code}/economies/{economy}/nominations"))
        {
            Content = JsonContent.Create(new
            {
                name,
                email = email ?? AddressOf(name),
                nationality = "As nominated",
                position = "Officer",
                organisation = "Agency",
                sector = "government",
                yearsOfExperience = "7",
                statement = "Writes forms.",
                rank,
            }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? await DeskTokenAsync(code, economy));
        request.Headers.Add("Idempotency-Key", key ?? Guid.NewGuid().ToString("N"));
        WebPage page = await NewWeb().SendOnceAsync(request);
        return (page.Status, JsonNode.Parse(page.Body) ?? throw new InvalidOperationException("No answer."));
    }

    /// <summary>Nominations that must be taken.</summary>
    public async Task NominateAllAsync(string code, string economy, params string[] names)
    {
        string token = await DeskTokenAsync(code, economy);
        foreach (string name in names)
        {
            (HttpStatusCode status, JsonNode answer) = await NominateAsync(code, economy, name, token: token);
            if (status != HttpStatusCode.Created)
            {
                throw new InvalidOperationException($"Not taken: {answer.ToJsonString()}");
            }
        }

        await RestAsync();
    }

    /// <summary>What <see cref="NominateAsync"/> gives a name as its address.</summary>
    public static string AddressOf(string name) => $"{name.ToLowerInvariant().Replace(' ', '.')}@agency.example.org";

    /// <summary>Aiko Mori proposes, Ben Carter looks and approves; offers are out afterwards.</summary>
    public async Task SelectAsync(string code)
    {
        Web web = await SecretariatAsync();
        WebPage page = (await web.GetAsync($"/secretariat/projects/{code}/selection")).Expect();
        (await page.Form("/propose").SubmitAsync()).Expect();
        page = (await (await SignInAsync("Ben Carter")).GetAsync($"/secretariat/projects/{code}/selection")).Expect();
        (await page.Form("/approve").SubmitAsync()).Expect();
        await RestAsync();
    }

    /// <summary>The offer's page, opened from the newest mail in a browser of its own.</summary>
    public async Task<WebPage> OpenOfferAsync(string code, string name) =>
        (await NewWeb().GetAsync((await MailAsync(AddressOf(name), "offer-made", code)).Link)).Expect();

    /// <param name="answer">accept or decline.</param>
    public async Task<WebPage> AnswerOfferAsync(string code, string name, string answer)
    {
        WebPage page = await OpenOfferAsync(code, name);
        WebPage after = await page.Form(page.Address.AbsolutePath).Set("answer", answer).SubmitAsync();
        await RestAsync();
        return after.Expect();
    }

    /// <summary>Ticks these people for both sessions, nobody else for any, and issues certificates.</summary>
    public async Task AttendAsync(string code, params string[] names)
    {
        Web web = await SecretariatAsync();
        WebPage page = (await web.GetAsync($"/secretariat/projects/{code}/attendance")).Expect();
        List<KeyValuePair<string, string>> fields = [new("formToken", page.Form("/attendance")["formToken"])];
        foreach (AngleSharp.Dom.IElement row in page.Document.QuerySelectorAll("#present tbody tr"))
        {
            string candidate = row.QuerySelector("input[name=listed]")?.GetAttribute("value") ?? "";
            fields.Add(new("listed", candidate));
            if (names.Any(name => row.TextContent.Contains(name, StringComparison.Ordinal)))
            {
                fields.AddRange(row.QuerySelectorAll("input[name=present]").Select(box => KeyValuePair.Create("present", box.GetAttribute("value") ?? "")));
            }
        }

        using FormUrlEncodedContent content = new(fields);
        page = (await web.SendAsync(HttpMethod.Post, page.Address.PathAndQuery, content)).Expect();
        (await page.Form("/certificates").SubmitAsync()).Expect();
        await RestAsync();
    }

    /// <summary>Fills in the survey from the invitation: every rating 4, every text the same word.</summary>
    public async Task<WebPage> AnswerSurveyAsync(string code, string name)
    {
        WebPage page = (await NewWeb().GetAsync((await MailAsync(AddressOf(name), "survey-invitation", code)).Link)).Expect();
        return await FillSurvey(page).SubmitAsync();
    }

    public static WebForm FillSurvey(WebPage page)
    {
        WebForm form = page.Form(page.Address.AbsolutePath);
        foreach (string name in page.Document.QuerySelectorAll("form input[type=radio]").Select(radio => radio.GetAttribute("name") ?? "").Distinct())
        {
            form.Set(name, "4");
        }

        foreach (string name in page.Document.QuerySelectorAll("form textarea").Select(area => area.GetAttribute("name") ?? ""))
        {
            form.Set(name, "Useful.");
        }

        return form;
    }

    /// <summary>The figures that are published, by key.</summary>
    public async Task<IReadOnlyDictionary<string, string>> PublishAsync(string code)
    {
        WebPage page = (await (await SecretariatAsync()).GetAsync($"/secretariat/projects/{code}/outcome")).Expect();
        (await page.Form("/outcome").SubmitAsync()).Expect();
        await RestAsync();
        WebPage data = (await NewWeb().GetAsync($"/api/projects/{code}/outcome")).Expect();
        JsonObject figures = JsonNode.Parse(data.Body)?["figures"]?.AsObject() ?? throw new InvalidOperationException("No figures.");
        return figures.ToDictionary(figure => figure.Key, figure => figure.Value?.ToString() ?? "");
    }

    /// <summary>What became of everybody, from the selection's page.</summary>
    public async Task<IReadOnlyList<DecisionLine>> DecisionsAsync(string code)
    {
        using SecretariatDriver driver = await SecretariatDriver.SignInAsync(App.Address, SecretariatPerson.Officer);
        return await driver.ReadDecisionsAsync(code);
    }

    /// <summary>Issues a changed text as the next version.</summary>
    public async Task ReviseAsync(NotificationText text, string reason)
    {
        using SecretariatDriver driver = await SecretariatDriver.SignInAsync(App.Address, SecretariatPerson.Officer);
        await driver.ReviseAsync(text.ToString(), reason);
        await RestAsync();
    }

    public async Task<IReadOnlyList<string>> FindDoubledMailsAsync() => FindDoubled(await Mailbox.ListAsync());

    /// <summary>
    /// Mails that arrived more than once: the same intent, or the same words to the same person but for the link, which is new each time.
    /// Reminders say the same on each step, so they are told apart by intent alone.
    /// </summary>
    public static IReadOnlyList<string> FindDoubled(IReadOnlyList<ReceivedMail> mails) =>
    [
        .. mails.GroupBy(IntentOf).Where(group => group.Count() > 1).Select(group => $"{group.Count()} x intent {group.Key}, {group.First().Kind}"),
        .. mails.Where(mail => !mail.Kind.EndsWith("-reminder", StringComparison.Ordinal))
            .GroupBy(mail => (mail.Kind, mail.To, mail.Subject, Words: PersonalLink().Replace(mail.Text, "")))
            .Where(group => group.Count() > 1).Select(group => $"{group.Count()} x {group.Key.Kind} to {group.Key.To}: {group.Key.Subject}"),
    ];

    /// <summary>The ledger's name of a mail.</summary>
    public static string IntentOf(ReceivedMail mail) => mail.Json["customArgs"]?["intent"]?.GetValue<string>() ?? "";

    /// <summary>States of all mails the ledger holds for a project, by intent.</summary>
    public async Task<IReadOnlyDictionary<string, (string Kind, string State, bool PossibleDuplicate)>> LedgerAsync(string code)
    {
        Dictionary<string, (string, string, bool)> states = [];
        await foreach (Row row in App.Tables.Get("Mail").ListAsync(Keys.Escape(code), KeyRange.All, CancellationToken.None).Where(row => row.Text("Kind").Length > 0))
        {
            states[row.Key.Row] = (row.Text("Kind"), row.Text("State"), row.Flag("PossibleDuplicate"));
        }

        return states;
    }

    /// <summary>Nothing is owed any more, and what the ledger calls sent is what arrived.</summary>
    public async Task AssertLedgerSettledAsync(string code)
    {
        IReadOnlyDictionary<string, (string Kind, string State, bool PossibleDuplicate)> ledger = await LedgerAsync(code);
        string[] open = [.. ledger.Where(pair => pair.Value.State is not ("Sent" or "Skipped")).Select(pair => $"{pair.Value.Kind} {pair.Value.State}")];
        Assert.True(open.Length == 0, string.Join(", ", open));
        string[] arrived = [.. (await Mailbox.ListAsync()).Select(IntentOf).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(ledger.Where(pair => pair.Value.State == "Sent").Select(pair => pair.Key).Order(StringComparer.Ordinal), arrived);
    }

    [GeneratedRegex("/l/[A-Za-z0-9_-]+")]
    private static partial Regex PersonalLink();

    private Task RestAsync() => (Afterwards ?? App.SettleAsync)();

    public async ValueTask DisposeAsync()
    {
        foreach (Web browser in browsers)
        {
            browser.Dispose();
        }

        await App.DisposeAsync();
    }
}

/// <summary>One stage for all tests of a class; each of them works in a project of its own.</summary>
public sealed class StageFixture : IAsyncLifetime
{
    private Stage? stage;

    internal Stage Stage => stage ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => stage = await Stage.StartAsync();

    public async Task DisposeAsync()
    {
        if (stage is not null)
        {
            await stage.DisposeAsync();
        }
    }
}
