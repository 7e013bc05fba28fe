using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Net.Http.Headers;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Blobs;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>Documents of a nominee: uploaded part by part as they arrive, handed out only when clean and never to be shown in place.</summary>
public sealed class DocumentEndpoints(DeskPages pages, DeskDoor door, UploadDocument upload, RemoveDocument remove, IBlobs blobs)
{
    private const string OneNominee = "desk/{project}/{economy}/nominees/{id}";

    /// <summary>The token is short; a longer field is no form of ours.</summary>
    private const int MostTokenBytes = 1024;

    [Function("UploadDocument")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Upload(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = OneNominee + "/documents")] HttpRequest request, string project, string economy, string id, CancellationToken cancellation)
    {
        if (door.Find(request, project, economy) is not { } call)
        {
            return await pages.ForbidAsync(request);
        }

        Outcome<NomineeDocument>? outcome;
        try
        {
            outcome = await ReadAsync(request, call, id, cancellation);
        }
        catch (Exception cut) when (cut is IOException or InvalidDataException && !cancellation.IsCancellationRequested)
        {
            outcome = new Refusal("document-cut-off", "The upload broke off before its end.", "document", "Send the file again.");
        }

        return outcome switch
        {
            null => await pages.RefuseFormAsync(request),
            { IsRefused: true } => await pages.RefuseAsync(
                request, call, id, outcome.Refusals, (desk, nominee) => nominee is null ? pages.NotFoundAsync(request) : pages.ShowStepAsync(desk, nominee, DeskSteps.Documents), cancellation),
            _ => Results.Redirect($"/desk/{call.Project}/{call.Economy}/nominees/{id}/{DeskSteps.Documents}"),
        };
    }

    [Function("RemoveDocument")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Remove(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = OneNominee + "/documents/{document}/remove")] HttpRequest request, string project, string economy, string id, string document, CancellationToken cancellation)
    {
        (DeskCall? call, _, IResult? refused) = await pages.EnterFormAsync(request, project, economy, cancellation);
        if (call is null)
        {
            return refused ?? await pages.ForbidAsync(request);
        }

        Outcome<Nominee> outcome = await remove.RunAsync(call, id, document, cancellation);
        return outcome.IsRefused
            ? await pages.RefuseAsync(
                request, call, id, outcome.Refusals, (desk, nominee) => nominee is null ? pages.NotFoundAsync(request) : pages.ShowStepAsync(desk, nominee, DeskSteps.Documents), cancellation)
            : Results.Redirect($"/desk/{call.Project}/{call.Economy}/nominees/{id}/{DeskSteps.Documents}");
    }

    [Function("DownloadDocument")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Download(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = OneNominee + "/documents/{document}")] HttpRequest request, string project, string economy, string id, string document, CancellationToken cancellation)
    {
        if (await pages.EnterAsync(request, project, economy, cancellation) is not { } entered)
        {
            return await pages.ForbidAsync(request);
        }

        if (entered.Rows.FindDocument(id, document) is not { State: DocumentState.Clean } found ||
            await blobs.OpenReadAsync(DocumentStore.Container, DocumentStore.BlobName(entered.Call.Project, entered.Call.Economy, found), cancellation) is not { } content)
        {
            return await pages.NotFoundAsync(request);
        }

        return DocumentAnswer.Of(request, found, content);
    }

    /// <summary>The token comes first, then one file; a form in another order was not made by us. Null when the form is not ours.</summary>
    private async Task<Outcome<NomineeDocument>?> ReadAsync(HttpRequest request, DeskCall call, string nominee, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) ||
            HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 100 } boundary)
        {
            return null;
        }

        MultipartReader reader = new(boundary, request.Body) { HeadersCountLimit = 8, HeadersLengthLimit = 4096 };
        bool isOurs = false;
        while (await reader.ReadNextSectionAsync(cancellation) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out ContentDispositionHeaderValue? disposition))
            {
                return null;
            }

            string field = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
            if (field == FormText.TokenField)
            {
                isOurs = door.IsOurs(call, await ReadShortAsync(section.Body, cancellation));
            }

            if (!isOurs)
            {
                return null;
            }

            if (field != "document")
            {
                continue;
            }

            string? fileName = (disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName)).Value;
            return string.IsNullOrEmpty(fileName)
                ? NoFile
                : await upload.RunAsync(call, nominee, fileName, section.Body, cancellation);
        }

        if (isOurs)
        {
            return NoFile;
        }

        return null;
    }

    private static Refusal NoFile { get; } = new("document-missing", "No file was chosen.", "document", "Choose a file, then upload it.");

    private static async Task<string> ReadShortAsync(Stream body, CancellationToken cancellation)
    {
        byte[] buffer = new byte[MostTokenBytes];
        int read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, read).Trim();
    }
}
