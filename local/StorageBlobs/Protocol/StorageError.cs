#nullable enable

using System.Diagnostics.CodeAnalysis;
using System.Xml;
using System.Xml.Linq;
using Azure.Core;

namespace Azure.Storage.Blobs.Protocol;

/// <summary>The code stands in a header (the only place a HEAD has), the message in the XML body.</summary>
internal sealed class StorageError : RequestFailedDetailsParser
{
    internal static StorageError Parser { get; } = new();

    internal static string? CodeOf(Response response) =>
        response.Headers.TryGetValue("x-ms-error-code", out string? code) ? code : null;

    public override bool TryParse(
        Response response,
        [NotNullWhen(true)] out ResponseError? error,
        out IDictionary<string, string>? data)
    {
        data = null;
        string? code = CodeOf(response);
        string? message = null;
        if (response.ContentStream is MemoryStream { Length: > 0 } body)
        {
            try
            {
                body.Position = 0;
                XElement? root = XDocument.Load(body).Root;
                code ??= root?.Element("Code")?.Value;
                message = root?.Element("Message")?.Value;
            }
            catch (XmlException)
            {
                // A proxy answered, not the service: the status must do.
            }
            finally
            {
                body.Position = 0;
            }
        }

        error = code is null && message is null ? null : new ResponseError(code, message);
        return error is not null;
    }
}
