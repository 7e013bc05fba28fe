using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Plenary.Local;

/// <summary>Shows and moves the clock of the whole process at <c>/local/clock</c>.</summary>
public static class ClockEndpoints
{
    private const string Path = "/local/clock";

    /// <summary>
    /// GET answers <c>{now, isFrozen, offset}</c>, or a page to a browser. POST takes JSON or a form with <c>to</c> (ISO 8601),
    /// <c>by</c> (P1D or hh:mm:ss, negative too) or <c>freeze</c> (true, false); when it answers, the timers passed have been woken.
    /// </summary>
    public static void MapClock(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.MapGet(Path, (RequestDelegate)ShowAsync);
        endpoints.MapPost(Path, (RequestDelegate)MoveAsync);
    }

    private static MovableClock ClockOf(HttpContext http) => http.RequestServices.GetRequiredService<MovableClock>();

    private static Task ShowAsync(HttpContext http) =>
        http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            ? WritePageAsync(http)
            : WriteJsonAsync(http);

    private static async Task WriteJsonAsync(HttpContext http)
    {
        MovableClock clock = ClockOf(http);
        http.Response.ContentType = "application/json";
        await using Utf8JsonWriter writer = new(http.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("now", clock.GetUtcNow().UtcDateTime);
        writer.WriteBoolean("isFrozen", clock.IsFrozen);
        writer.WriteString("offset", (clock.GetUtcNow() - MovableClock.Machine.GetUtcNow()).ToString("c", CultureInfo.InvariantCulture));
        writer.WriteEndObject();
        await writer.FlushAsync();
    }

    private static Task WritePageAsync(HttpContext http)
    {
        MovableClock clock = ClockOf(http);
        string now = HtmlEncoder.Default.Encode(clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync($"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Clock</title><style>{LocalPage.Style}</style></head>
            <body><main>
            <h1>Clock</h1>
            <p>It is <strong>{now}</strong>{(clock.IsFrozen ? ", and it stands still" : "")}.</p>
            <form method="post"><p><label for="to">To (UTC, such as 2023-07-31T15:59:00Z)</label><input id="to" name="to"><button>Move</button></p></form>
            <form method="post"><p><label for="by">By (such as P1D or 01:00:00)</label><input id="by" name="by"><button>Move</button></p></form>
            <form method="post"><p><button name="freeze" value="{(clock.IsFrozen ? "false" : "true")}">{(clock.IsFrozen ? "Let it run" : "Stop it")}</button></p></form>
            </main></body></html>
            """);
    }

    private static async Task MoveAsync(HttpContext http)
    {
        MovableClock clock = ClockOf(http);
        bool isForm = http.Request.HasFormContentType;
        try
        {
            (string? to, string? by, string? freeze) = isForm ? await ReadFormAsync(http) : await ReadJsonAsync(http);
            if (freeze is not null)
            {
                if (bool.Parse(freeze))
                {
                    clock.Freeze();
                }
                else
                {
                    clock.Run();
                }
            }

            if (to is not null)
            {
                clock.MoveTo(DateTimeOffset.Parse(to, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
            }
            else if (by is not null)
            {
                clock.Advance(by.Contains('P', StringComparison.Ordinal)
                    ? XmlConvert.ToTimeSpan(by)
                    : TimeSpan.Parse(by, CultureInfo.InvariantCulture));
            }
            else if (freeze is null)
            {
                throw new FormatException("Give one of: to, by, freeze.");
            }
        }
        catch (Exception fault) when (fault is FormatException or JsonException or ArgumentException or OverflowException)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await http.Response.WriteAsync(fault.Message);
            return;
        }

        if (isForm)
        {
            http.Response.Redirect(Path);
            http.Response.StatusCode = StatusCodes.Status303SeeOther;
            return;
        }

        await WriteJsonAsync(http);
    }

    private static async Task<(string? To, string? By, string? Freeze)> ReadFormAsync(HttpContext http)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        return (Value("to"), Value("by"), Value("freeze"));

        string? Value(string name) => form[name].ToString() is { Length: > 0 } text ? text : null;
    }

    private static async Task<(string? To, string? By, string? Freeze)> ReadJsonAsync(HttpContext http)
    {
        using JsonDocument body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        return body.RootElement.ValueKind == JsonValueKind.Object
            ? (Value("to"), Value("by"), Value("freeze"))
            : throw new FormatException("The body must be a JSON object.");

        string? Value(string name) => body.RootElement.TryGetProperty(name, out JsonElement value) ? value.ToString() : null;
    }
}
