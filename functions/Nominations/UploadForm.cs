using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>A file as it comes in.</summary>
/// <param name="FileName">As the browser sent it.</param>
/// <param name="Kind">Which document of the project's list it is said to be; empty for any other.</param>
/// <param name="ExpiresOn">As typed.</param>
public sealed record UploadedFile(string FileName, Stream Content, string Kind = "", string ExpiresOn = "");

/// <summary>What was typed beside a file, as far as it was read: for the form that is shown again.</summary>
public sealed class TypedDocument
{
    public string Kind { get; set; } = "";

    public string ExpiresOn { get; set; } = "";
}

/// <summary>A form of ours with one file, read part by part as they arrive: the token that proves it is ours comes first, what is said of the file before the file.</summary>
public sealed class UploadForm(DeskDoor door)
{
    /// <summary>Fields beside the file are short; a longer one is cut off here and understood by nobody.</summary>
    private const int MostFieldBytes = 1024;

    public const string KindField = "kind";
    public const string ExpiryField = "expiresOn";

    /// <param name="field">The name of the file's field; refusals carry it.</param>
    /// <param name="typed">Takes what is typed beside the file.</param>
    /// <returns>Null when the form is not ours.</returns>
    public async Task<Outcome<T>?> ReadAsync<T>(
        HttpRequest request, DeskCall call, string field, Func<UploadedFile, Task<Outcome<T>>> take, CancellationToken cancellation, TypedDocument? typed = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(take);
        try
        {
            return await ReadPartsAsync(request, call, field, take, typed ?? new TypedDocument(), cancellation);
        }
        catch (Exception cut) when (cut is IOException or InvalidDataException && !cancellation.IsCancellationRequested)
        {
            return new Refusal($"{field}-cut-off", "The upload broke off before its end.", field, "Send the file again.");
        }
    }

    /// <summary>A form in another order was not made by us.</summary>
    private async Task<Outcome<T>?> ReadPartsAsync<T>(
        HttpRequest request, DeskCall call, string field, Func<UploadedFile, Task<Outcome<T>>> take, TypedDocument typed, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) ||
            HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 100 } boundary)
        {
            return null;
        }

        Refusal noFile = new($"{field}-missing", "No file was chosen.", field, "Choose a file, then upload it.");
        MultipartReader reader = new(boundary, request.Body) { HeadersCountLimit = 8, HeadersLengthLimit = 4096 };
        bool isOurs = false;
        while (await reader.ReadNextSectionAsync(cancellation) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out ContentDispositionHeaderValue? disposition))
            {
                return null;
            }

            string name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
            if (name == FormText.TokenField)
            {
                isOurs = door.IsOurs(call, await ReadShortAsync(section.Body, cancellation));
            }

            if (!isOurs)
            {
                return null;
            }

            if (name == field)
            {
                string? fileName = (disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName)).Value;
                return string.IsNullOrEmpty(fileName) ? noFile : await take(new UploadedFile(fileName, section.Body, typed.Kind, typed.ExpiresOn));
            }

            switch (name)
            {
                case KindField:
                    typed.Kind = await ReadShortAsync(section.Body, cancellation);
                    break;
                case ExpiryField:
                    typed.ExpiresOn = await ReadShortAsync(section.Body, cancellation);
                    break;
            }
        }

        if (isOurs)
        {
            return noFile;
        }

        return null;
    }

    private static async Task<string> ReadShortAsync(Stream body, CancellationToken cancellation)
    {
        byte[] buffer = new byte[MostFieldBytes];
        int read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, read).Trim();
    }
}
