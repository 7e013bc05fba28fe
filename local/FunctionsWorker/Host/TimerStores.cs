using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;

namespace Plenary.Local;

/// <summary>What is kept of a timer function, shared by all processes on one storage account.</summary>
/// <param name="Last">Null until it has run under this schedule.</param>
/// <param name="Holder">The process that runs the occurrence <paramref name="Next"/> now; null when none does.</param>
/// <param name="HeldUntil">By the machine's clock: a holder that dies gives way then.</param>
/// <param name="Version">Null when it has not been stored yet.</param>
internal sealed record TimerRecord(
    DateTimeOffset? Last, DateTimeOffset Next, DateTimeOffset LastUpdated, string? Holder, DateTimeOffset HeldUntil, string? Version);

internal interface ITimerStore
{
    Task<TimerRecord?> ReadAsync(string function, CancellationToken cancellation);

    /// <returns>The record as stored; null when somebody has changed it since it was read.</returns>
    Task<TimerRecord?> WriteAsync(string function, TimerRecord record, CancellationToken cancellation);
}

/// <summary>For timers without a monitor, and for a host without storage: forgotten with the process.</summary>
internal sealed class MemoryTimerStore : ITimerStore
{
    private readonly ConcurrentDictionary<string, TimerRecord> all = new(StringComparer.OrdinalIgnoreCase);

    public Task<TimerRecord?> ReadAsync(string function, CancellationToken cancellation) =>
        Task.FromResult(all.GetValueOrDefault(function));

    public Task<TimerRecord?> WriteAsync(string function, TimerRecord record, CancellationToken cancellation)
    {
        TimerRecord stored = record with { Version = Guid.NewGuid().ToString() };
        bool done = record.Version is null
            ? all.TryAdd(function, stored)
            : all.TryGetValue(function, out TimerRecord? current) && current.Version == record.Version &&
                all.TryUpdate(function, stored, current);
        return Task.FromResult(done ? stored : null);
    }
}

internal sealed class TableTimerStore(HostTable table) : ITimerStore
{
    private const string Partition = "timer";

    public async Task<TimerRecord?> ReadAsync(string function, CancellationToken cancellation)
    {
        TableClient client = await table.OpenAsync(cancellation);
        NullableResponse<TableEntity> found = await client.GetEntityIfExistsAsync<TableEntity>(
            Partition, function, cancellationToken: cancellation);
        if (!found.HasValue || found.Value is not { } row)
        {
            return null;
        }

        return new TimerRecord(
            row.GetInt64("Last") is { } last ? Instant(last) : null,
            Instant(row.GetInt64("Next") ?? 0),
            Instant(row.GetInt64("LastUpdated") ?? 0),
            row.GetString("Holder") is { Length: > 0 } holder ? holder : null,
            Instant(row.GetInt64("HeldUntil") ?? 0),
            row.ETag.ToString());
    }

    public async Task<TimerRecord?> WriteAsync(string function, TimerRecord record, CancellationToken cancellation)
    {
        TableClient client = await table.OpenAsync(cancellation);
        TableEntity row = new(Partition, function)
        {
            ["Next"] = record.Next.UtcTicks,
            ["NextText"] = record.Next.ToString("O"),
            ["LastUpdated"] = record.LastUpdated.UtcTicks,
            ["Holder"] = record.Holder ?? "",
            ["HeldUntil"] = record.HeldUntil.UtcTicks,
        };
        if (record.Last is { } last)
        {
            row["Last"] = last.UtcTicks;
        }

        try
        {
            Response response = record.Version is null
                ? await client.AddEntityAsync(row, cancellation)
                : await client.UpdateEntityAsync(row, new ETag(record.Version), TableUpdateMode.Replace, cancellation);
            return record with { Version = response.Headers.ETag?.ToString() ?? throw new InvalidOperationException("No ETag came back.") };
        }
        catch (RequestFailedException conflict) when (conflict.Status is 404 or 409 or 412)
        {
            return null;
        }
    }

    private static DateTimeOffset Instant(long ticks) => new(ticks, TimeSpan.Zero);
}

/// <summary>The one table in which the embedded host keeps its own state.</summary>
internal sealed class HostTable(string connectionString, string prefix)
{
    private readonly TableClient client = new(connectionString, $"{prefix}Host");
    private volatile bool exists;

    public async ValueTask<TableClient> OpenAsync(CancellationToken cancellation)
    {
        if (!exists)
        {
            // Twice at once does no harm.
            await client.CreateIfNotExistsAsync(cancellation);
            exists = true;
        }

        return client;
    }
}
