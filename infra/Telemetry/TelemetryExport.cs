using Azure.Core;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Plenary.Infra.Telemetry;

/// <summary>
/// Sends spans and metrics wherever a setting says: to an OTLP endpoint, to Application Insights by identity, to both. Without either
/// setting nothing is listened to and no exporter is loaded.
/// </summary>
public sealed class TelemetryExport(IConfiguration settings, Func<TokenCredential> identity) : IHostedService, IDisposable
{
    /// <summary>The exporter reads it too, with <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> and the others of that family.</summary>
    public const string OtlpSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>The Functions host uses it too, for what it tells itself.</summary>
    public const string InsightsSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private Exporters? exporters;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        bool toOtlp = !string.IsNullOrEmpty(settings[OtlpSetting]);
        string? insights = settings[InsightsSetting] is { Length: > 0 } connection ? connection : null;
        if (toOtlp || insights is not null)
        {
            exporters = new Exporters(toOtlp, insights, insights is null ? null : identity());
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Sends what has gathered: an instance that is scaled away afterwards would take it along.</summary>
    public async Task FlushAsync(TimeProvider clock)
    {
        if (exporters is not { } sending)
        {
            return;
        }

        try
        {
            await Task.Run(() => sending.Flush(Patience)).WaitAsync(Patience, clock);
        }
        catch (TimeoutException)
        {
            // It goes on by itself; watching must not keep from working.
        }
    }

    public void Dispose()
    {
        exporters?.Dispose();
        exporters = null;
    }

    /// <summary>A class of its own, so that the exporters' assemblies are loaded when it is made and not before.</summary>
    private sealed class Exporters : IDisposable
    {
        private readonly MeterProvider meters;
        private readonly TracerProvider traces;

        public Exporters(bool toOtlp, string? insights, TokenCredential? credential)
        {
            MeterProviderBuilder metrics = Sdk.CreateMeterProviderBuilder().ConfigureResource(Name).AddMeter(Traces.Name);
            TracerProviderBuilder spans = Sdk.CreateTracerProviderBuilder().ConfigureResource(Name).AddSource(Traces.Name);
            if (toOtlp)
            {
                metrics.AddOtlpExporter();
                spans.AddOtlpExporter();
            }

            if (insights is not null)
            {
                metrics.AddAzureMonitorMetricExporter(options => options.ConnectionString = insights, credential);
                spans.AddAzureMonitorTraceExporter(options => options.ConnectionString = insights, credential);
            }

            // The web server's own span around ours is not listened to, and would count as a parent that nobody wants to see.
            spans.SetSampler(new AlwaysOnSampler());
            meters = metrics.Build();
            traces = spans.Build();
        }

        public void Flush(TimeSpan patience)
        {
            meters.ForceFlush((int)patience.TotalMilliseconds);
            traces.ForceFlush((int)patience.TotalMilliseconds);
        }

        public void Dispose()
        {
            meters.Dispose();
            traces.Dispose();
        }

        private static void Name(ResourceBuilder resource) => resource.AddService(Traces.Name);
    }
}
