using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>One desk as it was read, and how its rows are written: what belongs together changes together here and nowhere else.</summary>
/// <param name="isWhole">False when only the gate was read.</param>
public sealed class DeskRows(Row gate, bool isWhole)
{
    private readonly Dictionary<string, (Row Row, Nominee Nominee)> nominees = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Row Row, NomineeDocument Document)> documents = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, Row> ranks = [];
    private readonly Dictionary<string, Row> indexes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Row Row, NomineeImport Import)> imports = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Row> hidden = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Row Row, Extension Extension)> extensions = new(StringComparer.Ordinal);

    public string Partition => gate.Key.Partition;

    public bool IsWhole => isWhole;

    public Row GateRow => gate;

    public Desk Desk { get; } = gate.Body<Desk>();

    public IEnumerable<Nominee> Nominees => nominees.Values.Select(pair => pair.Nominee);

    /// <summary>In the order they were granted.</summary>
    public IEnumerable<Extension> Extensions => extensions.Values.Select(pair => pair.Extension).OrderBy(extension => extension.GrantedAt);

    /// <summary>Ids of those who are not withdrawn, first rank first.</summary>
    public IReadOnlyList<string> Order => [.. ranks.Values.Select(OwnerOf)];

    public IReadOnlyCollection<int> TakenRanks => ranks.Keys;

    public Nominee? Find(string id) => nominees.GetValueOrDefault(id).Nominee;

    /// <summary>The rank as stored; null for the withdrawn.</summary>
    public int? RankOf(string id) => ranks.Where(pair => OwnerOf(pair.Value) == id).Select(pair => (int?)pair.Key).FirstOrDefault();

    public IReadOnlyList<NomineeDocument> DocumentsOf(string nominee) =>
        [.. documents.Values.Select(pair => pair.Document).Where(document => document.NomineeId == nominee).OrderBy(document => document.UploadedAt)];

    /// <summary>Whether something was saved that has not been submitted.</summary>
    public bool HasUnsent(Nominee nominee)
    {
        ArgumentNullException.ThrowIfNull(nominee);
        return nominee.HasUnsent(DocumentsOf(nominee.Id).Where(document => document.State == DocumentState.Clean).Select(document => document.Fingerprint));
    }

    public NomineeDocument? FindDocument(string nominee, string document) =>
        documents.GetValueOrDefault(NominationTable.DocumentKey(Partition, nominee, document).Row).Document;

    public NomineeImport? FindImport(string id) => imports.GetValueOrDefault(id).Import;

    public IEnumerable<NomineeImport> Imports => imports.Values.Select(pair => pair.Import);

    /// <summary>Whoever holds the address here; null when it is free.</summary>
    public string? HolderOf(string address) =>
        address.Length > 0 && indexes.TryGetValue(NominationTable.MailKey(Partition, address).Row, out Row? row) ? OwnerOf(row) : null;

    /// <summary>What an earlier request with this key made, and the hash of what it asked for.</summary>
    public (string Nominee, string RequestHash)? FindKey(string key) =>
        indexes.TryGetValue(NominationTable.SubmissionKey(Partition, key).Row, out Row? row) ? (OwnerOf(row), row.Text("RequestHash")) : null;

    /// <summary>Whether what this call brings for a nominee may still be written; to be asked in the decision that writes it.</summary>
    /// <param name="nominee">Null for one who is not there yet.</param>
    public Admission Admit(DeskCall call, string? nominee)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.Draft is not { } draft ? Admit(call.ReceivedAt, nominee)
            : WhyRevoked(call) is { } revoked ? new Admission(revoked)
            : Desk.AdmitDrafter(call.ReceivedAt, draft, Extensions);
    }

    /// <summary>Why the link to one draft opens it no longer although the desk is in the same hands; null for the officer.</summary>
    public Refusal? WhyRevoked(DeskCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.Draft is { } draft && Find(draft)?.Invitation is { } invitation && Math.Max(1, call.Session.Number) <= invitation.RevokedThrough
            ? new Refusal(
                "revoked-link-forbidden",
                $"The liaison officer of {Desk.EconomyName} has revoked this link, so the form cannot be opened with it any more.",
                Remedy: "What was saved is with the liaison officer. Ask there for a new link if you should still fill in the form.")
            : null;
    }

    /// <summary>The same for the officer. A draft for a place that fell free follows that place alone.</summary>
    public Admission Admit(DateTimeOffset receivedAt, string? nominee) =>
        nominee is not null && Find(nominee) is { Replaces: { } former, State: NomineeState.Draft }
            ? Desk.WhyNoReplacement(former, receivedAt) is { } closed ? new Admission(closed) : Admission.InTime
            : Desk.Admit(receivedAt, nominee, Extensions);

    /// <summary>What a draft still lacks before it can be submitted.</summary>
    public IReadOnlyList<Refusal> FindMissing(Nominee nominee)
    {
        ArgumentNullException.ThrowIfNull(nominee);
        IReadOnlyList<Refusal> missing = [.. TypedNominee.FindMissing(nominee.Entry), .. Desk.Eligibility.FindMissing(nominee.Entry)];
        return Desk.WhyDocumentsMissing(DocumentsOf(nominee.Id).Count) is { } documents ? [.. missing, documents] : missing;
    }

    /// <summary>Drafts that were there at an instant and cannot be submitted as they are, first rank first.</summary>
    public IEnumerable<Nominee> IncompleteDrafts(DateTimeOffset startedBy) => Order.Select(Find).OfType<Nominee>()
        .Where(nominee => nominee.State == NomineeState.Draft && nominee.CreatedAt <= startedBy && FindMissing(nominee).Count > 0);

    /// <summary>A submission that is late uses its extension up in the same batch; whoever else uses it at this moment is decided anew.</summary>
    public void UseExtension(Batch batch, Admission admission, string nominee, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(admission);
        if (admission is { By: { } extension, Late: { } late })
        {
            Extension used = extension with { Uses = [.. extension.Uses, new ExtensionUse(nominee, at, late.Minutes)] };
            ReplaceExtension(batch, used);
        }
    }

    public void InsertExtension(Batch batch, Extension extension)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(extension);
        batch.Insert(Row.Of(NominationTable.ExtensionKey(Partition, extension.Id), extension, Columns(extension)));
    }

    public void ReplaceExtension(Batch batch, Extension extension)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(extension);
        batch.Replace(extensions[extension.Id].Row.With(extension, Columns(extension)));
    }

    public void ReplaceGate(Batch batch, Desk desk)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Replace(gate.With(desk, OpenDesk.ColumnsOf(desk)));
    }

    /// <summary>A nominee who is not there yet, with every row that makes another one impossible. The submission key comes first: its conflict tells most.</summary>
    public void InsertNominee(Batch batch, Nominee nominee, int rank, string key, string requestHash)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(nominee);
        batch.Insert(Row.Of(
            NominationTable.SubmissionKey(Partition, key), ("Nominee", nominee.Id), ("RequestHash", requestHash), ("Reference", nominee.Reference)));
        batch.Insert(Owned(NominationTable.RankKey(Partition, rank), nominee.Id));
        if (nominee.Entry.Email.Length > 0)
        {
            batch.Insert(Owned(NominationTable.MailKey(Partition, nominee.Entry.Email), nominee.Id));
        }

        batch.Insert(Row.Of(NominationTable.NomineeKey(Partition, nominee.Id), nominee, Columns(nominee)));
    }

    /// <summary>The people of a file, whom no reader of this desk meets before <see cref="ApplyImport"/>. Three rows at most for two people.</summary>
    public void StageImport(Batch batch, NomineeImport import, IEnumerable<Nominee> people)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(import);
        batch.Insert(Row.Of(NominationTable.ImportKey(Partition, import.Id), import, Columns(import)));
        foreach (Nominee nominee in people)
        {
            batch.Insert(Row.Of(NominationTable.NomineeKey(Partition, nominee.Id), nominee, [.. Columns(nominee), (NomineeImport.Column, import.Id)]));
            batch.Insert(Row.Of(
                NominationTable.SubmissionKey(Partition, $"import-{nominee.Id}"), ("Nominee", nominee.Id), ("RequestHash", import.Id), ("Reference", nominee.Reference)));
        }
    }

    /// <summary>All people of a staged file take their ranks and addresses, and count.</summary>
    /// <param name="ranks">One for each, in their order.</param>
    public void ApplyImport(Batch batch, NomineeImport applied, IReadOnlyList<int> ranks)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(applied);
        ArgumentNullException.ThrowIfNull(ranks);
        batch.Replace(imports[applied.Id].Row.With(applied, Columns(applied)));
        for (int index = 0; index < ranks.Count; index++)
        {
            Nominee nominee = hidden[applied.Nominees[index]].Body<Nominee>();
            batch.Insert(Owned(NominationTable.RankKey(Partition, ranks[index]), nominee.Id));
            batch.Insert(Owned(NominationTable.MailKey(Partition, nominee.Entry.Email), nominee.Id));
        }
    }

    /// <summary>Removes what was staged and never applied. Whoever applies it at this moment wins or loses as a whole: both change the import's row.</summary>
    public void ForgetImport(Batch batch, NomineeImport staged)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(staged);
        batch.Delete(imports[staged.Id].Row);
        foreach (string id in staged.Nominees)
        {
            batch.Delete(hidden[id]);
            batch.Delete(indexes[NominationTable.SubmissionKey(Partition, $"import-{id}").Row]);
        }
    }

    /// <summary>Nominees of a staged file, in its order.</summary>
    public IReadOnlyList<Nominee> StagedOf(NomineeImport staged)
    {
        ArgumentNullException.ThrowIfNull(staged);
        return [.. staged.Nominees.Select(id => hidden[id].Body<Nominee>())];
    }

    /// <summary>What the gate says from now on.</summary>
    public void ReplaceDesk(Batch batch, Desk changed)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(changed);
        batch.Replace(gate.With(changed, OpenDesk.ColumnsOf(changed)));
    }

    /// <summary>This nominee takes the place that fell free, and whoever keeps it is told.</summary>
    public void FillVacancy(Batch batch, Nominee named)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(named);
        Vacancy filled = Desk.Vacancies.First(vacancy => vacancy.Former == named.Replaces) with { FilledBy = named.Id };
        ReplaceDesk(batch, Desk.With(filled));
        batch.Owe(OpenVacancy.Settled(Desk, filled));
    }

    /// <summary>The nominee in a later state; the address index follows the entry.</summary>
    public void ReplaceNominee(Batch batch, Nominee changed)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(changed);
        (Row row, Nominee before) = nominees[changed.Id];
        string held = before.State == NomineeState.Withdrawn ? "" : before.Entry.Email;
        string holds = changed.State == NomineeState.Withdrawn ? "" : changed.Entry.Email;
        RowKey? heldKey = held.Length > 0 ? NominationTable.MailKey(Partition, held) : null;
        RowKey? holdsKey = holds.Length > 0 ? NominationTable.MailKey(Partition, holds) : null;
        if (heldKey != holdsKey)
        {
            if (holdsKey is { } free)
            {
                batch.Insert(Owned(free, changed.Id));
            }

            if (heldKey is { } old && indexes.TryGetValue(old.Row, out Row? index) && OwnerOf(index) == changed.Id)
            {
                batch.Delete(index);
            }
        }

        batch.Replace(row.With(changed, Columns(changed)));
    }

    /// <summary>Throws a draft away with everything that hangs on it. The files themselves are the caller's to delete afterwards.</summary>
    public void DeleteDraft(Batch batch, Nominee draft)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(draft);
        batch.Delete(nominees[draft.Id].Row);
        foreach (Row index in indexes.Values.Where(index => OwnerOf(index) == draft.Id))
        {
            batch.Delete(index);
        }

        foreach ((Row row, NomineeDocument document) in documents.Values.Where(pair => pair.Document.NomineeId == draft.Id))
        {
            batch.Delete(row);
        }
    }

    /// <summary>Writes the order as 1, 2, 3 … and frees every rank behind it. Only rows that change are touched.</summary>
    public void WriteOrder(Batch batch, IReadOnlyList<string> order)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(order);
        for (int rank = 1; rank <= order.Count; rank++)
        {
            string owner = order[rank - 1];
            if (!ranks.TryGetValue(rank, out Row? row))
            {
                batch.Insert(Owned(NominationTable.RankKey(Partition, rank), owner));
            }
            else if (OwnerOf(row) != owner)
            {
                batch.Replace(row.With(new Owner(owner), ("Nominee", owner)));
            }
        }

        foreach ((int _, Row row) in ranks.Where(pair => pair.Key > order.Count))
        {
            batch.Delete(row);
        }
    }

    public void InsertDocument(Batch batch, NomineeDocument document)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(document);

        // The nominee's row is rewritten as it is: two uploads at once then see each other, so the sum of sizes holds.
        ReplaceNominee(batch, nominees[document.NomineeId].Nominee);
        batch.Insert(Row.Of(NominationTable.DocumentKey(Partition, document.NomineeId, document.Id), document, ("State", document.State.ToString())));
    }

    public void ReplaceDocument(Batch batch, NomineeDocument document)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(document);
        Row row = documents[NominationTable.DocumentKey(Partition, document.NomineeId, document.Id).Row].Row;
        batch.Replace(row.With(document, ("State", document.State.ToString())));
    }

    public void DeleteDocument(Batch batch, NomineeDocument document)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(document);
        batch.Delete(documents[NominationTable.DocumentKey(Partition, document.NomineeId, document.Id).Row].Row);
    }

    /// <summary>Who did what at this desk, in the batch that does it.</summary>
    public static void Audit(Batch batch, DeskCall call, string action, string subject, params IEnumerable<(string Name, string Value)> facts)
    {
        ArgumentNullException.ThrowIfNull(call);
        batch.Audit(new AuditEntry(call.ReceivedAt, call.Actor, action, subject, facts.ToDictionary(fact => fact.Name, fact => fact.Value)));
    }

    /// <summary>What the audit trail says of a late submission, in ids; nothing of one in time.</summary>
    public static IEnumerable<(string Name, string Value)> FactsOf(Admission admission)
    {
        ArgumentNullException.ThrowIfNull(admission);
        return admission.Late is { } late
            ? [("LateMinutes", late.Minutes.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("Extension", late.Extension ?? "grace"), ("GrantedBy", admission.By?.GrantedBy ?? "")]
            : [];
    }

    /// <summary>A mail to the officer of this desk about one nominee.</summary>
    public void Owe(Batch batch, string kind, Nominee nominee)
    {
        ArgumentNullException.ThrowIfNull(nominee);
        batch.Owe(new MailOwed(
            Desk.Project.ToString(),
            kind,
            $"officer:{Desk.Economy}",
            $"{Desk.Economy}/{nominee.Id}",
            (nominee.Sent?.Version ?? 0).ToString(System.Globalization.CultureInfo.InvariantCulture)).ToOwed());
    }

    /// <summary>The receipt of a submission, and that its nominee can be found by name and address.</summary>
    public void OweForSubmission(Batch batch, Nominee submitted)
    {
        ArgumentNullException.ThrowIfNull(submitted);
        Owe(batch, NominationMails.Receipt, submitted);
        batch.Owe(new PeopleToIndex(Desk.Project.ToString(), Desk.Economy, [submitted.Id])
            .ToOwed(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{submitted.Id}-{submitted.Sent?.Version}")));
    }

    internal void Add(Row row, Nominee nominee)
    {
        if (row.Text(NomineeImport.Column) is { Length: > 0 } import && FindImport(import) is not { AppliedAt: not null })
        {
            hidden[nominee.Id] = row;
        }
        else
        {
            nominees[nominee.Id] = (row, nominee);
        }
    }

    internal void Add(Row row, NomineeImport import) => imports[import.Id] = (row, import);

    internal void Add(Row row, NomineeDocument document) => documents[row.Key.Row] = (row, document);

    internal void Add(Row row, Extension extension) => extensions[extension.Id] = (row, extension);

    internal void AddRank(int rank, Row row) => ranks[rank] = row;

    internal void AddIndex(Row row) => indexes[row.Key.Row] = row;

    private static string OwnerOf(Row row) => row.Text("Nominee");

    private static Row Owned(RowKey key, string nominee) => Row.Of(key, new Owner(nominee), ("Nominee", nominee));

    /// <summary>For operators who look into the table; nothing personal.</summary>
    private static (string Name, object Value)[] Columns(Nominee nominee) =>
        [("State", nominee.State.ToString()), ("Reference", nominee.Reference), ("Version", (long)(nominee.Sent?.Version ?? 0))];

    private (string Name, object Value)[] Columns(Extension extension) =>
        [("Economy", Desk.Economy), ("UntilTicks", extension.Until.UtcTicks), ("UsesLeft", (long)extension.UsesLeft)];

    private static (string Name, object Value)[] Columns(NomineeImport import) => [("State", import.AppliedAt is null ? "Staged" : NomineeImport.Applied)];

    private sealed record Owner(string Nominee);
}
