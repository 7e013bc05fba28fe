namespace Plenary.Infra.Tables;

/// <summary>A retried write of ours is answered with a conflict against itself: read back before believing it.</summary>
internal static class ReadBack
{
    /// <returns>Done when the batch went in after all; otherwise the conflict as it was reported.</returns>
    public static async Task<CommitResult> SettleAsync(ITable table, Batch batch, CommitResult conflict, CancellationToken cancellation) =>
        await WentInAsync(table, batch, cancellation) ? CommitResult.Done : conflict;

    /// <summary>
    /// Whether the store holds this very batch: any row of it with our operation id will do, since others may have changed the rest
    /// already. A batch of deletions alone leaves nothing to compare; it counts as gone in when all of its rows are gone.
    /// </summary>
    private static async Task<bool> WentInAsync(ITable table, Batch batch, CancellationToken cancellation)
    {
        Row?[] found = await Task.WhenAll(batch.Writes.Select(write => table.FindAsync(write.Row.Key, cancellation)));
        return batch.Writes.All(write => write.Kind is WriteKind.Delete)
            ? found.All(row => row is null)
            : !batch.KeepsOperations && found.Any(row => row?.Text(Batch.OperationColumn) == batch.OperationId);
    }
}
