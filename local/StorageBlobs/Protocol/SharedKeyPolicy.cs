#nullable enable

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Storage.Blobs.Protocol;

/// <summary>Signs each attempt with the account key by the "Shared Key" scheme of the blob service.</summary>
internal sealed class SharedKeyPolicy(StorageSharedKeyCredential credential) : HttpPipelineSynchronousPolicy
{
    private static readonly string[] SignedHeaders =
    [
        "Content-Encoding", "Content-Language", "Content-Length", "Content-MD5", "Content-Type", "Date",
        "If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range",
    ];

    public override void OnSendingRequest(HttpMessage message)
    {
#pragma warning disable RS0030 // The service compares the date with its own clock, which no test can move.
        message.Request.Headers.SetValue("x-ms-date", DateTimeOffset.UtcNow.ToString("r", CultureInfo.InvariantCulture));
#pragma warning restore RS0030
        byte[] text = Encoding.UTF8.GetBytes(TextToSign(message.Request));
        string signature = Convert.ToBase64String(HMACSHA256.HashData(credential.Key, text));
        message.Request.Headers.SetValue("Authorization", $"SharedKey {credential.AccountName}:{signature}");
    }

    private string TextToSign(Request request)
    {
        StringBuilder text = new(512);
        text.Append(request.Method.Method).Append('\n');
        foreach (string name in SignedHeaders)
        {
            if (name == "Content-Length")
            {
                if (request.Content is not null && request.Content.TryComputeLength(out long length) && length > 0)
                {
                    text.Append(length);
                }
            }
            else if (name != "Date" && request.Headers.TryGetValue(name, out string? value))
            {
                text.Append(value);
            }

            text.Append('\n');
        }

        foreach (HttpHeader header in request.Headers
            .Where(header => header.Name.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase))
            .OrderBy(header => header.Name.ToLowerInvariant(), StringComparer.Ordinal))
        {
            text.Append(header.Name.ToLowerInvariant()).Append(':').Append(header.Value).Append('\n');
        }

        Uri uri = request.Uri.ToUri();
        text.Append('/').Append(credential.AccountName).Append(uri.AbsolutePath);
        foreach ((string name, string value) in uri.Query.TrimStart('?')
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('=', 2))
            .Select(part => (
                Uri.UnescapeDataString(part[0]).ToLowerInvariant(),
                part.Length > 1 ? Uri.UnescapeDataString(part[1]) : string.Empty))
            .OrderBy(part => part.Item1, StringComparer.Ordinal))
        {
            text.Append('\n').Append(name).Append(':').Append(value);
        }

        return text.ToString();
    }
}
