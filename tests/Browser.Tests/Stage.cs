using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Plenary.Support;

namespace Plenary.Browser.Tests;

/// <summary>
/// The app, its mailbox and a Chromium, for all tests of this assembly; and the walk through one project's life on which
/// every page has been looked at.
/// </summary>
public sealed class Stage : IAsyncLifetime
{
    public const string Name = "One app and one Chromium";

    private static readonly HttpClient Http = new();
    private PlenaryApp? app;
    private Chromium? chromium;

    public PlenaryApp App => app ?? throw new InvalidOperationException("The stage is not set.");

    public Chromium Chromium => chromium ?? throw new InvalidOperationException("The stage is not set.");

    public Mailbox Mailbox => new(App.Address);

    /// <summary>What the walk met.</summary>
    public Walk Walk { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Azurite azurite = await Azurite.SharedAsync();
        app = await PlenaryApp.StartAsync(azurite.ConnectionString, new DateTimeOffset(2023, 7, 3, 3, 0, 0, TimeSpan.Zero));
        chromium = await Chromium.StartAsync();
        Walk = await Walk.TakeAsync(this);
    }

    public async Task DisposeAsync()
    {
        if (chromium is not null)
        {
            await chromium.DisposeAsync();
        }

        if (app is not null)
        {
            await app.DisposeAsync();
        }
    }

    public async Task<IPage> NewPageAsync(bool withScript = true) => await (await Chromium.NewContextAsync(App.Address, withScript)).NewPageAsync();

    /// <summary>Nominates as a program does, with the token of the desk's link; the answer tells the reference.</summary>
    public async Task<JsonNode> NominateAsync(string project, string economy, string deskLink, string name, string email)
    {
        ArgumentNullException.ThrowIfNull(deskLink);
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(App.Address, $"/api/projects/{project}/economies/{economy}/nominations"))
        {
            Content = JsonContent.Create(new
            {
                name,
                email,
                nationality = "Of the economy",
                position = "Head of the counter for business permits",
                organisation = "City of somewhere",
                sector = "government",
                statement = "Leads the counters of the city and wants to open them to everybody.",
            }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", deskLink[(deskLink.LastIndexOf('/') + 1)..]);
        request.Headers.Add("Idempotency-Key", email);
        HttpResponseMessage answer = await Http.SendAsync(request);
        string body = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(body) ?? throw new InvalidOperationException("No answer.")
            : throw new InvalidOperationException($"{(int)answer.StatusCode}: {body}");
    }

    /// <summary>What the host says it serves to a browser that asks: template and name.</summary>
    public async Task<IReadOnlyList<(string Function, string Route)>> ListGetRoutesAsync()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(App.Address, "/admin/functions"));
        request.Headers.Add("x-functions-key", "local-master-key");
        HttpResponseMessage answer = await Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        JsonArray functions = (await answer.Content.ReadFromJsonAsync<JsonArray>())!;
        return
        [
            .. from function in functions
               let binding = function["config"]!["bindings"]![0]!
               where binding["methods"] is JsonArray methods && methods.Any(method => method!.GetValue<string>() == "get")
               select (function["name"]!.GetValue<string>(), binding["route"]!.GetValue<string>()),
        ];
    }
}

[CollectionDefinition(Stage.Name)]
#pragma warning disable CA1711 // xunit's word for it.
public sealed class StageCollection : ICollectionFixture<Stage>;
#pragma warning restore CA1711
