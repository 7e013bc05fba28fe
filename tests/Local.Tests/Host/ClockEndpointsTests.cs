using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Plenary.Local.TestApp;

namespace Plenary.Local.Tests.Host;

public sealed class ClockEndpointsTests : IAsyncLifetime
{
    private RunningHost host = null!;

    public async Task InitializeAsync() => host = await RunningHost.StartAsync(typeof(HttpFunctions));

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Theory]
    [InlineData("""{"to":"2023-07-31T15:59:00Z"}""", "2023-07-31T15:59:00Z")]
    [InlineData("""{"to":"2023-07-31"}""", "2023-07-31T00:00:00Z")]
    [InlineData("""{"by":"P1D"}""", "2023-07-04T09:00:30Z")]
    [InlineData("""{"by":"-P1D"}""", "2023-07-02T09:00:30Z")]
    [InlineData("""{"by":"01:30:00"}""", "2023-07-03T10:30:30Z")]
    public async Task The_clock_moves_to_an_instant_or_by_a_time(string body, string now)
    {
        using HttpResponseMessage response = await PostAsync(body);
        using JsonDocument answer = await response.Content.ReadFromJsonAsync<JsonDocument>() ?? throw new InvalidOperationException();
        Assert.Equal(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture), host.Clock.GetUtcNow());
        Assert.Equal(host.Clock.GetUtcNow(), answer.RootElement.GetProperty("now").GetDateTimeOffset());
        Assert.True(answer.RootElement.GetProperty("isFrozen").GetBoolean());
    }

    [Fact]
    public async Task The_clock_is_let_run_and_stopped()
    {
        using HttpResponseMessage run = await PostAsync("""{"freeze":false}""");
        Assert.False(host.Clock.IsFrozen);
        using HttpResponseMessage stop = await PostAsync("""{"freeze":true}""");
        Assert.True(host.Clock.IsFrozen);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("""{"to":"tomorrow"}""")]
    [InlineData("""{"by":"P"}""")]
    public async Task What_is_not_understood_is_refused_and_moves_nothing(string body)
    {
        using HttpResponseMessage response = await PostAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(RunningHost.Start, host.Clock.GetUtcNow());
    }

    [Fact]
    public async Task A_browser_gets_a_page_whose_forms_move_the_clock()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/local/clock");
        request.Headers.Accept.ParseAdd("text/html");
        using HttpResponseMessage page = await host.Client.SendAsync(request);
        Assert.Contains("<h1>Clock</h1>", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using FormUrlEncodedContent form = new([KeyValuePair.Create("to", "2024-02-29T12:00:00Z"), KeyValuePair.Create("by", "")]);
        using HttpResponseMessage moved = await host.Client.PostAsync("/local/clock", form);
        Assert.Equal(HttpStatusCode.SeeOther, moved.StatusCode);
        Assert.Equal(new DateTimeOffset(2024, 2, 29, 12, 0, 0, TimeSpan.Zero), host.Clock.GetUtcNow());
    }

    private Task<HttpResponseMessage> PostAsync(string body) =>
        host.Client.PostAsync("/local/clock", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
}
