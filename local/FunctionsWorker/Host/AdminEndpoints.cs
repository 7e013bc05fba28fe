using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Plenary.Local;

/// <summary>The part of the real host's admin interface that operators use: list the functions, run one.</summary>
internal sealed partial class AdminEndpoints(
    FunctionCatalog catalog, FunctionKeys keys, BackgroundHost background, Runs runs, ILogger<AdminEndpoints> log)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/admin/functions", (RequestDelegate)ListAsync);
        endpoints.MapPost("/admin/functions/{name}", (RequestDelegate)RunAsync);
    }

    private async Task ListAsync(HttpContext http)
    {
        if (!keys.Open(AuthorizationLevel.Admin, http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        http.Response.ContentType = "application/json";
        await using Utf8JsonWriter writer = new(http.Response.BodyWriter);
        writer.WriteStartArray();
        foreach (FunctionEntry entry in catalog.All.OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            writer.WriteStartObject();
            writer.WriteString("name", entry.Name);
            writer.WriteBoolean("isDisabled", entry.IsDisabled);
            writer.WriteString("language", "dotnet-isolated");
            writer.WriteStartObject("config");
            writer.WriteString("entryPoint", entry.EntryPoint);
            writer.WriteStartArray("bindings");
            writer.WriteStartObject();
            writer.WriteString("type", entry.Kind);
            writer.WriteString("name", entry.TriggerParameter.Name);
            writer.WriteString("direction", "In");
            if (entry.Trigger is HttpTriggerAttribute trigger)
            {
                writer.WriteString("route", entry.Route);
                writer.WriteString("authLevel", trigger.AuthLevel.ToString());
                writer.WriteStartArray("methods");
                foreach (string method in trigger.Methods ?? [])
                {
                    writer.WriteStringValue(method);
                }

                writer.WriteEndArray();
            }

            if (entry.Schedule is not null)
            {
                writer.WriteString("schedule", entry.Schedule);
            }

            if (entry.QueueName is not null)
            {
                writer.WriteString("queueName", entry.QueueName);
            }

            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        await writer.FlushAsync();
    }

    private async Task RunAsync(HttpContext http)
    {
        if (!keys.Open(AuthorizationLevel.Admin, http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (catalog.Get(http.Request.RouteValues["name"] as string ?? "") is not { } entry)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        string? input;
        try
        {
            using JsonDocument body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            input = body.RootElement.ValueKind == JsonValueKind.Object
                ? body.RootElement.TryGetProperty("input", out JsonElement value) ? value.ToString() : null
                : throw new JsonException("Not an object.");
        }
        catch (JsonException)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (runs.Stopping.IsCancellationRequested)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        // Counted before the answer goes out, so that /local/idle sees it at once.
        IDisposable piece = runs.Begin();
        Task? run = background.TimerOf(entry) is { } timer ? timer.RunNowAsync()
            : entry.QueueName is not null ? RunQueueFunctionAsync(entry, input ?? "")
            : null;
        if (run is null)
        {
            piece.Dispose();
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        _ = EndAsync(entry, run, piece);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private async Task RunQueueFunctionAsync(FunctionEntry entry, string input)
    {
        await Task.Yield();
        await runs.RunInScopeAsync((services, cancellation) => new Invocation(entry, services, cancellation)
        {
            Input = input,
            TriggerProperties = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
            {
                ["MessageId"] = Guid.NewGuid().ToString("N"),
                ["DeliveryCount"] = "1",
            },
        });
    }

    private async Task EndAsync(FunctionEntry entry, Task run, IDisposable piece)
    {
        try
        {
            await run;
        }
#pragma warning disable CA1031 // The answer has gone out: the log is where a failure shows, as in the real host.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.RunFailed(log, fault, entry.Name);
        }
        finally
        {
            piece.Dispose();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Function}, run by hand, failed.")]
        public static partial void RunFailed(ILogger log, Exception fault, string function);
    }
}
