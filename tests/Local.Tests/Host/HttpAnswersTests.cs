using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Plenary.Local.TestApp;
using Plenary.Support;

namespace Plenary.Local.Tests.Host;

public sealed class HttpAnswersTests : IAsyncLifetime
{
    private RunningHost host = null!;

    public async Task InitializeAsync() =>
        host = await RunningHost.StartAsync(typeof(HttpFunctions), ("Local:Authentication", "off"));

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task An_action_result_is_executed()
    {
        using HttpResponseMessage response = await host.Client.GetAsync("/rest/x");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Fact]
    public async Task A_razor_component_is_encoded_and_middleware_can_strip_and_add_headers_as_the_answer_starts()
    {
        using HttpResponseMessage response = await host.Client.GetAsync("/page/%3Cscript%3E");
        Assert.Contains("&lt;script&gt;", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.False(response.Headers.Contains("blazor-enhanced-nav"));
        Assert.Equal("yes", response.Headers.GetValues("X-Added").Single());
    }

    [Fact]
    public async Task A_razor_component_brings_a_stray_header_that_the_app_has_to_strip()
    {
        FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(
            ["--Local:Urls=http://127.0.0.1:0", $"--Local:HostJson={Path.Combine(Repository.Root, "host.json")}", "--Local:MasterKey=m", "--Local:FunctionKey=f"]);
        builder.ConfigureFunctionsWebApplication();
        builder.UseFunctionsOf(typeof(HttpFunctions));
        builder.Services.AddSingleton<Seen>();
        builder.Services.AddScoped<Piece>();
        using IHost bare = builder.Build();
        await bare.StartAsync();
        using HttpClient client = new() { BaseAddress = bare.Address() };
        using HttpResponseMessage response = await client.GetAsync("/page/x");
        Assert.Equal("allow", response.Headers.GetValues("blazor-enhanced-nav").Single());
        await bare.StopAsync();
    }

    [Fact]
    public async Task An_unhandled_exception_is_500_with_an_empty_body_and_none_of_the_answers_headers()
    {
        using HttpResponseMessage response = await host.Client.GetAsync("/fail/unknown");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains("X-Early"));
        Assert.Null(response.Content.Headers.ContentType);
    }

    [Fact]
    public async Task Middleware_sees_the_exception_as_it_was_thrown_and_can_turn_it_into_an_answer()
    {
        using HttpResponseMessage response = await host.Client.GetAsync("/fail/known");
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Middleware_can_read_and_replace_what_the_function_returned()
    {
        Assert.Equal("QUIET", await host.Client.GetStringAsync("/shout"));
        Assert.Equal("home /", await host.Client.GetStringAsync("/"));
    }

    [Fact]
    public async Task A_component_that_fails_while_it_renders_is_an_empty_500_of_text_html()
    {
        using HttpResponseMessage response = await host.Client.GetAsync("/page/fail");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_function_that_returns_nothing_answers_an_empty_200()
    {
        using HttpResponseMessage response = await host.Client.GetAsync("/nothing");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_token_is_cancelled_when_the_client_goes_away()
    {
        using CancellationTokenSource leaving = new();
        Task<HttpResponseMessage> call = host.Client.GetAsync("/wait", leaving.Token);
        await host.Seen.NextAsync();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await host.Seen.NextAsync();
        Assert.Contains("cancelled", host.Notes);
    }

    [Fact]
    public async Task Headers_arrive_as_the_platform_lets_them_through()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/headers");
        request.Headers.Add("X-MS-CLIENT-PRINCIPAL", "sent by the caller");
        request.Headers.Add("X-MS-CLIENT-PRINCIPAL-NAME", "anyone");
        request.Headers.Add("X-Forwarded-For", "10.0.0.1");
        request.Headers.Add("X-Forwarded-Host", "elsewhere");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Host = "plenary.example";
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        Dictionary<string, string> seen = new(
            await response.Content.ReadFromJsonAsync<Dictionary<string, string>>() ?? [], StringComparer.OrdinalIgnoreCase);
        Assert.Equal("sent by the caller", seen["X-MS-CLIENT-PRINCIPAL"]);
        Assert.Equal("anyone", seen["X-MS-CLIENT-PRINCIPAL-NAME"]);
        Assert.Equal("plenary.example", seen["Host"]);
        Assert.Equal("plenary.example", seen["X-Original-Host"]);
        Assert.Equal("http", seen["X-Original-Proto"]);
        Assert.StartsWith("127.0.0.1:", seen["X-Original-For"], StringComparison.Ordinal);
        Assert.True(Guid.TryParse(seen["x-ms-invocation-id"], out _));
        Assert.DoesNotContain(seen.Keys, name => name.StartsWith("X-Forwarded", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_multipart_upload_of_12_MB_is_read_as_a_form()
    {
        using ByteArrayContent file = new(new byte[12 * 1024 * 1024]);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        using MultipartFormDataContent form = new() { { file, "file", "paper.pdf" } };
        using HttpResponseMessage response = await host.Client.PostAsync("/upload", form);
        Assert.Equal("12582912", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_request_over_100_MB_never_reaches_the_app()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/upload") { Content = new ByteArrayContent([]) };
        request.Content.Headers.ContentLength = 101 * 1024 * 1024;
        request.Headers.ExpectContinue = true;
        using HttpResponseMessage response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task A_conditional_request_for_what_the_caller_has_is_304()
    {
        using HttpResponseMessage first = await host.Client.GetAsync("/tagged");
        Assert.Equal("body", await first.Content.ReadAsStringAsync());
        using HttpRequestMessage again = new(HttpMethod.Get, "/tagged");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag ?? throw new InvalidOperationException("No entity tag came."));
        using HttpResponseMessage second = await host.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal("", await second.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/locked", null, HttpStatusCode.Unauthorized)]
    [InlineData("/locked", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("/locked", RunningHost.FunctionKey, HttpStatusCode.OK)]
    [InlineData("/locked", RunningHost.MasterKey, HttpStatusCode.OK)]
    [InlineData("/admin-only", RunningHost.FunctionKey, HttpStatusCode.Unauthorized)]
    [InlineData("/admin-only", RunningHost.MasterKey, HttpStatusCode.OK)]
    public async Task A_function_with_a_level_asks_for_its_key(string path, string? key, HttpStatusCode status)
    {
        using HttpResponseMessage inQuery = await host.Client.GetAsync(key is null ? path : $"{path}?code={key}");
        Assert.Equal(status, inQuery.StatusCode);
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
        }

        using HttpResponseMessage inHeader = await host.Client.SendAsync(request);
        Assert.Equal(status, inHeader.StatusCode);
    }

    [Fact]
    public async Task Each_invocation_has_services_of_its_own_which_end_with_it()
    {
        string first = await host.Client.GetStringAsync("/scope");
        string second = await host.Client.GetStringAsync("/scope");
        Assert.NotEqual(first, second);
        await host.Seen.NextAsync();
        await host.Seen.NextAsync();
        Assert.Equal([$"disposed {first}", $"disposed {second}"], host.Seen.Notes);
    }
}
