using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Plenary.Local;

/// <summary>Lets tests and demonstrations make the broker misbehave as a real one may.</summary>
internal sealed class BrokerEndpoint(HostBus bus)
{
    private const string Path = "/local/broker";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, (RequestDelegate)WriteAsync);
        endpoints.MapPut(Path, (RequestDelegate)ChangeAsync);
    }

    private async Task ChangeAsync(HttpContext http)
    {
        try
        {
            using JsonDocument body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            foreach (JsonProperty wish in body.RootElement.EnumerateObject())
            {
                Change(wish);
            }
        }
        catch (Exception fault) when (fault is FormatException or JsonException or ArgumentException or InvalidOperationException)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await http.Response.WriteAsync(fault.Message);
            return;
        }

        await WriteAsync(http);
    }

    private void Change(JsonProperty wish)
    {
        foreach (Broker broker in bus.Brokers)
        {
            switch (wish.Name)
            {
                case "running" when wish.Value.GetBoolean():
                    broker.Start();
                    break;
                case "running":
                    broker.Stop();
                    break;
                case "redeliveries":
                    broker.Redeliveries = wish.Value.GetInt32();
                    break;
                case "reorder":
                    broker.Reorder(wish.Value.ValueKind == JsonValueKind.Null ? null : wish.Value.GetInt32());
                    break;
                case "expireLocks" when wish.Value.GetBoolean():
                    broker.ExpireLocks();
                    break;
                default:
                    throw new FormatException($"Give running, redeliveries, reorder or expireLocks: true, not {wish}.");
            }
        }
    }

    private async Task WriteAsync(HttpContext http)
    {
        Broker first = bus.Brokers.First();
        http.Response.ContentType = "application/json";
        await using Utf8JsonWriter writer = new(http.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteBoolean("running", first.IsRunning);
        writer.WriteNumber("redeliveries", first.Redeliveries);
        writer.WriteNumber("deadLettered", bus.Counts().Sum(counts => counts.DeadLettered));
        writer.WriteEndObject();
        await writer.FlushAsync();
    }
}
