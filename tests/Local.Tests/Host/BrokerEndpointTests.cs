using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Plenary.Local.TestApp;

namespace Plenary.Local.Tests.Host;

#pragma warning disable CA1001 // xunit ends the client through DisposeAsync.
public sealed class BrokerEndpointTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private RunningHost host = null!;
    private ServiceBusClient client = null!;

    public async Task InitializeAsync()
    {
        host = await RunningHost.StartAsync(typeof(QueueFunctions));
        client = new ServiceBusClient(host.Services.GetRequiredService<IConfiguration>()["ServiceBusConnection"]!);
    }

    public async Task DisposeAsync()
    {
        await client.DisposeAsync();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Every_message_comes_as_often_more_as_was_asked_for()
    {
        await PutAsync(new { redeliveries = 49 });
        await SendAsync("m1");
        await host.IdleAsync();
        Assert.Equal(50, host.Notes.Count(note => note.StartsWith("fine m1 ", StringComparison.Ordinal)));
        using JsonDocument state = await host.GetJsonAsync("/local/broker");
        Assert.Equal(49, state.RootElement.GetProperty("redeliveries").GetInt32());
        Assert.Equal(0, state.RootElement.GetProperty("deadLettered").GetInt32());
    }

    [Fact]
    public async Task A_broker_that_is_stopped_takes_nothing_until_it_runs_again()
    {
        await PutAsync(new { running = false });
        await Assert.ThrowsAsync<ServiceBusException>(() => SendAsync("m1"));
        host.Clock.Advance(TimeSpan.FromHours(24));
        await PutAsync(new { running = true });
        await SendAsync("m1");
        await host.IdleAsync();
        Assert.Equal(["fine m1 1"], host.Notes);
    }

    [Fact]
    public async Task A_lock_that_was_expired_brings_the_message_to_somebody_else_while_the_first_still_works()
    {
        await SendAsync("m1", "wait");
        await host.Seen.NextAsync();
        await PutAsync(new { expireLocks = true });
        await host.Seen.NextAsync();
        host.Seen.Gate.SetResult();
        await host.IdleAsync();
        Assert.Equal(["wait m1 1", "wait m1 2"], host.Notes);
    }

    [Theory]
    [InlineData("""{"speed":3}""")]
    [InlineData("""{"redeliveries":-1}""")]
    [InlineData("[]")]
    public async Task What_it_does_not_understand_it_refuses(string body)
    {
        using StringContent content = new(body);
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Client.PutAsync("/local/broker", content)).StatusCode);
    }

    private async Task PutAsync(object wish) => (await host.Client.PutAsJsonAsync("/local/broker", wish)).EnsureSuccessStatusCode();

    private Task SendAsync(string id, string body = "fine") => client.CreateSender("work").SendMessageAsync(new ServiceBusMessage(body) { MessageId = id });
}
