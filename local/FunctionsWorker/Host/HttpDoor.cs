using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Plenary.Local;

/// <summary>Carries HTTP requests to functions and their results back, with the real host's manners.</summary>
internal sealed partial class HttpDoor(Runs runs, FunctionKeys keys, IConfiguration settings, ILogger<HttpDoor> log)
{
    public const string ContextKey = "HttpRequestContext";

    /// <summary>The platform refuses larger requests before the app sees them; Kestrel's own limit of 30 MB is the app's to change.</summary>
    private const long PlatformLimit = 100 * 1024 * 1024;

    private static readonly object Failed = new();

    /// <summary>The step of the pipeline in which the request reaches the function's context and its result is written.</summary>
    public static FunctionExecutionDelegate Proxy(FunctionExecutionDelegate next) => async context =>
    {
        Invocation invocation = Invocation.Of(context);
        if (invocation.Http is not { } http)
        {
            await next(context);
            return;
        }

        context.Items[ContextKey] = http;
        await next(context);
        try
        {
            await AnswerAsync(invocation.Result, http);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !http.RequestAborted.IsCancellationRequested)
        {
            throw new AnswerException(fault);
        }
    };

    /// <summary>Query values, then route values over them; never the key.</summary>
    public static IReadOnlyDictionary<string, object?> Properties(HttpContext http)
    {
        Dictionary<string, object?> all = new(StringComparer.OrdinalIgnoreCase);
        foreach (string name in http.Request.Query.Keys)
        {
            if (!name.Equals("code", StringComparison.OrdinalIgnoreCase))
            {
                all[name] = http.Request.Query[name].ToString();
            }
        }

        foreach ((string name, object? value) in http.Request.RouteValues)
        {
            all[name] = value?.ToString();
        }

        return all;
    }

    public Endpoint EndpointOf(FunctionEntry entry)
    {
        HttpTriggerAttribute trigger = (HttpTriggerAttribute)entry.Trigger;
        RouteEndpointBuilder builder = new(
            http => HandleAsync(http, entry, trigger.AuthLevel), RoutePatternFactory.Parse(entry.Route ?? ""), order: 0)
        {
            DisplayName = entry.Name,
        };
        builder.Metadata.Add(new HttpMethodMetadata(trigger.Methods ?? []));
        return builder.Build();
    }

    /// <summary>The first step for every request: what the platform does to it before the app sees it.</summary>
    public static Task EnterAsync(HttpContext http, RequestDelegate next)
    {
        HttpRequest request = http.Request;
        if (request.ContentLength > PlatformLimit)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return Task.CompletedTask;
        }

        foreach (string name in request.Headers.Keys.Where(name => name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            request.Headers.Remove(name);
        }

        request.Headers["X-Original-For"] = $"{http.Connection.RemoteIpAddress}:{http.Connection.RemotePort}";
        request.Headers["X-Original-Host"] = request.Host.Value;
        request.Headers["X-Original-Proto"] = request.Scheme;
        return next(http);
    }

    /// <summary>After routing: whatever matches no route by path and method is 404 with an empty body.</summary>
    public Task FindAsync(HttpContext http, RequestDelegate next)
    {
        // What routing itself makes for a wrong method is not a RouteEndpoint.
        if (http.GetEndpoint() is RouteEndpoint)
        {
            return next(http);
        }

        http.SetEndpoint(null);
        if (http.Request.Path == "/" && HttpMethods.IsGet(http.Request.Method))
        {
            if (settings["AzureWebJobsDisableHomepage"] is "true" or "True" or "1")
            {
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            }

            http.Response.ContentType = "text/html; charset=utf-8";
            return http.Response.WriteAsync(
                "<!DOCTYPE html><html lang=\"en\"><head><title>Functions</title></head>" +
                "<body><h1>The embedded Functions host is running</h1></body></html>");
        }

        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static async Task AnswerAsync(object? result, HttpContext http)
    {
        switch (result)
        {
            case IResult answer:
                await answer.ExecuteAsync(http);
                break;
            case IActionResult answer:
                await answer.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor()));
                break;
            default:
                // As the real worker: an answer written by the function itself, or an empty 200.
                break;
        }
    }

    /// <summary>Nothing of the failed answer goes out, whatever the function has set.</summary>
    private static Task ClearFailedAsync(object state)
    {
        HttpContext http = (HttpContext)state;
        if (http.Items.TryGetValue(Failed, out object? contentType))
        {
            http.Response.Headers.Clear();
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            http.Response.ContentType = (string?)contentType;
            http.Response.ContentLength = 0;
        }

        return Task.CompletedTask;
    }

    private static void Fail(HttpContext http, string? contentType)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.Clear();
        http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        http.Items[Failed] = contentType;
    }

    private async Task HandleAsync(HttpContext http, FunctionEntry entry, AuthorizationLevel level)
    {
        if (runs.Stopping.IsCancellationRequested)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        if (!keys.Open(level, http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        Invocation invocation = new(entry, http.RequestServices, http.RequestAborted) { Http = http };
        http.Request.Headers["x-ms-invocation-id"] = invocation.InvocationId;

        // Callbacks run in the reverse order of their registration: this one has the last word.
        http.Response.OnStarting(ClearFailedAsync, http);
        try
        {
            await runs.RunRequestAsync(invocation);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            Log.CallerLeft(log, entry.Name, invocation.InvocationId);
            http.Abort();
        }
        catch (AnswerException fault)
        {
            Log.AnswerFailed(log, fault.InnerException, entry.Name, invocation.InvocationId);
            Fail(http, http.Response.ContentType);
        }
#pragma warning disable CA1031 // Whatever a function throws becomes an empty 500, as in the real host.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.RequestFailed(log, fault, entry.Name, invocation.InvocationId);
            Fail(http, null);
        }
    }

    /// <summary>Thrown while the result was written, when no middleware could turn it into an answer any more.</summary>
#pragma warning disable CA1032, CA1064 // Never leaves this class.
    private sealed class AnswerException(Exception fault) : Exception("The function's result could not be written.", fault);
#pragma warning restore CA1032, CA1064

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Function} failed in invocation {InvocationId}.")]
        public static partial void RequestFailed(ILogger log, Exception fault, string function, string invocationId);

        [LoggerMessage(2, LogLevel.Error, "The answer of {Function} could not be written in invocation {InvocationId}.")]
        public static partial void AnswerFailed(ILogger log, Exception? fault, string function, string invocationId);

        [LoggerMessage(3, LogLevel.Debug, "The caller of {Function} went away in invocation {InvocationId}.")]
        public static partial void CallerLeft(ILogger log, string function, string invocationId);
    }
}
