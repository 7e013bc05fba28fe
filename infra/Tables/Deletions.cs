namespace Plenary.Infra.Tables;

/// <summary>Clears away rows whose work is done.</summary>
public static class Deletions
{
    private const int MostTries = 3;

    /// <summary>
    /// Deletes rows of one partition, as many to a transaction as it takes. Rows that somebody else has deleted or changed since they
    /// were read are left to whoever did so.
    /// </summary>
    public static async Task DeleteAllAsync(this ITable table, IEnumerable<Row> rows, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(rows);
        foreach (Row[] chunk in rows.OrderBy(row => row.Key.Row, StringComparer.Ordinal).Chunk(Batch.MostWrites))
        {
            Row[] left = chunk;
            for (int tries = 0; tries < MostTries && left.Length > 0; tries++)
            {
                Batch batch = new(left[0].Key.Partition);
                foreach (Row row in left)
                {
                    batch.Delete(row);
                }

                CommitResult result = await table.CommitAsync(batch, cancellation);
                left = result.IsDone ? [] : await UnchangedAsync(table, left, cancellation);
            }
        }
    }

    private static async Task<Row[]> UnchangedAsync(ITable table, Row[] rows, CancellationToken cancellation)
    {
        Dictionary<string, string?> found = new(StringComparer.Ordinal);
        KeyRange range = new(rows[0].Key.Row, rows[^1].Key.Row + '!');
        await foreach (Row row in table.ListAsync(rows[0].Key.Partition, range, cancellation))
        {
            found[row.Key.Row] = row.ETag;
        }

        return [.. rows.Where(row => found.TryGetValue(row.Key.Row, out string? etag) && etag == row.ETag)];
    }
}
