using System.Threading.Channels;
using Azure;
using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Infra.Bus;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;

namespace Plenary.Cli.Backups;

/// <summary>What was put back.</summary>
internal sealed record Restored(long Rows, long Blobs, long Messages);

/// <summary>
/// Puts a backup into stores that hold nothing of it. All is checked before the first write; each row goes in as an insertion, so even a
/// second restore at the same moment cannot overwrite anything.
/// </summary>
internal sealed class RestoreBackup(Operation operation, IBackupPlace place, Action<string, long> said)
{
    private const int MostBytes = 2 * 1024 * 1024;
    private const int AtATime = 8;

    /// <summary>What wakes people and messages comes last, when everything it is about is there.</summary>
    private static readonly string[] Last = [AgendaTable.Name, OutboxNames.Markers];

    private readonly BackupReader reader = new(place);

    /// <param name="withMessages">Send again what lay in the queues.</param>
    /// <param name="withDeadLetters">And what lay among the dead letters, into the living queue.</param>
    /// <param name="evenTorn">Also projects that changed each time they were read.</param>
    public async Task<Outcome<Restored>> RunAsync(bool withMessages, bool withDeadLetters, bool evenTorn, bool createStores, CancellationToken cancellation)
    {
        Outcome<Manifest> read = await reader.ReadManifestAsync(cancellation);
        if (!read.TryGet(out Manifest? manifest))
        {
            return Outcome<Restored>.Refused(read.Refusals);
        }

        IReadOnlyList<Refusal> refusals = await WhyNotAsync(manifest, evenTorn, createStores, cancellation);
        if (refusals.Count > 0)
        {
            return Outcome<Restored>.Refused(refusals);
        }

        // Files, rows, messages: a row never names a file that is not there, a message never a row.
        long blobs = await PutBlobsAsync(cancellation);
        long rows = 0;
        foreach (string table in manifest.Tables.Except(Last).Concat(Last.Intersect(manifest.Tables)))
        {
            rows += await PutTableAsync(manifest, table, cancellation);
        }

        if (rows != manifest.Units.Sum(unit => unit.Rows))
        {
            throw new InvalidOperationException($"{rows} rows were put back where the manifest counts {manifest.Units.Sum(unit => unit.Rows)}.");
        }

        return new Restored(rows, blobs, withMessages ? await SendAsync(manifest, withDeadLetters, cancellation) : 0);
    }

    private async Task<IReadOnlyList<Refusal>> WhyNotAsync(Manifest manifest, bool evenTorn, bool createStores, CancellationToken cancellation)
    {
        List<Refusal> refusals = [.. manifest.Tables.Except(operation.TableNames).Concat(manifest.Containers.Except(operation.ContainerNames))
            .Select(name => new Refusal("backup-store-unknown", $"This release knows no {name}, which the backup holds.", Remedy: "Use a release at least as new as the one that wrote it."))];
        if (!evenTorn)
        {
            refusals.AddRange(manifest.Units.Where(unit => !unit.IsConsistent).Select(unit => new Refusal(
                "backup-torn", $"{unit.Name} changed each time it was read, so its rows may contradict each other.", Remedy: "Restore another backup, or give --even-torn and verify afterwards.")));
        }

        await foreach (Refusal damage in reader.FindDamageAsync(manifest, said, cancellation))
        {
            refusals.Add(damage);
        }

        if (refusals.Count > 0)
        {
            return refusals;
        }

        if (createStores)
        {
            await operation.Tables.CreateAsync(operation.TableNames, cancellation);
            await operation.Blobs.CreateAsync(operation.ContainerNames, cancellation);
        }

        foreach (string table in manifest.Tables)
        {
            if (await IsAnyAsync(operation.Tables.Get(table).ScanAllAsync(cancellation), row => IsTouched(manifest, Belonging.OfRow(row)), createStores, cancellation))
            {
                refusals.Add(NotEmpty($"Table {table}"));
            }
        }

        foreach (string container in manifest.Containers)
        {
            if (await IsAnyAsync(operation.Blobs.ListAsync(container, "", cancellation), blob => IsTouched(manifest, Belonging.OfBlob(blob.Name)), createStores, cancellation))
            {
                refusals.Add(NotEmpty($"Container {container}"));
            }
        }

        return refusals;
    }

    /// <param name="mayBeMissing">The store itself would be made, and in a dry run is not.</param>
    private static async Task<bool> IsAnyAsync<T>(IAsyncEnumerable<T> stored, Func<T, bool> isTouched, bool mayBeMissing, CancellationToken cancellation)
    {
        try
        {
            return await stored.AnyAsync(isTouched, cancellation);
        }
        catch (RequestFailedException failure) when (failure.Status == 404 && mayBeMissing)
        {
            return false;
        }
    }

    /// <summary>A backup of everything wants stores without anything; one of a project, stores without that project.</summary>
    private static bool IsTouched(Manifest manifest, string unit) => manifest.Project is null || unit == manifest.Project;

    private static Refusal NotEmpty(string what) => new(
        "restore-not-empty-conflict", $"{what} holds rows or files already, and nothing is ever overwritten.", Remedy: "Restore into an empty account, or under another Azure:Prefix.");

    private async Task<long> PutBlobsAsync(CancellationToken cancellation)
    {
        long count = 0;
        await foreach (BackedUpBlob blob in reader.ListBlobsAsync(cancellation))
        {
            await using Stream content = await reader.OpenBlobAsync(blob, cancellation);
            await operation.Blobs.UploadAsync(blob.Container, blob.Name, content, blob.ContentType, blob.Metadata, cancellation);
            said(blob.Container, ++count);
        }

        return count;
    }

    private async Task<long> PutTableAsync(Manifest manifest, string name, CancellationToken cancellation)
    {
        ITable table = operation.Tables.Get(name);
        Channel<Batch> batches = Channel.CreateBounded<Batch>(AtATime);
        long count = 0;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] writers = [.. Enumerable.Range(0, AtATime).Select(_ => WriteAsync())];
        try
        {
            await CutAsync();
        }
        finally
        {
            batches.Writer.Complete();
            await Task.WhenAll(writers);
        }

        return count;

        async Task CutAsync()
        {
            Batch? batch = null;
            int weight = 0;
            await foreach ((string _, Row row) in reader.ListRowsAsync(manifest, name, stop.Token))
            {
                int more = RowLine.Weigh(row);
                if (batch is not null && (batch.Partition != row.Key.Partition || batch.Writes.Count == Batch.MostWrites || weight + more > MostBytes))
                {
                    await batches.Writer.WriteAsync(batch, stop.Token);
                    batch = null;
                    weight = 0;
                }

                batch ??= new Batch(row.Key.Partition) { KeepsOperations = true };
                batch.Insert(row);
                weight += more;
            }

            if (batch is not null)
            {
                await batches.Writer.WriteAsync(batch, stop.Token);
            }
        }

        async Task WriteAsync()
        {
            try
            {
                await foreach (Batch batch in batches.Reader.ReadAllAsync(stop.Token))
                {
                    CommitResult result = await table.CommitAsync(batch, stop.Token);
                    if (result.Conflict is { } conflict && !await IsOursAsync(table, batch, stop.Token))
                    {
                        throw new InvalidOperationException($"Row {conflict.Row.Key.Partition}/{conflict.Row.Key.Row} of {name} came into being while it was being put back.");
                    }

                    said(name, Interlocked.Add(ref count, batch.Writes.Count));
                }
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
        }
    }

    /// <summary>A repeated insertion conflicts with itself when its first answer was lost: then all of its rows are there, just as they are here.</summary>
    private static async Task<bool> IsOursAsync(ITable table, Batch batch, CancellationToken cancellation)
    {
        foreach (Write write in batch.Writes)
        {
            Row? there = await table.FindAsync(write.Row.Key, cancellation);
            if (there is null || there.Text(Batch.OperationColumn) != write.Row.Text(Batch.OperationColumn))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<long> SendAsync(Manifest manifest, bool withDeadLetters, CancellationToken cancellation)
    {
        long count = 0;
        await foreach (BackedUpMessage message in reader.ListMessagesAsync(manifest, cancellation))
        {
            if (!message.IsDead || withDeadLetters)
            {
                await operation.Get<IBus>().SendAsync(message.Queue, [new BusMessage(message.Id, message.Body, message.NotBefore)], cancellation);
                said("Messages", ++count);
            }
        }

        return count;
    }
}
