#nullable enable

using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;

namespace Plenary.Local;

/// <summary>
/// One table: a partition for each queue with a row for each message, one with the numbers given out, one with the processes
/// that live.
/// </summary>
internal sealed class TableBrokerStore(TableServiceClient service, string prefix) : IBrokerStore
{
    private const string Counters = "counters";
    private const string Processes = "processes";
    private const int ChunkSize = 60_000;

    // With more losers than this in a group, row by row is quicker than the whole group again for each.
    private const int MostRepeats = 3;

    private readonly TableClient table = service.GetTableClient(prefix + "Broker");
    private long beats;

    public bool IsShared => true;

    public async Task OpenAsync(CancellationToken cancellation) => await table.CreateIfNotExistsAsync(cancellation);

    public async Task<IReadOnlyList<string>> ListQueuesAsync(CancellationToken cancellation)
    {
        List<string> queues = [];
        await foreach (TableEntity row in table.QueryAsync<TableEntity>($"PartitionKey eq '{Counters}'", cancellationToken: cancellation))
        {
            queues.Add(row.GetString("Queue"));
        }

        return queues;
    }

    public async IAsyncEnumerable<StoredMessage> ReadAsync(string queue, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (TableEntity row in table.QueryAsync<TableEntity>($"PartitionKey eq '{Partition(queue)}'", cancellationToken: cancellation))
        {
            yield return ToMessage(row);
        }
    }

    public async Task<long> AllocateAsync(string queue, int count, CancellationToken cancellation)
    {
        while (true)
        {
            NullableResponse<TableEntity> found =
                await table.GetEntityIfExistsAsync<TableEntity>(Counters, Escape(queue), cancellationToken: cancellation);
            long first = found.HasValue ? found.Value?.GetInt64("Next") ?? 1 : 1;
            TableEntity row = new(Counters, Escape(queue)) { ["Queue"] = queue, ["Next"] = first + count };
            try
            {
                await (found is { HasValue: true, Value: { } known }
                    ? table.UpdateEntityAsync(row, known.ETag, TableUpdateMode.Replace, cancellation)
                    : table.AddEntityAsync(row, cancellation));
                return first;
            }
            catch (RequestFailedException error) when (error.Status is 409 or 412)
            {
                // Another process was quicker, or the answer to our own write got lost: the next block then.
            }
        }
    }

    public async ValueTask<IReadOnlyList<WriteOutcome>> CommitAsync(string queue, IReadOnlyList<Write> writes)
    {
        WriteOutcome[] outcomes = new WriteOutcome[writes.Count];
        string partition = Partition(queue);
        List<int> open = [.. Enumerable.Range(0, writes.Count)];
        for (int repeats = 0; open.Count > 1 && repeats <= MostRepeats; repeats++)
        {
            try
            {
                Response<IReadOnlyList<Response>> answer =
                    await table.SubmitTransactionAsync(open.Select(index => ToAction(partition, writes[index])));
                for (int i = 0; i < open.Count; i++)
                {
                    outcomes[open[i]] = new WriteOutcome(WriteResult.Stored, answer.Value[i].Headers.ETag ?? default);
                }

                return outcomes;
            }
            catch (TableTransactionFailedException error) when (error.FailedTransactionActionIndex is { } failed && failed < open.Count)
            {
                // Nothing of the group was written. The one that stood in the way is dealt with by itself.
                int index = open[failed];
                open.RemoveAt(failed);
                outcomes[index] = await CommitOneAsync(partition, writes[index]);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                foreach (int index in open)
                {
                    outcomes[index] = new WriteOutcome(WriteResult.Failed, Error: error);
                }

                return outcomes;
            }
        }

        foreach (int index in open)
        {
            outcomes[index] = await CommitOneAsync(partition, writes[index]);
        }

        return outcomes;
    }

    public async Task<IReadOnlyDictionary<string, string>> BeatAsync(string instance, CancellationToken cancellation)
    {
        TableEntity own = new(Processes, instance) { ["Beat"] = ++beats };
        await table.UpsertEntityAsync(own, TableUpdateMode.Replace, cancellation);
        Dictionary<string, string> others = [];
        await foreach (TableEntity row in table.QueryAsync<TableEntity>($"PartitionKey eq '{Processes}'", cancellationToken: cancellation))
        {
            if (row.RowKey != instance)
            {
                others[row.RowKey] = row.ETag.ToString();
            }
        }

        return others;
    }

    public async Task LeaveAsync(string instance, CancellationToken cancellation) =>
        await table.DeleteEntityAsync(Processes, instance, ETag.All, cancellation);

    private static string Partition(string queue) => "queue-" + Escape(queue);

    private static string Escape(string text) => Uri.EscapeDataString(text).Replace('%', '=');

    private static string RowKey(long id) => id.ToString("D19", CultureInfo.InvariantCulture);

    private static TableTransactionAction ToAction(string partition, Write write) => write.Kind switch
    {
        WriteKind.Insert => new(TableTransactionActionType.Add, ToRow(partition, write)),
        WriteKind.Delete => new(TableTransactionActionType.Delete, new TableEntity(partition, RowKey(write.Id)), write.ETag),
        _ when write.Payload is null => new(TableTransactionActionType.UpdateMerge, ToRow(partition, write), write.ETag),
        _ => new(TableTransactionActionType.UpdateReplace, ToRow(partition, write), write.ETag),
    };

    private static TableEntity ToRow(string partition, Write write)
    {
        TableEntity row = new(partition, RowKey(write.Id));
        if (write.Standing is { } standing)
        {
            row["Sequence"] = standing.Sequence;
            row["Dead"] = standing.Dead;
            row["Due"] = standing.Due?.UtcTicks ?? 0L;
            row["Enqueued"] = standing.Enqueued.UtcTicks;
            row["Deliveries"] = standing.Deliveries;
            row["LockedUntil"] = standing.LockedUntil.UtcTicks;
            row["Token"] = standing.Token;

            // A merge leaves out what is null, and these two are never taken back.
            if (standing.Reason is not null)
            {
                row["Reason"] = standing.Reason;
            }

            if (standing.Description is not null)
            {
                row["Description"] = standing.Description;
            }
        }

        for (int offset = 0, part = 0; offset < write.Payload?.Length; offset += ChunkSize, part++)
        {
            row[$"Payload{part}"] = write.Payload[offset..Math.Min(offset + ChunkSize, write.Payload.Length)];
        }

        return row;
    }

    private static StoredMessage ToMessage(TableEntity row)
    {
        List<byte[]> parts = [];
        while (row.TryGetValue($"Payload{parts.Count}", out _))
        {
            parts.Add(row.GetBinary($"Payload{parts.Count}"));
        }

        DateTimeOffset Instant(string name) => new(row.GetInt64(name) ?? 0, TimeSpan.Zero);
        return new StoredMessage(
            long.Parse(row.RowKey, CultureInfo.InvariantCulture),
            parts is [var only] ? only : [.. parts.SelectMany(part => part)],
            new Standing(
                row.GetInt64("Sequence") ?? 0,
                row.GetBoolean("Dead") ?? false,
                row.GetInt64("Due") is { } due and > 0 ? new DateTimeOffset(due, TimeSpan.Zero) : null,
                Instant("Enqueued"),
                row.GetInt32("Deliveries") ?? 0,
                Instant("LockedUntil"),
                row.GetGuid("Token") ?? Guid.Empty,
                row.GetString("Reason"),
                row.GetString("Description")),
            row.ETag);
    }

    private async Task<WriteOutcome> CommitOneAsync(string partition, Write write)
    {
        try
        {
            try
            {
                Response answer = write.Kind switch
                {
                    WriteKind.Insert => await table.AddEntityAsync(ToRow(partition, write)),
                    WriteKind.Delete => await table.DeleteEntityAsync(partition, RowKey(write.Id), write.ETag),
                    _ => await table.UpdateEntityAsync(
                        ToRow(partition, write), write.ETag, write.Payload is null ? TableUpdateMode.Merge : TableUpdateMode.Replace),
                };
                return new WriteOutcome(WriteResult.Stored, answer.Headers.ETag ?? default);
            }
            catch (RequestFailedException error) when (error.Status is 404 or 409 or 412)
            {
                return await ReadBackAsync(partition, write);
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return new WriteOutcome(WriteResult.Failed, Error: error);
        }
    }

    /// <summary>
    /// A write may have been carried out although its answer got lost, and be refused when it is tried again. The row tells: its
    /// token is that of one lock, its number that of one message.
    /// </summary>
    private async Task<WriteOutcome> ReadBackAsync(string partition, Write write)
    {
        NullableResponse<TableEntity> found = await table.GetEntityIfExistsAsync<TableEntity>(partition, RowKey(write.Id));
        if (!found.HasValue || found.Value is not { } row)
        {
            return new WriteOutcome(write.Kind == WriteKind.Delete ? WriteResult.Stored : WriteResult.Lost);
        }

        StoredMessage current = ToMessage(row);
        bool own = write.Kind == WriteKind.Insert || (write.Kind == WriteKind.Update && current.Standing == write.Standing);
        return own
            ? new WriteOutcome(WriteResult.Stored, current.ETag)
            : new WriteOutcome(WriteResult.Lost, default, current);
    }
}
