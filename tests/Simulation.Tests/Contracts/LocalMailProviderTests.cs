using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Plenary.Infra.Mail;
using Plenary.Local;
using Plenary.Support;

namespace Plenary.Simulation.Tests.Contracts;

/// <summary>The mailbox of local/ in memory, through the client that also speaks to the real provider.</summary>
public sealed class LocalMailProviderTests : MailProviderContract, IAsyncLifetime, IDisposable
{
    private readonly WebApplication mailbox;
    private readonly HttpClient http = new();

    public LocalMailProviderTests()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.Sources.Clear();
        builder.Services.AddSingleton<TimeProvider>(new FakeClock { Now = Start });
        builder.Services.AddMailbox(builder.Configuration);
        mailbox = builder.Build();
        mailbox.Urls.Add("http://127.0.0.1:0");
        mailbox.MapMailbox();
    }

    public Task InitializeAsync() => mailbox.StartAsync();

    public async Task DisposeAsync() => await mailbox.DisposeAsync();

    public void Dispose() => http.Dispose();

    protected override Task<MailAnswer> SendAsync(OutgoingMail mail)
    {
        SendGridOptions options = new() { ApiKey = "SG.local-key-that-opens-nothing", Host = $"{Address()}/local/sendgrid", FromAddress = "projects@example.org", FromName = "The Secretariat" };
        return new SendGridProvider(http, Options.Create(options)).SendAsync(mail, Start, default);
    }

    protected override async Task<IReadOnlyList<string>> TakenAsync()
    {
        JsonNode? counts = await http.GetFromJsonAsync<JsonNode>($"{Address()}/local/mailbox/api/count");
        return [.. (counts?["kinds"]?.AsObject() ?? []).SelectMany(kind => Enumerable.Repeat(kind.Key, kind.Value?.GetValue<int>() ?? 0))];
    }

    protected override Task PutOffOnceAsync() => BehaveAsync("throttle");

    protected override Task LoseOneAnswerAsync() => BehaveAsync("drop-after-accept");

    private async Task BehaveAsync(string mode) =>
        (await http.PostAsJsonAsync($"{Address()}/local/mailbox/api/behaviour", new { mode, count = 1 })).EnsureSuccessStatusCode();

    private string Address() => mailbox.Urls.Single();
}
