using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AngleSharp.Dom;

namespace Plenary.Support.Drivers;

/// <summary>Who of the local sign-in page's people is at the desk.</summary>
public enum SecretariatPerson
{
    /// <summary>Aiko Mori.</summary>
    Officer,

    /// <summary>Ben Carter, who may approve as well.</summary>
    Approver,

    /// <summary>Chloe Tan.</summary>
    Operator,
}

/// <summary>A line of the selection page's table: what became of one nominee.</summary>
/// <param name="Decision">Such as <c>Selected</c> or <c>Alternate 3</c>.</param>
/// <param name="Offer">State and place of the offer, such as <c>Accepted, place-overseas-07</c>; a dash when there is none.</param>
public sealed record DecisionLine(string Name, string Economy, string Decision, string ReasonCode, string Offer);

/// <summary>A line of the attendance page's table.</summary>
/// <param name="Candidate">Economy and nomination, as forms name the person.</param>
/// <param name="Certificate">Its number; null while there is none.</param>
public sealed record AttendanceLine(string Name, string Candidate, string? Certificate);

/// <summary>
/// A secretariat officer with a browser: everything that is done after sign-in, by the forms on the pages. Whatever is refused throws
/// <see cref="RefusedException"/> with the page's words.
/// </summary>
public sealed class SecretariatDriver : IDisposable
{
    private const string SignInPath = "/.auth/login/aad";

    private readonly Web web;
    private readonly SecretariatPerson person;

    private SecretariatDriver(Web web, SecretariatPerson person)
    {
        this.web = web;
        this.person = person;
    }

    /// <summary>For pages that have no method here.</summary>
    public Web Web => web;

    public static async Task<SecretariatDriver> SignInAsync(Uri app, SecretariatPerson person = SecretariatPerson.Approver)
    {
        SecretariatDriver driver = new(new Web(app), person);
        await driver.SignInAsync();
        return driver;
    }

    /// <summary>Either may be empty.</summary>
    public async Task ImportRegistryAsync(string economiesCsv, string officersCsv)
    {
        WebForm form = (await GetAsync("/secretariat/registry")).Form("/secretariat/registry");
        Check(await form.Set("economies", economiesCsv).Set("officers", officersCsv).SubmitAsync("Import"), "Importing the registry");
    }

    /// <summary>The repository's samples: 21 economies, 20 of them active.</summary>
    public async Task ImportSampleRegistryAsync() => await ImportRegistryAsync(await SampleAsync("economies.csv"), await SampleAsync("officers.csv"));

    /// <summary>The sample notification's text as it stands.</summary>
    public static Task<string> SampleNotificationAsync() => SampleAsync("23-IP-10-GE-WSP-A.notification.txt");

    /// <summary>Reads a notification in, sets what the officer wants otherwise, and issues it.</summary>
    /// <param name="settings">Fields of the check page (any, such as <c>closingPolicy</c>, <c>offerDays</c> or a clause's own name) with their values.</param>
    /// <returns>The project's code.</returns>
    public Task<string> IssueAsync(string notification, IReadOnlyDictionary<string, string>? settings = null) =>
        IssueAsync(notification, settings, "Issue the notification");

    /// <summary>Reads in a changed text of a notification that was issued before, and issues it as the next version.</summary>
    public Task<string> ReviseAsync(string notification, string reason, IReadOnlyDictionary<string, string>? settings = null) =>
        IssueAsync(notification, new Dictionary<string, string>(settings ?? new Dictionary<string, string>()) { ["reason"] = reason }, "Issue as version");

    public async Task CirculateAsync(string code) => await PressAsync($"/secretariat/projects/{code}", "/circulate", "Circulate");

    public async Task ProposeAsync(string code) => await PressAsync($"/secretariat/projects/{code}/selection", "/selection/propose", "Propose");

    public async Task ApproveAsync(string code) => await PressAsync($"/secretariat/projects/{code}/selection", "/selection/approve", "Approve");

    /// <summary>The selection page's table; empty before anything was proposed.</summary>
    public async Task<IReadOnlyList<DecisionLine>> ReadDecisionsAsync(string code)
    {
        WebPage page = await GetAsync($"/secretariat/projects/{code}/selection");
        IElement? table = page.Document.QuerySelector("[aria-label=Decisions] table");
        return [.. (table?.QuerySelectorAll("tbody tr") ?? Enumerable.Empty<IElement>()).Select(row =>
        {
            IElement[] cells = [.. row.Children];
            string reason = cells[2].QuerySelector("code")?.TextContent.Trim() ?? "";
            string kind = cells[2].FirstChild?.TextContent.Trim() ?? "";
            return new DecisionLine(Fold(cells[0]), Fold(cells[1]), kind, reason, Fold(cells[4]));
        })];
    }

    public async Task<IReadOnlyList<AttendanceLine>> ReadAttendanceAsync(string code)
    {
        WebPage page = await GetAsync($"/secretariat/projects/{code}/attendance");
        return [.. page.Document.QuerySelectorAll("#present tbody tr").Select(row => new AttendanceLine(
            row.QuerySelector("th span")?.TextContent.Trim() ?? "",
            row.QuerySelector("input[name=listed]")?.GetAttribute("value") ?? "",
            row.QuerySelector("a[href^='/certificates/']")?.TextContent.Trim()))];
    }

    /// <summary>Ticks the boxes of the page; who is not named keeps the ticks they have.</summary>
    /// <param name="present">Candidate and session number of each presence to add.</param>
    public async Task TickAttendanceAsync(string code, IReadOnlyCollection<(string Candidate, int Session)> present)
    {
        WebPage page = await GetAsync($"/secretariat/projects/{code}/attendance");
        List<KeyValuePair<string, string>> fields = [];
        IElement form = page.Document.QuerySelector("#present")?.Closest("form") ?? throw new RefusedException("The attendance page lists nobody.");
        HashSet<string> ticks = [.. present.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Session}:{one.Candidate}"))];
        foreach (IElement input in form.QuerySelectorAll("input[name]"))
        {
            string name = input.GetAttribute("name") ?? "";
            string value = input.GetAttribute("value") ?? "";
            if (name != "present" || input.HasAttribute("checked") || ticks.Contains(value))
            {
                fields.Add(KeyValuePair.Create(name, value));
            }
        }

        using FormUrlEncodedContent content = new(fields);
        Check(await web.SendAsync(HttpMethod.Post, page.Address.PathAndQuery, content), "Recording attendance");
    }

    /// <param name="csv">With a heading row of <c>reference,session-1,…</c>.</param>
    public async Task UploadAttendanceAsync(string code, string csv)
    {
        WebPage page = await GetAsync($"/secretariat/projects/{code}/attendance");
        IElement token = page.Document.QuerySelector("#present")?.Closest("form")?.QuerySelector("input[type=hidden]") ?? throw new RefusedException("The attendance page lists nobody.");
        using MultipartFormDataContent content = [];
        using StringContent tokenField = new(token.GetAttribute("value") ?? "", Encoding.UTF8);
        using ByteArrayContent file = new(Encoding.UTF8.GetBytes(csv));
        file.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("text/csv");
        content.Add(tokenField, token.GetAttribute("name") ?? "");
        content.Add(file, "file", "presence.csv");
        Check(await web.SendAsync(HttpMethod.Post, page.Address.PathAndQuery, content), "Uploading attendance");
    }

    public async Task IssueCertificatesAsync(string code) => await PressAsync($"/secretariat/projects/{code}/attendance", "/certificates", "Issue");

    /// <summary>Publishes the figures with the drafted text as it stands.</summary>
    public async Task PublishOutcomeAsync(string code) => await PressAsync($"/secretariat/projects/{code}/outcome", "/outcome", "Publish");

    public Task<WebPage> ReadProjectAsync(string code) => GetAsync($"/secretariat/projects/{code}");

    public Task<WebPage> ReadSurveyResultsAsync(string code) => GetAsync($"/secretariat/projects/{code}/survey");

    public Task<WebPage> ReadMailsAsync(string code) => GetAsync($"/secretariat/projects/{code}/mail");

    /// <summary>The published figures by key, as anybody reads them.</summary>
    public async Task<IReadOnlyDictionary<string, decimal?>> ReadOutcomeAsync(string code)
    {
        WebPage page = Check(await web.GetAsync($"/api/projects/{code}/outcome"), "Reading the outcome");
        JsonNode answer = JsonNode.Parse(page.Body) ?? throw new RefusedException("The outcome is empty.");
        return answer["figures"]?.AsObject().ToDictionary(pair => pair.Key, pair => pair.Value?.GetValue<decimal>()) ?? [];
    }

    public void Dispose() => web.Dispose();

    private static Task<string> SampleAsync(string name) => File.ReadAllTextAsync(Path.Combine(Repository.Root, "samples", name));

    private static string Fold(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static WebPage Check(WebPage page, string what) => RefusedException.Check(page, what);

    private async Task SignInAsync()
    {
        using FormUrlEncodedContent form = new(
        [
            KeyValuePair.Create("person", ((int)person).ToString(CultureInfo.InvariantCulture)),
            KeyValuePair.Create("post_login_redirect_uri", "/secretariat"),
        ]);
        Check(await web.SendAsync(HttpMethod.Post, SignInPath, form), "Signing in");
    }

    /// <summary>Signs in again when the clock has run past the end of the session, as an officer would in the morning.</summary>
    private async Task<WebPage> GetAsync(string address)
    {
        WebPage page = await web.GetAsync(address);
        if (page.Address.AbsolutePath == SignInPath)
        {
            await SignInAsync();
            page = await web.GetAsync(address);
        }

        return Check(page, "Opening");
    }

    private async Task PressAsync(string address, string formEndsWith, string button) =>
        Check(await (await GetAsync(address)).Form(formEndsWith).SubmitAsync(button), button);

    private async Task<string> IssueAsync(string notification, IReadOnlyDictionary<string, string>? settings, string button)
    {
        WebForm paste = (await GetAsync("/secretariat/notifications/new")).Form("/secretariat/notifications/new");
        WebPage draft = await paste.Set("text", notification).SubmitAsync("Read it in");
        if ((int)draft.Status != 200 || !draft.Address.AbsolutePath.StartsWith("/secretariat/notifications/", StringComparison.Ordinal) || draft.Address.AbsolutePath.EndsWith("/new", StringComparison.Ordinal))
        {
            throw new RefusedException($"Reading in: {string.Join(" ", draft.Errors)}");
        }

        WebForm check = draft.Form(draft.Address.AbsolutePath);
        foreach ((string name, string value) in settings ?? new Dictionary<string, string>())
        {
            check.Set(name, value);
        }

        WebPage issued = Check(await check.SubmitAsync(button), button);
        return issued.Address.Segments[^1];
    }
}
