using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Plenary.Local;

/// <summary>Tells journeys and demonstrations when nothing is left to do at the clock's present instant.</summary>
internal sealed class IdleEndpoint(Runs runs, BackgroundHost background, HostBus bus)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(15);

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/local/idle", (RequestDelegate)AnswerAsync);

    private async Task AnswerAsync(HttpContext http)
    {
        TimeSpan patience = double.TryParse(
            http.Request.Query["wait"], NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
            ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 600))
            : TimeSpan.Zero;
        long start = MovableClock.Machine.GetTimestamp();
        while (true)
        {
            // What runs comes first: whatever ends after this look has put its messages into a queue by the next.
            int before = runs.Count + background.DueTimers;
            IReadOnlyList<BrokerCounts> queues = bus.Counts();
            int running = Math.Max(before, runs.Count + background.DueTimers);
            bool idle = running == 0 && queues.Sum(queue => queue.Active + queue.Locked) == 0;
            if (idle || MovableClock.Machine.GetElapsedTime(start) >= patience || runs.Stopping.IsCancellationRequested)
            {
                await WriteAsync(http, idle, running, queues);
                return;
            }

            await Task.Delay(Step, MovableClock.Machine, http.RequestAborted);
        }
    }

    private static async Task WriteAsync(HttpContext http, bool idle, int running, IReadOnlyList<BrokerCounts> queues)
    {
        http.Response.ContentType = "application/json";
        await using Utf8JsonWriter writer = new(http.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteBoolean("idle", idle);
        writer.WriteNumber("running", running);
        writer.WriteNumber("active", queues.Sum(queue => queue.Active));
        writer.WriteNumber("locked", queues.Sum(queue => queue.Locked));
        writer.WriteNumber("scheduled", queues.Sum(queue => queue.Scheduled));
        if (queues.Min(queue => queue.NextScheduled) is { } instant)
        {
            writer.WriteString("nextScheduledAt", instant.UtcDateTime);
        }
        else
        {
            writer.WriteNull("nextScheduledAt");
        }

        // Which queues hold the host up, for whoever waits in vain.
        writer.WriteStartObject("queues");
        foreach ((string name, BrokerQueueCounts count) in queues.SelectMany(broker => broker.Queues))
        {
            if (count.Active + count.Locked > 0)
            {
                writer.WriteNumber(name, count.Active + count.Locked);
            }
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        await writer.FlushAsync();
    }
}
