using System.Net;
using System.Text.Json;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Plenary.Local.TestApp;
using Plenary.Support;

namespace Plenary.Local.Tests.Host;

#pragma warning disable CA1001 // xunit ends the client through DisposeAsync.
public sealed class QueuesTests : IAsyncLifetime
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
    public async Task A_message_is_completed_when_the_function_returns()
    {
        await SendAsync("fine", "m1");
        await host.IdleAsync();
        Assert.Equal(["fine m1 1"], host.Notes);
        Assert.Empty(await PeekAsync("work"));
    }

    [Fact]
    public async Task A_function_that_throws_gets_the_message_again_at_once()
    {
        await SendAsync("fail once", "m1");
        await host.IdleAsync();
        Assert.Equal(["fail once m1 1", "fail once m1 2"], host.Notes);
    }

    [Fact]
    public async Task A_message_that_always_fails_is_dead_lettered_after_the_maximum_delivery_count()
    {
        await SendAsync("fail", "m1");
        await SendAsync("fine", "m2");
        await host.IdleAsync();
        Assert.Equal(10, host.Notes.Count(note => note.StartsWith("fail m1", StringComparison.Ordinal)));
        Assert.Contains("fine m2 1", host.Notes);
        Assert.Equal(["m1"], await PeekAsync("work", SubQueue.DeadLetter));
    }

    [Fact]
    public async Task A_scheduled_message_comes_when_the_clock_reaches_its_instant_and_idle_tells_of_it()
    {
        ServiceBusSender sender = client.CreateSender("work");
        DateTimeOffset due = RunningHost.Start.AddDays(2);
        await sender.SendMessageAsync(new ServiceBusMessage("fine") { MessageId = "later", ScheduledEnqueueTime = due });
        using JsonDocument idle = await host.GetJsonAsync("/local/idle?wait=20");
        Assert.True(idle.RootElement.GetProperty("idle").GetBoolean());
        Assert.Equal(1, idle.RootElement.GetProperty("scheduled").GetInt32());
        Assert.Equal(due, idle.RootElement.GetProperty("nextScheduledAt").GetDateTimeOffset());
        host.Clock.MoveTo(due);
        await host.IdleAsync();
        Assert.Equal(["fine later 1"], host.Notes);
    }

    [Fact]
    public async Task The_host_is_not_idle_while_a_message_is_in_hand_and_runs_no_more_at_once_than_host_json_says()
    {
        for (int i = 0; i < 20; i++)
        {
            await SendAsync("wait", $"m{i}");
        }

        for (int i = 0; i < 16; i++)
        {
            await host.Seen.NextAsync();
        }

        using JsonDocument busy = await host.GetJsonAsync("/local/idle?wait=0.2");
        Assert.False(busy.RootElement.GetProperty("idle").GetBoolean());
        Assert.Equal(16, busy.RootElement.GetProperty("running").GetInt32());
        Assert.Equal(16, host.Notes.Count);
        host.Seen.Gate.SetResult();
        await host.IdleAsync();
        Assert.Equal(20, host.Notes.Count);
    }

    [Fact]
    public async Task The_lock_is_kept_while_the_function_runs()
    {
        await SendAsync("wait", "m1");
        await host.Seen.NextAsync();

        // Past the lock's 30 seconds in steps that a renewal has time to follow.
        for (int step = 0; step < 8; step++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(10));
            using JsonDocument state = await host.GetJsonAsync("/local/idle?wait=0.2");
            Assert.Equal(1, state.RootElement.GetProperty("locked").GetInt32());
        }

        host.Seen.Gate.SetResult();
        await host.IdleAsync();
        Assert.Equal(["wait m1 1"], host.Notes);
    }

    [Fact]
    public async Task The_admin_interface_runs_a_queue_function_once_with_the_input_given()
    {
        Assert.Equal(
            HttpStatusCode.Accepted, await TimersTests.RunAsync(host, "Take", """{"input":"by hand"}""", RunningHost.MasterKey));
        await host.IdleAsync();
        Assert.StartsWith("by hand ", Assert.Single(host.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_a_killed_process_had_in_hand_comes_again_at_once_to_a_process_told_to_be_alone()
    {
        Azurite azurite = await Azurite.SharedAsync();
        string prefix = Azurite.Unique("Queues");
        string connection = $"Endpoint=sb://{prefix}.servicebus/;SharedAccessKeyName=local;SharedAccessKey=local";
        MovableClock clock = new();
        clock.Freeze();
        clock.MoveTo(RunningHost.Start);
        await using (Broker.Configure($"{prefix}.servicebus", new BrokerOptions
        {
            Clock = clock,
            Store = new TableServiceClient(azurite.ConnectionString),
            TablePrefix = prefix,
        }))
        {
            await using ServiceBusClient earlier = new(connection);
            await earlier.CreateSender("work").SendMessageAsync(new ServiceBusMessage("fine") { MessageId = "m1" });
            Assert.NotNull(await earlier.CreateReceiver("work").ReceiveMessageAsync());
        }

        await using RunningHost later = await RunningHost.StartAsync(
            typeof(QueueFunctions), ("AzureWebJobsStorage", azurite.ConnectionString), ("Local:Prefix", prefix),
            ("ServiceBusConnection", connection), ("Local:SoleProcess", "true"));
        await later.IdleAsync();
        Assert.Equal(["fine m1 2"], later.Notes);
    }

    private async Task SendAsync(string body, string id)
    {
        ServiceBusSender sender = client.CreateSender("work");
        await sender.SendMessageAsync(new ServiceBusMessage(body) { MessageId = id });
    }

    private async Task<string[]> PeekAsync(string queue, SubQueue subQueue = SubQueue.None)
    {
        ServiceBusReceiver receiver = client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = subQueue });
        return [.. (await receiver.PeekMessagesAsync(10)).Select(message => message.MessageId ?? "")];
    }
}
