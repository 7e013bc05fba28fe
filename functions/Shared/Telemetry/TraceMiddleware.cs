using System.Diagnostics;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Plenary.Infra.Telemetry;

namespace Plenary.Shared.Telemetry;

/// <summary>
/// A span for each run of a function. A message continues the trace of what sent it: the host begins one of its own for each, so the
/// message itself is asked.
/// </summary>
public sealed class TraceMiddleware : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        using Activity? span = Traces.Source.HasListeners() ? Begin(context) : null;
        try
        {
            await next(context);
        }
        catch (Exception failure)
        {
            span?.SetStatus(ActivityStatusCode.Error, failure.GetType().Name);
            throw;
        }
    }

    private static Activity? Begin(FunctionContext context)
    {
        string name = context.FunctionDefinition.Name;
        if (context.GetHttpContext() is not null)
        {
            return Traces.Source.StartActivity(name, ActivityKind.Server);
        }

        string? parent = ParentOf(context.BindingContext.BindingData) ?? context.TraceContext.TraceParent;
        _ = ActivityContext.TryParse(parent, null, isRemote: true, out ActivityContext cause);
        return Traces.Source.StartActivity(name, ActivityKind.Consumer, cause);
    }

    private static string? ParentOf(IReadOnlyDictionary<string, object?> binding)
    {
        if (!binding.TryGetValue("ApplicationProperties", out object? value) || value is not string { Length: > 2 } text)
        {
            return null;
        }

        using JsonDocument properties = JsonDocument.Parse(text);
        return Text(properties.RootElement, Traces.Parent) ?? Text(properties.RootElement, Traces.DiagnosticId);
    }

    private static string? Text(JsonElement properties, string name) =>
        properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
