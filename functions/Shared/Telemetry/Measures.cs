using System.Diagnostics.Metrics;
using Plenary.Infra.Telemetry;

namespace Plenary.Shared.Telemetry;

/// <summary>
/// What is counted and measured, of the whole process. Tags are codes, kinds, states and queues: never an id, never a person.
/// Nothing is kept or sent unless somebody listens.
/// </summary>
public static class Measures
{
    private static readonly Meter Meter = new(Traces.Name);

    private static readonly Counter<long> Refused = Meter.CreateCounter<long>(MetricNames.NominationsRefused);
    private static readonly Counter<long> Mails = Meter.CreateCounter<long>(MetricNames.Mails);
    private static readonly Gauge<long> DeadLettered = Meter.CreateGauge<long>(MetricNames.DeadLetters);

    public static Counter<long> NominationsAccepted { get; } = Meter.CreateCounter<long>(MetricNames.NominationsAccepted);

    public static Gauge<double> OldestOwedMail { get; } = Meter.CreateGauge<double>(MetricNames.MailsOldestOwed, "s");

    public static Gauge<long> UnknownMails { get; } = Meter.CreateGauge<long>(MetricNames.MailsUnknown);

    public static Gauge<double> AgendaLag { get; } = Meter.CreateGauge<double>(MetricNames.AgendaLag, "s");

    public static Gauge<double> OutboxLag { get; } = Meter.CreateGauge<double>(MetricNames.OutboxLag, "s");

    public static Gauge<double> CutOffLag { get; } = Meter.CreateGauge<double>(MetricNames.CutOffLag, "s");

    public static Gauge<double> TimerAge { get; } = Meter.CreateGauge<double>(MetricNames.TimerAge, "s");

    public static Counter<long> SignatureFailures { get; } = Meter.CreateCounter<long>(MetricNames.WebhookSignatureFailures);

    public static Counter<long> Throttled { get; } = Meter.CreateCounter<long>(MetricNames.ProviderThrottled);

    /// <summary>For whoever recounts indexes and counters.</summary>
    public static Gauge<long> RecountMismatches { get; } = Meter.CreateGauge<long>(MetricNames.RecountMismatches);

    /// <inheritdoc cref="RecountMismatches" />
    public static Gauge<long> OrphanedBlobs { get; } = Meter.CreateGauge<long>(MetricNames.BlobsOrphaned);

    public static void CountRefusal(string code) => Refused.Add(1, new KeyValuePair<string, object?>("code", code));

    /// <summary>A mail has come into a state.</summary>
    public static void CountMail(string kind, string state) =>
        Mails.Add(1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("state", state));

    public static void RecordDeadLetters(string queue, int count) =>
        DeadLettered.Record(count, new KeyValuePair<string, object?>("queue", queue));
}
