using System.Diagnostics;

namespace Plenary.Infra.Telemetry;

/// <summary>One trace from a request to its last effect: what is done next carries the W3C <c>traceparent</c> of what caused it.</summary>
public static class Traces
{
    /// <summary>Of the source of spans and of the meter.</summary>
    public const string Name = "Plenary";

    /// <summary>The application property of a message, as the official client writes and reads it.</summary>
    public const string Parent = "traceparent";

    /// <summary>The same under its older name; the official client leaves a message alone that has either.</summary>
    public const string DiagnosticId = "Diagnostic-Id";

    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Of what is being done now; null while nobody listens, so that messages and rows cost nothing more then.</summary>
    public static string? Current => Source.HasListeners() && Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;
}
