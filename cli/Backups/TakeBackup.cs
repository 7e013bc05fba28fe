using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Plenary.Agenda;
using Plenary.Infra.Blobs;
using Plenary.Infra.Bus;
using Plenary.Infra.Tables;

namespace Plenary.Cli.Backups;

/// <summary>
/// Reads everything of a project twice and keeps it when nothing had changed in between: then all of it stood so at one instant, the one
/// between the two readings, in which the messages lying in the queues were looked at and the files copied. A project that changed is read
/// again by itself, a few times.
/// </summary>
internal sealed class TakeBackup(Operation operation, IBackupPlace place, Action<string, long> said)
{
    private const int MostRounds = 5;

    private readonly List<BackupFile> files = [];
    private readonly HashSet<(string Container, string Name)> copied = [];
    private long messages;

    /// <param name="project">Null for everything.</param>
    /// <param name="withMessages">False where no broker is to be asked.</param>
    public async Task<Manifest> RunAsync(string? project, bool withMessages, CancellationToken cancellation)
    {
        DateTimeOffset begun = operation.Now;
        Dictionary<string, BackupUnit> units = new(StringComparer.Ordinal);
        Func<string, bool> wanted = project is null ? _ => true : unit => unit == project;
        await WriteFileAsync(
            Manifest.BlobList,
            async (list, count) =>
            {
                for (int round = 1; round <= MostRounds; round++)
                {
                    Dictionary<string, (long Rows, string Digest)> first = await ReadAsync(round, wanted, cancellation);
                    if (withMessages)
                    {
                        await KeepMessagesAsync(round, wanted, cancellation);
                    }

                    await CopyBlobsAsync(list, count, wanted, cancellation);
                    Dictionary<string, (long Rows, string Digest)> second = await ReadAsync(0, wanted, cancellation);
                    HashSet<string> torn = [.. first.Keys.Union(second.Keys).Where(unit => first.GetValueOrDefault(unit) != second.GetValueOrDefault(unit))];
                    foreach (string unit in first.Keys.Union(second.Keys))
                    {
                        units[unit] = new BackupUnit(unit, round, first.GetValueOrDefault(unit).Rows, !torn.Contains(unit));
                    }

                    if (torn.Count == 0)
                    {
                        break;
                    }

                    wanted = torn.Contains;
                }
            },
            cancellation);
        Manifest manifest = new(
            Manifest.FormatName,
            Manifest.FormatVersion,
            project,
            begun,
            operation.Now,
            operation.TableNames,
            operation.ContainerNames,
            [.. units.Values.OrderBy(unit => unit.Name, StringComparer.Ordinal)],
            files,
            messages,
            copied.Count);

        // Last: a crash before this leaves something that no restore takes for a backup.
        await place.WriteAsync(Manifest.FileName, stream => JsonSerializer.SerializeAsync(stream, manifest, Row.Json, cancellation), cancellation);
        return manifest;
    }

    /// <summary>One pass over all tables; with a round it is also written down.</summary>
    private async Task<Dictionary<string, (long Rows, string Digest)>> ReadAsync(int round, Func<string, bool> wanted, CancellationToken cancellation)
    {
        Dictionary<string, (long Rows, IncrementalHash Hash)> units = new(StringComparer.Ordinal);
        foreach (string table in operation.TableNames)
        {
            if (round > 0)
            {
                await WriteFileAsync(
                    Manifest.RowsOf(round, table),
                    (writer, count) => ReadTableAsync(table, units, wanted, (unit, row) =>
                    {
                        RowLine.Write(writer, unit, row);
                        count();
                    }, writer, cancellation),
                    cancellation);
            }
            else
            {
                await ReadTableAsync(table, units, wanted, (_, _) => { }, null, cancellation);
            }
        }

        return units.ToDictionary(unit => unit.Key, unit =>
        {
            using IncrementalHash hash = unit.Value.Hash;
            return (unit.Value.Rows, Convert.ToHexStringLower(hash.GetHashAndReset()));
        });
    }

    private async Task ReadTableAsync(
        string table, Dictionary<string, (long Rows, IncrementalHash Hash)> units, Func<string, bool> wanted, Action<string, Row> keep, PipeWriter? writer, CancellationToken cancellation)
    {
        long read = 0;
        await foreach (Row row in operation.Tables.Get(table).ScanAllAsync(cancellation))
        {
            if (++read % 1000 == 0)
            {
                said(table, read);
            }

            string unit = Belonging.OfRow(row);

            // The timer's beat changes each minute and says nothing of the past: it is no part of what is kept.
            if (!wanted(unit) || row.Key == AgendaTable.BeatKey)
            {
                continue;
            }

            (long rows, IncrementalHash hash) = units.TryGetValue(unit, out (long Rows, IncrementalHash Hash) known)
                ? known
                : (0, IncrementalHash.CreateHash(HashAlgorithmName.SHA256));
            hash.AppendData(Encoding.UTF8.GetBytes($"{table}\n{row.Key.Partition}\n{row.Key.Row}\n{row.ETag}\n"));
            units[unit] = (rows + 1, hash);
            keep(unit, row);
            if (writer?.UnflushedBytes > 64 * 1024)
            {
                await writer.FlushAsync(cancellation);
            }
        }
    }

    private Task KeepMessagesAsync(int round, Func<string, bool> wanted, CancellationToken cancellation) =>
        WriteFileAsync(
            Manifest.MessagesOf(round),
            async (writer, count) =>
            {
                foreach (string queue in Operation.QueueNames)
                {
                    foreach (bool dead in (bool[])[false, true])
                    {
                        await foreach (LyingMessage message in operation.QueuesOfBroker.PeekAsync(queue, dead, cancellation))
                        {
                            string unit = Belonging.OfMessage(message.Body);
                            if (wanted(unit))
                            {
                                messages++;
                                count();
                                await WriteLineAsync(writer, new BackedUpMessage(unit, queue, message.Id, message.Body, message.NotBefore, dead, message.Reason), cancellation);
                            }
                        }
                    }
                }
            },
            cancellation);

    /// <summary>Files never change under their name, so one copy of each will do for all rounds.</summary>
    private async Task CopyBlobsAsync(PipeWriter list, Action count, Func<string, bool> wanted, CancellationToken cancellation)
    {
        foreach (string container in operation.ContainerNames)
        {
            await foreach (StoredBlob blob in operation.Blobs.ListAsync(container, "", cancellation))
            {
                if (!wanted(Belonging.OfBlob(blob.Name)) || copied.Contains((container, blob.Name)))
                {
                    continue;
                }

                await using Stream? content = await operation.Blobs.OpenReadAsync(container, blob.Name, cancellation);
                if (content is null)
                {
                    // Taken away since it was listed. If a row still named it, the second reading would find that row gone.
                    continue;
                }

                string sha256 = "";
                await place.WriteAsync(Manifest.BlobOf(container, blob.Name), async file => sha256 = await CopyAsync(content, file, cancellation), cancellation);
                BackedUpBlob kept = new(container, blob.Name, blob.Length, blob.ContentType, blob.Metadata, sha256);
                await WriteLineAsync(list, kept, cancellation);
                count();
                copied.Add((container, blob.Name));
                said(container, copied.Count);
            }
        }
    }

    private async Task WriteFileAsync(string name, Func<PipeWriter, Action, Task> write, CancellationToken cancellation) =>
        await place.WriteAsync(name, async file =>
        {
            long lines = 0;
            using SHA256 hash = SHA256.Create();
            await using CryptoStream hashed = new(file, hash, CryptoStreamMode.Write, leaveOpen: true);
            await using (GZipStream zipped = new(hashed, CompressionLevel.Fastest, leaveOpen: true))
            {
                PipeWriter writer = PipeWriter.Create(zipped, new StreamPipeWriterOptions(leaveOpen: true));
                await write(writer, () => lines++);
                await writer.CompleteAsync();
            }

            await hashed.FlushFinalBlockAsync(cancellation);
            files.Add(new BackupFile(name, file.Position, Convert.ToHexStringLower(hash.Hash ?? []), lines));
        }, cancellation);

    private static async Task WriteLineAsync<T>(PipeWriter writer, T value, CancellationToken cancellation)
    {
        writer.Write(JsonSerializer.SerializeToUtf8Bytes(value, Row.Json));
        writer.Write("\n"u8);
        await writer.FlushAsync(cancellation);
    }

    private static async Task<string> CopyAsync(Stream from, Stream to, CancellationToken cancellation)
    {
        using SHA256 hash = SHA256.Create();
        await using CryptoStream hashed = new(to, hash, CryptoStreamMode.Write, leaveOpen: true);
        await from.CopyToAsync(hashed, cancellation);
        await hashed.FlushFinalBlockAsync(cancellation);
        return Convert.ToHexStringLower(hash.Hash ?? []);
    }
}
