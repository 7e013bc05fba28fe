using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Plenary.Infra.Blobs;
using Plenary.Infra.Bus;
using Plenary.Infra.Mail;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Shared.Telemetry;

namespace Plenary.Shared;

/// <summary>Whether the tables answer.</summary>
public sealed class TablesHealth(ITables tables) : IHealthProbe
{
    public string Name => "tables";

    public async Task<HealthLine> AskAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        await tables.Get(OutboxNames.Markers).FindAsync(new RowKey("health", "health"), cancellation);
        return new HealthLine(Name, true);
    }
}

/// <summary>Whether the blobs answer.</summary>
public sealed class BlobsHealth(IBlobs blobs, IEnumerable<NeededStores> needed) : IHealthProbe
{
    public string Name => "blobs";

    public async Task<HealthLine> AskAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        await blobs.ListAsync(needed.SelectMany(one => one.Containers).First(), "health/", cancellation).AnyAsync(cancellation);
        return new HealthLine(Name, true);
    }
}

/// <summary>Whether the bus answers, and how many messages each queue has given up on.</summary>
public sealed class BusHealth(IQueueWatch queues) : IHealthProbe
{
    public string Name => "bus";

    public async Task<HealthLine> AskAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        int[] counts = await Task.WhenAll(Queues.All.Select(queue => queues.CountDeadLettersAsync(queue, cancellation)));
        Dictionary<string, double> figures = new() { ["deadLetters"] = counts.Sum() };
        foreach ((string queue, int count) in Queues.All.Zip(counts))
        {
            Measures.RecordDeadLetters(queue, count);
            if (count > 0)
            {
                figures[$"deadLetters/{queue}"] = count;
            }
        }

        return new HealthLine(Name, true, figures);
    }
}

/// <summary>Whether the platform has replaced every reference to a secret by the secret.</summary>
public sealed partial class SecretsHealth(IConfiguration settings, ILogger<SecretsHealth> logger) : IHealthProbe
{
    public string Name => "secrets";

    public Task<HealthLine> AskAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        string[] unresolved =
        [
            .. settings.AsEnumerable().Where(setting => setting.Value?.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) == true)
                .Select(setting => setting.Key),
        ];
        foreach (string setting in unresolved)
        {
            Log.Unresolved(logger, setting);
        }

        return Task.FromResult(new HealthLine(Name, unresolved.Length == 0));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The setting {Setting} still holds a reference to the key vault and not its secret.")]
        public static partial void Unresolved(ILogger logger, string setting);
    }
}

/// <summary>Whether the mail provider's key looks like one; the provider itself is not asked.</summary>
public sealed class MailKeyHealth(IOptions<SendGridOptions> options) : IHealthProbe
{
    public string Name => "mailKey";

    public Task<HealthLine> AskAsync(DateTimeOffset now, CancellationToken cancellation) =>
        Task.FromResult(new HealthLine(Name, options.Value.HasKeyShape()));
}
