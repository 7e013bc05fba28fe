using System.Globalization;
using System.Security.Cryptography;
using Plenary.Domain;
using Plenary.Infra.Blobs;
using Plenary.Infra.Tables;
using Plenary.Nominations;

namespace Plenary.Cli.Checks;

/// <summary>How many of each an economy has, as its rows say.</summary>
/// <param name="Late">Whoever is there or was submitted only since the closing.</param>
internal sealed record DeskTally(int Submitted, int Drafts, int Withdrawn, IReadOnlyList<LateNominee> Late)
{
    public static DeskTally Empty { get; } = new(0, 0, 0, []);

    /// <summary>What the desk had at its closing, were everybody who came later not there.</summary>
    public DeskTally AtClosing => new(
        Submitted - Late.Count(one => one.State == NomineeState.Submitted),
        Drafts - Late.Count(one => one is { State: NomineeState.Draft, WasDraft: false }) + Late.Count(one => one is { State: NomineeState.Submitted, WasDraft: true }),
        Withdrawn - Late.Count(one => one.State == NomineeState.Withdrawn),
        []);
}

/// <summary>By an extension, within the grace, or for a place that fell free.</summary>
/// <param name="WasDraft">A draft lay there at the closing.</param>
/// <param name="At">When it came in, as far as the closing is concerned.</param>
internal sealed record LateNominee(NomineeState State, bool WasDraft, DateTimeOffset At);

/// <summary>
/// Recounts the desks: ranks, addresses, submission keys and documents against the nominees they belong to, files against both. Memory
/// holds the keys of one desk at a time, never a nominee.
/// </summary>
internal sealed class CheckNominations(Operation operation, TimeSpan grace, bool readFiles, Action<Finding> found, Action<string, long> said)
{
    private const string Remedy = "Restore this project from a backup into another prefix, compare, and write the row again by its owner's rules; plenary projects export shows what the app makes of it.";

    private readonly Dictionary<string, DeskTally> tallies = new(StringComparer.Ordinal);
    private Tally tally = new("");

    /// <summary>By partition.</summary>
    public IReadOnlyDictionary<string, DeskTally> Desks => tallies;

    public async Task<long> RunAsync(CancellationToken cancellation)
    {
        long rows = 0;
        await foreach (Row row in operation.Tables.Get(NominationTable.Name).ScanAllAsync(cancellation))
        {
            if (row.Key.Partition != tally.Partition)
            {
                await EndAsync(cancellation);
                tally = new Tally(row.Key.Partition);
            }

            Take(row);
            if (++rows % 1000 == 0)
            {
                said(NominationTable.Name, rows);
            }
        }

        await EndAsync(cancellation);
        await FindLostFilesAsync(cancellation);
        return rows;
    }

    private static string FolderOf(string partition)
    {
        string[] parts = partition.Split('|');
        return $"{Keys.Unescape(parts[0])}/{(parts.Length > 1 ? parts[1] : "")}/";
    }

    private void Take(Row row)
    {
        string key = row.Key.Row;
        switch (key.Split('-')[0])
        {
            case "gate":
                Desk desk = row.Body<Desk>();
                tally.Gate = desk;
                if (row.Number("ClosesTicks") != desk.ClosesAt.UtcTicks || row.Number("Generation") != desk.Generation)
                {
                    Tell("column-stale", key, "The gate's columns say another closing or generation than its body.");
                }

                break;
            case "extension":
                tally.Extensions.Add(row.Body<Extension>());
                break;
            case "import":
                tally.Imports[row.Body<NomineeImport>().Id] = row.Text("State") == NomineeImport.Applied;
                break;
            case "nominee" when row.Text(NomineeImport.Column) is { Length: > 0 } import && !tally.Imports.GetValueOrDefault(import):
                // Staged and never applied: nobody meets them until the same file comes again.
                tally.Keys.Remove(row.Body<Nominee>().Id);
                break;
            case "nominee":
                TakeNominee(row, row.Body<Nominee>());
                break;
            case "rank":
                tally.Ranks.Add((int.Parse(key["rank-".Length..], CultureInfo.InvariantCulture), row.Text("Nominee")));
                break;
            case "mail":
                tally.Mails[key] = row.Text("Nominee");
                break;
            case "key":
                tally.Keys.Add(row.Text("Nominee"));
                break;
            case "doc":
                tally.Documents.Add(row.Body<NomineeDocument>());
                break;
            default:
                break;
        }
    }

    private void TakeNominee(Row row, Nominee nominee)
    {
        string address = nominee.State == NomineeState.Withdrawn ? "" : nominee.Entry.Email;
        TakeLate(nominee);
        tally.Nominees[nominee.Id] = (nominee.State, address.Length == 0 ? null : NominationTable.MailKey(tally.Partition, address).Row);
        if (row.Key != NominationTable.NomineeKey(tally.Partition, nominee.Id))
        {
            Tell("key-wrong", row.Key.Row, "The row's key is not that of the nominee in it.");
        }

        if (row.Text("State") != nominee.State.ToString() || row.Text("Reference") != nominee.Reference || row.Number("Version") != (nominee.Sent?.Version ?? 0))
        {
            Tell("column-stale", row.Key.Row, "State, reference or version beside the body say something else than the body.");
        }

        if (nominee.Sent is { } sent && sent.Entry.ComputeHash(sent.Documents.Select(document => document.Fingerprint)) != sent.ContentHash)
        {
            Tell("content-changed", row.Key.Row, "What was submitted has another content hash than the one it was acknowledged with.");
        }
    }

    private void TakeLate(Nominee nominee)
    {
        if (nominee.Sent?.Late is { Extension: { } extension } late)
        {
            tally.LateBy.Add((nominee.Id, extension, late.Minutes));
        }

        if (tally.Gate is not { } gate)
        {
            return;
        }

        bool wasThere = nominee.Replaces is null && nominee.CreatedAt < gate.ClosesAt;
        if (!wasThere || (nominee.State == NomineeState.Submitted && nominee.Sent?.FirstAt >= gate.ClosesAt))
        {
            tally.Late.Add(new LateNominee(nominee.State, wasThere, nominee.Sent?.FirstAt ?? nominee.CreatedAt));
        }
    }

    /// <summary>Who came in late by an extension stands on it, and it let in no more than it may.</summary>
    private void CheckExtensions()
    {
        foreach ((string id, string by, int minutes) in tally.LateBy.Where(late => !tally.Extensions.Any(extension =>
            extension.Id == late.Extension && extension.Uses.Any(use => use.Nominee == late.Nominee && use.Minutes == late.Minutes))))
        {
            Tell("late-unexplained", $"nominee-{id}", $"It was submitted late by {minutes} minutes by extension {by}, which does not say so.");
        }

        foreach (Extension extension in tally.Extensions)
        {
            string row = NominationTable.ExtensionKey(tally.Partition, extension.Id).Row;
            if (extension.UsesLeft < 0 || extension.Uses.Any(use => use.At >= extension.Until))
            {
                Tell("extension-overused", row, $"It lets in {extension.MostUses} submissions until {extension.Until:u}, and was used {extension.Uses.Count} times, the last time {extension.Uses.Max(use => use.At):u}.");
            }

            foreach (ExtensionUse use in extension.Uses.Where(use => !tally.Nominees.ContainsKey(use.Nominee)))
            {
                Tell("extension-use-orphan", row, $"It let in nominee {use.Nominee}, who is not there.");
            }
        }
    }

    private async Task EndAsync(CancellationToken cancellation)
    {
        if (tally.Partition.Length == 0)
        {
            return;
        }

        if (tally.Gate is null && tally.Nominees.Count + tally.Documents.Count + tally.Mails.Count + tally.Ranks.Count > 0)
        {
            Tell("gate-missing", "gate", "There are nominees or indexes, but no gate: nobody can open this desk.");
        }

        CheckRanks();
        CheckExtensions();
        foreach ((string key, string owner) in tally.Mails.Where(pair => !tally.Nominees.TryGetValue(pair.Value, out (NomineeState, string? MailKey) nominee) || nominee.MailKey != pair.Key))
        {
            Tell("address-index-orphan", key, $"It holds an address for nominee {owner}, who is not there, has withdrawn or has another address: nobody else can use it.");
        }

        foreach ((string id, (NomineeState _, string? mailKey)) in tally.Nominees)
        {
            if (mailKey is not null && tally.Mails.GetValueOrDefault(mailKey) != id)
            {
                Tell("address-index-missing", mailKey, $"Nothing holds the address of nominee {id}: the same person could be nominated twice.");
            }

            if (!tally.Keys.Contains(id))
            {
                Tell("submission-key-missing", $"nominee-{id}", "No submission key leads to this nominee: a repeated request would make another one.");
            }
        }

        foreach (string owner in tally.Keys.Where(owner => !tally.Nominees.ContainsKey(owner)))
        {
            Tell("submission-key-orphan", $"key-… of {owner}", "A submission key leads to a nominee who is not there: a repeated request would be answered with nobody.");
        }

        await CheckDocumentsAsync(cancellation);
        tallies[tally.Partition] = new DeskTally(
            tally.Nominees.Values.Count(nominee => nominee.State == NomineeState.Submitted),
            tally.Nominees.Values.Count(nominee => nominee.State == NomineeState.Draft),
            tally.Nominees.Values.Count(nominee => nominee.State == NomineeState.Withdrawn),
            tally.Late);
    }

    private void CheckRanks()
    {
        int expected = 1;
        foreach ((int rank, string owner) in tally.Ranks)
        {
            if (rank != expected)
            {
                Tell("rank-gap", NominationTable.RankKey(tally.Partition, rank).Row, $"Rank {expected} is missing before it.");
            }

            expected = rank + 1;
            if (!tally.Nominees.TryGetValue(owner, out (NomineeState State, string?) nominee) || nominee.State == NomineeState.Withdrawn)
            {
                Tell("rank-orphan", NominationTable.RankKey(tally.Partition, rank).Row, $"It ranks nominee {owner}, who is not there or has withdrawn.");
            }
        }

        HashSet<string> ranked = [.. tally.Ranks.Select(rank => rank.Owner)];
        foreach (string id in tally.Nominees.Where(pair => pair.Value.State != NomineeState.Withdrawn && !ranked.Contains(pair.Key)).Select(pair => pair.Key))
        {
            Tell("rank-missing", $"nominee-{id}", "This nominee has no rank, so no list shows them.");
        }

        if (ranked.Count != tally.Ranks.Count)
        {
            Tell("rank-double", "rank-…", "A nominee stands at two ranks.");
        }
    }

    private async Task CheckDocumentsAsync(CancellationToken cancellation)
    {
        string folder = FolderOf(tally.Partition);
        Dictionary<string, StoredBlob> blobs = await operation.Blobs.ListAsync(DocumentStore.Container, folder, cancellation).ToDictionaryAsync(blob => blob.Name, cancellationToken: cancellation);
        foreach (NomineeDocument document in tally.Documents)
        {
            string name = $"{folder}{Keys.Escape(document.NomineeId)}/{Keys.Escape(document.Id)}";
            if (!tally.Nominees.ContainsKey(document.NomineeId))
            {
                Tell("document-orphan", $"doc-{document.NomineeId}-{document.Id}", "It belongs to a nominee who is not there.");
            }

            if (!blobs.Remove(name, out StoredBlob? blob))
            {
                Tell("file-missing", $"doc-{document.NomineeId}-{document.Id}", "Its file is not in the container: nobody can open the document.", "Undelete the blob (soft delete keeps it), or ask the officer to send the document again.");
            }
            else if (blob.Length != document.Length || (readFiles && await HashAsync(name, cancellation) != document.Sha256))
            {
                Tell("file-changed", $"doc-{document.NomineeId}-{document.Id}", "Its file is not the one that was uploaded.", "Go back to the version before (the container keeps versions).");
            }
        }

        foreach (StoredBlob orphan in blobs.Values)
        {
            TellOrphan(orphan);
        }
    }

    /// <summary>Files under folders that are no desk's.</summary>
    private async Task FindLostFilesAsync(CancellationToken cancellation)
    {
        HashSet<string> folders = [.. tallies.Keys.Select(FolderOf)];
        await foreach (StoredBlob blob in operation.Blobs.ListAsync(DocumentStore.Container, "", cancellation))
        {
            if (!folders.Contains(string.Concat(blob.Name.Split('/').Take(2).Select(part => part + '/'))))
            {
                TellOrphan(blob);
            }
        }
    }

    private void TellOrphan(StoredBlob blob)
    {
        // An upload under way has its file before its row. The store's clock is not ours, so the distance counts and not its sign.
        if (blob.ModifiedAt is { } modified && (operation.Now - modified).Duration() < grace)
        {
            return;
        }

        found(new Finding(Finding.OrphanBlob, $"{DocumentStore.Container} {blob.Name}", "No row names this file: an upload broke off before its row was written.", "Delete the blob; nobody can reach it."));
    }

    private async Task<string> HashAsync(string name, CancellationToken cancellation)
    {
        await using Stream? stream = await operation.Blobs.OpenReadAsync(DocumentStore.Container, name, cancellation);
        return stream is null ? "" : Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }

    private void Tell(string code, string row, string what, string remedy = Remedy) =>
        found(Finding.At(code, NominationTable.Name, new RowKey(tally.Partition, row), what, remedy));

    /// <summary>One desk as far as it has been read.</summary>
    private sealed class Tally(string partition)
    {
        public string Partition { get; } = partition;

        /// <summary>Null while its row has not come.</summary>
        public Desk? Gate { get; set; }

        public List<LateNominee> Late { get; } = [];

        public List<(string Nominee, string Extension, int Minutes)> LateBy { get; } = [];

        public List<Extension> Extensions { get; } = [];

        public Dictionary<string, (NomineeState State, string? MailKey)> Nominees { get; } = new(StringComparer.Ordinal);

        public List<(int Rank, string Owner)> Ranks { get; } = [];

        public Dictionary<string, string> Mails { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, bool> Imports { get; } = new(StringComparer.Ordinal);

        public List<NomineeDocument> Documents { get; } = [];
    }
}
