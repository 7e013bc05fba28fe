namespace Plenary.Shared.Telemetry;

/// <summary>Names of the metrics; alerts and workbooks know them, so they are never renamed. README says what each means.</summary>
public static class MetricNames
{
    public const string NominationsAccepted = "plenary.nominations.accepted";

    public const string NominationsRefused = "plenary.nominations.refused";

    public const string Mails = "plenary.mails";

    public const string MailsOldestOwed = "plenary.mails.oldest_owed";

    public const string MailsUnknown = "plenary.mails.unknown";

    public const string AgendaLag = "plenary.agenda.lag";

    public const string OutboxLag = "plenary.outbox.lag";

    public const string CutOffLag = "plenary.cutoff.lag";

    public const string DeadLetters = "plenary.dead_letters";

    public const string RecountMismatches = "plenary.recount.mismatches";

    public const string BlobsOrphaned = "plenary.blobs.orphaned";

    public const string WebhookSignatureFailures = "plenary.webhook.signature_failures";

    public const string ProviderThrottled = "plenary.provider.throttled";

    public const string TimerAge = "plenary.timer.age";
}
