using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Plenary.Support;

/// <summary>A mail as it reached the mailbox.</summary>
public sealed record ReceivedMail(string Id, string To, string Subject, string Kind, string Text, string Html, JsonNode Json)
{
    /// <summary>The personal link in it.</summary>
    public string Link => Regex.Match(Text, @"https?://[^\s/]+(?<path>/l/[A-Za-z0-9_-]+)").Groups["path"].Value is { Length: > 0 } path
        ? path
        : throw new InvalidOperationException($"“{Subject}” carries no personal link.");
}

/// <summary>Reads what was sent, through the mailbox's own interface.</summary>
public sealed class Mailbox(Uri app)
{
    private static readonly HttpClient Http = new();

    public async Task<IReadOnlyList<ReceivedMail>> ListAsync(string? to = null, string? kind = null)
    {
        List<ReceivedMail> mails = [];
        for (int page = 1; ; page++)
        {
            string query = $"/local/mailbox/api/mails?to={Uri.EscapeDataString(to ?? "")}&kind={Uri.EscapeDataString(kind ?? "")}&page={page}&size=1000";
            JsonNode answer = await Http.GetFromJsonAsync<JsonNode>(new Uri(app, query)) ?? throw new InvalidOperationException("No answer.");
            JsonArray items = answer["mails"]?.AsArray() ?? throw new InvalidOperationException("No list of mails.");
            mails.AddRange(items.OfType<JsonNode>().Select(Read));
            if (answer["more"]?.GetValue<bool>() != true)
            {
                return mails;
            }
        }
    }

    /// <summary>The newest to this address of this kind.</summary>
    public async Task<ReceivedMail> NewestAsync(string to, string kind) =>
        await ListAsync(to, kind) is [ReceivedMail newest, ..] ? newest : throw new InvalidOperationException($"No mail of kind {kind} to that address.");

    public async Task<IReadOnlyDictionary<string, int>> CountAsync()
    {
        JsonNode answer = await Http.GetFromJsonAsync<JsonNode>(new Uri(app, "/local/mailbox/api/count")) ?? throw new InvalidOperationException("No answer.");
        return answer["kinds"]?.AsObject().ToDictionary(pair => pair.Key, pair => pair.Value?.GetValue<int>() ?? 0) ?? [];
    }

    /// <summary>Has the provider refuse, throttle or lose answers; see local/README.md.</summary>
    public async Task BehaveAsync(object behaviour) =>
        (await Http.PostAsJsonAsync(new Uri(app, "/local/mailbox/api/behaviour"), behaviour)).EnsureSuccessStatusCode();

    /// <summary>Has the provider report what became of a mail.</summary>
    public async Task ReportAsync(string id, string eventName) =>
        (await Http.PostAsync(new Uri(app, $"/local/mailbox/api/mails/{id}/events/{eventName}"), null)).EnsureSuccessStatusCode();

    private static ReceivedMail Read(JsonNode node) => new(
        Text(node, "id"), Text(node, "to"), Text(node, "subject"), Text(node, "kind"), Text(node, "text"), Text(node, "html"), node);

    private static string Text(JsonNode node, string name) => node[name]?.GetValue<string>() ?? "";
}
