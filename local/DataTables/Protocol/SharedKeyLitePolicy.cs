#nullable enable

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Protocol;

/// <summary>Signs each attempt with the account key by the "Shared Key Lite" scheme of the table service.</summary>
internal sealed class SharedKeyLitePolicy(TableSharedKeyCredential credential) : HttpPipelineSynchronousPolicy
{
    private readonly string scheme = $"SharedKeyLite {credential.AccountName}:";

    public override void OnSendingRequest(HttpMessage message)
    {
#pragma warning disable RS0030 // The service compares the date with its own clock, which no test can move.
        string date = DateTimeOffset.UtcNow.ToString("r", CultureInfo.InvariantCulture);
#pragma warning restore RS0030
        Uri uri = message.Request.Uri.ToUri();
        string text = $"{date}\n/{credential.AccountName}{uri.AbsolutePath}{Component(uri.Query)}";
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        int length = Encoding.UTF8.GetByteCount(text);
        Span<byte> bytes = length <= 1024 ? stackalloc byte[length] : new byte[length];
        Encoding.UTF8.GetBytes(text, bytes);
        HMACSHA256.HashData(credential.Key, bytes, signature);
        message.Request.Headers.SetValue("x-ms-date", date);
        message.Request.Headers.SetValue("Authorization", scheme + Convert.ToBase64String(signature));
    }

    private static string Component(string query)
    {
        int start = query.IndexOf("comp=", StringComparison.Ordinal);
        if (start < 0 || query[start - 1] is not ('?' or '&'))
        {
            return string.Empty;
        }

        int end = query.IndexOf('&', start);
        return "?" + (end < 0 ? query[start..] : query[start..end]);
    }
}
