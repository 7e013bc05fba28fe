#nullable enable

using System.Text.Json;

namespace Azure.Data.Tables.Protocol;

/// <summary>Writes an entity group transaction as one multipart body, refusing what the service would refuse.</summary>
internal static class TransactionBody
{
    internal static PooledBuffer Write(IEnumerable<TableTransactionAction> actions, string boundary, byte[] tableUrl)
    {
        PooledBuffer body = new(capacity: 8 * 1024);
        try
        {
            Fill(body, actions, boundary, tableUrl);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private static void Fill(PooledBuffer body, IEnumerable<TableTransactionAction> actions, string boundary, byte[] tableUrl)
    {
        body.Write("--batch_");
        body.Write(boundary);
        body.Write("\r\nContent-Type: multipart/mixed; boundary=changeset_"u8);
        body.Write(boundary);
        body.Write("\r\n\r\n"u8);

        using Utf8JsonWriter json = new(body, EntityWriter.Options);
        string? partition = null;
        List<string> rows = new(8);
        HashSet<string>? manyRows = null;
        int index = 0;
        foreach (TableTransactionAction action in actions)
        {
            ITableEntity entity = action.Entity;
            ArgumentNullException.ThrowIfNull(entity);
            ArgumentNullException.ThrowIfNull(entity.PartitionKey);
            ArgumentNullException.ThrowIfNull(entity.RowKey);
            if (index == Limits.Operations)
            {
                throw Limits.TooManyOperations();
            }

            partition ??= entity.PartitionKey;
            if (!string.Equals(partition, entity.PartitionKey, StringComparison.Ordinal))
            {
                throw Limits.OtherPartition(index);
            }

            if (!IsNewRow(rows, ref manyRows, entity.RowKey))
            {
                throw Limits.SameRowTwice(index);
            }

            body.Write("--changeset_"u8);
            body.Write(boundary);
            body.Write("\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"u8);
            WriteRequest(body, json, action, entity, index, tableUrl);
            if (body.Length > Limits.BodyBytes)
            {
                throw Limits.BodyTooLarge();
            }

            index++;
        }

        if (index == 0)
        {
            throw new InvalidOperationException("Transaction must contain at least one action.");
        }

        body.Write("--changeset_"u8);
        body.Write(boundary);
        body.Write("--\r\n--batch_"u8);
        body.Write(boundary);
        body.Write("--\r\n"u8);
        if (body.Length > Limits.BodyBytes)
        {
            throw Limits.BodyTooLarge();
        }
    }

    private static void WriteRequest(
        PooledBuffer body, Utf8JsonWriter json, TableTransactionAction action, ITableEntity entity, int index, byte[] tableUrl)
    {
        body.Write(action.ActionType switch
        {
            TableTransactionActionType.Add => "POST "u8,
            TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpsertMerge => "PATCH "u8,
            TableTransactionActionType.UpdateReplace or TableTransactionActionType.UpsertReplace => "PUT "u8,
            TableTransactionActionType.Delete => "DELETE "u8,
            _ => throw new InvalidOperationException("Unknown request type."),
        });
        body.Write(tableUrl);
        if (action.ActionType != TableTransactionActionType.Add)
        {
            body.Write("(PartitionKey='"u8);
            body.Write(EntityAddress.Escape(entity.PartitionKey));
            body.Write("',RowKey='"u8);
            body.Write(EntityAddress.Escape(entity.RowKey));
            body.Write("')"u8);
        }

        body.Write(" HTTP/1.1\r\nAccept: application/json;odata=minimalmetadata\r\nDataServiceVersion: 3.0\r\n"u8);
        ETag condition = action.ActionType switch
        {
            TableTransactionActionType.Delete when action.ETag == default => ETag.All,
            TableTransactionActionType.Delete or TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpdateReplace => action.ETag,
            _ => default,
        };
        if (condition != default)
        {
            body.Write("If-Match: "u8);
            body.Write(condition.ToString());
            body.Write("\r\n"u8);
        }

        if (action.ActionType == TableTransactionActionType.Delete)
        {
            body.Write("\r\n\r\n"u8);
            return;
        }

        if (action.ActionType == TableTransactionActionType.Add)
        {
            body.Write("Prefer: return-no-content\r\n"u8);
        }

        body.Write("Content-Type: application/json\r\n\r\n"u8);
        json.Reset();
        try
        {
            EntityWriter.Write(json, entity);
        }
        catch (RequestFailedException refusal)
        {
            throw Limits.InTransaction(index, refusal);
        }

        json.Flush();
        body.Write("\r\n"u8);
    }

    // A list is the quicker set as long as it is short, and most transactions are.
    private static bool IsNewRow(List<string> rows, ref HashSet<string>? manyRows, string row)
    {
        if (manyRows is not null)
        {
            return manyRows.Add(row);
        }

        foreach (string seen in rows)
        {
            if (string.Equals(seen, row, StringComparison.Ordinal))
            {
                return false;
            }
        }

        rows.Add(row);
        if (rows.Count == 16)
        {
            manyRows = new HashSet<string>(rows, StringComparer.Ordinal);
        }

        return true;
    }
}
