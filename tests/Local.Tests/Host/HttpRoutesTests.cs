using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Plenary.Local.TestApp;

namespace Plenary.Local.Tests.Host;

public sealed class HttpRoutesTests : IAsyncLifetime
{
    private RunningHost host = null!;

    public async Task InitializeAsync() => host = await RunningHost.StartAsync(typeof(HttpFunctions));

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Theory]
    [InlineData("/", "home /")]
    [InlineData("/items/7/pen", "GET 7 pen Item pen True")]
    [InlineData("/ITEMS/7/Pen", "GET 7 Pen Item Pen True")]
    [InlineData("/items/7/pen/", "GET 7 pen Item pen True")]
    [InlineData("/records/0f8fad5bd9cb469fa16570867728950e", "GET 0f8fad5bd9cb469fa16570867728950e")]
    [InlineData("/rest/a/b/c?x=1", "rest a/b/c ?x=1")]
    public async Task A_route_matches_whatever_its_case_and_with_a_trailing_slash(string path, string answer) =>
        Assert.Equal(answer, await host.Client.GetStringAsync(path));

    [Theory]
    [InlineData("DELETE", "/items/7/pen")]
    [InlineData("HEAD", "/items/7/pen")]
    [InlineData("GET", "/items/no-number/pen")]
    [InlineData("GET", "/nowhere")]
    [InlineData("POST", "/")]
    [InlineData("PUT", "/local/clock")]
    public async Task A_wrong_method_and_an_unknown_route_are_404_with_an_empty_body(string method, string path)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
        Assert.Empty(response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Head_is_answered_where_it_is_listed()
    {
        using HttpRequestMessage request = new(HttpMethod.Head, $"/records/{Guid.NewGuid()}");
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task The_root_page_answers_204_where_no_function_serves_it_and_the_home_page_is_off()
    {
        await using RunningHost bare = await RunningHost.StartAsync(typeof(TimerFunctions), ("AzureWebJobsDisableHomepage", "true"));
        using HttpResponseMessage response = await bare.Client.GetAsync("/");
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Fact]
    public async Task The_root_page_of_the_host_shows_where_it_is_not_off()
    {
        await using RunningHost bare = await RunningHost.StartAsync(typeof(TimerFunctions));
        using HttpResponseMessage response = await bare.Client.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task The_prefix_of_host_json_comes_before_every_route()
    {
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, """{ "version": "2.0", "extensions": { "http": { "routePrefix": "api/v1" } } }""");
        try
        {
            await using RunningHost prefixed = await RunningHost.StartAsync(typeof(HttpFunctions), ("Local:HostJson", file));
            Assert.Equal("GET 7 pen Item pen True", await prefixed.Client.GetStringAsync("/api/v1/items/7/pen"));
            using HttpResponseMessage response = await prefixed.Client.GetAsync("/items/7/pen");
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_disabled_function_is_not_found()
    {
        await using RunningHost some = await RunningHost.StartAsync(typeof(HttpFunctions), ("AzureWebJobs.Item.Disabled", "true"));
        using HttpResponseMessage response = await some.Client.GetAsync("/items/7/pen");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData(typeof(SlashFunctions), "{home:maxlength(0)?}")]
    [InlineData(typeof(AdminRouteFunctions), "conflicts")]
    [InlineData(typeof(UnboundFunctions), "cannot bind")]
    [InlineData(typeof(UnsetFunctions), "%Not:Set%")]
    [InlineData(typeof(OddScheduleFunctions), "neither cron nor")]
    [InlineData(typeof(TwiceFunctions), "declared twice")]
    public void A_function_that_cannot_work_is_refused_at_start_with_the_remedy(Type functions, string told)
    {
        InvalidOperationException fault = Assert.Throws<InvalidOperationException>(() =>
        {
            using IHost built = RunningHost.Build([functions]).Build();
        });
        Assert.Contains(told, fault.Message, StringComparison.Ordinal);
    }

#pragma warning disable CA1822 // Functions are instance methods.
    private sealed class SlashFunctions
    {
        [Function("Slash")]
        public IResult Slash([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "/")] HttpRequest request) => Results.Ok(request.Path);
    }

    private sealed class AdminRouteFunctions
    {
        [Function("Hidden")]
        public IResult Hidden([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "admin/x")] HttpRequest request) => Results.Ok(request.Path);
    }

    private sealed class UnboundFunctions
    {
        [Function("Unbound")]
        public IResult Unbound([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "x")] HttpRequest request, TimeProvider clock) =>
            Results.Ok($"{request.Path} {clock}");
    }

    private sealed class UnsetFunctions
    {
        [Function("Unset")]
        public void Unset([TimerTrigger("%Not:Set%")] TimerInfo timer) => ArgumentNullException.ThrowIfNull(timer);
    }

    private sealed class OddScheduleFunctions
    {
        [Function("Odd")]
        public void Odd([TimerTrigger("every day")] TimerInfo timer) => ArgumentNullException.ThrowIfNull(timer);
    }

    private sealed class TwiceFunctions
    {
        [Function("Twice")]
        public void One([TimerTrigger("0 0 * * * *")] TimerInfo timer) => ArgumentNullException.ThrowIfNull(timer);

        [Function("Twice")]
        public void Two([TimerTrigger("0 0 * * * *")] TimerInfo timer) => ArgumentNullException.ThrowIfNull(timer);
    }
#pragma warning restore CA1822
}
