using Azure.Core;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Azure.Monitor.OpenTelemetry.Exporter;

/// <summary>There is no Application Insights on one machine: settings are checked, and nothing is sent.</summary>
public static class AzureMonitorExporterExtensions
{
    public static MeterProviderBuilder AddAzureMonitorMetricExporter(
        this MeterProviderBuilder builder,
        Action<AzureMonitorExporterOptions> configure = null,
        TokenCredential credential = null,
        string name = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        Check(configure, credential);
        return builder;
    }

    public static TracerProviderBuilder AddAzureMonitorTraceExporter(
        this TracerProviderBuilder builder,
        Action<AzureMonitorExporterOptions> configure = null,
        TokenCredential credential = null,
        string name = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        Check(configure, credential);
        return builder;
    }

    private static void Check(Action<AzureMonitorExporterOptions> configure, TokenCredential credential)
    {
        AzureMonitorExporterOptions options = new() { Credential = credential };
        configure?.Invoke(options);
        if (options.ConnectionString?.Contains("InstrumentationKey=", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw new InvalidOperationException("A connection string with an instrumentation key was not found. Please set your connection string.");
        }
    }
}
