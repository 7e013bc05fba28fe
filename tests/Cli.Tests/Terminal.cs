using System.Text.Json.Nodes;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Plenary.Cli.Backups;
using Plenary.Infra.Blobs;
using Plenary.Infra.Bus;
using Plenary.Infra.Tables;
using Plenary.Local;
using Plenary.Support;

namespace Plenary.Cli.Tests;

/// <summary>What a command printed and ended with.</summary>
internal sealed record Printed(int Exit, string Output, string Error)
{
    public JsonNode Json => JsonNode.Parse(Output) ?? throw new InvalidOperationException("null was printed.");
}

/// <summary>The command over stores in memory and a broker of its own, at an instant that stands still.</summary>
internal sealed class Terminal : IAsyncDisposable
{
    private readonly Broker broker;

    public Terminal()
    {
        string name = $"{Azurite.Unique("cli")}.servicebus";
        broker = Broker.Configure(name, new BrokerOptions { Clock = Clock, MaxDeliveryCount = 1 });
        Client = new ServiceBusClient($"Endpoint=sb://{name}/;SharedAccessKeyName=local;SharedAccessKey=bG9jYWw=");
    }

    public FakeClock Clock { get; } = new(Sample.Now);

    /// <summary>The instant of the commands to come.</summary>
    public DateTimeOffset Now { get; set; } = Sample.Now;

    public InMemoryTables Tables { get; } = new();

    public InMemoryBlobs Blobs { get; } = new("documents", "selections");

    public ServiceBusClient Client { get; }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await broker.DisposeAsync();
    }

    public async Task<Printed> RunAsync(params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int exit = await RunOverAsync(args, output, Blobs, error);
        return new Printed(exit, output.ToString(), error.ToString());
    }

    /// <param name="blobs">In place of its own.</param>
    /// <param name="tables">In place of its own; null for these.</param>
    public Task<int> RunOverAsync(string[] args, TextWriter output, IBlobs blobs, TextWriter? error = null, ITables? tables = null)
    {
        string[] settings = ["--settings", Path.Combine(Repository.Root, "local.settings.sample.json"), "--set", $"Local:Clock={Now:O}", "--set", "Local:ClockFrozen=true", "--as", "tester"];
        return PlenaryCommand.RunAsync([.. args, .. settings], output, error ?? output, services =>
        {
            services.Replace(ServiceDescriptor.Singleton(tables ?? Tables));
            services.Replace(ServiceDescriptor.Singleton(blobs));
            services.Replace(ServiceDescriptor.Singleton(Client));
        });
    }

    /// <summary>Every row with its columns and its mark, every file, every message: what a dry run must leave as it was.</summary>
    public async Task<string> DumpAsync()
    {
        System.Buffers.ArrayBufferWriter<byte> lines = new();
        List<string> rest = [];
        foreach (string table in Sample.Tables)
        {
            await foreach (Row row in Tables[table].ScanAllAsync(CancellationToken.None))
            {
                RowLine.Write(lines, table, row);
                rest.Add($"{table} {row.Key} {row.ETag}");
            }
        }

        ServiceBusQueues queues = new(Client);
        foreach (string queue in Operation.QueueNames)
        {
            rest.AddRange(await queues.PeekAsync(queue, dead: false, CancellationToken.None).Select(message => $"{queue} {message.Id}").ToListAsync());
            rest.AddRange(await queues.PeekAsync(queue, dead: true, CancellationToken.None).Select(message => $"{queue} dead {message.Id}").ToListAsync());
        }

        return System.Text.Encoding.UTF8.GetString(lines.WrittenSpan) + string.Join('\n', rest) + string.Join('\n', Blobs.Names.Order(StringComparer.Ordinal));
    }

    /// <summary>Sends a message and has the broker give up on it.</summary>
    public async Task KillMessageAsync(string queue, string id, string body)
    {
        await Client.CreateSender(queue).SendMessageAsync(new ServiceBusMessage(body) { MessageId = id });
        await using ServiceBusReceiver receiver = Client.CreateReceiver(queue);
        await receiver.DeadLetterMessageAsync(await receiver.ReceiveMessageAsync(), "Poisoned", "A test did it.");
    }
}
