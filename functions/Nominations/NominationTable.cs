using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;

namespace Plenary.Nominations;

/// <summary>
/// Everything one economy does in one project lies in one partition: its gate, nominees, ranks, the indexes that keep addresses
/// and submission keys apart, documents, audit and outbox. Only this slice writes here.
/// </summary>
public sealed class NominationTable(ITables tables, IDecisions decisions, TimeProvider clock) : IExtensions
{
    public const string Name = "Nominations";

    private const string NomineePrefix = "nominee-";
    private const string RankPrefix = "rank-";
    private const string MailPrefix = "mail-";
    private const string KeyPrefix = "key-";
    public const string DocumentPrefix = "doc-";
    private const string ImportPrefix = "import-";
    private const string ExtensionPrefix = "extension-";
    private const string GateRow = "gate";

    /// <summary>How often a decision is taken anew on what another writer left behind.</summary>
    private const int MostAttempts = 6;

    /// <summary>From the first document to the last rank; the audit trail sorts before it and stays unread.</summary>
    private static readonly KeyRange DeskRange = new(DocumentPrefix, "rank.");

    private readonly ITable table = tables.Get(Name);

    public static string PartitionOf(ProjectCode project, string economy) => $"{Keys.Escape(project.ToString())}|{Keys.Escape(economy)}";

    public static RowKey GateKey(ProjectCode project, string economy) => new(PartitionOf(project, economy), GateRow);

    public static RowKey NomineeKey(string partition, string id) => new(partition, NomineePrefix + Keys.Escape(id));

    public static RowKey RankKey(string partition, int rank) => new(partition, RankPrefix + rank.ToString("D3", CultureInfo.InvariantCulture));

    /// <summary>The address itself is personal, so the key holds only a hash of its normal form.</summary>
    public static RowKey MailKey(string partition, string address) => new(
        partition,
        MailPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(NormalOf(address))).AsSpan(0, 16)));

    public static RowKey SubmissionKey(string partition, string key) => new(partition, KeyPrefix + Keys.Escape(key));

    /// <summary>What a file brought in at once, by the hash of what it says.</summary>
    public static RowKey ImportKey(string partition, string import) => new(partition, ImportPrefix + Keys.Escape(import));

    public static RowKey ExtensionKey(string partition, string id) => new(partition, ExtensionPrefix + Keys.Escape(id));

    public static RowKey DocumentKey(string partition, string nominee, string document) =>
        new(partition, $"{DocumentPrefix}{Keys.Escape(nominee)}-{Keys.Escape(document)}");

    /// <summary>The gate alone: one point read.</summary>
    public async Task<DeskRows?> FindGateAsync(ProjectCode project, string economy, CancellationToken cancellation)
    {
        Row? gate = await table.FindAsync(GateKey(project, economy), cancellation);
        return gate is null ? null : new DeskRows(gate, isWhole: false);
    }

    /// <summary>
    /// The gate and one nominee: two point reads at once. The whole desk where the nominee's row alone does not say whether it counts, as of
    /// whom a file brought in; without the nominee when there is none.
    /// </summary>
    public async Task<DeskRows?> FindNomineeAsync(ProjectCode project, string economy, string id, CancellationToken cancellation)
    {
        Task<DeskRows?> gate = FindGateAsync(project, economy, cancellation);
        Row? row = await table.FindAsync(NomineeKey(PartitionOf(project, economy), id), cancellation);
        DeskRows? desk = await gate;
        if (row?.Text(NomineeImport.Column) is { Length: > 0 })
        {
            return await FindAsync(project, economy, cancellation);
        }

        if (row is not null)
        {
            desk?.Add(row, row.Body<Nominee>());
        }

        return desk;
    }

    /// <summary>The whole desk: one query of one partition.</summary>
    public async Task<DeskRows?> FindAsync(ProjectCode project, string economy, CancellationToken cancellation)
    {
        DeskRows? found = null;
        await foreach (DeskRows desk in ReadAsync(table.ListAsync(PartitionOf(project, economy), DeskRange, cancellation), cancellation))
        {
            found = desk;
        }

        return found;
    }

    /// <summary>All desks of a project, one after another: memory holds one economy at a time.</summary>
    public IAsyncEnumerable<DeskRows> ListAsync(ProjectCode project, CancellationToken cancellation) => ReadAsync(
        table.ListPartitionsAsync(KeyRange.StartingWith($"{Keys.Escape(project.ToString())}|"), DeskRange, cancellation), cancellation);

    /// <summary>Every extension of a project, whatever became of it; nothing else is read.</summary>
    public async Task<IReadOnlyList<DeskExtension>> ListExtensionsAsync(ProjectCode project, CancellationToken cancellation)
    {
        List<DeskExtension> found = [];
        await foreach (Row row in table.ListPartitionsAsync(KeyRange.StartingWith($"{Keys.Escape(project.ToString())}|"), KeyRange.StartingWith(ExtensionPrefix), cancellation))
        {
            found.Add(new DeskExtension(row.Text("Economy"), row.Body<Extension>()));
        }

        return found;
    }

    /// <summary>
    /// Reads the desk, decides, and writes what was decided; when another writer was faster, everything is decided anew on what is
    /// there now. So a conflict never becomes an error of its own: the decision sees the taken rank, address or key and says so.
    /// </summary>
    /// <param name="gateFirst">Decide on the gate alone at first; the decision answers null when it needs the whole desk.</param>
    public Task<Outcome<T>> ChangeAsync<T>(
        DeskCall call, Func<DeskRows, Batch, Outcome<T>?> decide, CancellationToken cancellation, bool gateFirst = false)
    {
        ArgumentNullException.ThrowIfNull(call);
        return ChangeAsync(call.Project, call.Economy, desk => desk.LetsIn(call.Session.Generation, call.ReceivedAt), decide, gateFirst, cancellation);
    }

    /// <summary>The same for whoever is not the holder of the desk's link.</summary>
    public Task<Outcome<T>> ChangeAsync<T>(ProjectCode project, string economy, Func<DeskRows, Batch, Outcome<T>?> decide, CancellationToken cancellation) =>
        ChangeAsync(project, economy, _ => true, decide, gateFirst: false, cancellation);

    private async Task<Outcome<T>> ChangeAsync<T>(
        ProjectCode project, string economy, Func<Desk, bool> letsIn, Func<DeskRows, Batch, Outcome<T>?> decide, bool gateFirst, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(decide);
        bool wholeNext = !gateFirst;
        for (int attempt = 1; attempt <= MostAttempts; attempt++)
        {
            DeskRows? desk = wholeNext
                ? await FindAsync(project, economy, cancellation)
                : await FindGateAsync(project, economy, cancellation);
            wholeNext = true;
            if (desk is null || !letsIn(desk.Desk))
            {
                return DeskCall.LinkForbidden;
            }

            Batch batch = new(desk.Partition);
            if (decide(desk, batch) is not { } outcome)
            {
                continue;
            }

            if (outcome.IsRefused || batch.Writes.Count == 0)
            {
                return outcome;
            }

            // The clock is read again: a long upload may be minutes older than this, and the outbox is swept by time.
            CommitResult result = await decisions.CommitAsync(table, batch, clock.GetUtcNow(), cancellation);
            if (result.IsDone)
            {
                return outcome;
            }
        }

        return new Refusal("desk-busy-conflict", "Others changed this list at the same moment, again and again.", Remedy: "Send it once more.");
    }

    /// <summary>Writes the gate together with what its opening owes.</summary>
    internal Task<CommitResult> CommitAsync(Batch batch, CancellationToken cancellation) =>
        decisions.CommitAsync(table, batch, clock.GetUtcNow(), cancellation);

    internal static string NormalOf(string address) => EmailAddress.Parse(address).TryGet(out EmailAddress? parsed) ? parsed.Normal : address;

    private static async IAsyncEnumerable<DeskRows> ReadAsync(IAsyncEnumerable<Row> rows, [EnumeratorCancellation] CancellationToken cancellation)
    {
        List<Row> partition = [];
        await foreach (Row row in rows.WithCancellation(cancellation))
        {
            if (partition.Count > 0 && partition[0].Key.Partition != row.Key.Partition)
            {
                if (Assemble(partition) is { } before)
                {
                    yield return before;
                }

                partition.Clear();
            }

            partition.Add(row);
        }

        if (partition.Count > 0 && Assemble(partition) is { } last)
        {
            yield return last;
        }
    }

    private static DeskRows? Assemble(List<Row> rows)
    {
        if (rows.Find(row => row.Key.Row == GateRow) is not { } gate)
        {
            return null;
        }

        // Imports sort before nominees, who belong to one until it is applied.
        DeskRows desk = new(gate, isWhole: true);
        foreach (Row row in rows)
        {
            string key = row.Key.Row;
            if (key.StartsWith(ImportPrefix, StringComparison.Ordinal))
            {
                desk.Add(row, row.Body<NomineeImport>());
            }
            else if (key.StartsWith(NomineePrefix, StringComparison.Ordinal))
            {
                desk.Add(row, row.Body<Nominee>());
            }
            else if (key.StartsWith(DocumentPrefix, StringComparison.Ordinal))
            {
                desk.Add(row, row.Body<NomineeDocument>());
            }
            else if (key.StartsWith(ExtensionPrefix, StringComparison.Ordinal))
            {
                desk.Add(row, row.Body<Extension>());
            }
            else if (key.StartsWith(RankPrefix, StringComparison.Ordinal))
            {
                desk.AddRank(int.Parse(key.AsSpan(RankPrefix.Length), CultureInfo.InvariantCulture), row);
            }
            else if (key.StartsWith(MailPrefix, StringComparison.Ordinal) || key.StartsWith(KeyPrefix, StringComparison.Ordinal))
            {
                desk.AddIndex(row);
            }
        }

        return desk;
    }
}
