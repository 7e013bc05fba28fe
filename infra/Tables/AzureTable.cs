using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;

namespace Plenary.Infra.Tables;

/// <summary>Over Azure Table Storage. Key names of filters are fixed; values are quoted by <see cref="Quote"/>.</summary>
public sealed class AzureTable(string name, TableClient client) : ITable
{
    public string Name { get; } = name;

    public async Task<Row?> FindAsync(RowKey key, CancellationToken cancellation)
    {
        NullableResponse<TableEntity> answer = await client.GetEntityIfExistsAsync<TableEntity>(key.Partition, key.Row, cancellationToken: cancellation);
        return answer.HasValue && answer.Value is { } entity ? FromEntity(entity) : null;
    }

    public IAsyncEnumerable<Row> ListAsync(string partition, KeyRange rows, CancellationToken cancellation, int pageSize = 1000) =>
        QueryAsync($"PartitionKey eq {Quote(partition)}{Within("RowKey", rows)}", pageSize, cancellation);

    public IAsyncEnumerable<Row> ListPartitionsAsync(KeyRange partitions, KeyRange rows, CancellationToken cancellation)
    {
        string filter = Within("PartitionKey", partitions) + Within("RowKey", rows);
        return QueryAsync(filter.Length == 0 ? null : filter[" and ".Length..], 1000, cancellation);
    }

    public IAsyncEnumerable<Row> ScanAllAsync(CancellationToken cancellation) => QueryAsync(null, 1000, cancellation);

    public async Task<CommitResult> CommitAsync(Batch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Writes.Count == 0)
        {
            return CommitResult.Done;
        }

        int failedIndex = 0;
        int status;
        try
        {
            return CommitResult.Done with { ETags = await SubmitAsync(batch, cancellation) };
        }
        catch (TableTransactionFailedException failure) when (failure.Status is 404 or 409 or 412)
        {
            failedIndex = failure.FailedTransactionActionIndex ?? 0;
            status = failure.Status;
        }
        catch (RequestFailedException failure) when (failure.Status is 404 or 409 or 412)
        {
            status = failure.Status;
        }

        return await ReadBack.SettleAsync(
            this,
            batch,
            new CommitResult(batch.Writes[failedIndex], status switch
            {
                409 => ConflictKind.Exists,
                404 => ConflictKind.Missing,
                _ => ConflictKind.Changed,
            }),
            cancellation);
    }

    /// <summary>A string as an OData literal.</summary>
    internal static string Quote(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    internal static string Within(string key, KeyRange range)
    {
        string filter = "";
        if (range.From is { } from)
        {
            filter += string.Create(CultureInfo.InvariantCulture, $" and {key} ge {Quote(from)}");
        }

        if (range.Before is { } before)
        {
            filter += string.Create(CultureInfo.InvariantCulture, $" and {key} lt {Quote(before)}");
        }

        return filter;
    }

    private static TableEntity ToEntity(Row row, string operationId)
    {
        TableEntity entity = new(row.Key.Partition, row.Key.Row);
        if (operationId.Length > 0)
        {
            entity[Batch.OperationColumn] = operationId;
        }

        foreach ((string name, object value) in row.Values)
        {
            if (name != Batch.OperationColumn)
            {
                entity[name] = value;
            }
        }

        return entity;
    }

    private static Row FromEntity(TableEntity entity) => Row.Stored(
        new RowKey(entity.PartitionKey, entity.RowKey),
        entity.Where(property => property.Key is not ("PartitionKey" or "RowKey" or "Timestamp" or "odata.etag"))
            .Select(property => KeyValuePair.Create(property.Key, property.Value ?? "")),
        entity.ETag.ToString());

    private async IAsyncEnumerable<Row> QueryAsync(string? filter, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (TableEntity entity in client.QueryAsync<TableEntity>(filter, pageSize, cancellationToken: cancellation))
        {
            yield return FromEntity(entity);
        }
    }

    private async Task<IReadOnlyList<string>?> SubmitAsync(Batch batch, CancellationToken cancellation)
    {
        if (batch.Writes.Count > 1)
        {
            IReadOnlyList<Response> answers =
                (await client.SubmitTransactionAsync(batch.Writes.Select(write => ToAction(write, batch.OperationOf(write.Row))), cancellation)).Value;
            return answers.Count == batch.Writes.Count ? TagsOf(answers) : null;
        }

        Write only = batch.Writes[0];
        TableEntity entity = ToEntity(only.Row, batch.OperationOf(only.Row));
        Response answer = only.Kind switch
        {
            WriteKind.Insert => await client.AddEntityAsync(entity, cancellation),
            WriteKind.Replace => await client.UpdateEntityAsync(entity, TagOf(only.Row), TableUpdateMode.Replace, cancellation),
            WriteKind.Upsert => await client.UpsertEntityAsync(entity, TableUpdateMode.Replace, cancellation),
            WriteKind.Delete => await DeleteAsync(only.Row, cancellation),
            _ => throw new InvalidOperationException($"Unknown write {only.Kind}."),
        };
        return TagsOf([answer]);
    }

    private static IReadOnlyList<string>? TagsOf(IEnumerable<Response> answers)
    {
        string?[] tags = [.. answers.Select(answer => answer.Headers.ETag?.ToString())];
        return tags.Any(tag => tag is null) ? null : [.. tags.OfType<string>()];
    }

    /// <summary>The official client swallows a 404 here; a missing row is a conflict of ours all the same.</summary>
    private async Task<Response> DeleteAsync(Row row, CancellationToken cancellation)
    {
        Response answer = await client.DeleteEntityAsync(row.Key.Partition, row.Key.Row, TagOf(row), cancellation);
        return answer.Status == 404 ? throw new RequestFailedException(answer) : answer;
    }

    private static ETag TagOf(Row row) =>
        new(row.ETag ?? throw new InvalidOperationException($"Row {row.Key.Partition}/{row.Key.Row} was not read from a store."));

    private static TableTransactionAction ToAction(Write write, string operationId)
    {
        TableEntity entity = ToEntity(write.Row, operationId);
        return write.Kind switch
        {
            WriteKind.Insert => new TableTransactionAction(TableTransactionActionType.Add, entity),
            WriteKind.Replace => new TableTransactionAction(TableTransactionActionType.UpdateReplace, entity, TagOf(write.Row)),
            WriteKind.Upsert => new TableTransactionAction(TableTransactionActionType.UpsertReplace, entity),
            WriteKind.Delete => new TableTransactionAction(TableTransactionActionType.Delete, entity, TagOf(write.Row)),
            _ => throw new InvalidOperationException($"Unknown write {write.Kind}."),
        };
    }
}
