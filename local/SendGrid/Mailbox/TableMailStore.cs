using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;

namespace Plenary.Local;

/// <summary>
/// In one table, so that mails outlive the process. A mail is a JSON document, cut into binary properties of its row; what is
/// too long for one row goes on in rows of its own, written first, so that a mail that is listed is whole.
/// </summary>
internal sealed class TableMailStore(MailboxSettings settings) : IMailStore
{
    private const string MailPartition = "mail";
    private const string OverflowPartition = "overflow";
    private const string KeyPartition = "key";
    private const string KeyRow = "webhook";
    private const int PieceBytes = 60 * 1024;
    private const int PiecesInRow = 12;
    private const int RowsAtOnce = 100;

    private readonly TableClient table = new(settings.Storage, settings.Prefix + "Mailbox");
    private bool created;

    public async Task AddAsync(KeptMail mail, CancellationToken cancellation)
    {
        TableClient open = await OpenAsync(cancellation);
        byte[][] pieces = [.. JsonSerializer.SerializeToUtf8Bytes(mail).Chunk(PieceBytes)];
        TableEntity row = new(MailPartition, mail.Id)
        {
            ["ReceivedAt"] = mail.ReceivedAt,
            ["Recipient"] = Lower(mail.To[0].Email),
            ["Several"] = mail.Recipients.Skip(1).Any(),
            ["Kind"] = mail.Kind,
            ["State"] = mail.State,
            ["Events"] = "[]",
            ["Pieces"] = pieces.Length,
        };
        Fill(row, pieces, 0);
        for (int first = PiecesInRow; first < pieces.Length; first += PiecesInRow)
        {
            TableEntity more = new(OverflowPartition, OverflowRow(mail.Id, first));
            Fill(more, pieces, first);
            await open.AddEntityAsync(more, cancellation);
        }

        await open.AddEntityAsync(row, cancellation);
    }

    public async Task<KeptMail?> FindAsync(string id, CancellationToken cancellation)
    {
        TableClient open = await OpenAsync(cancellation);
        NullableResponse<TableEntity> found = await open.GetEntityIfExistsAsync<TableEntity>(MailPartition, id, cancellationToken: cancellation);
        return found.HasValue && found.Value is { } row ? await ReadAsync(open, row, cancellation) : null;
    }

    public async Task<MailPage> ListAsync(MailQuery query, CancellationToken cancellation)
    {
        List<string> conditions = [TableClient.CreateQueryFilter($"PartitionKey eq {MailPartition}")];
        if (query.Since is { } since)
        {
            // Row keys start with what is left of time, and the tilde sorts behind everything that follows there.
            string bound = string.Create(CultureInfo.InvariantCulture, $"{long.MaxValue - since.UtcTicks:D19}~");
            conditions.Add(TableClient.CreateQueryFilter($"RowKey lt {bound}"));
        }

        if (!string.IsNullOrEmpty(query.Kind))
        {
            conditions.Add(TableClient.CreateQueryFilter($"Kind eq {query.Kind}"));
        }

        if (query.To is not null && query.To.IndexOf('@', StringComparison.Ordinal) is > 0 and int at && query.To.IndexOf('.', at) > 0)
        {
            // It looks whole, so the store can leave out most of the others itself.
            conditions.Add(TableClient.CreateQueryFilter($"(Recipient eq {Lower(query.To)} or Several eq {true})"));
        }

        TableClient open = await OpenAsync(cancellation);
        int skip = (query.Page - 1) * query.Size;
        List<KeptMail> mails = [];
        await foreach (TableEntity row in open.QueryAsync<TableEntity>(string.Join(" and ", conditions), maxPerPage: RowsAtOnce, cancellationToken: cancellation))
        {
            KeptMail? mail = null;
            if (!string.IsNullOrEmpty(query.To))
            {
                mail = await ReadAsync(open, row, cancellation);
                if (!mail.Recipients.Any(to => to.Email.Contains(query.To, StringComparison.OrdinalIgnoreCase)))
                {
                    continue;
                }
            }

            if (skip > 0)
            {
                skip--;
                continue;
            }

            if (mails.Count == query.Size)
            {
                return new MailPage(mails, query.Page, More: true);
            }

            mails.Add(mail ?? await ReadAsync(open, row, cancellation));
        }

        return new MailPage(mails, query.Page, More: false);
    }

    public async Task<IReadOnlyDictionary<string, int>> CountByKindAsync(CancellationToken cancellation)
    {
        TableClient open = await OpenAsync(cancellation);
        SortedDictionary<string, int> kinds = new(StringComparer.Ordinal);
        string all = TableClient.CreateQueryFilter($"PartitionKey eq {MailPartition}");
        await foreach (TableEntity row in open.QueryAsync<TableEntity>(all, select: ["Kind"], cancellationToken: cancellation))
        {
            string kind = row.GetString("Kind") ?? "";
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        }

        return kinds;
    }

    public async Task RecordAsync(string id, PostedEvent posted, string? state, CancellationToken cancellation)
    {
        TableClient open = await OpenAsync(cancellation);
        while (true)
        {
            NullableResponse<TableEntity> found = await open.GetEntityIfExistsAsync<TableEntity>(MailPartition, id, ["Events", "State"], cancellation);
            if (!found.HasValue || found.Value is not { } row)
            {
                return;
            }

            TableEntity change = new(MailPartition, id)
            {
                ["Events"] = JsonSerializer.Serialize<PostedEvent[]>([.. Events(row), posted]),
                ["State"] = state ?? row.GetString("State"),
            };
            try
            {
                await open.UpdateEntityAsync(change, row.ETag, TableUpdateMode.Merge, cancellation);
                return;
            }
            catch (RequestFailedException conflict) when (conflict.Status == 412)
            {
                // Another event was quicker: read again.
            }
        }
    }

    public async Task ClearAsync(CancellationToken cancellation)
    {
        TableClient open = await OpenAsync(cancellation);
        foreach (string partition in (string[])[MailPartition, OverflowPartition])
        {
            string all = TableClient.CreateQueryFilter($"PartitionKey eq {partition}");
            List<TableTransactionAction> deletions = [];
            await foreach (TableEntity row in open.QueryAsync<TableEntity>(all, select: ["PartitionKey", "RowKey"], cancellationToken: cancellation))
            {
                deletions.Add(new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All));
            }

            foreach (TableTransactionAction[] some in deletions.Chunk(RowsAtOnce))
            {
                await open.SubmitTransactionAsync(some, cancellation);
            }
        }
    }

    public async Task<byte[]> KeepKeyAsync(byte[] fresh, CancellationToken cancellation)
    {
        TableClient open = await OpenAsync(cancellation);
        while (true)
        {
            NullableResponse<TableEntity> found = await open.GetEntityIfExistsAsync<TableEntity>(KeyPartition, KeyRow, cancellationToken: cancellation);
            if (found.HasValue && found.Value?.GetBinary("Key") is { } kept)
            {
                return kept;
            }

            try
            {
                await open.AddEntityAsync(new TableEntity(KeyPartition, KeyRow) { ["Key"] = fresh }, cancellation);
                return fresh;
            }
            catch (RequestFailedException conflict) when (conflict.Status == 409)
            {
                // Another process made one first: that one counts.
            }
        }
    }

    private static void Fill(TableEntity row, byte[][] pieces, int first)
    {
        for (int index = first; index < Math.Min(first + PiecesInRow, pieces.Length); index++)
        {
            row[PieceName(index)] = pieces[index];
        }
    }

    private static async Task<KeptMail> ReadAsync(TableClient open, TableEntity row, CancellationToken cancellation)
    {
        int pieces = row.GetInt32("Pieces") ?? 0;
        using MemoryStream document = new();
        TableEntity holder = row;
        for (int index = 0; index < pieces; index++)
        {
            if (index > 0 && index % PiecesInRow == 0)
            {
                holder = await open.GetEntityAsync<TableEntity>(OverflowPartition, OverflowRow(row.RowKey, index), cancellationToken: cancellation);
            }

            document.Write(holder.GetBinary(PieceName(index)));
        }

        KeptMail mail = JsonSerializer.Deserialize<KeptMail>(document.GetBuffer().AsSpan(0, (int)document.Length)) ??
            throw new InvalidOperationException($"Mail {row.RowKey} is kept as null.");
        return mail with { State = row.GetString("State") ?? mail.State, Events = Events(row) };
    }

    private static PostedEvent[] Events(TableEntity row) =>
        row.GetString("Events") is { } events ? JsonSerializer.Deserialize<PostedEvent[]>(events) ?? [] : [];

    private static string OverflowRow(string id, int first) => string.Create(CultureInfo.InvariantCulture, $"{id}-{first:D4}");

    private static string PieceName(int index) => string.Create(CultureInfo.InvariantCulture, $"Piece{index:D4}");

#pragma warning disable CA1308 // Addresses are compared in lower case by whoever reads the table, too.
    private static string Lower(string address) => address.ToLowerInvariant();
#pragma warning restore CA1308

    private async Task<TableClient> OpenAsync(CancellationToken cancellation)
    {
        if (!created)
        {
            await table.CreateIfNotExistsAsync(cancellation);
            created = true;
        }

        return table;
    }
}
