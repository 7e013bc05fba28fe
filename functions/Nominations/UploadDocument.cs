using Plenary.Domain;
using Plenary.Infra.Blobs;
using Plenary.Infra.Outbox;

namespace Plenary.Nominations;

/// <summary>
/// Takes a file as a stream, stores it, and has it checked before anybody else can open it: uploaded, then clean; what is refused is not kept.
/// What a crash leaves, a file nobody can reach or a row that says "not checked yet", <see cref="SettleDocument"/> finds: it is owed before the first byte.
/// </summary>
public sealed class UploadDocument(NominationTable table, IBlobs blobs, CheckDocument check, TimeProvider clock)
{
    /// <summary>Longer than any request lasts.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    public async Task<Outcome<NomineeDocument>> RunAsync(DeskCall call, string nominee, UploadedFile sent, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(sent);
        string name = NomineeDocument.CleanName(sent.FileName);
        if (NomineeDocument.FormatOf(name) is not { } format)
        {
            return new Refusal("document-unknown", "The name does not end in .pdf, .jpg, .jpeg, .png or .docx.", "document", "Save it in one of these formats and send that.");
        }

        // Asked before the first byte is taken: who may not upload must not be able to fill the store.
        string id = Guid.NewGuid().ToString("N");
        Outcome<DocumentUse> welcome = await table.ChangeAsync<DocumentUse>(
            call,
            (desk, batch) =>
            {
                batch.Owe(new DocumentDue(call.Project.ToString(), call.Economy, nominee, id).ToOwed(clock.GetUtcNow() + Patience));
                return WhyNot(call, desk, nominee).Then(_ => desk.Desk.Eligibility.ReadUse(sent.Kind, sent.ExpiresOn));
            },
            cancellation);
        if (!welcome.TryGet(out DocumentUse? use))
        {
            return Outcome<NomineeDocument>.Refused(welcome.Refusals);
        }

        // By way of the disk: the store's client can then repeat a failed upload, and a file that is too large or broken off never reaches the store.
        await using FileStream file = new(
            Path.Combine(Path.GetTempPath(), $"plenary-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        await using MeasuredStream measured = new(sent.Content, NomineeDocument.MostBytes);
        try
        {
            await measured.CopyToAsync(file, cancellation);
        }
        catch (DocumentTooLargeException)
        {
            return new Refusal("document-too-large", "The file is larger than 7 MB.", "document", "Send a smaller one, for instance with pictures of lower quality.");
        }

        NomineeDocument document = new(
            id, nominee, name, format, measured.Count, measured.Sha256, DocumentState.Uploaded, call.ReceivedAt)
        {
            Kind = use.Kind,
            ExpiresOn = use.ExpiresOn,
        };
        string blob = DocumentStore.BlobName(call.Project, call.Economy, document);

        // The file first, then its row: a crash in between leaves a file nobody can reach, until it is settled.
        file.Position = 0;
        await blobs.UploadAsync(DocumentStore.Container, blob, file, "application/octet-stream", new Dictionary<string, string>(), cancellation);
        Outcome<NomineeDocument> stored = await table.ChangeAsync(call, (desk, batch) => Store(call, desk, batch, document), cancellation);
        if (stored.IsRefused)
        {
            await blobs.DeleteAsync(DocumentStore.Container, blob, cancellation);
            return stored;
        }

        return await check.RunAsync(call, document, cancellation);
    }

    private static Outcome<Nominee> WhyNot(DeskCall call, DeskRows desk, string nominee)
    {
        if (desk.Admit(call, nominee).Closed is { } closed)
        {
            return closed;
        }

        return desk.Find(nominee) is not { } found ? SaveNomination.NotFound : found.Save(found.Entry, call.ReceivedAt);
    }

    private static Outcome<NomineeDocument>? Store(DeskCall call, DeskRows desk, Infra.Tables.Batch batch, NomineeDocument document)
    {
        Outcome<Nominee> welcome = WhyNot(call, desk, document.NomineeId);
        if (welcome.IsRefused)
        {
            return Outcome<NomineeDocument>.Refused(welcome.Refusals);
        }

        IReadOnlyList<Refusal> problems = NomineeDocument.WhyNotAdded(desk.DocumentsOf(document.NomineeId), document.Length, document.Sha256);
        if (problems.Count > 0)
        {
            return Outcome<NomineeDocument>.Refused(problems);
        }

        desk.InsertDocument(batch, document);
        DeskRows.Audit(batch, call, "document-uploaded", $"{document.NomineeId}/{document.Id}", ("Sha256", document.Sha256));
        return document;
    }
}
