using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Plenary.Domain;
using Plenary.Infra.Tables;

namespace Plenary.Cli.Backups;

/// <summary>Reads a backup back, line by line.</summary>
internal sealed class BackupReader(IBackupPlace place)
{
    public async Task<Outcome<Manifest>> ReadManifestAsync(CancellationToken cancellation)
    {
        await using Stream? stream = await place.OpenReadAsync(Manifest.FileName, cancellation);
        if (stream is null)
        {
            return new Refusal("backup-not-found", $"There is no {Manifest.FileName} there, so there is no whole backup.", Remedy: "Name the folder or container that plenary backup wrote to.");
        }

        try
        {
            Manifest? manifest = await JsonSerializer.DeserializeAsync<Manifest>(stream, Row.Json, cancellation);
            return manifest is null ? Damaged(Manifest.FileName) : manifest.WhyNot() is { } refusal ? refusal : manifest;
        }
        catch (JsonException)
        {
            return Damaged(Manifest.FileName);
        }
    }

    /// <summary>Compares every byte with the checksums; all that is wrong, at once.</summary>
    public async IAsyncEnumerable<Refusal> FindDamageAsync(Manifest manifest, Action<string, long> said, [EnumeratorCancellation] CancellationToken cancellation)
    {
        long bytes = 0;
        bool isListWhole = true;
        foreach (BackupFile file in manifest.Files)
        {
            if (!await IsWholeAsync(file.Name, file.Bytes, file.Sha256, cancellation))
            {
                isListWhole &= file.Name != Manifest.BlobList;
                yield return Damaged(file.Name);
            }

            bytes += file.Bytes;
            said("Checking bytes", bytes);
        }

        if (!isListWhole)
        {
            yield break;
        }

        await foreach (BackedUpBlob blob in ListBlobsAsync(cancellation))
        {
            string name = Manifest.BlobOf(blob.Container, blob.Name);
            if (!await IsWholeAsync(name, blob.Length, blob.Sha256, cancellation))
            {
                yield return Damaged(name);
            }

            bytes += blob.Length;
            said("Checking bytes", bytes);
        }
    }

    /// <summary>Rows of one table, as they stood when their project was last read whole.</summary>
    public async IAsyncEnumerable<(string Unit, Row Row)> ListRowsAsync(Manifest manifest, string table, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Dictionary<string, int> rounds = manifest.Units.ToDictionary(unit => unit.Name, unit => unit.Round);
        foreach (int round in rounds.Values.Distinct().Order())
        {
            await foreach (string line in ReadLinesAsync(Manifest.RowsOf(round, table), cancellation))
            {
                (string unit, Row row) = RowLine.Read(line);
                if (rounds.GetValueOrDefault(unit) == round)
                {
                    yield return (unit, row);
                }
            }
        }
    }

    public async IAsyncEnumerable<BackedUpMessage> ListMessagesAsync(Manifest manifest, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Dictionary<string, int> rounds = manifest.Units.ToDictionary(unit => unit.Name, unit => unit.Round);
        foreach (string file in manifest.Files.Select(file => file.Name).Where(name => name.StartsWith("messages/", StringComparison.Ordinal)))
        {
            await foreach (string line in ReadLinesAsync(file, cancellation))
            {
                if (JsonSerializer.Deserialize<BackedUpMessage>(line, Row.Json) is { } message &&
                    Manifest.MessagesOf(rounds.GetValueOrDefault(message.Unit, 1)) == file)
                {
                    yield return message;
                }
            }
        }
    }

    public async IAsyncEnumerable<BackedUpBlob> ListBlobsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (string line in ReadLinesAsync(Manifest.BlobList, cancellation))
        {
            if (JsonSerializer.Deserialize<BackedUpBlob>(line, Row.Json) is { } blob)
            {
                yield return blob;
            }
        }
    }

    public async Task<Stream> OpenBlobAsync(BackedUpBlob blob, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(blob);
        return await place.OpenReadAsync(Manifest.BlobOf(blob.Container, blob.Name), cancellation)
            ?? throw new InvalidOperationException("A file of the backup has gone since it was checked.");
    }

    private static Refusal Damaged(string name) =>
        new("backup-damaged", $"{name} is not what was written: it is missing, cut off or changed.", Remedy: "Restore from another backup; nothing has been written.");

    private async Task<bool> IsWholeAsync(string name, long bytes, string sha256, CancellationToken cancellation)
    {
        await using Stream? stream = await place.OpenReadAsync(name, cancellation);
        if (stream is null)
        {
            return false;
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[64 * 1024];
        long length = 0;
        for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0; length += read)
        {
            hash.AppendData(buffer.AsSpan(0, read));
        }

        return length == bytes && Convert.ToHexStringLower(hash.GetHashAndReset()) == sha256;
    }

    private async IAsyncEnumerable<string> ReadLinesAsync(string name, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using Stream? stream = await place.OpenReadAsync(name, cancellation);
        if (stream is null)
        {
            yield break;
        }

        await using GZipStream unzipped = new(stream, CompressionMode.Decompress);
        using StreamReader reader = new(unzipped);
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            yield return line;
        }
    }
}
